"""Orders: a request's list becomes lines, unclear ones are asked about, and what is not needed any more is dropped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.audit import write_audit
from shouwang.core.due import cancel, schedule
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.moves import move
from shouwang.goods.models import Parcel
from shouwang.goods.states import IN_HOUSE
from shouwang.help.engines.wishes import PARCEL, Wish, read_list, row_about, wish_of
from shouwang.help.models import HelpRequest, MoneyEntry, Order, OrderLine, RequestLine, ShoppingRun
from shouwang.help.services.intake import quantity_of
from shouwang.help.services.record import actor_id, lock_open_request
from shouwang.help.states import (
    LINE_MOVES,
    ORDER_MOVES,
    RUN_MOVES,
    UNDELIVERED_ORDERS,
    Category,
    LineKind,
    LineState,
    MoneyAccount,
    OrderState,
    RunState,
)

ANSWER = "help.answer"
# A list is read at the desk: an unclear line is asked about within two hours, as a request is taken on.
ASK_WITHIN = timedelta(hours=2)
ORDERED = (Category.SHOPPING, Category.MEDICINE, Category.PARCEL)
MOST_LINES = 60


@transaction.atomic
def make_order(*, request: HelpRequest, by: Actor, at: datetime | None = None, text: str = "") -> Order:
    """The order of a request: of `text` in the resident's own words, else of the lines the request came with. A parcel
    spoken of beside them is a line as well (scene E8). Asked again it answers the order that there is.

    Refusal for a confidential request, and for one that is about something else.
    """
    at = at or clock.now()
    known = Order.objects.filter(request=request).first()
    if known is not None:
        return known
    locked = lock_open_request(request)
    if locked.confidential:
        raise Refusal(
            "order-confidential",
            _("This request is confidential: whoever has it in hand shops for it alone."),
        )
    if locked.category not in ORDERED:
        raise Refusal("nothing-to-shop", _("Nothing is to be bought or fetched for this request."))
    order = Order.objects.create(
        request=locked,
        household_id=locked.household_id,
        made_at=at,
        made_by_id=actor_id(by),
        **locked.stamp(),
    )
    lines = _write(order, _wishes(locked, text), at=at)
    write_audit("help.order.made", by=by, at=at, subject=order, lines=len(lines))
    return order


def _wishes(request: HelpRequest, text: str) -> list[tuple[Wish, RequestLine | None]]:
    if text.strip():
        return [(wish, None) for wish in read_list(text)]
    found: list[tuple[Wish, RequestLine | None]] = []
    for line in request.lines.order_by("order"):
        quantity = None if line.quantity is None else f"{line.quantity.normalize():f}"
        said = row_about(line.name, request.words)
        found.append((wish_of(line.name, quantity, line.unit, line.note, said=said), line))
    read = read_list(request.words or request.title)
    if not found:
        found = [(wish, None) for wish in read if wish.kind != PARCEL]
    fetched = [wish for wish in read if wish.kind == PARCEL][:1]
    if request.category == Category.PARCEL:
        return [(fetched[0] if fetched else Wish(name="快递", kind=PARCEL, said=request.title), None)]
    return [*found, *((wish, None) for wish in fetched)]


def _write(
    order: Order, wishes: Sequence[tuple[Wish, RequestLine | None]], *, at: datetime
) -> list[OrderLine]:
    last = order.lines.count()
    if last + len(wishes) > MOST_LINES:
        raise Refusal("list-too-long", _("A list has %(most)s lines at most."), field="text", most=MOST_LINES)
    rows = [
        _line(order, wish, asked, place, at) for place, (wish, asked) in enumerate(wishes, start=last + 1)
    ]
    for row in rows:
        row.save(force_insert=True)
        if row.state == LineState.TO_ASK:
            schedule(ANSWER, at=row.answer_due_at or at, subject_id=row.pk)
    _tie_parcels(order)
    return rows


def _line(order: Order, wish: Wish, asked: RequestLine | None, position: int, at: datetime) -> OrderLine:
    unclear = bool(wish.unclear) and wish.kind != PARCEL
    return OrderLine(
        order=order, position=position, request_line=asked, kind=wish.kind,
        state=LineState.TO_ASK if unclear else LineState.OPEN,
        name=wish.name, said=wish.said, unit=wish.unit,
        quantity=Decimal(1) if wish.kind == PARCEL else quantity_of(wish.quantity),
        brand=wish.brand, origin=wish.origin, size=wish.size, note=wish.note,
        may_substitute=wish.may_substitute, ceiling_fen=wish.ceiling, shelf=wish.shelf,
        answer_due_at=at + ASK_WITHIN if unclear else None,
    )  # fmt: skip


def _tie_parcels(order: Order) -> None:
    """Parcels of the household that wait at the gate, tied to the lines that speak of one, the oldest first."""
    if order.household is None:
        return
    tied = OrderLine.objects.filter(parcel__household=order.household).exclude(state=LineState.LEFT_OUT)
    tied_ids = tied.values("parcel_id")
    there = (
        order.household.parcels.filter(state__in=IN_HOUSE)
        .exclude(pk__in=tied_ids)
        .order_by("received_at", "pk")
    )
    lines = order.lines.filter(kind=LineKind.PARCEL, parcel__isnull=True).order_by("position")
    for line, parcel in zip(lines, there, strict=False):
        OrderLine.objects.filter(pk=line.pk, parcel__isnull=True).update(parcel=parcel)


@transaction.atomic
def tie_parcel(*, line: OrderLine, parcel: Parcel, by: Actor, at: datetime | None = None) -> OrderLine:
    """Says which parcel at the gate a line is about. Refusal for another household's."""
    at = at or clock.now()
    locked = lock_line(line)
    if locked.kind != LineKind.PARCEL or parcel.household_id != locked.order.household_id:
        raise Refusal("other-parcel", _("This parcel is not for this household."), field="parcel")
    write_line(locked, parcel=parcel)
    write_audit("help.order.changed", by=by, at=at, subject=locked.order, line=locked.pk)
    return locked


