"""Plans of delivery runs: begun, asked for anew, kept when the planner is through, and ended."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.actors import CLOCK, Actor
from shouwang.core.audit import write_audit
from shouwang.core.due import cancel, schedule
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.moves import move
from shouwang.goods.models import Run, RunPlan
from shouwang.goods.states import BEGUN, PLAN_MOVES, PlanFault, PlanState, RunState
from shouwang.places.models import Area, Place
from shouwang.volunteers.services import close_commitment

DUE = "goods.plan_runs"
# What comes in one after another is planned together: a plan made by itself is this old at least before the next.
EVERY = timedelta(minutes=2)


@transaction.atomic
def open_plan(
    *,
    community: Place,
    by: User,
    at: datetime | None = None,
    area: Area | None = None,
    day: date | None = None,
) -> RunPlan:
    """Begins the deliveries of a day. Conflict while those of another plan go on in this community."""
    at = at or clock.now()
    if RunPlan.objects.filter(community_id=community.pk).exclude(state=PlanState.OVER).exists():
        raise Conflict("runs-planned-already", _("The runs of this community are being planned already."))
    if area is not None and area.community_id != community.pk:
        raise Refusal("area-elsewhere", _("This area belongs to another community."), field="area")
    plan = RunPlan(
        community_id=community.pk,
        area=area,
        day=day or clock.local_day(at, community.time_zone),
        made_at=at,
        made_by=by,
    )
    plan.save(force_insert=True)
    write_audit("goods.runs.opened", by=by, at=at, subject=plan)
    return plan


@transaction.atomic
def ask_plan(*, plan: RunPlan, by: Actor, at: datetime | None = None) -> RunPlan:
    """Has the runs planned at once. Refusal while nobody helps."""
    at = at or clock.now()
    if not plan.carriers.filter(left_at__isnull=True).exists():
        raise Refusal(
            "nobody-helps", _("Nobody helps yet. Say who carries, and with which cart."), field="volunteer"
        )
    touch_plan(plan, at=at)
    write_audit("goods.runs.asked", by=by, at=at, subject=plan)
    return plan


def touch_plan(plan: RunPlan, *, at: datetime) -> None:
    """Something has changed that makes the runs wrong: they are made again at once, and what is being planned now is
    thrown away. In the caller's transaction; Conflict for a plan that is over."""
    live = RunPlan.objects.filter(pk=plan.pk).exclude(state=PlanState.OVER)
    if not live.update(version=F("version") + 1, state=PlanState.ASKED):
        raise Conflict("plan-over", _("These deliveries are over. Begin new ones."))
    plan.refresh_from_db()
    schedule(DUE, at=at, subject_id=plan.pk)


def hold_plan(plan: RunPlan) -> None:
    """A run has begun: what stands stays right, and what is being planned now is not."""
    RunPlan.objects.filter(pk=plan.pk, planned_version=F("version")).update(
        planned_version=F("planned_version") + 1
    )
    RunPlan.objects.filter(pk=plan.pk).update(version=F("version") + 1)
    plan.refresh_from_db()


def next_turn(plan: RunPlan, at: datetime) -> datetime:
    """When a plan that nobody asked for is made again."""
    return at if plan.planned_at is None else max(at, plan.planned_at + EVERY)


@transaction.atomic
def note_news(*, plan_id: UUID, wrong: bool, at: datetime) -> bool:
    """From a due row: something was released, or (`wrong`) a door's wish has changed. Whether a plan takes it up.

    What was released is taken up within EVERY; a plan that nobody has asked for yet, or that nobody carries, waits.
    """
    plan = RunPlan.objects.select_for_update().filter(pk=plan_id).exclude(state=PlanState.OVER).first()
    if plan is None or plan.planned_at is None or not plan.carriers.filter(left_at__isnull=True).exists():
        return False
    if wrong:
        touch_plan(plan, at=at)
        return True
    RunPlan.objects.filter(pk=plan.pk, stale_since__isnull=True).update(stale_since=at)
    if plan.state in (PlanState.READY, PlanState.FAILED):
        schedule(DUE, at=next_turn(plan, at), subject_id=plan.pk)
    return True


@transaction.atomic
def begin_planning(*, plan_id: UUID, at: datetime) -> RunPlan | None:
    """Takes a plan up on the worker's lane; None when there is nothing to do."""
    plan = RunPlan.objects.select_for_update().filter(pk=plan_id).exclude(state=PlanState.OVER).first()
    if plan is None or (not plan.is_stale() and plan.state == PlanState.READY):
        return None
    return move(plan, PlanState.PLANNING, table=PLAN_MOVES)


@transaction.atomic
def fail_plan(*, plan_id: UUID, version: int, fault: str, at: datetime) -> None:
    """Says why there is no plan. What stood before still stands."""
    plan = RunPlan.objects.select_for_update().get(pk=plan_id)
    if plan.state == PlanState.PLANNING:
        move(
            plan,
            PlanState.FAILED,
            table=PLAN_MOVES,
            fault=PlanFault(fault),
            planned_version=version,
            planned_at=at,
        )
        write_audit("goods.runs.failed", by=CLOCK, at=at, subject=plan, why=fault)


@transaction.atomic
def end_plan(*, plan: RunPlan, by: User, at: datetime | None = None) -> RunPlan:
    """Ends the deliveries of a day: what is still planned goes back to wait. Refusal while a run is out."""
    at = at or clock.now()
    locked = RunPlan.objects.select_for_update().get(pk=plan.pk)
    if Run.objects.filter(plan=locked, state__in=BEGUN).exists():
        raise Refusal("run-out", _("A run is still out. End the deliveries when everybody is back."))
    left = Run.objects.filter(plan=locked, state=RunState.PLANNED)
    runs = left.count()
    left.delete()
    for carrier in locked.carriers.filter(left_at__isnull=True).select_related("commitment"):
        if carrier.commitment is not None:
            close_commitment(commitment=carrier.commitment, by=by, at=at)
    locked.carriers.filter(left_at__isnull=True).update(left_at=at)
    cancel(DUE, subject_id=locked.pk)
    move(locked, PlanState.OVER, table=PLAN_MOVES, ended_at=at)
    write_audit("goods.runs.ended", by=by, at=at, subject=locked, left=runs)
    return locked
