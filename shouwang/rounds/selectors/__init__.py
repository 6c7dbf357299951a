"""Rounds within a scope, their counters, and who is still missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.http import Http404

from shouwang.core.personal import NAME, NOTE, PHONE
from shouwang.core.scope import Scope
from shouwang.people.models import Membership
from shouwang.people.selectors import heads_of, households_by_ids
from shouwang.places.models import Place
from shouwang.places.selectors import buildings_in, communities_for, labels_of, places_for
from shouwang.places.states import Level
from shouwang.rounds.models import Attempt, Entry, Round, Tally
from shouwang.rounds.states import OPEN_STATES, EntryState, RoundState

MARK = "round.mark"
LEAD = "round.lead"
MISSING_PAGE = 300
MISSING_WHOLE = 5000
TOLD = {
    "person__name": "told_name", "person__phone": "told_phone", "spot__name": "told_spot",
    "household__dwelling__door": "told_door", "household__dwelling__floor": "told_floor",
    "household__dwelling__place_id": "told_leaf",
}  # fmt: skip


@dataclass(frozen=True)
class Counts:
    """How many entries stand how. `open`: somebody still has to come back to them."""

    total: int
    done: int
    open: int
    otherwise: int
    waiting: int
    away: int
    deferred: int


@dataclass(frozen=True)
class BuildingCount:
    """A building's part of a round."""

    place: Place
    counts: Counts


@dataclass(frozen=True)
class Missing:
    """One entry that is still open. `name` and `phone` are empty where they may not be read."""

    entry: Entry
    door: str
    floor: int | None
    name: str
    phone: str
    last: Attempt | None


def open_rounds_of_households(household_ids: Iterable[UUID]) -> list[UUID]:
    """Ids of the open rounds in the communities of these households."""
    communities = households_by_ids(household_ids).values("community_id")
    found = Round.objects.filter(community_id__in=communities, state=RoundState.OPEN)
    return list(found.values_list("pk", flat=True))


def rounds_for(scope: Scope, capability: str = MARK) -> QuerySet[Round]:
    """Rounds that go over a place of the scope, newest first. One that follows tubes: where the scope leads rounds."""
    mine = places_for(scope, capability).values("community_id")
    found = Round.objects.filter(told_to(scope), community_id__in=mine)
    return found.select_related("began_by", "kind").order_by("-began_at")


def told_to(scope: Scope, prefix: str = "") -> Q:
    """A roster made of tubes' results says of whom they were: it is for those who lead rounds alone."""
    leads = scope.ids(LEAD, "community_id")
    return Q(**{f"{prefix}follows": None}) | Q(**{f"{prefix}community_id__in": leads})


def round_for(scope: Scope, round_id: UUID, capability: str = MARK) -> Round:
    """The round, or 404."""
    found = rounds_for(scope, capability).filter(pk=round_id).first()
    if found is None:
        raise Http404
    return found


def why_signed_off(scope: Scope, round_: Round) -> str:
    """Why those who were still open were signed off, for those who may read notes in its community."""
    return str(round_.signed_off_why) if NOTE in scope.classes_for(round_) else ""


def markable(scope: Scope) -> Q:
    """The filter for entries that the scope may mark: by post, and those on a walking list that is in hand."""
    return scope.q(MARK) | Q(pk__in=scope.object_ids("rounds.entry"))


def entry_for(scope: Scope, entry_id: UUID) -> Entry:
    """One entry that the scope may mark, or 404."""
    rows = Entry.objects.select_related(
        "round__kind", "person", "household__dwelling__place", "spot", "place"
    )
    found = rows.filter(markable(scope), told_to(scope, "round__"), pk=entry_id).first()
    if found is None:
        raise Http404
    return found


def attempts_of(scope: Scope, entry: Entry) -> list[Attempt]:
    """Every try, the latest first; what was noted only for those who may read notes here."""
    rows = list(entry.attempts.select_related("by").order_by("-at", "-id"))
    if NOTE not in scope.classes_for(entry):
        for row in rows:
            row.note = ""
    return rows


