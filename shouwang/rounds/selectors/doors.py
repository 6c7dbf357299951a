"""A roster door by door: one building's stairwells and floors, everybody of a stairwell, the lens of the wall."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet, Sum
from django.http import Http404
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from shouwang.core.personal import NAME
from shouwang.core.registry import Cell, Look
from shouwang.core.scope import Scope
from shouwang.places.models import Place
from shouwang.places.selectors import buildings_in, leaves_by_building, places_for
from shouwang.places.states import Level
from shouwang.rounds.models import Entry, Round
from shouwang.rounds.selectors import MARK, Counts, Missing, counted, my_tallies, rounds_for, told_rows
from shouwang.rounds.states import OF_PEOPLE, OPEN_STATES, EntryState, RoundState

PAGE = 50
# What is settled otherwise is one group: who did not want to is found behind a door, never by a list.
GROUPS: dict[str, tuple[EntryState, ...]] = {
    "open": OPEN_STATES,
    "done": (EntryState.DONE,),
    "otherwise": tuple(one for one in EntryState if one not in (*OPEN_STATES, EntryState.DONE)),
}


@dataclass(frozen=True)
class PlaceCount:
    """A stairwell's part of a round; its floors from the top, None where the floor is not known."""

    place: Place
    counts: Counts
    floors: list[tuple[int | None, Counts]]


def building_for(scope: Scope, round_: Round, place_id: UUID) -> Place:
    """A building of the round of which the scope reaches a stairwell, or 404."""
    mine = my_tallies(scope, [round_]).filter(building_id=place_id).exists()
    for place in buildings_in(round_.community_id) if mine else ():
        if place.pk == place_id:
            return place
    raise Http404


def leaf_for(scope: Scope, round_: Round, place_id: UUID) -> Place:
    """A stairwell (or a building) of the round within the scope, or 404."""
    place = places_for(scope, MARK).filter(pk=place_id, community_id=round_.community_id).first()
    if place is None or place.level not in (Level.BUILDING, Level.STAIRWELL):
        raise Http404
    return place


def stairwells_of(scope: Scope, round_: Round, building: Place) -> list[PlaceCount]:
    """The stairwells of one building, each with its floors: from the counters, and the floors from the entries."""
    rows = my_tallies(scope, [round_]).filter(building_id=building.pk).values("leaf_id")
    sums = {
        row["leaf_id"]: counted([{state: row[f"n_{state}"] for state in EntryState.values}])
        for row in rows.annotate(**{f"n_{state}": Sum(state) for state in EntryState.values})
    }
    floors = _floors(scope, round_, building)
    leaves = leaves_by_building([building.pk]).get(building.pk, [])
    places = [*leaves, *([building] if building not in leaves else [])]
    return [
        PlaceCount(place, sums[place.pk], _from_the_top(floors[place.pk]))
        for place in places
        if place.pk in sums
    ]


Floors = dict[UUID, dict[int | None, dict[str, int]]]


def _floors(scope: Scope, round_: Round, building: Place) -> Floors:
    """Leaf to floor to state to how many; only where there are doors."""
    entries = Entry.objects.filter(
        scope.q(MARK), round=round_, building_id=building.pk, household__isnull=False
    )
    rows = entries.order_by().values_list("stairwell_id", "household__dwelling__floor", "state")
    found: Floors = defaultdict(lambda: defaultdict(lambda: dict.fromkeys(EntryState.values, 0)))
    for leaf, floor, state, number in rows.annotate(n=Count("pk")):
        found[leaf or building.pk][floor][state] += number
    return found


def _from_the_top(floors: Mapping[int | None, dict[str, int]]) -> list[tuple[int | None, Counts]]:
    known = sorted((floor for floor in floors if floor is not None), reverse=True)
    return [(floor, counted([floors[floor]])) for floor in [*known, *({None} & set(floors))]]


def entries_at(
    scope: Scope, round_: Round, place: Place, *, group: str = "", words: str = "", page: str = "1"
) -> tuple[list[Missing], Page[Any]]:
    """Everybody of the roster at a stairwell or building, settled or not, in the order of doors: so that a wrong mark
    is found. `group` one of GROUPS or "" for all; `words` part of a name, where names may be read."""
    rows = Entry.objects.filter(scope.q(MARK), round=round_, **{f"{place.level}_id": place.pk})
    if group in GROUPS:
        rows = rows.filter(state__in=GROUPS[group])
    if words:
        rows = _named(scope, rows, place, words)
    rows = rows.select_related(None).order_by("sort_key", "id")
    shown = Paginator(rows, PAGE).get_page(page)
    return told_rows(scope, round_, shown.object_list), shown


def _named(scope: Scope, rows: QuerySet[Entry], place: Place, words: str) -> QuerySet[Entry]:
    if NAME not in scope.classes_for(place):
        return rows.none()
    people = rows.filter(person__name__icontains=words)
    return people if people.exists() else rows.filter(spot__name__icontains=words)


# The wall

DONE = Cell("calm", "✓", pgettext_lazy("round", "everybody settled"))
SOME = Cell("note", "–", _("some still missing"))
OPEN = Cell("need", "·", _("still missing"))
NOT_ON = Cell("", "", pgettext_lazy("round", "not on it"))
NOT_MINE = Cell("", "", pgettext_lazy("round", "not on it, or not in your places"))
MOST_OFFERED = 8


def round_look(community_id: UUID, scope: Scope, at: datetime, of: str) -> Look:
    """Each door by one of the rounds of people or households that go on: settled, in part, still missing, or not on it.

    The one that `of` names, else the one that began with the most entries; the others are offered beside it.
    """
    going_on = rounds_for(scope).filter(community_id=community_id, state=RoundState.OPEN)
    going_on = going_on.filter(whom__in=OF_PEOPLE, follows=None).select_related(None)
    found = list(going_on.only("pk", "name").order_by("-frozen_count", "-began_at")[:MOST_OFFERED])
    asked = next((one for one in found if str(one.pk) == of), None)
    shown = asked or next(iter(found), None)
    rest = NOT_ON if community_id in scope.ids(MARK, "community_id") else NOT_MINE
    if shown is None:
        return Look({}, (), rest, title=gettext("No round goes on."))
    return Look(
        _cells_of(scope, shown), (DONE, SOME, OPEN, rest), rest, title=shown.name, shown=str(shown.pk),
        choices=[(str(one.pk), one.name) for one in found] if len(found) > 1 else (), of=str(asked.pk) if asked else "",
    )  # fmt: skip


def _cells_of(scope: Scope, round_: Round) -> dict[UUID, Cell]:
    """Dwelling id to how those of a round stand behind it."""
    rows = Entry.objects.filter(scope.q(MARK), round=round_).order_by()
    doors: dict[UUID, set[bool]] = defaultdict(set)
    for door, state in rows.values_list("household__dwelling_id", "state").distinct():
        doors[door].add(state in OPEN_STATES)
    looks = {frozenset({True}): OPEN, frozenset({False}): DONE}
    return {door: looks.get(frozenset(seen), SOME) for door, seen in doors.items()}
