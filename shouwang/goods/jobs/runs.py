"""Delivery runs are planned on the worker's lane: seconds of reckoning hold no request and no lock."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from shouwang.core.models import DueRow
from shouwang.goods.services.run_carriers import leave_runs
from shouwang.goods.services.run_planning import plan_once
from shouwang.goods.services.run_plans import next_turn, note_news
from shouwang.goods.states import PlanState

# A plan that changed under the planner's hands is made again after so long, so that nobody's machine does nothing else.
AGAIN = timedelta(seconds=5)


def plan_due_runs(row: DueRow, at: datetime) -> datetime | None:
    """Plans the runs of one day; again soon when something changed under the planner's hands."""
    if row.subject_id is None:
        return None
    plan = plan_once(plan_id=row.subject_id, at=at)
    if plan is None or plan.state == PlanState.FAILED or not plan.is_stale():
        return None
    return at + AGAIN if plan.planned_version != plan.version else next_turn(plan, at)


def hear_due_news(row: DueRow, at: datetime) -> None:
    """Something was released, or a door's wish has changed."""
    if row.subject_id is not None:
        note_news(plan_id=row.subject_id, wrong=bool(row.payload.get("wrong")), at=at)


def leave_due_runs(row: DueRow, at: datetime) -> None:
    """Whoever carried is off duty: the runs not begun are planned anew, the one that is out waits for somebody."""
    leave_runs(commitment_id=UUID(row.key), at=at)
