"""Where goods rest at the gate, a run's bags do too: one parcel a household; and parcels that a household asked to have
fetched ride along. What the gate enforces (nothing leaves before its hour) holds here as well."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid5

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.audit import write_audit
from shouwang.core.errors import Conflict
from shouwang.goods.models import Parcel
from shouwang.goods.services import hand_over, load_parcels, take_in
from shouwang.goods.states import ParcelKind, ParcelState
from shouwang.help.models import Order, OrderLine, ShoppingRun
from shouwang.help.services.orders import lock_run
from shouwang.help.states import LineKind, LineState, OrderState, RunState
from shouwang.places.selectors import community_by_id


@transaction.atomic
def set_bags_down(*, run: ShoppingRun, by: User, at: datetime | None = None) -> list[Parcel]:
    """The bags of a packed run are at the gate: each is taken in as a parcel of its household, with its label. Pressed
    again it answers the same. Conflict before they are packed."""
    at = at or clock.now()
    locked = lock_run(run)
    if locked.state != RunState.COUNTED or locked.community_id is None:
        raise Conflict("not-packed", _("Count and pack the bags first."))
    community, bags = community_by_id(locked.community_id), []
    for order in locked.orders.filter(state=OrderState.IN_RUN).select_related("household", "request"):
        bag = take_in(
            community=community, household=order.household, kind=ParcelKind.GROCERIES, weight_kg=8, by=by, at=at,
            parcel_id=uuid5(order.pk, "bag"),
        )  # fmt: skip
        if order.bag_id is None:
            Order.objects.filter(pk=order.pk).update(bag=bag)
            write_audit("help.order.bagged", by=by, at=at, subject=order)
        bags.append(bag)
    return bags


def carry(line: OrderLine, *, by: Actor, at: datetime) -> None:
    """The parcel of a line is in somebody's hands on the way up; Refusal while it may not leave the gate."""
    parcel = line.parcel
    if parcel is None or parcel.state in (ParcelState.ON_THE_WAY, ParcelState.HANDED_OVER):
        return
    if isinstance(by, User):
        load_parcels(parcels=[parcel], holder=by, by=by, at=at)


def hand_over_with(order: Order, *, by: Actor, at: datetime) -> None:
    """What stood at the gate for an order is handed over with it; Refusal while its hour has not come."""
    tied = order.lines.filter(kind=LineKind.PARCEL, state=LineState.FOUND, parcel__isnull=False)
    parcels = [line.parcel for line in tied.select_related("parcel")]
    for parcel in (*parcels, order.bag):
        if parcel is not None and parcel.is_in_house():
            hand_over(parcel=parcel, by=by, at=at)
