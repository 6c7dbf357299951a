"""The plan of calls is kept: what was planned elsewhere, outside any transaction, replaces what was planned before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from shouwang.core.actors import CLOCK
from shouwang.core.audit import write_audit
from shouwang.core.bulk import insert_many
from shouwang.core.moves import move
from shouwang.places.models import STAMP
from shouwang.places.selectors import buildings_in
from shouwang.rounds.engines.point import MINUTE
from shouwang.rounds.engines.tables import Slot as Run
from shouwang.rounds.models import Point, Slot, SlotEntry
from shouwang.rounds.selectors.planning import slots_out, standing_of
from shouwang.rounds.states import SLOT_MOVES, RoundState, SlotState


@dataclass(frozen=True)
class Plan:
    """What a planner answered. `runs`: the slots in seconds after `begins`; `entries`: who is in each household;
    `ends`: seconds until the last is through; `fault`: a PlanFault or ""."""

    begins: datetime
    seconds: float
    version: int
    runs: Sequence[Run]
    entries: Mapping[str, Sequence[UUID]]
    ends: float
    fault: str = ""


@transaction.atomic
def keep_plan(*, point_id: UUID, plan: Plan, at: datetime) -> bool:
    """Replaces the slots not called yet by those of the plan; whether it was kept.

    Not when what it was made from has changed meanwhile (a slot was called, a table closed): then it is planned anew.
    """
    point = Point.objects.select_for_update().select_related("round").get(pk=point_id)
    if point.version != plan.version or point.round.state != RoundState.OPEN:
        return False
    SlotEntry.objects.filter(slot__round=point.round, slot__state=SlotState.PLANNED).delete()
    Slot.objects.filter(round=point.round, state=SlotState.PLANNED).delete()
    _write_slots(point, plan)
    Point.objects.filter(pk=point.pk).update(
        asked=False, planned_at=at, planned_seconds=plan.seconds, planned_tables=point.tables, fault=plan.fault,
        planned_ends_at=plan.begins + timedelta(seconds=-(-plan.ends // MINUTE) * MINUTE),
    )  # fmt: skip
    write_audit(
        "rounds.point.planned", by=CLOCK, at=at, subject=point, slots=len(plan.runs), fault=plan.fault
    )
    return True


def _write_slots(point: Point, plan: Plan) -> None:
    buildings = {str(place.pk): place for place in buildings_in(point.community_id)}
    slots, entries = [], []
    for run in plan.runs:
        slot = Slot(
            round=point.round, lane=run.lane, starts_at=plan.begins + timedelta(seconds=run.arrives),
            people=run.people, households=len(run.households),
            **{name: getattr(buildings[run.building], name) for name in STAMP},
        )  # fmt: skip
        slots.append(slot)
        entries += [
            SlotEntry(slot=slot, entry_id=pk) for home in run.households for pk in plan.entries[str(home.id)]
        ]
    insert_many(slots)
    SlotEntry.objects.bulk_create(entries)


@transaction.atomic
def pass_slots(*, point_id: UUID, seconds: float, at: datetime) -> int:
    """Ends the called slots whose people are all home again, or were waited for long enough; how many."""
    point = Point.objects.select_for_update().select_related("round").get(pk=point_id)
    slots = slots_out(point.round)
    walk = point.walk_minutes * MINUTE
    standing = standing_of(point, seconds, at)
    over = {one.call.key for one in standing.calls if one.is_over(at.timestamp(), walk)}
    ended = [slot for slot in slots if str(slot.pk) in over]
    for slot in ended:
        move(slot, SlotState.PASSED, table=SLOT_MOVES, passed_at=at)
        write_audit("rounds.slot.passed", by=CLOCK, at=at, subject=slot)
    return len(ended)