def counted(rows: Iterable[dict[str, int]]) -> Counts:
    """The sums of rows of counters, each a mapping of every state to how many."""
    sums = dict.fromkeys(EntryState.values, 0)
    for row in rows:
        for state in EntryState.values:
            sums[state] += row[state] or 0
    open_count = sum(sums[state] for state in OPEN_STATES)
    total = sum(sums.values())
    return Counts(
        total=total,
        done=sums[EntryState.DONE],
        open=open_count,
        otherwise=total - open_count - sums[EntryState.DONE],
        waiting=sums[EntryState.WAITING],
        away=sums[EntryState.AWAY],
        deferred=sums[EntryState.DEFERRED],
    )


def my_tallies(scope: Scope, rounds: Iterable[Round]) -> QuerySet[Tally]:
    """The counters of the leaves that the scope may mark at: all of them where it holds the community."""
    leaves = places_for(scope, MARK).filter(level__in=(Level.BUILDING, Level.STAIRWELL)).values("pk")
    whole = Q(round__community_id__in=scope.ids(MARK, "community_id"))
    return Tally.objects.filter(whole | Q(leaf_id__in=leaves), round__in=rounds)


def counts_by_round(scope: Scope, rounds: Sequence[Round]) -> list[tuple[Round, Counts]]:
    """How the scope's part of each round stands, from the counters, with one query."""
    sums = {state: Sum(state) for state in EntryState.values}
    columns = {f"n_{state}": total for state, total in sums.items()}
    rows = my_tallies(scope, rounds).values("round_id").annotate(**columns) if rounds else ()
    found = {row["round_id"]: {state: row[f"n_{state}"] for state in sums} for row in rows}
    return [(one, counted([found[one.pk]] if one.pk in found else [])) for one in rounds]


def counts_of(scope: Scope, round_: Round) -> Counts:
    """The same of one round."""
    return counts_by_round(scope, [round_])[0][1]


def buildings_of(scope: Scope, round_: Round) -> list[BuildingCount]:
    """The same building by building, in the order people count them."""
    rows = my_tallies(scope, [round_]).values("building_id").annotate(
        **{f"n_{state}": Sum(state) for state in EntryState.values}
    )  # fmt: skip
    sums = {row["building_id"]: {state: row[f"n_{state}"] for state in EntryState.values} for row in rows}
    places = buildings_in(round_.community_id)
    return [BuildingCount(place, counted([sums[place.pk]])) for place in places if place.pk in sums]


def missing_rows(
    scope: Scope, round_: Round, building_id: UUID | None = None, limit: int = MISSING_PAGE
) -> tuple[list[Missing], int]:
    """Who is still open within the scope, by building, top floor first; at most `limit` of them, and how many there
    are in all. Walks the roster in its order, so it reads no more than it shows."""
    rows = Entry.objects.filter(scope.q(MARK), round=round_, state__in=OPEN_STATES)
    counters = my_tallies(scope, [round_])
    if building_id is not None:
        rows, counters = rows.filter(building_id=building_id), counters.filter(building_id=building_id)
    found = told_rows(scope, round_, rows.order_by("sort_key", "id")[:limit])
    whole = len(found) < limit
    return found, len(found) if whole else counted(counters.values(*EntryState.values)).open


def told_rows(scope: Scope, round_: Round, rows: Iterable[Entry]) -> list[Missing]:
    """Entries of one round as the lists tell them, in the order given."""
    found = list(rows)
    for entry in found:
        entry.round = round_  # with its kind, by whose words they are told
    return lines_of(scope, found)


def lines_of(scope: Scope, entries: Sequence[Entry]) -> list[Missing]:
    """Entries as the lists tell them, in the order given; at most five questions, whatever their number.

    What is told of them is asked for by their keys: in one question a database that has not counted its rows lately
    begins with everybody of the register.
    """
    found: list[Any] = list(entries)
    told = Entry.objects.filter(pk__in=[entry.pk for entry in found]).order_by()
    seen = {row[0]: row[1:] for row in told.values_list("pk", *TOLD)}
    for entry in found:
        for name, value in zip(TOLD.values(), seen[entry.pk], strict=True):
            setattr(entry, name, value)
    leaves = labels_of([_leaf_of(entry) for entry in found])
    silent = {entry.household_id for entry in found if entry.household_id and not entry.told_phone}
    heads = heads_of(silent) if silent else {}
    latest = _last_attempts([entry for entry in found if entry.tries])
    return [_line(scope, entry, leaves, heads, latest) for entry in found]


def _leaf_of(entry: Any) -> UUID:
    """Where the door is now, of a spot or stairwell where it stands."""
    leaf: UUID = entry.told_leaf or entry.stairwell_id or entry.building_id
    return leaf


