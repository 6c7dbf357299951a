"""Counted twice: what was bought is counted again when it is packed, and checked once more by the resident at the door."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.audit import write_audit
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.moves import move
from shouwang.help.models import Order, OrderLine, ShoppingRun
from shouwang.help.services.at_the_gate import carry, hand_over_with
from shouwang.help.services.doing import finish_request
from shouwang.help.services.intake import quantity_of
from shouwang.help.services.orders import (
    advance_if_delivered,
    lock_line,
    lock_order,
    lock_run,
    require_goods,
    write_line,
)
from shouwang.help.services.record import actor_id
from shouwang.help.services.settling import charge_order
from shouwang.help.states import (
    IN_HAND_STATES,
    ORDER_MOVES,
    RUN_MOVES,
    LineKind,
    LineState,
    OrderState,
    RequestState,
    RunState,
)

NOTHING = Decimal(0)


@transaction.atomic
def count_line(
    *, line: OrderLine, received: Decimal | str, by: User, at: datetime | None = None, words: str = ""
) -> OrderLine:
    """Counted a second time, by whoever packs. Other than bought: it is signed by name, with `words` for why."""
    at = at or clock.now()
    locked = lock_line(line)
    _require_run(
        locked.order,
        RunState.BOUGHT,
        _("It is counted again once the shop is left and before it goes to the doors."),
    )
    require_goods(locked)
    if locked.state != LineState.FOUND:
        raise Refusal("not-bought", _("This was not bought."), field="received")
    _write_count(locked, quantity_of(received) or NOTHING, words, by=by)
    write_audit("help.order.line_counted", by=by, at=at, subject=locked.order, line=locked.pk)
    return locked


def _write_count(line: OrderLine, received: Decimal, words: str, *, by: Any) -> None:
    difference = (line.bought or NOTHING) - received
    if difference and not words.strip():
        raise Refusal(
            "difference-unsigned", _("Bought %(bought)s, counted %(received)s: write in a few words why."),
            field="words", bought=f"{line.bought:f}", received=f"{received:f}",
        )  # fmt: skip
    write_line(
        line, received=received, difference=difference, difference_words=words.strip()[:120] if difference else "",
        difference_by_id=actor_id(by) if difference else None,
    )  # fmt: skip


@transaction.atomic
def end_count(*, run: ShoppingRun, by: User, at: datetime | None = None) -> ShoppingRun:
    """Everything was counted again; what was not touched is there as it was bought. The bags go to the doors."""
    at = at or clock.now()
    locked = lock_run(run)
    move(locked, RunState.COUNTED, table=RUN_MOVES, counted_at=at, counted_by=by)
    for line in _bought(locked).filter(received__isnull=True):
        write_line(line, received=line.bought, difference=NOTHING)
    advance_if_delivered(locked, by=by, at=at)
    write_audit("help.run.counted", by=by, at=at, subject=locked)
    return locked


def _bought(run: ShoppingRun) -> Any:
    return OrderLine.objects.filter(
        order__run=run, order__state=OrderState.IN_RUN, state=LineState.FOUND, kind=LineKind.GOODS
    )


@transaction.atomic
def deliver_line(
    *, line: OrderLine, delivered: Decimal | str, by: Actor, at: datetime | None = None
) -> OrderLine:
    """Checked by the resident at the door: they take `delivered` of it, the rest is taken back (a refund, not a fault).

    Refusal for more than there is.
    """
    at = at or clock.now()
    locked = lock_line(line)
    _require_run(
        locked.order, RunState.COUNTED, _("This is checked at the door, after it was counted and packed.")
    )
    if locked.order.state != OrderState.IN_RUN or locked.received is None:
        raise Conflict("not-packed", _("This is not in the bag."))
    taken = quantity_of(delivered) or NOTHING
    if taken > locked.received:
        raise Refusal("more-than-there-is", _("There is not so much in the bag."), field="delivered")
    write_line(locked, delivered=taken, taken_back=locked.received - taken)
    write_audit("help.order.line_delivered", by=by, at=at, subject=locked.order, line=locked.pk)
    return locked


@transaction.atomic
def fetch_parcel(
    *, line: OrderLine, by: Actor, at: datetime | None = None, fetched: bool = True
) -> OrderLine:
    """The parcel that was to be fetched is in the bag, or it was not there.
    Refusal while it may not leave the gate yet."""
    at = at or clock.now()
    locked = lock_line(line)
    if locked.kind != LineKind.PARCEL or locked.order.state != OrderState.IN_RUN:
        raise Conflict("no-parcel", _("No parcel is to be fetched here."))
    if fetched and locked.state == LineState.OPEN:
        carry(locked, by=by, at=at)
        write_line(
            locked, state=LineState.FOUND, bought=Decimal(1), received=Decimal(1), bought_by_id=actor_id(by)
        )
    elif not fetched and locked.state == LineState.OPEN:
        write_line(locked, state=LineState.LEFT_OUT, bought=NOTHING, left_out=Decimal(1))
    write_audit("help.order.parcel_fetched", by=by, at=at, subject=locked.order, line=locked.pk)
    return locked


@transaction.atomic
def deliver_order(*, order: Order, by: Actor, at: datetime | None = None) -> Order:
    """Everything in the bag was gone through with the resident; lines nobody touched were taken as they are. The
    request is done, and the household owes what was delivered. Refusal while a parcel is not accounted for."""
    at = at or clock.now()
    locked = lock_order(order)
    _require_run(locked, RunState.COUNTED, _("This is checked at the door, after it was counted and packed."))
    left = locked.lines.filter(kind=LineKind.PARCEL, state=LineState.OPEN)
    if left.exists():
        raise Refusal("parcel-open", _("Say of the parcel whether it was fetched."))
    for line in locked.lines.filter(state=LineState.FOUND, delivered__isnull=True):
        write_line(line, delivered=line.received, taken_back=NOTHING)
    hand_over_with(locked, by=by, at=at)
    move(locked, OrderState.DELIVERED, table=ORDER_MOVES, delivered_at=at, delivered_by_id=actor_id(by))
    write_audit("help.order.delivered", by=by, at=at, subject=locked)
    finish(locked, by=by, at=at)
    charge_order(locked, by=by, at=at)
    if locked.run is not None:
        advance_if_delivered(locked.run, by=by, at=at)
    return locked


def finish(order: Order, *, by: Actor, at: datetime) -> None:
    """The request behind it is done, where it is still in somebody's hands."""
    request = order.request
    request.refresh_from_db()
    if request.state in IN_HAND_STATES:
        finish_request(request=request, by=by, at=at)
    elif request.state in (RequestState.NEW, RequestState.OFFERED):
        # Somebody handed it back meanwhile, and it was brought all the same: the desk closes it.
        write_audit("help.order.brought_for_nobody", by=by, at=at, subject=order)


def _require_run(order: Order, state: RunState, sentence: Any) -> None:
    if order.run is None or order.run.state != state:
        raise Conflict("run-elsewhere", sentence)
