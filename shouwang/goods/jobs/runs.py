"""Delivery runs are planned on the worker's lane: seconds of reckoning hold no request and no lock."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from shouwang.core.models import DueRow
from shouwang.goods.engines.runs_planner import made_runs
from shouwang.goods.selectors.run_instance import snapshot_of
from shouwang.goods.services.run_carriers import leave_runs
from shouwang.goods.services.run_keeping import Made, keep_plan
from shouwang.goods.services.run_plans import begin_planning, fail_plan, next_turn, note_news
from shouwang.goods.states import PlanFault

# A plan that changed under the planner's hands is made again after so long, so that nobody's machine does nothing else.
AGAIN = timedelta(seconds=5)


def plan_due_runs(row: DueRow, at: datetime) -> datetime | None:
    """Plans the runs of one day: reads, reckons without a transaction, writes if what was read still holds."""
    plan = begin_planning(plan_id=row.subject_id, at=at) if row.subject_id is not None else None
    if plan is None:
        return None
    snapshot = snapshot_of(plan, at)
    if not snapshot.instance.volunteers:
        fail_plan(plan_id=plan.pk, version=snapshot.version, fault=PlanFault.NOBODY, at=at)
        return None
    found = made_runs(snapshot.instance, snapshot.fixed, seconds=snapshot.seconds, seed=snapshot.seed)
    if not keep_plan(snapshot=snapshot, made=Made(found.plan, found.reasons, found.fault), at=at):
        return at + AGAIN
    plan.refresh_from_db()
    return next_turn(plan, at) if plan.is_stale() else None


def hear_due_news(row: DueRow, at: datetime) -> None:
    """Something was released, or a door's wish has changed."""
    if row.subject_id is not None:
        note_news(plan_id=row.subject_id, wrong=bool(row.payload.get("wrong")), at=at)


def leave_due_runs(row: DueRow, at: datetime) -> None:
    """Whoever carried is off duty: the runs not begun are planned anew, the one that is out waits for somebody."""
    leave_runs(commitment_id=UUID(row.key), at=at)