@transaction.atomic
def add_lines(*, order: Order, text: str, by: Actor, at: datetime | None = None) -> list[OrderLine]:
    """More things, in the resident's own words. Refusal once the shop is left, or when nothing is written."""
    at = at or clock.now()
    locked = lock_order(order)
    _require_shopping(locked)
    wishes = [(wish, None) for wish in read_list(text)]
    if not wishes:
        raise Refusal("nothing-asked", _("Write in a few words what is needed."), field="text")
    rows = _write(locked, wishes, at=at)
    write_audit("help.order.changed", by=by, at=at, subject=locked, lines=len(rows))
    return rows


CHANGED = (
    "name",
    "quantity",
    "unit",
    "brand",
    "origin",
    "size",
    "note",
    "may_substitute",
    "ceiling_fen",
    "shelf",
)


@transaction.atomic
def change_line(*, line: OrderLine, by: Actor, at: datetime | None = None, **fields: Any) -> OrderLine:
    """Writes down anew what is wanted, as long as it is not got. With amount and unit an unclear line is clear.

    `fields`: of CHANGED. Refusal for a line without an amount or a unit.
    """
    at = at or clock.now()
    locked = lock_line(line)
    require_goods(locked)
    _require_shopping(locked.order)
    new = {
        name: value for name, value in fields.items() if name in CHANGED and value != getattr(locked, name)
    }
    quantity = quantity_of(new.get("quantity", locked.quantity))
    if not quantity or not str(new.get("unit", locked.unit)).strip():
        raise Refusal("amount-unclear", _("Say how much, and of which unit."), field="quantity")
    if locked.state not in (LineState.TO_ASK, LineState.OPEN):
        raise Conflict("line-settled", _("Take the tick back first."))
    new["quantity"] = quantity
    if locked.state == LineState.TO_ASK:
        answered(locked, LineState.OPEN, by=by, at=at, **new)
    else:
        write_line(locked, **new)
    write_audit("help.order.changed", by=by, at=at, subject=locked.order, line=locked.pk)
    return locked


@transaction.atomic
def drop_order(*, order: Order, by: Actor, at: datetime | None = None) -> Order:
    """The list is not needed any more and nothing of it was bought yet. Conflict once something was."""
    at = at or clock.now()
    locked = lock_order(order)
    if locked.lines.filter(bought__gt=0).exists() or locked.state not in UNDELIVERED_ORDERS:
        raise Conflict("bought-already", _("Something of it was bought already: bring it, or give it back."))
    end_order(locked, by=by, at=at)
    return locked


def end_order(order: Order, *, by: Actor, at: datetime) -> None:
    """Leaves out what is left and ends the order, in the transaction that found it to be over."""
    left_out = order.lines.exclude(state__in=(LineState.FOUND, LineState.SUBSTITUTED, LineState.LEFT_OUT))
    for line in left_out:
        move(
            line, LineState.LEFT_OUT, table=LINE_MOVES, bought=Decimal(0), left_out=line.quantity or Decimal(0),
            answer_due_at=None,
        )  # fmt: skip
        cancel(ANSWER, subject_id=line.pk)
    move(order, OrderState.DROPPED, table=ORDER_MOVES)
    write_audit("help.order.dropped", by=by, at=at, subject=order)
    if order.run is not None:
        advance_if_delivered(order.run, by=by, at=at)


