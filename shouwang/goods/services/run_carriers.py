"""Who carries: taken on with a cart and hours, changed, let go, kept apart from a door; and off duty."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.actors import CLOCK, Actor
from shouwang.core.audit import write_audit
from shouwang.core.errors import Conflict, Refusal
from shouwang.goods.models import KeptApart, Run, RunCarrier, RunPlan
from shouwang.goods.selectors.runs import CARRIER
from shouwang.goods.services.run_plans import touch_plan
from shouwang.goods.services.run_telling import tell_run_waits
from shouwang.goods.states import BEGUN, PlanState, RunState
from shouwang.people.models import Household
from shouwang.volunteers.models import Volunteer
from shouwang.volunteers.services import close_commitment, commit

MOST_KG = 500


@transaction.atomic
def add_carrier(
    *,
    plan: RunPlan,
    volunteer: Volunteer,
    by: User,
    at: datetime | None = None,
    cart_kg: int = 80,
    strength_kg: int | None = None,
    from_at: datetime | None = None,
    until_at: datetime | None = None,
) -> RunCarrier:
    """Somebody carries on this day: the commitment is written with it. `cart_kg`, `strength_kg` in kilograms.

    Refusal for somebody off duty or by phone only, or hours that end before they begin; Conflict when they help already.
    """
    at = at or clock.now()
    _lock_live(plan)
    begins = from_at or at
    if not 0 < cart_kg <= MOST_KG:
        raise Refusal("cart", _("A cart holds between 1 and 500 kg."), field="cart_kg")
    if until_at is not None and until_at <= begins:
        raise Refusal("period-backwards", _("The end must be later than the beginning."), field="until")
    if plan.carriers.filter(volunteer=volunteer, left_at__isnull=True).exists():
        raise Conflict("helps-already", _("This volunteer helps already."))
    carrier = RunCarrier(
        plan=plan,
        volunteer=volunteer,
        cart_kg=cart_kg,
        strength_kg=strength_kg,
        from_at=begins,
        until_at=until_at,
    )
    carrier.commitment = commit(
        volunteer=volunteer, kind=CARRIER, subject_id=carrier.pk, placed=plan, by=by, at=at
    )
    carrier.save(force_insert=True)
    write_audit(
        "goods.runs.carrier_added", by=by, at=at, subject=plan, volunteer=volunteer.pk, cart_kg=cart_kg
    )
    _plan_again(plan, at)
    return carrier


@transaction.atomic
def change_carrier(
    *,
    carrier: RunCarrier,
    by: User,
    cart_kg: int,
    strength_kg: int | None = None,
    until_at: datetime | None = None,
    at: datetime | None = None,
) -> RunCarrier:
    """Says anew what the cart holds, what is carried upstairs, and until when."""
    at = at or clock.now()
    _lock_live(carrier.plan)
    if not 0 < cart_kg <= MOST_KG:
        raise Refusal("cart", _("A cart holds between 1 and 500 kg."), field="cart_kg")
    if until_at is not None and until_at <= carrier.from_at:
        raise Refusal("period-backwards", _("The end must be later than the beginning."), field="until")
    said: dict[str, Any] = {"cart_kg": cart_kg, "strength_kg": strength_kg, "until_at": until_at}
    if not RunCarrier.objects.filter(pk=carrier.pk, left_at__isnull=True).update(**said):
        raise Conflict("carrier-left", _("This volunteer does not help any more."))
    carrier.refresh_from_db()
    write_audit(
        "goods.runs.carrier_changed",
        by=by,
        at=at,
        subject=carrier.plan,
        volunteer=carrier.volunteer_id,
        **said,
    )
    _plan_again(carrier.plan, at)
    return carrier


@transaction.atomic
def remove_carrier(*, carrier: RunCarrier, by: User, at: datetime | None = None) -> None:
    """Lets somebody go. Refusal while a run is in their hands; what was planned for them is planned for others."""
    at = at or clock.now()
    _lock_live(carrier.plan)
    if Run.objects.filter(volunteer=carrier.volunteer, plan=carrier.plan, state__in=BEGUN).exists():
        raise Refusal("run-out", _("A run is in their hands. End it, or give it to somebody else first."))
    _leave(carrier, by=by, at=at)


def _leave(carrier: RunCarrier, *, by: Actor, at: datetime) -> None:
    if not RunCarrier.objects.filter(pk=carrier.pk, left_at__isnull=True).update(left_at=at):
        return
    carrier.runs.filter(state=RunState.PLANNED).delete()
    if carrier.commitment is not None:
        close_commitment(commitment=carrier.commitment, by=by, at=at)
    write_audit("goods.runs.carrier_left", by=by, at=at, subject=carrier.plan, volunteer=carrier.volunteer_id)
    _plan_again(carrier.plan, at)


@transaction.atomic
def leave_runs(*, commitment_id: UUID, at: datetime) -> None:
    """From a due row: whoever had this commitment is off duty. A run that is out waits for somebody, and those who answer
    for the place are told; what had not begun is planned again."""
    run = (
        Run.objects.select_related("plan", "commitment", "volunteer__user")
        .filter(commitment_id=commitment_id)
        .first()
    )
    if run is not None and run.state in BEGUN and run.commitment is not None:
        Run.objects.filter(pk=run.pk).update(volunteer=None, commitment=None, waits_since=at)
        close_commitment(commitment=run.commitment, by=CLOCK, at=at)
        run.refresh_from_db()
        write_audit("goods.run.waits", by=CLOCK, at=at, subject=run)
        tell_run_waits(run, by=CLOCK, at=at)
    carrier = (
        RunCarrier.objects.select_related("plan", "commitment").filter(commitment_id=commitment_id).first()
    )
    if carrier is not None:
        _leave(carrier, by=CLOCK, at=at)


@transaction.atomic
def keep_apart(
    *, volunteer: Volunteer, household: Household, by: User, at: datetime | None = None
) -> KeptApart:
    """These two do not meet through a delivery. Nobody asks why. Conflict when it is so already."""
    at = at or clock.now()
    about = {"volunteer": volunteer, "household": household}
    if KeptApart.objects.filter(**about, until_at__isnull=True).exists():
        raise Conflict("apart-already", _("These two are kept apart already."))
    if household.community_id is None or volunteer.community_id != household.community_id:
        raise Refusal("foreign-place", _("This door belongs to another community."), field="door")
    row = KeptApart.objects.create(community_id=household.community_id, by=by, from_at=at, **about)
    write_audit("goods.runs.kept_apart", by=by, at=at, subject=row.pk, placed=household)
    _plan_community(household.community_id, at)
    return row


@transaction.atomic
def end_apart(*, apart: KeptApart, by: User, at: datetime | None = None) -> None:
    """They may meet again."""
    at = at or clock.now()
    if not KeptApart.objects.filter(pk=apart.pk, until_at__isnull=True).update(until_at=at):
        raise Conflict("apart-no-more", _("These two are not kept apart any more."))
    write_audit("goods.runs.apart_ended", by=by, at=at, subject=apart.pk, placed=apart.household)
    _plan_community(apart.community_id, at)


def _plan_community(community_id: UUID | None, at: datetime) -> None:
    plan = RunPlan.objects.filter(community_id=community_id).exclude(state=PlanState.OVER).first()
    if plan is not None:
        _plan_again(plan, at)


def _plan_again(plan: RunPlan, at: datetime) -> None:
    """Only where it has been planned already: the first time somebody presses for it."""
    plan.refresh_from_db()
    if plan.planned_at is not None and plan.state != PlanState.OVER:
        touch_plan(plan, at=at)


def _lock_live(plan: RunPlan) -> RunPlan:
    locked = RunPlan.objects.select_for_update().get(pk=plan.pk)
    if locked.state == PlanState.OVER:
        raise Conflict("plan-over", _("These deliveries are over. Begin new ones."))
    return locked
