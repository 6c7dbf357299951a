"""What a phone is given of rounds, and what it may say of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, overload
from uuid import UUID

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, When, Window
from django.db.models.functions import RowNumber
from django.http import Http404
from django.utils.translation import get_language

from shouwang.core.personal import NAME, PHONE
from shouwang.core.scope import Scope
from shouwang.people.engines.codes import decode_code
from shouwang.people.selectors import (
    codes_of,
    first_phones,
    heads_of,
    homes_of,
    households_by_ids,
    instructions_by_household,
    living_in,
    persons_by_shorts,
)
from shouwang.rounds.engines.parts import fair_parts
from shouwang.rounds.engines.proposals import life_by_question
from shouwang.rounds.engines.questions import asked_in
from shouwang.rounds.engines.texts import said
from shouwang.rounds.models import Entry, JoinedEntry, Round, WalkIn
from shouwang.rounds.selectors import LEAD, MARK, doors_of, markable, rounds_for, told_to
from shouwang.rounds.states import OPEN_STATES, SAYABLE, EntryState, RoundState

# What one phone carries of all its rounds together.
MOST_ENTRIES = 5000


@dataclass(frozen=True)
class Roster:
    """A round, how many of it the reader may mark, how many of these are open, and at most how many are given."""

    round: Round
    all: int
    open: int
    most: int


@overload
def entries_markable(
    scopes: Iterable[Scope], ids: Iterable[UUID | None], *, whole: Literal[True]
) -> dict[UUID, Entry]: ...
@overload
def entries_markable(
    scopes: Iterable[Scope], ids: Iterable[UUID | None], *, whole: Literal[False] = False
) -> dict[UUID, Round]: ...
def entries_markable(
    scopes: Iterable[Scope], ids: Iterable[UUID | None], *, whole: bool = False
) -> Mapping[UUID, Entry | Round]:
    """Those of these entries of which one of the scopes may say something: entry id to its round, or to the entry whole.

    One that was joined with another leads to that, under the id that the phone knows.
    """
    asked = {pk for pk in ids if pk is not None}
    joined = dict(JoinedEntry.objects.filter(gone_id__in=asked).values_list("gone_id", "entry_id"))
    missing = {joined.get(pk, pk) for pk in asked}
    found: dict[UUID, Any] = {}
    for scope in scopes:
        rows = Entry.objects.filter(markable(scope), told_to(scope, "round__"), pk__in=missing)
        if whole:
            found |= {row.pk: row for row in rows.select_related("person", "household__dwelling__place")}
        else:
            found |= dict(rows.values_list("pk", "round_id"))
        missing -= found.keys()
        if not missing:
            break
    if not whole:
        rounds = Round.objects.only("pk", "questions").in_bulk(set(found.values()))
        found = {pk: rounds[round_id] for pk, round_id in found.items()}
    return {pk: found[joined.get(pk, pk)] for pk in asked if joined.get(pk, pk) in found}


def entries_meant(said_of: Sequence[tuple[UUID, UUID, Any]], at: datetime) -> dict[UUID, UUID]:
    """(command, round, who) to the entry that each means: named itself, or by the code of somebody who is on the roster.

    Signatures are not asked again: 80 random bits that the register knows are proof enough, and whoever sent them is known.
    """
    meant = {command: who.entry for command, _round, who in said_of if who.entry is not None}
    coded = {
        command: (round_id, _short(who.code)) for command, round_id, who in said_of if who.code is not None
    }
    shorts = {short for _round, short in coded.values() if short}
    if not shorts:
        return meant
    persons = {s: r.person.pk for s, r in persons_by_shorts(shorts, at).items() if r.person is not None}
    on_it = _on_rosters({round_id for round_id, _short in coded.values()}, persons.values())
    for command, (round_id, short) in coded.items():
        if (round_id, persons.get(short)) in on_it:
            meant[command] = on_it[round_id, persons[short]]
    return meant


def _on_rosters(rounds: Collection[UUID], person_ids: Iterable[UUID]) -> dict[tuple[UUID, UUID], UUID]:
    """(round, person) to the entry that is theirs, or their household's in a round over households."""
    persons = set(person_ids)
    homes = homes_of(persons)
    rows = Entry.objects.filter(
        Q(person__in=persons) | Q(household__in=set(homes.values()), person__isnull=True), round__in=rounds
    ).values_list("pk", "round_id", "person_id", "household_id")
    of_person = {(round_id, person_id): pk for pk, round_id, person_id, _home in rows if person_id}
    of_home = {(round_id, home): pk for pk, round_id, person_id, home in rows if not person_id}
    theirs = {
        (round_id, person_id): of_home[round_id, home]
        for person_id, home in homes.items()
        for round_id in rounds
        if (round_id, home) in of_home
    }
    return theirs | of_person


