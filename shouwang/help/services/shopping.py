"""Shopping runs: lists gathered into a walk to one shop, and ticked there line by line."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.audit import write_audit
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.moves import move
from shouwang.help.engines.settling import share, times
from shouwang.help.models import Order, OrderLine, ShoppingRun
from shouwang.help.services.dispatch import accept_offer
from shouwang.help.services.doing import start_request
from shouwang.help.services.intake import quantity_of
from shouwang.help.services.orders import (
    answered,
    households_open,
    lock_in_shop,
    lock_line,
    lock_order,
    lock_run,
    sum_of,
    write_line,
)
from shouwang.help.services.record import actor_id
from shouwang.help.services.settling import leftovers
from shouwang.help.states import (
    LINE_MOVES,
    ORDER_MOVES,
    RUN_MOVES,
    SETTLED_LINES,
    AssignmentState,
    LineKind,
    LineState,
    OrderState,
    RequestState,
    RunState,
)
from shouwang.notices.services import tell
from shouwang.notices.states import Urgency
from shouwang.places.models import STAMP
from shouwang.volunteers.models import Volunteer
from shouwang.volunteers.services import close_commitment, commit
from shouwang.volunteers.states import CommitmentState

COMMITMENT = "help.shopping"
NOTHING = Decimal(0)


@transaction.atomic
def gather_run(
    *, orders: Collection[Order], shop: str, volunteer: Volunteer, by: User, at: datetime | None = None
) -> ShoppingRun:
    """Makes one run of several households' lists and gives it to a volunteer by name, with the requests themselves.

    Refusal without a list, a shop, or for a household that nobody has found yet; Conflict for a list in another run.
    """
    at = at or clock.now()
    if not orders:
        raise Refusal("no-order", _("Choose at least one list."), field="orders")
    if not shop.strip():
        raise Refusal("no-shop", _("Write which shop it is."), field="shop")
    rows = [lock_order(order) for order in sorted(orders, key=lambda row: row.pk)]
    run = ShoppingRun(
        shop=shop.strip()[:60], made_at=at, made_by=by, local_day=clock.local_day(at, "Asia/Shanghai"), **_common(rows)
    )  # fmt: skip
    run.save(force_insert=True)
    for row in rows:
        _join(row, run, volunteer, by=by, at=at)
    _give(run, volunteer, by=by, at=at)
    write_audit("help.run.gathered", by=by, at=at, subject=run, orders=len(rows), volunteer=volunteer.pk)
    return run


def _common(orders: Sequence[Order]) -> dict[str, UUID | None]:
    """The scope columns that all of them share."""
    found = {name: {getattr(order, name) for order in orders} for name in STAMP}
    if len(found["community_id"]) != 1:
        raise Refusal("two-communities", _("These lists belong to two communities."), field="orders")
    return {name: next(iter(ids)) if len(ids) == 1 else None for name, ids in found.items()}


def _join(order: Order, run: ShoppingRun, volunteer: Volunteer, *, by: User, at: datetime) -> None:
    if order.household_id is None:
        raise Refusal(
            "door-unknown", _("%(number)s: find out first which household it is."), field="orders",
            number=order.request.spoken_number,
        )  # fmt: skip
    if order.state != OrderState.OPEN:
        raise Conflict("order-taken", _("This list is in a run already."))
    move(order, OrderState.IN_RUN, table=ORDER_MOVES, run=run)
    _hand(order, volunteer, by=by, at=at)


def _hand(order: Order, volunteer: Volunteer, *, by: User, at: datetime) -> None:
    """The request is in the volunteer's hands: whoever looks at it sees who shops."""
    request = order.request
    has_it = request.assignments.filter(volunteer=volunteer, state=AssignmentState.ACCEPTED).exists()
    if request.is_open() and request.state != RequestState.DONE and not has_it:
        accept_offer(request=request, volunteer=volunteer, by=by, at=at)


def _give(run: ShoppingRun, volunteer: Volunteer, *, by: User, at: datetime) -> None:
    commitment = commit(volunteer=volunteer, kind=COMMITMENT, subject_id=run.pk, placed=run, by=by, at=at)
    ShoppingRun.objects.filter(pk=run.pk).update(volunteer=volunteer, commitment=commitment)
    run.volunteer, run.commitment = volunteer, commitment


@transaction.atomic
def give_run(*, run: ShoppingRun, volunteer: Volunteer, by: User, at: datetime | None = None) -> ShoppingRun:
    """Gives a run that nobody has to a volunteer by name. Conflict when somebody has it."""
    at = at or clock.now()
    locked = lock_run(run)
    if locked.volunteer_id is not None:
        raise Conflict("run-taken", _("Somebody has this run already."))
    _give(locked, volunteer, by=by, at=at)
    for order in locked.orders.filter(state=OrderState.IN_RUN).select_related("request"):
        _hand(order, volunteer, by=by, at=at)
    write_audit("help.run.given", by=by, at=at, subject=locked, volunteer=volunteer.pk)
    return locked


