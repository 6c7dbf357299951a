"""A shelf is counted: blind, a second time by somebody else where it differs, and signed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.audit import write_audit
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.ids import derived_id
from shouwang.core.moves import move
from shouwang.goods.engines.packs import MOST
from shouwang.goods.models import Balance, Count, CountLine, Item, Lot, Shelf, StockTake
from shouwang.goods.services.store_acts import About, Delta, begin_act, lock_items, write_movements
from shouwang.goods.states import COUNT_MOVES, STOCK_TAKE_MOVES, CountState, MovementKind, StockTakeState


@transaction.atomic
def begin_stock_take(*, shelf: Shelf, by: Actor, at: datetime | None = None) -> StockTake:
    """Begins counting a shelf: a line for every lot that is there. Conflict when it is being counted already."""
    at = at or clock.now()
    try:
        with transaction.atomic():
            take = StockTake.objects.create(
                community_id=shelf.community_id, shelf=shelf, began_at=at, began_by_id=_who(by)
            )
    except IntegrityError as fault:
        raise Conflict("counted-already", _("This place is being counted already.")) from fault
    there = Balance.objects.filter(shelf=shelf, quantity__gt=0).values_list("lot_id", flat=True)
    CountLine.objects.bulk_create(CountLine(stock_take=take, lot_id=lot_id) for lot_id in there)
    write_audit("goods.count.begun", by=by, at=at, subject=take, shelf=shelf.name)
    return take


@transaction.atomic
def add_found_item(
    *, stock_take: StockTake, item: Item, by: Actor, at: datetime | None = None
) -> list[CountLine]:
    """Something that is not on the list is there: lines for its lots, or one for a lot of unknown origin."""
    at = at or clock.now()
    take = _open(stock_take)
    if item.community_id != take.community_id:
        raise Refusal("other-community", _("This belongs to another community."), field="item")
    lots = list(
        Lot.objects.filter(item=item, balances__shelf=take.shelf_id).distinct().order_by("-came_at", "pk")[:5]
    )
    lots = lots or [Lot.objects.create(item=item, community_id=take.community_id, came_at=at)]
    known = set(take.lines.values_list("lot_id", flat=True))
    fresh = [CountLine(stock_take=take, lot=lot) for lot in lots if lot.pk not in known]
    CountLine.objects.bulk_create(fresh)
    return fresh


@transaction.atomic
def count_line(*, line: CountLine, quantity: int, by: Actor, at: datetime | None = None) -> CountLine:
    """Somebody says how much of a lot is there; it is compared with the stock of this moment.

    Where the first count differs, somebody else counts: Refusal("same-person") for the same one. Conflict when the line
    wants no count any more.
    """
    at = at or clock.now()
    if not 0 <= quantity <= MOST:
        raise Refusal("no-count", _("Say how much you counted: 0 or more."), field="quantity")
    take = _open(line.stock_take)
    locked = CountLine.objects.select_for_update().get(pk=line.pk)
    before = list(locked.counts.order_by("number"))
    if before and locked.state == CountState.AGAIN and before[-1].by_id == _who(by):
        raise Refusal("same-person", _("Somebody else counts this a second time."), field="quantity")
    kept = Balance.objects.filter(lot=locked.lot_id, shelf=take.shelf_id).values_list("quantity", flat=True)
    stock = kept.first() or 0
    Count.objects.create(
        line=locked, number=len(before) + 1, quantity=quantity, stock=stock, by_id=_who(by), at=at
    )
    after = CountState.DIFFERS if before else CountState.AGAIN
    after = after if quantity != stock else CountState.AGREES
    return move(locked, after, table=COUNT_MOVES, difference=quantity - stock)


@transaction.atomic
def count_again(*, line: CountLine, by: Actor, at: datetime | None = None) -> CountLine:
    """Sends a line that differs to somebody for one more count before it is signed."""
    take = _open(line.stock_take)
    locked = move(CountLine.objects.select_for_update().get(pk=line.pk), CountState.AGAIN, table=COUNT_MOVES)
    write_audit("goods.count.again", by=by, at=at or clock.now(), subject=take)
    return locked


@transaction.atomic
def sign_stock_take(
    *, stock_take: StockTake, by: Actor, at: datetime | None = None, reason: str = ""
) -> StockTake:
    """Closes a stock-take: what differs is written as movements. At zero difference nothing is written.

    Refusal while a line is uncounted, without a reason where something differs, or where the stock has moved so far
    since that the difference would leave less than nothing.
    """
    at = at or clock.now()
    take = _open(stock_take)
    lines = list(take.lines.select_related("lot__item", "stock_take__shelf").order_by("pk"))
    if any(line.state in (CountState.OPEN, CountState.AGAIN) for line in lines):
        raise Refusal("not-counted", _("Some of it has not been counted yet."))
    wrong = [line for line in lines if line.state == CountState.DIFFERS]
    if wrong and not reason.strip():
        raise Refusal("no-reason", _("Say what is behind the difference."), field="reason")
    changes: dict[str, Any] = {"ended_at": at, "signed_by_id": _who(by), "differences": len(wrong)}
    if wrong:
        changes |= {"act": _write_differences(take, wrong, reason.strip(), by, at), "reason": reason.strip()}
    move(take, StockTakeState.CLOSED, table=STOCK_TAKE_MOVES, **changes)
    write_audit("goods.count.signed", by=by, at=at, subject=take, lines=len(lines), differences=len(wrong))
    return take


def _write_differences(take: StockTake, wrong: list[CountLine], reason: str, by: Actor, at: datetime) -> Any:
    begun = begin_act(
        act=derived_id(take.pk, "goods.counted"), kind=MovementKind.COUNTED, community_id=take.community_id, by=by, at=at,
        body={"stock_take": str(take.pk)},
    )  # fmt: skip
    lock_items(begun, {line.lot.item_id for line in wrong})
    deltas = [Delta(line.lot, take.shelf, line.difference or 0) for line in wrong]
    write_movements(begun, deltas, About(reason=reason), audit="goods.stock.counted", subject=take)
    return begun.id


@transaction.atomic
def call_off_stock_take(*, stock_take: StockTake, by: Actor, at: datetime | None = None) -> StockTake:
    """Ends counting without a result; nothing is written to the stock."""
    at = at or clock.now()
    take = move(_open(stock_take), StockTakeState.CALLED_OFF, table=STOCK_TAKE_MOVES, ended_at=at)
    write_audit("goods.count.called_off", by=by, at=at, subject=take)
    return take


def _open(stock_take: StockTake) -> StockTake:
    """The row as it is now, locked where the database locks rows. Conflict when it is over."""
    take = StockTake.objects.select_for_update(of=("self",)).select_related("shelf").get(pk=stock_take.pk)
    if take.state != StockTakeState.COUNTING:
        raise Conflict("count-over", _("This stock-take is over."))
    return take


def _who(by: Actor) -> Any:
    return by.pk if by.actor_kind == "user" else None
