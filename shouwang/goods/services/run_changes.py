"""Runs changed by hand before they begin: a stop goes to another trip or another place in it, and stays there."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.audit import write_audit
from shouwang.core.errors import Conflict, Refusal
from shouwang.goods.models import KeptApart, Run, RunCarrier, RunStop
from shouwang.goods.services.run_plans import touch_plan
from shouwang.goods.services.run_trips import lock_run
from shouwang.goods.states import RunState


@transaction.atomic
def move_stop(
    *, stop: RunStop, to: Run, position: int | None = None, by: User, at: datetime | None = None
) -> Run:
    """Puts a stop on a run, at `position` from 1 (None: at the end); both runs then stand, and the rest is planned anew.

    Refusal when the cart would carry too much, or the two are kept apart; Conflict when either run has begun.
    """
    at = at or clock.now()
    source, target = _lock_planned(stop.run), _lock_planned(to)
    if source.plan_id != target.plan_id:
        raise Conflict("other-plan", _("That run belongs to other deliveries."))
    moved = RunStop.objects.filter(pk=stop.pk, run=source).first()
    if moved is None:
        raise Conflict("planned-anew", _("This run has been planned anew. Look at it again before you load."))
    if source.pk != target.pk:
        _require_possible(moved, target)
    others = list(target.stops.exclude(pk=moved.pk).order_by("order"))
    place = len(others) if position is None else max(0, min(position - 1, len(others)))
    others.insert(place, moved)
    moved.run = target
    for n, row in enumerate(others, 1):
        row.order = n
    RunStop.objects.bulk_update(others, ["run", "order"])
    _weigh(target, by_hand=True)
    if source.pk != target.pk:
        _weigh(source, by_hand=source.by_hand)
    write_audit("goods.run.changed", by=by, at=at, subject=target, position=place + 1)
    touch_plan(target.plan, at=at)
    return target


@transaction.atomic
def move_to_new_run(*, stop: RunStop, carrier: RunCarrier, by: User, at: datetime | None = None) -> Run:
    """Puts a stop on a trip of its own for this carrier."""
    at = at or clock.now()
    source = _lock_planned(stop.run)
    if carrier.plan_id != source.plan_id or carrier.left_at is not None:
        raise Conflict("carrier-left", _("This volunteer does not help any more."))
    last = Run.objects.filter(carrier=carrier).order_by("-order").first()
    target = Run(
        plan=source.plan, carrier=carrier, volunteer=carrier.volunteer, order=last.order + 1 if last else 1, by_hand=True,
        starts_at=stop.arrive_at, ends_at=stop.done_at, community_id=source.community_id,
    )  # fmt: skip
    target.save(force_insert=True)
    return move_stop(stop=stop, to=target, by=by, at=at)


@transaction.atomic
def set_by_hand(*, run: Run, stands: bool, by: User, at: datetime | None = None) -> Run:
    """Says that a run stands as it is, or that planning may change it again."""
    at = at or clock.now()
    locked = _lock_planned(run)
    Run.objects.filter(pk=locked.pk).update(by_hand=stands)
    locked.refresh_from_db()
    write_audit("goods.run.stands" if stands else "goods.run.freed", by=by, at=at, subject=locked)
    touch_plan(locked.plan, at=at)
    return locked


def _weigh(run: Run, *, by_hand: bool) -> None:
    """The weight of a run whose stops have changed; one without any is gone."""
    if not run.stops.exists():
        run.delete()
        return
    kg = run.stops.aggregate(kg=Sum("kg"))["kg"] or Decimal(0)
    Run.objects.filter(pk=run.pk).update(load_kg=kg, by_hand=by_hand)


def _require_possible(stop: RunStop, target: Run) -> None:
    carrier = target.carrier
    kg = target.stops.aggregate(kg=Sum("kg"))["kg"] or Decimal(0)
    if kg + stop.kg > carrier.cart_kg:
        raise Refusal(
            "cart-full", _("The cart holds %(most)s kg; with this it would be %(kg)s kg."), field="to",
            most=carrier.cart_kg, kg=f"{kg + stop.kg:.0f}",
        )  # fmt: skip
    pair = {"volunteer_id": carrier.volunteer_id, "household_id": stop.household_id}
    if KeptApart.objects.filter(**pair, until_at__isnull=True).exists():
        raise Refusal(
            "kept-apart", _("%(name)s brings nothing to this door. Choose somebody else."), field="to",
            name=carrier.volunteer.user.name,
        )  # fmt: skip
    if stop.to_door and carrier.strength_kg is not None and stop.kg > carrier.strength_kg:
        raise Refusal(
            "too-heavy", _("%(name)s carries %(most)s kg upstairs at once; this weighs %(kg)s kg."), field="to",
            name=carrier.volunteer.user.name, most=carrier.strength_kg, kg=f"{stop.kg:.0f}",
        )  # fmt: skip


def _lock_planned(run: Run) -> Run:
    locked = lock_run(run)
    if locked.state != RunState.PLANNED:
        raise Conflict("run-begun", _("This run has begun already."))
    return locked