@transaction.atomic
def take_run_off(*, run: ShoppingRun, by: Actor, at: datetime | None = None) -> ShoppingRun:
    """Whoever had the run is off duty or gives it back: it waits for somebody. The cash that they hold stays theirs to
    give back."""
    at = at or clock.now()
    locked = lock_run(run)
    _let_go(locked, by=by, at=at)
    ShoppingRun.objects.filter(pk=locked.pk).update(volunteer=None, commitment=None)
    write_audit("help.run.taken_off", by=by, at=at, subject=locked)
    locked.volunteer = locked.commitment = None
    return locked


@transaction.atomic
def reoffer_run(*, run: ShoppingRun, by: Actor, at: datetime) -> None:
    """Whoever had the run is off duty: it waits for somebody, and whoever made it is told."""
    locked = take_run_off(run=run, by=by, at=at)
    tell(
        to=locked.made_by, template="help.run_waits", urgency=Urgency.SOON, values={"shop": locked.shop}, by=by, at=at,
        subject_id=locked.pk, page=("help.shopping", {"shopping_id": str(locked.pk)}), community_id=locked.community_id,
    )  # fmt: skip


def _let_go(run: ShoppingRun, *, by: Actor, at: datetime) -> None:
    if run.commitment is not None and run.commitment.state != CommitmentState.CLOSED:
        close_commitment(commitment=run.commitment, by=by, at=at)


@transaction.atomic
def take_out(*, order: Order, by: User, at: datetime | None = None) -> Order:
    """Takes a list out of its run again, before the shop is left; it waits for another run."""
    at = at or clock.now()
    locked = lock_order(order)
    if locked.run is None or locked.run.state not in (RunState.GATHERING, RunState.SHOPPING):
        raise Conflict("shop-left", _("The shop is left. What is missing goes onto a new list."))
    if locked.lines.filter(bought__gt=0).exists():
        raise Conflict("bought-already", _("Something of it was bought already: bring it, or give it back."))
    if households_open(locked.run):
        raise Conflict("paid-in", _("Money was paid in for this run: give it back first."))
    move(locked, OrderState.OPEN, table=ORDER_MOVES, run=None)
    write_audit("help.order.taken_out", by=by, at=at, subject=locked)
    return locked


@transaction.atomic
def cancel_run(*, run: ShoppingRun, by: User, at: datetime | None = None) -> ShoppingRun:
    """Nobody sets out: the lists wait for another run."""
    at = at or clock.now()
    locked = lock_run(run)
    if leftovers(locked) or households_open(locked):
        raise Conflict("paid-in", _("Money was paid in for this run: give it back first."))
    move(locked, RunState.CANCELLED, table=RUN_MOVES)
    for order in locked.orders.filter(state=OrderState.IN_RUN):
        move(order, OrderState.OPEN, table=ORDER_MOVES, run=None)
    _let_go(locked, by=by, at=at)
    write_audit("help.run.cancelled", by=by, at=at, subject=locked)
    return locked


@transaction.atomic
def start_run(*, run: ShoppingRun, by: User, at: datetime | None = None) -> ShoppingRun:
    """In the shop: the households see that somebody has set out."""
    at = at or clock.now()
    locked = lock_run(run)
    move(locked, RunState.SHOPPING, table=RUN_MOVES, started_at=at)
    for order in locked.orders.filter(state=OrderState.IN_RUN).select_related("request"):
        if order.request.state == RequestState.ACCEPTED:
            start_request(request=order.request, by=by, at=at)
    write_audit("help.run.started", by=by, at=at, subject=locked)
    return locked


# Line by line


@transaction.atomic
def tick_line(
    *,
    line: OrderLine,
    by: Actor,
    at: datetime | None = None,
    bought: Decimal | None = None,
    price_fen: int | None = None,
) -> OrderLine:
    """It is in the basket: all of it, or `bought` as the scales say. What is less is left out, what is more is over.

    Refusal outside the shop, or for what is above the ceiling the household named.
    """
    at = at or clock.now()
    locked = lock_in_shop(line)
    if locked.state == LineState.TO_ASK:
        raise Refusal("amount-unclear", _("Ask first how much of it they want."))
    wanted = locked.quantity or NOTHING
    got = wanted if bought is None else quantity_of(bought) or NOTHING
    if not got:
        raise Refusal("nothing-bought", _("Nothing of it? Then say that it is not there."), field="bought")
    if price_fen is not None:
        require_below_ceiling(locked, price_fen)
    answered(
        locked, LineState.FOUND, by=by, at=at, how=locked.answered_how, bought=got, price_fen=price_fen,
        over=max(got - wanted, NOTHING), left_out=max(wanted - got, NOTHING), bought_by_id=actor_id(by),
        received=None, difference=NOTHING, difference_by=None,
    )  # fmt: skip
    write_audit("help.order.line_ticked", by=by, at=at, subject=locked.order, line=locked.pk)
    return locked


