"""What the caller at a point looks at: who is out, who comes next, how long the queue is, when it will be over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max
from django.http import Http404

from shouwang.core.scope import Scope
from shouwang.places.models import Place
from shouwang.places.selectors import buildings_in
from shouwang.rounds.engines.point import MINUTE
from shouwang.rounds.engines.standing import Standing, Whereabouts
from shouwang.rounds.models import Entry, Point, Round, Slot, SlotEntry
from shouwang.rounds.rules import SILENT_AFTER, may_call
from shouwang.rounds.selectors import LEAD, round_for
from shouwang.rounds.selectors.planning import (
    measured_pace,
    planned_slots,
    point_of,
    slots_out,
    standing_of,
    table_words,
)
from shouwang.rounds.states import EntryState, Lane

NEXT = 4


@dataclass(frozen=True)
class SlotLine:
    """A slot as the caller sees it. `people` are those still to come of it; `call_at` when to call it; `meets` names
    the buildings still out that it would meet; `settled` of how many of a called one a word has come."""

    slot: Slot
    building: str
    people: int
    call_at: datetime
    settled: int = 0
    expected_at: datetime | None = None
    meets: tuple[str, ...] = ()

    @property
    def is_green(self) -> bool:
        return self.slot.lane == Lane.GREEN


@dataclass(frozen=True)
class Board:
    """One moment at the point. `seconds` a person takes, `measured` whether by what arrived or only as told; `waiting`
    people expected at the point, `walking` on their way; `uncalled` still to be called; `done` of `total` on the
    roster; `silent`: names of those at the tables from whom nothing has come lately; `dry`: the tables would have nobody
    before the next building is here, so it is called before its time."""

    point: Point
    out: list[SlotLine]
    offered: SlotLine | None
    following: list[SlotLine]
    waiting: int
    walking: int
    uncalled: int
    seconds: float
    measured: bool
    ends_at: datetime | None
    done: int
    total: int
    silent: list[str] = field(default_factory=list)
    held: list[Place] = field(default_factory=list)
    dry: bool = False

    def is_time(self, at: datetime) -> bool:
        """Whether the building that is offered should be called now."""
        return self.offered is not None and (self.dry or self.offered.call_at <= at)


def calling_for(scope: Scope, round_id: UUID, capability: str = LEAD) -> Round:
    """A round of the scope whose people can be called to a point (a closed one too), or 404."""
    found = round_for(scope, round_id, capability)
    if not may_call(found) and point_of(found) is None:
        raise Http404
    return found


def point_for(scope: Scope, round_id: UUID, capability: str = LEAD) -> Point:
    """The point of a round of the scope, or 404."""
    point = point_of(round_for(scope, round_id, capability))
    if point is None:
        raise Http404
    return point


def slot_for(scope: Scope, slot_id: UUID, capability: str = LEAD) -> Slot:
    """A slot of the scope, or 404."""
    slot = Slot.objects.filter(scope.q(capability), pk=slot_id).select_related("round__point").first()
    if slot is None:
        raise Http404
    return slot


def building_of(point: Point, place_id: UUID) -> Place:
    """A building of the point's community, or 404."""
    found = next((place for place in buildings_in(point.community_id) if place.pk == place_id), None)
    if found is None:
        raise Http404
    return found


def pace_now(point: Point, at: datetime) -> tuple[float, bool]:
    """(seconds a person takes at one table, whether that was measured)."""
    measured = measured_pace(point, at)
    return (measured, True) if measured else (point.planned_seconds or float(point.seconds_given), False)


def pairs_of(point: Point) -> dict[UUID, set[UUID]]:
    """For each building those that its people must not meet."""
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for row in point.paths.all():
        found[row.one_id].add(row.other_id)
        found[row.other_id].add(row.one_id)
    return found


def _still_out(point: Point, standing: Standing, at: datetime) -> set[UUID]:
    walk = point.walk_minutes * MINUTE
    return {UUID(one.call.building) for one in standing.calls if one.is_out(at.timestamp(), walk)}


def buildings_met(point: Point, slot: Slot, at: datetime) -> list[Place]:
    """The buildings still out that the people of this slot would meet."""
    seconds, _measured = pace_now(point, at)
    out = _still_out(point, standing_of(point, seconds, at), at)
    met = pairs_of(point).get(slot.building_id, set()) & out if slot.building_id else set()
    return [place for place in buildings_in(point.community_id) if place.pk in met]