def advance_if_delivered(run: ShoppingRun, *, by: Actor, at: datetime) -> None:
    """A packed run of which no bag is left to be brought is delivered; in the transaction that has it locked."""
    run.refresh_from_db(fields=["state"])
    if run.state == RunState.COUNTED and not run.orders.filter(state=OrderState.IN_RUN).exists():
        move(run, RunState.DELIVERED, table=RUN_MOVES, delivered_at=at)
        write_audit("help.run.delivered", by=by, at=at, subject=run)


def request_is_over(request: HelpRequest, *, by: Actor, at: datetime) -> None:
    """Called by what ends a request: a list of which nothing was bought ends with it; what was bought still comes."""
    order = Order.objects.filter(request=request, state__in=UNDELIVERED_ORDERS).first()
    if order is None:
        return
    locked = lock_order(order)
    if locked.state in UNDELIVERED_ORDERS and not locked.lines.filter(bought__gt=0).exists():
        end_order(locked, by=by, at=at)


def lock_list_of(request: HelpRequest) -> None:
    """Locks the list of a request before whoever ends it locks the request: one order of locks for everybody."""
    order = Order.objects.filter(request=request).first()
    if order is not None:
        lock_order(order)


# What the other chapters use


def lock_run(run: ShoppingRun) -> ShoppingRun:
    """The row as it is now. Whatever changes an order or a line in a run takes this lock first."""
    rows = ShoppingRun.objects.select_for_update(of=("self",)).select_related("volunteer__user", "commitment")
    return rows.get(pk=run.pk)


def lock_order(order: Order) -> Order:
    """The order with its run locked before it."""
    run_id = Order.objects.values_list("run_id", flat=True).get(pk=order.pk)
    run = lock_run(ShoppingRun(pk=run_id)) if run_id else None
    locked = (
        Order.objects.select_for_update(of=("self",)).select_related("request", "household").get(pk=order.pk)
    )
    if locked.run_id != run_id:
        raise Conflict("moved-meanwhile", _("Somebody else was quicker. Look again before you go on."))
    locked.run = run
    return locked


def lock_line(line: OrderLine) -> OrderLine:
    """The line with its run and its order locked before it."""
    order = lock_order(Order(pk=line.order_id))
    locked = OrderLine.objects.select_for_update().get(pk=line.pk)
    locked.order = order
    return locked


def lock_in_shop(line: OrderLine) -> OrderLine:
    """The line, locked, of a run that is in the shop; Conflict otherwise."""
    locked = lock_line(line)
    run = locked.order.run
    if run is None or run.state != RunState.SHOPPING or locked.order.state != OrderState.IN_RUN:
        raise Conflict("not-in-the-shop", _("This can be ticked in the shop only, while the run is there."))
    require_goods(locked)
    return locked


def households_open(run: ShoppingRun) -> bool:
    """Whether any household owes something of this run, or is owed something."""
    rows = MoneyEntry.objects.filter(subject_id=run.pk, account=MoneyAccount.HOUSEHOLD)
    return rows.values("household_id").annotate(left=Sum("amount_fen")).exclude(left=0).exists()


def require_goods(line: OrderLine) -> None:
    """Refusal for a parcel: it is fetched or not, and has no other way."""
    if line.kind != LineKind.GOODS:
        raise Refusal("a-parcel", _("This is a parcel: say whether it was fetched."))


def write_line(line: OrderLine, **changes: Any) -> OrderLine:
    """Writes figures and words of a line that is still in the state it was read in; Conflict otherwise."""
    if not OrderLine.objects.filter(pk=line.pk, state=line.state).update(**changes):
        raise Conflict("moved-meanwhile", _("Somebody else was quicker. Look again before you go on."))
    for name, value in changes.items():
        setattr(line, name, value)
    return line


def answered(
    line: OrderLine, to: LineState, *, by: Actor, at: datetime, how: str = "", **changes: Any
) -> None:
    """The line has its answer: nobody waits for one any more."""
    order = line.order
    move(
        line, to, table=LINE_MOVES, answer_due_at=None, answered_at=at, answered_how=how, answered_by_id=actor_id(by),
        **changes,
    )  # fmt: skip
    line.order = order
    cancel(ANSWER, subject_id=line.pk)


def _require_shopping(order: Order) -> None:
    """Conflict once the shop is left, or the order is over."""
    if order.state not in UNDELIVERED_ORDERS:
        raise Conflict("order-over", _("This order is over. Nothing on it changes any more."))
    if order.run is not None and order.run.state not in (RunState.GATHERING, RunState.SHOPPING):
        raise Conflict("shop-left", _("The shop is left. What is missing goes onto a new list."))


def sum_of(amounts: Iterable[Decimal | None]) -> Decimal:
    """The sum of those that are there."""
    return sum((amount for amount in amounts if amount is not None), Decimal(0))
