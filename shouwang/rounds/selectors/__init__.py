"""Rounds within a scope, their counters, and who is still missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Case, F, IntegerField, Q, QuerySet, Sum, Value, When
from django.http import Http404

from shouwang.core.personal import NAME, NOTE, PHONE
from shouwang.core.scope import Scope
from shouwang.people.selectors import heads_of, households_by_ids
from shouwang.places.models import Place
from shouwang.places.selectors import buildings_in, communities_for, door_labels, places_for
from shouwang.places.states import Level
from shouwang.rounds.models import Attempt, Entry, Round, Tally
from shouwang.rounds.states import OPEN_STATES, EntryState, RoundState

MARK = "round.mark"
LEAD = "round.lead"
MISSING_PAGE = 300


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
    return found.select_related("began_by").order_by("-began_at")


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


def markable(scope: Scope) -> Q:
    """The filter for entries that the scope may mark: by post, and those on a walking list that is in hand."""
    return scope.q(MARK) | Q(pk__in=scope.object_ids("rounds.entry"))


def entry_for(scope: Scope, entry_id: UUID) -> Entry:
    """One entry that the scope may mark, or 404."""
    rows = Entry.objects.select_related("round", "person", "household__dwelling__place")
    found = rows.filter(markable(scope), told_to(scope, "round__"), pk=entry_id).first()
    if found is None:
        raise Http404
    return found


def attempts_of(scope: Scope, entry: Entry) -> list[Attempt]:
    """Every try, the latest first; what was noted only for those who may read notes here."""
    rows = list(entry.attempts.select_related("by").order_by("-at", "-id"))
    if NOTE not in scope.classes_for(entry.household):
        for row in rows:
            row.note = ""
    return rows


def _counted(rows: Iterable[dict[str, int]]) -> Counts:
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


def _my_tallies(scope: Scope, rounds: Iterable[Round]) -> QuerySet[Tally]:
    """The counters of the leaves that the scope may mark at: all of them where it holds the community."""
    leaves = places_for(scope, MARK).filter(level__in=(Level.BUILDING, Level.STAIRWELL)).values("pk")
    whole = Q(round__community_id__in=scope.ids(MARK, "community_id"))
    return Tally.objects.filter(whole | Q(leaf_id__in=leaves), round__in=rounds)


def counts_by_round(scope: Scope, rounds: Sequence[Round]) -> list[tuple[Round, Counts]]:
    """How the scope's part of each round stands, from the counters, with one query."""
    sums = {state: Sum(state) for state in EntryState.values}
    columns = {f"n_{state}": total for state, total in sums.items()}
    rows = _my_tallies(scope, rounds).values("round_id").annotate(**columns) if rounds else ()
    found = {row["round_id"]: {state: row[f"n_{state}"] for state in sums} for row in rows}
    return [(one, _counted([found[one.pk]] if one.pk in found else [])) for one in rounds]


def counts_of(scope: Scope, round_: Round) -> Counts:
    """The same of one round."""
    return counts_by_round(scope, [round_])[0][1]


def buildings_of(scope: Scope, round_: Round) -> list[BuildingCount]:
    """The same building by building, in the order people count them."""
    rows = _my_tallies(scope, [round_]).values("building_id").annotate(
        **{f"n_{state}": Sum(state) for state in EntryState.values}
    )  # fmt: skip
    sums = {row["building_id"]: {state: row[f"n_{state}"] for state in EntryState.values} for row in rows}
    places = buildings_in(round_.community_id)
    return [BuildingCount(place, _counted([sums[place.pk]])) for place in places if place.pk in sums]


def missing_rows(scope: Scope, round_: Round, building_id: UUID | None = None) -> tuple[list[Missing], int]:
    """Who is still open within the scope, by building, top floor first; at most MISSING_PAGE of them, and how many
    there are in all."""
    rows = Entry.objects.filter(scope.q(MARK), round=round_, state__in=OPEN_STATES)
    if building_id is not None:
        rows = rows.filter(building_id=building_id)
    total = rows.count()
    order = [place.pk for place in buildings_in(round_.community_id)]
    ranked = Case(
        *(When(building_id=pk, then=Value(n)) for n, pk in enumerate(order)),
        default=Value(len(order)), output_field=IntegerField(),
    )  # fmt: skip
    found = list(
        rows.select_related("person", "household__dwelling__place")
        .annotate(rank=ranked)
        .order_by("rank", "household__dwelling__place__sort_key", F("household__dwelling__floor").desc(nulls_last=True),
                  "household__dwelling__sort_key", "id")[:MISSING_PAGE]
    )  # fmt: skip
    return lines_of(scope, found), total


def lines_of(scope: Scope, entries: Sequence[Entry]) -> list[Missing]:
    """Entries as the lists tell them, in the order given."""
    doors = door_labels([entry.household.dwelling for entry in entries])
    heads = heads_of([entry.household_id for entry in entries])
    latest = _last_attempts([entry.pk for entry in entries if entry.tries])
    return [_line(scope, entry, doors[entry.household.dwelling_id], heads, latest) for entry in entries]


def _line(
    scope: Scope, entry: Entry, door: str, heads: Mapping[UUID, object], latest: Mapping[UUID, Attempt]
) -> Missing:
    classes = scope.classes_for(entry.household, "rounds.entry", entry.pk)
    head = getattr(heads.get(entry.household_id), "person", None)
    person = entry.person or head
    phone = getattr(entry.person, "phone", "") or getattr(head, "phone", "")
    return Missing(
        entry=entry,
        door=door,
        floor=entry.household.dwelling.floor,
        name=person.name if person is not None and NAME in classes else "",
        phone=phone if PHONE in classes else "",
        last=latest.get(entry.pk),
    )


def _last_attempts(entry_ids: Sequence[UUID]) -> dict[UUID, Attempt]:
    found = Attempt.objects.filter(entry_id__in=entry_ids).select_related("by").order_by("at", "id")
    return {row.entry_id: row for row in found}


def line_of(scope: Scope, entry: Entry) -> Missing:
    """One entry as the lists tell it."""
    return lines_of(scope, [entry])[0]


def choices_for(scope: Scope) -> tuple[list[Place], list[Place]]:
    """(communities, buildings) over which the scope may begin a round."""
    communities = [place for place in communities_for(scope, LEAD) if scope.covers(LEAD, place)]
    return communities, [building for place in communities for building in buildings_in(place.pk)]


def recount(round_id: UUID) -> dict[tuple[UUID, str], int]:
    """The counters as the entries themselves say: (leaf, state) to how many; for the check of the promise."""
    counted: dict[tuple[UUID, str], int] = {}
    rows = Entry.objects.filter(round_id=round_id).values_list("stairwell_id", "building_id", "state")
    for stairwell, building, state in rows:
        leaf = stairwell or building
        if leaf is None:
            continue
        key = (leaf, state)
        counted[key] = counted.get(key, 0) + 1
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
    return Round.objects.filter(closed_at__lt=before, entries__isnull=False).distinct()
