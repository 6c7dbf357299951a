"""What happens to rounds by itself: rosters are compared with the register, calls are planned, lists offered again."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from shouwang.core.actors import CLOCK
from shouwang.core.models import DueRow
from shouwang.rounds.engines.batches import plan_onwards
from shouwang.rounds.rules import REPLAN_AFTER
from shouwang.rounds.selectors.calling import pace_now
from shouwang.rounds.selectors.planning import plan_wanted, point_by_id
from shouwang.rounds.selectors.walking import lists_to_reoffer
from shouwang.rounds.services import (
    Plan,
    join_entries,
    keep_plan,
    keep_true,
    pass_slots,
    reoffer_list,
    settle_left,
    take_turn,
)
from shouwang.rounds.states import PlanFault

AGAIN = timedelta(minutes=10)


def keep_due_roster_true(row: DueRow, at: datetime) -> datetime | None:
    """Compares a round's roster with the register; again in ten minutes as long as the round goes on."""
    return at + AGAIN if row.subject_id is not None and keep_true(round_id=row.subject_id, at=at) else None


def replan_due_point(row: DueRow, at: datetime) -> datetime | None:
    """Looks at a point every three minutes while its round goes on, and plans the calls anew where that is needed.

    On the worker's lane: planning takes seconds, and holds no transaction. What changed meanwhile is planned again.
    """
    point = point_by_id(row.subject_id) if row.subject_id is not None else None
    if point is None:
        return None
    seconds, _measured = pace_now(point, at)
    pass_slots(point_id=point.pk, seconds=seconds, at=at)
    wanted = plan_wanted(point, at)
    if wanted is not None:
        tables, whole = plan_onwards(wanted.day)
        plan = Plan(
            wanted.begins, wanted.seconds, wanted.version, tables.slots, wanted.entries, tables.ends,
            fault="" if whole else PlanFault.NO_SOLVER,
        )  # fmt: skip
        if not keep_plan(point_id=point.pk, plan=plan, at=at):
            return at
    return at + REPLAN_AFTER


def reoffer_due_list(row: DueRow, at: datetime) -> None:
    """A walking list of somebody who stood down waits for somebody again."""
    for walking_list in lists_to_reoffer([UUID(row.key)]):
        reoffer_list(walking_list=walking_list, by=CLOCK, at=at)


def join_due_entries(row: DueRow, at: datetime) -> None:
    """After two entries of the register were found to be one person: so are their entries on rosters."""
    if row.subject_id is not None:
        join_entries(alias_id=row.subject_id, at=at)


def take_due_turn(row: DueRow, at: datetime) -> datetime | None:
    """The next turn of a round that comes again every day."""
    return take_turn(series_id=row.subject_id, at=at) if row.subject_id is not None else None


def settle_due_rest(row: DueRow, at: datetime) -> datetime | None:
    """The rest of a large roster that was signed off; again at once while more is left."""
    return at if row.subject_id is not None and settle_left(round_id=row.subject_id, at=at) else None