def _line(
    scope: Scope,
    entry: Any,
    leaves: Mapping[UUID, str],
    heads: Mapping[UUID, Membership],
    latest: Mapping[UUID, Attempt],
) -> Missing:
    classes = scope.classes_for(entry, "rounds.entry", entry.pk)
    head = heads[entry.household_id].person if entry.household_id in heads else None
    name = entry.told_name or (head.name if head and entry.person_id is None else "")
    phone = entry.told_phone or (head.phone if head else "")
    leaf = leaves.get(_leaf_of(entry), "")
    return Missing(
        entry=entry,
        door=f"{leaf} {entry.told_door or entry.told_spot or ''}".strip(),
        floor=entry.told_floor,
        name=name if NAME in classes else "",
        phone=phone if PHONE in classes else "",
        last=latest.get(entry.pk),
    )


def doors_of(entries: Iterable[Entry]) -> dict[UUID, str]:
    """Entry id to where it is, in words: its door, the spot, the stairwell. For entries loaded with all of these."""
    rows = list(entries)
    leaves: dict[UUID, Any] = {
        row.pk: row.household.dwelling.place_id if row.household else row.stairwell_id or row.building_id
        for row in rows
    }
    labels = labels_of(leaves.values())
    names = {row.pk: row.household.dwelling.door if row.household else str(row.spot or "") for row in rows}
    return {row.pk: f"{labels.get(leaves[row.pk], '')} {names[row.pk]}".strip() for row in rows}


def _last_attempts(entries: Sequence[Entry]) -> dict[UUID, Attempt]:
    """The attempt that says how each stands; of an entry in dispute the latest."""
    if not entries:
        return {}
    disputed = [entry.pk for entry in entries if entry.disputed]
    which = Q(pk__in=[entry.last for entry in entries if not entry.disputed])
    rows = Attempt.objects.filter(which | Q(entry_id__in=disputed) if disputed else which)
    found = rows.select_related("by").only("entry", "state", "at", "by__name").order_by("at", "id")
    return {row.entry_id: row for row in found}


def line_of(scope: Scope, entry: Entry) -> Missing:
    """One entry as the lists tell it."""
    return lines_of(scope, [entry])[0]


def communities_led(scope: Scope) -> list[Place]:
    """The communities in which the scope may begin rounds."""
    return [place for place in communities_for(scope, LEAD) if scope.covers(LEAD, place)]


def choices_for(scope: Scope) -> tuple[list[Place], list[Place]]:
    """(communities, buildings) over which the scope may begin a round."""
    communities = communities_led(scope)
    return communities, [building for place in communities for building in buildings_in(place.pk)]


def recount(round_id: UUID) -> dict[tuple[UUID, str], int]:
    """The counters as the entries themselves say: (leaf, state) to how many; for the check of the promise."""
    counted: dict[tuple[UUID, str], int] = {}
    rows = (
        Entry.objects.filter(round_id=round_id).order_by().values_list("stairwell_id", "building_id", "state")
    )
    for stairwell, building, state, number in rows.annotate(n=Count("pk")):
        leaf = stairwell or building
        if leaf is not None:
            counted[leaf, state] = counted.get((leaf, state), 0) + number
    return counted


def kept_counts(round_id: UUID) -> dict[tuple[UUID, str], int]:
    """The counters that were kept with the writes, in the same shape; empty ones left out."""
    rows = Tally.objects.filter(round_id=round_id).values("leaf_id", *EntryState.values)
    return {(row["leaf_id"], state): row[state] for row in rows for state in EntryState.values if row[state]}


def uneven_rounds(community_id: UUID | None) -> tuple[int, list[UUID]]:
    """How many rounds go on, and those whose counters differ from their entries."""
    rows = Round.objects.filter(state=RoundState.OPEN)
    if community_id is not None:
        rows = rows.filter(community_id=community_id)
    ids = list(rows.values_list("pk", flat=True))
    return len(ids), [pk for pk in ids if recount(pk) != kept_counts(pk)]


def rounds_past(before: datetime) -> QuerySet[Round]:
    """Rounds that were closed before this instant and still have a roster."""
    return Round.objects.filter(Exists(Entry.objects.filter(round=OuterRef("pk"))), closed_at__lt=before)