def _short(text: str) -> str:
    code = decode_code(text)
    return code.short if code is not None else ""


def round_said(
    scopes: Iterable[Scope], round_id: UUID, *, entry_id: UUID | None = None
) -> tuple[Round, Scope]:
    """The round and the scope by which its author may mark in it, by post or because of an entry in hand; 404 if none."""
    for scope in scopes:
        found = rounds_for(scope).filter(pk=round_id).first()
        if found is None and entry_id is not None:
            row = (
                Entry.objects.filter(markable(scope), pk=entry_id, round_id=round_id)
                .select_related("round")
                .first()
            )
            found = row.round if row is not None else None
        if found is not None:
            return found, scope
    raise Http404


def walk_in_to_take_back(round_: Round, walk_in_id: UUID | None) -> WalkIn | None:
    """The walk-in that a phone took in by that command, if it did."""
    return WalkIn.objects.filter(round=round_, pk=walk_in_id).first() if walk_in_id else None


def _open_rounds(scope: Scope) -> list[Round]:
    """Those in which the scope may mark somebody, by post or by a list that is in hand; newest first."""
    mine = Q(pk__in=rounds_for(scope).values("pk")) if scope.can(MARK) else Q(pk__in=[])
    in_hand = Entry.objects.filter(pk__in=scope.object_ids("rounds.entry")).values("round_id")
    rows = Round.objects.filter(mine | Q(pk__in=in_hand), state=RoundState.OPEN)
    return list(rows.select_related("kind").order_by("-began_at", "id"))


def _mine(scope: Scope, rounds: Collection[Round]) -> QuerySet[Entry]:
    return Entry.objects.filter(markable(scope), told_to(scope, "round__"), round__in=rounds)


def _rosters(scope: Scope) -> list[Roster]:
    """The rounds with something for the scope to do, newest first, each counted and with its part of the limit.

    Whoever may mark in the whole community has those without anybody too: at a table people come who are on no list.
    """
    rounds = _open_rounds(scope)
    if not rounds:
        return []
    counts = _mine(scope, rounds).order_by().values("round_id").annotate(
        total=Count("pk"), left=Count("pk", filter=Q(state__in=OPEN_STATES))
    )  # fmt: skip
    tallies = {row["round_id"]: (row["total"], row["left"]) for row in counts}
    whole = scope.ids(MARK, "community_id") | scope.ids(LEAD, "community_id")
    given = [one for one in rounds if one.pk in tallies or one.community_id in whole]
    counted = [tallies.get(one.pk, (0, 0)) for one in given]
    parts = fair_parts([total for total, _left in counted], MOST_ENTRIES)
    return [Roster(one, *tally, most) for one, tally, most in zip(given, counted, parts, strict=True)]


def _given_rosters(scope: Scope) -> list[Roster]:
    return scope.once("rounds.phone", lambda: _rosters(scope))


def phone_rounds(scope: Scope, at: datetime) -> list[dict[str, Any]]:
    """The rounds that go on in my places, as the app needs them."""
    language = get_language() or "zh"
    return [_round_given(roster, language) for roster in _given_rosters(scope)]


def _round_given(roster: Roster, language: str) -> dict[str, Any]:
    one = roster.round
    return {
        "id": str(one.pk), "name": one.name, "kind": said(one.kind.name, language) if one.kind else "",
        "tube_size": one.tube_size, "questions": _questions_given(one, language),
        "states": [s.value for s in SAYABLE if not one.states or s in one.states or s == EntryState.WAITING],
        "whom": one.whom, "at_point": one.at_point, "by_phone": one.by_phone,
        "guidance": said(one.kind.guidance, language) if one.kind else "",
        "all": roster.all, "open": roster.open, "cut": roster.most < roster.all,
    }  # fmt: skip


def _questions_given(one: Round, language: str) -> list[dict[str, Any]]:
    """The questions, and with each the answers that are danger to life by the round's own rules."""
    life = life_by_question(one.rules)
    asked = asked_in(one.questions, language)
    return [question | life.get(question["code"], {"life": [], "life_from": None}) for question in asked]


