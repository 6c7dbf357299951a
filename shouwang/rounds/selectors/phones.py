"""What a phone is given of rounds, and what it may say of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, overload
from uuid import UUID

from django.db.models import Q
from django.http import Http404
from django.utils.translation import get_language

from shouwang.core.personal import NAME
from shouwang.core.scope import Scope
from shouwang.people.engines.codes import decode_code
from shouwang.people.selectors import (
    codes_of,
    heads_of,
    households_by_ids,
    instructions_by_household,
    persons_by_shorts,
)
from shouwang.rounds.engines.questions import asked_in
from shouwang.rounds.engines.texts import said
from shouwang.rounds.models import Entry, JoinedEntry, Round, WalkIn
from shouwang.rounds.selectors import MARK, doors_of, markable, rounds_for, told_to
from shouwang.rounds.states import SAYABLE, EntryState, RoundState

MOST_ENTRIES = 5000


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
    persons = {s: read.person for s, read in persons_by_shorts(shorts, at).items() if read.person is not None}
    rounds = {round_id for round_id, _short in coded.values()}
    rows = Entry.objects.filter(round__in=rounds, person__in=[person.pk for person in persons.values()])
    on_it = {
        (round_id, person_id): pk
        for pk, round_id, person_id in rows.values_list("pk", "round_id", "person_id")
    }
    for command, (round_id, short) in coded.items():
        person = persons.get(short)
        if person is not None and (round_id, person.pk) in on_it:
            meant[command] = on_it[round_id, person.pk]
    return meant


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
    """Those in which the scope may mark somebody: by post, or by a list that is in hand."""
    mine = Q(pk__in=rounds_for(scope).values("pk")) if scope.can(MARK) else Q(pk__in=[])
    in_hand = Entry.objects.filter(pk__in=scope.object_ids("rounds.entry")).values("round_id")
    rows = Round.objects.filter(mine | Q(pk__in=in_hand), state=RoundState.OPEN)
    return list(rows.select_related("kind").order_by("-began_at"))


def phone_rounds(scope: Scope, at: datetime) -> list[dict[str, Any]]:
    """The rounds that go on in my places, as the app needs them."""
    language = get_language() or "zh"
    return [
        {
            "id": str(one.pk), "name": one.name, "kind": said(one.kind.name, language) if one.kind else "",
            "tube_size": one.tube_size, "questions": asked_in(one.questions, language),
            "states": [s.value for s in SAYABLE if not one.states or s in one.states or s == EntryState.WAITING],
        }
        for one in _open_rounds(scope)
    ]  # fmt: skip


def phone_entries(scope: Scope, at: datetime) -> list[dict[str, Any]]:
    """The entries of these rounds that I may mark: where, who, how it stands, what to do at the door. Never why."""
    rounds = _open_rounds(scope)
    rows = list(
        Entry.objects.filter(markable(scope), told_to(scope, "round__"), round__in=rounds)
        .select_related("person", "household__dwelling", "spot")
        .order_by("round_id", "sort_key", "id")[:MOST_ENTRIES]
    ) if rounds else []  # fmt: skip
    doors = doors_of(rows)
    heads = heads_of(_homes(rows))
    to_do = _at_the_door(rows)
    codes = codes_of([row.person_id for row in rows if row.person_id], at)
    return [
        _given(scope, row, doors, heads, to_do)
        | {"codes": codes.get(row.person_id, []) if row.person_id else []}
        for row in rows
    ]


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
