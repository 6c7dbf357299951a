"""What a plan of calls is made from: who has still to be called, who is out, how fast the tables are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from shouwang.core.clock import local_day
from shouwang.people.models import CareFlag
from shouwang.people.selectors import households_in, households_with
from shouwang.people.states import Care
from shouwang.places.selectors import community_by_id
from shouwang.rounds.engines.pace import differs, pace_of
from shouwang.rounds.engines.point import MINUTE, Household
from shouwang.rounds.engines.point import Point as Day
from shouwang.rounds.engines.standing import Called, Standing, standing
from shouwang.rounds.models import Attempt, Entry, Point, Round, Slot, SlotEntry, WalkingList
from shouwang.rounds.rules import BEHIND, GREEN, PACE_WINDOW, VISITED, is_visited, lane_of
from shouwang.rounds.states import EntryState, Lane, RoundState, SlotState, WalksBadly

LATELY = timedelta(hours=1)
KINDS = (*VISITED, *GREEN, Care.WALKS_BADLY)


@dataclass(frozen=True)
class Waiting:
    """An entry that is still to come: its building and household, whether it is visited, else its lane."""

    entry: Entry
    building_id: UUID
    household_id: UUID
    visited: bool
    lane: Lane


def point_of(round_: Round) -> Point | None:
    """The round's point, if one was set up."""
    return Point.objects.filter(round=round_).select_related("round").first()


def point_by_id(point_id: UUID) -> Point | None:
    """A point of a round that goes on, for due rows."""
    rows = Point.objects.select_related("round").filter(round__state=RoundState.OPEN)
    return rows.filter(pk=point_id).first()


def arrives_at(point: Point, called_at: datetime) -> datetime:
    """When people who are called at this time stand at the point."""
    return max(called_at + timedelta(minutes=point.walk_minutes), point.opens_at)


def waiting_in(round_: Round, at: datetime, walks_badly: str = WalksBadly.GREEN) -> list[Waiting]:
    """Everybody still to come, in the order of doors, each with what is done for them by care flags and age."""
    rows = Entry.objects.filter(round=round_, state=EntryState.WAITING, building_id__isnull=False)
    ordered = rows.filter(household__isnull=False).select_related("person").order_by(
        "household__dwelling__place__sort_key", "household__dwelling__sort_key", "household_id", "id"
    )  # fmt: skip
    flags = households_with(KINDS, households_in(round_.community_id))
    day = local_day(at, community_by_id(round_.community_id).time_zone)
    found = []
    for row in ordered:
        kinds = _kinds_of(row, flags)
        age = row.person.age_at(day) if row.person is not None else None
        assert row.building_id is not None and row.household_id is not None
        found.append(
            Waiting(
                row, row.building_id, row.household_id, is_visited(kinds, walks_badly), lane_of(kinds, age)
            )
        )
    return found


def _kinds_of(entry: Entry, flags: Mapping[UUID, Sequence[CareFlag]]) -> set[str]:
    """A person's own flags and those of the whole household; for a household's entry all of theirs."""
    return {
        flag.kind for flag in (flags.get(entry.household_id, ()) if entry.household_id else ())
        if entry.person_id is None or flag.person_id in (None, entry.person_id)
    }  # fmt: skip


def to_be_called(point: Point, at: datetime) -> list[Waiting]:
    """Of those still to come, whom the point calls: not visited, not held back, not called before."""
    agreed = point.buildings.all()
    left_out = {row.place_id for row in agreed if row.door_to_door or row.held}
    before = SlotEntry.objects.filter(slot__round=point.round).exclude(slot__state=SlotState.PLANNED)
    called = set(before.values_list("entry_id", flat=True))
    return [
        row for row in waiting_in(point.round, at, point.walks_badly)
        if not row.visited and row.building_id not in left_out and row.entry.pk not in called
    ]  # fmt: skip


def slots_out(round_: Round) -> list[Slot]:
    """The slots that were called and are not done with, in the order of calling."""
    return list(Slot.objects.filter(round=round_, state=SlotState.CALLED).order_by("called_at", "id"))


def slots_lately(round_: Round, at: datetime) -> list[Slot]:
    """The same, and before them those that were done with lately: they say how busy the tables were."""
    lately = Q(state=SlotState.PASSED, passed_at__gt=at - LATELY)
    rows = Slot.objects.filter(Q(state=SlotState.CALLED) | lately, round=round_)
    return list(rows.order_by("called_at", "id"))


def calls_of_slots(point: Point, slots: Sequence[Slot]) -> list[Called]:
    """Called slots with what has arrived of them; times in seconds since 1970. Of one that is over nobody is missing."""
    said: dict[UUID, list[datetime | None]] = defaultdict(list)
    rows = SlotEntry.objects.filter(slot__in=slots).values_list("slot_id", "entry__state", "entry__at")
    for slot_id, state, at in rows:
        said[slot_id].append(None if state == EntryState.WAITING else at)
    return [_called(point, slot, said[slot.pk]) for slot in slots]