def board_of(point: Point, at: datetime) -> Board:
    """The board at one moment, from what has arrived by then."""
    seconds, measured = pace_now(point, at)
    slots = slots_out(point.round)
    standing = standing_of(point, seconds, at)
    names = {place.pk: place for place in buildings_in(point.community_id)}
    planned = list(planned_slots(point.round))
    people = _still_to_come(planned)
    pairs, out = pairs_of(point), _still_out(point, standing, at)
    lines = [
        _planned_line(point, slot, people[slot.pk], names, pairs.get(_building(slot), set()) & out)
        for slot in planned if people[slot.pk]
    ]  # fmt: skip
    offered = next((line for line in lines if not line.meets), None)
    counts = Entry.objects.filter(round=point.round)
    held = [row.place for row in point.buildings.filter(held=True).select_related("place")]
    return Board(
        point=point, out=[_called_line(point, slot, standing, names) for slot in slots], offered=offered,
        following=[line for line in lines if line is not offered][: NEXT - 1],
        waiting=standing.waiting, walking=standing.walking, uncalled=sum(line.people for line in lines),
        seconds=seconds, measured=measured, ends_at=_ends_at(point, standing, lines, seconds, at),
        done=counts.filter(state=EntryState.DONE).count(), total=counts.count(),
        silent=silent_tables(point.round, at), held=held, dry=_runs_dry(point, standing, offered, seconds, at),
    )  # fmt: skip


def _runs_dry(
    point: Point, standing: Standing, offered: SlotLine | None, seconds: float, at: datetime
) -> bool:
    """Whether those at the point and on the way are through before somebody who is called now would be there."""
    there = standing.waiting + standing.walking
    if offered is None or at + timedelta(minutes=point.walk_minutes) < point.opens_at:
        return False
    lasts = there * seconds / point.tables
    return lasts <= (point.walk_minutes + 1) * MINUTE and there + offered.people <= point.queue_limit


def _building(slot: Slot) -> UUID:
    assert slot.building_id is not None
    return slot.building_id


def _still_to_come(slots: Sequence[Slot]) -> Mapping[UUID, int]:
    found: dict[UUID, int] = defaultdict(int)
    rows = SlotEntry.objects.filter(slot__in=slots, entry__state=EntryState.WAITING)
    for slot_id in rows.values_list("slot_id", flat=True):
        found[slot_id] += 1
    return found


def _planned_line(
    point: Point, slot: Slot, people: int, names: Mapping[UUID, Place], met: Iterable[UUID]
) -> SlotLine:
    call_at = slot.starts_at - timedelta(minutes=point.walk_minutes)
    meets = tuple(names[pk].name for pk in names if pk in set(met))
    return SlotLine(slot, names[_building(slot)].name, people, call_at, meets=meets)


def _called_line(point: Point, slot: Slot, standing: Standing, names: Mapping[UUID, Place]) -> SlotLine:
    where: Whereabouts = next(one for one in standing.calls if one.call.key == str(slot.pk))
    assert slot.called_at is not None
    return SlotLine(
        slot, names[_building(slot)].name, where.call.people, slot.called_at, settled=where.call.settled,
        expected_at=datetime.fromtimestamp(where.through, slot.called_at.tzinfo),
    )  # fmt: skip


def _ends_at(
    point: Point, standing: Standing, lines: Sequence[SlotLine], seconds: float, at: datetime
) -> datetime | None:
    """When the last is through: as planned, but not before what is left can be done at the present pace."""
    left = standing.waiting + standing.walking + sum(line.people for line in lines)
    if not left:
        return None
    soonest = max(at, point.opens_at) + timedelta(seconds=left * seconds / point.tables)
    return max(soonest, lines[-1].slot.starts_at) if lines else soonest


def silent_tables(round_: Round, at: datetime) -> list[str]:
    """Names of those who marked people as done within the last two hours and of whom nothing came lately, while people
    are out: their phone has no signal, or their table is closed."""
    said = table_words(round_, at - timedelta(hours=2), at).values("by__name").annotate(latest=Max("at"))
    rows = said.order_by("by__name").values_list("by__name", "latest")
    return [str(name) for name, latest in rows if latest < at - SILENT_AFTER]