def require_below_ceiling(line: OrderLine, price_fen: int) -> None:
    """Refusal when the price is above what the household said at most."""
    if line.ceiling_fen is not None and price_fen > line.ceiling_fen:
        raise Refusal("above-ceiling", _("The household said %(most)s yuan at most. Ask them first."),
                      field="price", most=f"{line.ceiling_fen / 100:.2f}")  # fmt: skip


@transaction.atomic
def untick_line(*, line: OrderLine, by: Actor, at: datetime | None = None) -> OrderLine:
    """Takes a tick back; what was agreed on instead is left out with it."""
    at = at or clock.now()
    locked = lock_in_shop(line)
    for other in OrderLine.objects.filter(instead_of=locked).exclude(state=LineState.LEFT_OUT):
        if other.state == LineState.FOUND:
            raise Conflict("instead-bought", _("Take the tick off what was bought instead first."))
        move(other, LineState.LEFT_OUT, table=LINE_MOVES, bought=NOTHING, left_out=other.quantity or NOTHING)
    order = locked.order
    move(
        locked, LineState.OPEN, table=LINE_MOVES, bought=None, over=NOTHING, left_out=NOTHING, replaced=NOTHING,
        price_fen=None, received=None, difference=NOTHING, difference_by=None,
    )  # fmt: skip
    write_audit("help.order.line_unticked", by=by, at=at, subject=order, line=locked.pk)
    return locked


@transaction.atomic
def price_lines(
    *,
    lines: Collection[OrderLine],
    by: Actor,
    at: datetime | None = None,
    total_fen: int | None = None,
    per_unit_fen: int | None = None,
) -> list[OrderLine]:
    """What was bought costs so much together, or so much a unit; the same goods of several households share it by
    weight, to the fen. Refusal for goods that nobody has ticked, or in two units."""
    at = at or clock.now()
    found = [lock_line(line) for line in sorted(lines, key=lambda row: (row.order_id, row.pk))]
    bought = [line for line in found if line.state == LineState.FOUND and line.bought]
    if not bought or len({(line.order.run_id, line.unit) for line in bought}) != 1:
        raise Refusal("not-ticked", _("Tick first what is in the basket."), field="price")
    run = bought[0].order.run
    if run is None or run.receipt_fen is not None:
        raise Conflict("receipt-there", _("The receipt is entered. Take it back first."))
    weights = [line.bought or NOTHING for line in bought]
    if total_fen is None:
        total_fen = times(per_unit_fen or 0, sum_of(weights))
    for line, part in zip(bought, share(total_fen, weights), strict=True):
        require_below_ceiling(line, part)
        write_line(line, price_fen=part)
    write_audit("help.order.lines_priced", by=by, at=at, subject=run, lines=len(bought))
    return bought


@transaction.atomic
def leave_shop(*, run: ShoppingRun, by: User, at: datetime | None = None) -> ShoppingRun:
    """Everything is bought. Refusal while a line is neither got nor left out: it names them."""
    at = at or clock.now()
    locked = lock_run(run)
    open_lines = OrderLine.objects.filter(order__run=locked, order__state=OrderState.IN_RUN).exclude(
        state__in=SETTLED_LINES
    )
    goods = list(open_lines.filter(kind=LineKind.GOODS).order_by("position")[:4])
    if goods:
        raise Refusal(
            "lines-open", _("Not done yet: %(names)s. Tick it, ask, or leave it out."), names="、".join(
                line.name for line in goods),
        )  # fmt: skip
    move(locked, RunState.BOUGHT, table=RUN_MOVES, bought_at=at)
    write_audit("help.run.bought", by=by, at=at, subject=locked)
    return locked


@transaction.atomic
def go_back(*, run: ShoppingRun, by: User, at: datetime | None = None) -> ShoppingRun:
    """Back into the shop: something was forgotten. Not after the receipt is entered."""
    at = at or clock.now()
    locked = lock_run(run)
    if locked.receipt_fen is not None:
        raise Conflict("receipt-there", _("The receipt is entered. Take it back first."))
    OrderLine.objects.filter(order__run=locked, kind=LineKind.GOODS, received__isnull=False).update(
        received=None, difference=NOTHING, difference_words="", difference_by=None
    )
    move(locked, RunState.SHOPPING, table=RUN_MOVES, bought_at=None)
    write_audit("help.run.back", by=by, at=at, subject=locked)
    return locked