def _called(point: Point, slot: Slot, said: Sequence[datetime | None]) -> Called:
    assert slot.called_at is not None
    times = [at for at in said if at is not None]
    settled = len(times)
    if slot.passed_at is not None:
        settled = len(said)
        times = times or [slot.passed_at - timedelta(minutes=point.walk_minutes)]
    return Called(
        key=str(slot.pk), building=str(slot.building_id), people=len(said), settled=settled,
        arrives=arrives_at(point, slot.called_at).timestamp(), last=max(times).timestamp() if times else None,
    )  # fmt: skip


def standing_of(point: Point, seconds: float, at: datetime) -> Standing:
    """Where those called are now; `seconds` a person takes at one table. The key of a call is its slot's id."""
    calls = calls_of_slots(point, slots_lately(point.round, at))
    return standing(calls, tables=point.tables, seconds=seconds, now=at.timestamp())


def table_words(round_: Round, since: datetime, until: datetime) -> QuerySet[Attempt]:
    """What was said of people at the tables in this time: not by those who walk door to door."""
    walking = WalkingList.objects.filter(round=round_, volunteer__isnull=False).values("volunteer__user_id")
    return Attempt.objects.filter(
        entry__round=round_, state=EntryState.DONE, counts=True, by__isnull=False, at__gt=since, at__lte=until
    ).exclude(by__in=walking)


def measured_pace(point: Point, at: datetime) -> float | None:
    """Seconds per person at one table by what arrived lately, or None when that says too little."""
    said = table_words(point.round, at - PACE_WINDOW, at).values_list("by_id", "at", "tube")
    with_tube = any(tube for _by, _at, tube in said)
    arrivals: dict[UUID, list[float]] = defaultdict(list)
    for by_id, came, tube in said:
        if by_id is not None and (tube or not with_tube):
            arrivals[by_id].append(came.timestamp())
    return pace_of(arrivals, point.planned_seconds or point.seconds_given)


@dataclass(frozen=True)
class ToPlan:
    """What the planner is given. `begins`: the instant of second 0 of `day`; `entries` by the day's household ids."""

    day: Day
    begins: datetime
    seconds: float
    version: int
    entries: Mapping[str, tuple[UUID, ...]]


def plan_wanted(point: Point, at: datetime) -> ToPlan | None:
    """What to plan from, or None while the plan there is still holds."""
    measured = measured_pace(point, at)
    seconds = measured or point.planned_seconds or float(point.seconds_given)
    left = to_be_called(point, at)
    if not (point.asked or _no_longer_holds(point, left, seconds, at)):
        return None
    begins = max(point.opens_at, _whole_minute(at))
    out = standing_of(point, seconds, begins).out(begins.timestamp(), point.walk_minutes * MINUTE)
    homes, entries = _homes(left)
    biggest = max((home.people for home in homes), default=0)
    day = Day(
        households=homes,
        apart=frozenset(frozenset((str(row.one_id), str(row.other_id))) for row in point.paths.all()),
        tables=point.tables, seconds_per_person=seconds, opens=0, queue_limit=max(point.queue_limit, biggest),
        walk=point.walk_minutes * MINUTE, out=out, first=_first(point, begins, at),
    )  # fmt: skip
    return ToPlan(day, begins, seconds, point.version, entries)


def _no_longer_holds(point: Point, left: Sequence[Waiting], seconds: float, at: datetime) -> bool:
    """The pace or the tables differ, somebody is in no slot or in a wrong one, or the caller is behind."""
    if point.planned_seconds is None or point.planned_tables != point.tables:
        return True
    rows = SlotEntry.objects.filter(slot__round=point.round, slot__state=SlotState.PLANNED)
    planned = rows.filter(entry__state=EntryState.WAITING).values_list("entry_id", "slot__building_id")
    wanted = {(row.entry.pk, row.building_id) for row in left}
    if differs(seconds, point.planned_seconds) or wanted != set(planned):
        return True
    late = at - BEHIND + timedelta(minutes=point.walk_minutes)
    behind = Slot.objects.filter(round=point.round, state=SlotState.PLANNED, starts_at__lt=late).exists()
    return behind and bool(slots_out(point.round))


def _whole_minute(at: datetime) -> datetime:
    whole = at.replace(second=0, microsecond=0)
    return whole if whole == at else whole + timedelta(minutes=1)


def _first(point: Point, begins: datetime, at: datetime) -> int:
    """Seconds after `begins` before which nobody who is called now can be there, in whole minutes."""
    there = _whole_minute(at) + timedelta(minutes=point.walk_minutes)
    return max(0, int((there - begins).total_seconds()))


def _homes(left: Sequence[Waiting]) -> tuple[tuple[Household, ...], dict[str, tuple[UUID, ...]]]:
    """Those to be called as households who come down together: in the green lane when one of them is."""
    together: dict[UUID, list[Waiting]] = defaultdict(list)
    for row in left:
        together[row.household_id].append(row)
    homes, entries = [], {}
    for household_id, rows in together.items():
        lane = Lane.GREEN if any(row.lane == Lane.GREEN for row in rows) else Lane.USUAL
        homes.append(Household(str(household_id), str(rows[0].building_id), len(rows), str(lane.value)))
        entries[str(household_id)] = tuple(row.entry.pk for row in rows)
    return tuple(homes), entries


def planned_slots(round_: Round) -> QuerySet[Slot]:
    """The slots not called yet, in the order in which they stand at the point."""
    return Slot.objects.filter(round=round_, state=SlotState.PLANNED).order_by("starts_at", "id")
