"""One planning of the runs of a day: read, reckon without a transaction, write if what was read still holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from shouwang.goods.engines.runs_planner import made_runs
from shouwang.goods.models import RunPlan
from shouwang.goods.selectors.run_instance import snapshot_of
from shouwang.goods.services.run_keeping import Made, keep_plan
from shouwang.goods.services.run_plans import begin_planning, fail_plan
from shouwang.goods.states import PlanFault


def plan_once(*, plan_id: UUID, at: datetime, seconds: float | None = None) -> RunPlan | None:
    """Plans once and answers the plan as it is then, stale when something changed meanwhile; None when nothing was to do.

    It takes `seconds` (the plan's own otherwise), so it is for the worker's lane, never for a request.
    """
    plan = begin_planning(plan_id=plan_id, at=at)
    if plan is None:
        return None
    snapshot = snapshot_of(plan, at)
    if not snapshot.instance.volunteers:
        fail_plan(plan_id=plan.pk, version=snapshot.version, fault=PlanFault.NOBODY, at=at)
        return None
    snapshot = replace(snapshot, seconds=snapshot.seconds if seconds is None else seconds)
    found = made_runs(snapshot.instance, snapshot.fixed, seconds=snapshot.seconds, seed=snapshot.seed)
    keep_plan(snapshot=snapshot, made=Made(found.plan, found.reasons, found.fault), at=at)
    plan.refresh_from_db()
    return plan