def phone_entries(scope: Scope, at: datetime) -> list[dict[str, Any]]:
    """The entries of these rounds that I may mark: where, who, how it stands, what to do at the door. Never why."""
    rosters = _given_rosters(scope)
    rows = _taken(scope, rosters)
    numbers = _numbers(scope, rows, {one.round.pk for one in rosters if one.round.by_phone})
    doors = doors_of(rows)
    heads = heads_of(_homes(rows))
    to_do = _at_the_door(rows)
    behind = _behind(rows)
    codes = codes_of([person for persons in behind.values() for person in persons], at)
    return [
        _given(scope, row, doors, heads, to_do)
        | {"codes": [code for person in behind[row.pk] for code in codes.get(person, ())]}
        | numbers.get(row.pk, {})
        for row in rows
    ]


def _numbers(scope: Scope, rows: Sequence[Entry], called: Collection[UUID]) -> dict[UUID, dict[str, str]]:
    """Entry id to the number to ring, in the rounds that are done by telephone and nowhere else: whoever goes from
    door to door needs none."""
    meant = [row for row in rows if row.round_id in called]
    known = first_phones(_homes(meant)) if meant else {}
    return {
        row.pk: {
            "phone": _number(row, known) if PHONE in scope.classes_for(row, "rounds.entry", row.pk) else ""
        }
        for row in meant
    }


def _number(row: Entry, known: Mapping[UUID, str]) -> str:
    """A person's own, else their household's."""
    own = row.person.phone if row.person is not None else ""
    return own or (known.get(row.household_id, "") if row.household_id else "")


def _taken(scope: Scope, rosters: Sequence[Roster]) -> list[Entry]:
    """Of each round as many entries as its part of the limit allows: what is in hand, what is open, what is settled.

    The newest round first, in one question whatever the number of rounds.
    """
    if not rosters:
        return []
    in_hand = When(pk__in=scope.object_ids("rounds.entry"), then=0)
    urgency = Case(in_hand, When(state__in=OPEN_STATES, then=1), default=2, output_field=IntegerField())
    nth = Window(RowNumber(), partition_by=F("round_id"), order_by=[urgency, F("sort_key"), F("pk")])
    most = Case(
        *(When(round_id=one.round.pk, then=one.most) for one in rosters),
        default=0, output_field=IntegerField(),
    )  # fmt: skip
    rows = _mine(scope, [one.round for one in rosters]).annotate(nth=nth).filter(nth__lte=most)
    newest = {one.round.pk: place for place, one in enumerate(rosters)}
    told = rows.select_related("person", "household__dwelling", "spot").order_by("nth")
    return sorted(told, key=lambda row: newest[row.round_id])


def _behind(rows: Sequence[Entry]) -> dict[UUID, list[UUID]]:
    """Entry id to whose codes mean it: the person's own, or those of everybody who lives in the household."""
    living = living_in(row.household_id for row in rows if row.household_id and not row.person_id)
    return {
        row.pk: [row.person_id] if row.person_id else living.get(row.household_id, [])  # type: ignore[arg-type]
        for row in rows
    }


def _homes(rows: Iterable[Entry]) -> list[UUID]:
    return [row.household_id for row in rows if row.household_id is not None]


def _given(scope: Scope, row: Entry, doors: Any, heads: Any, to_do: Any) -> dict[str, Any]:
    person = row.person or getattr(heads.get(row.household_id), "person", None)
    classes = scope.classes_for(row, "rounds.entry", row.pk)
    name = person.name if person is not None and NAME in classes else ""
    return {
        "id": str(row.pk), "round": str(row.round_id), "building": str(row.building_id or ""),
        "door": doors[row.pk], "floor": row.household.dwelling.floor if row.household else None,
        "name": name, "state": row.state, "last": str(row.last) if row.last else None,
        "tries": row.tries, "disputed": row.disputed, "do": to_do.get(row.household_id, []),
    }  # fmt: skip


def _at_the_door(rows: Sequence[Entry]) -> dict[UUID, list[str]]:
    """Household id to what whoever comes to the door must know, in words."""
    known = instructions_by_household(households_by_ids(_homes(rows)))
    return {pk: [str(kind.label) for kind in kinds] for pk, kinds in known.items()}
