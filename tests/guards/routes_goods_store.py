"""The store of a corner of the routes' world: what it keeps, a slip, a count that goes on, a donation; and what is sent to
its routes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from shouwang.goods.models import Donation, Shelf
from shouwang.goods.services import donations, stocktakes, store
from shouwang.goods.services.store import In
from shouwang.goods.states import MovementKind

if TYPE_CHECKING:
    from tests.guards.routes_world import Corner, World

Value = Callable[["World", "Corner", str], Any]
Body = Callable[["World", "Corner"], dict[str, Any]]


def keep_store(corner: Corner, at: datetime) -> None:
    """Two places, one of them being counted, an item with two lots, something issued, something given."""
    acting: dict[str, Any] = {"by": corner.owners["secretary"].user, "at": at}
    room, gate = (
        store.add_shelf(community=corner.community, name=f"{name}{corner.mark}", **acting)
        for name in ("库房", "门口")
    )
    item = store.add_item(community=corner.community, name=f"面粉{corner.mark}", unit="斤", **acting)
    lot = store.bring_in(
        item=item, shelf=room, quantity=100, kind=MovementKind.BOUGHT, origin=f"超市{corner.mark}", **acting
    )
    [slip] = store.take_out(
        item=item, shelf=room, quantity=10, kind=MovementKind.ISSUED, to_words=f"后勤{corner.mark}", **acting
    )
    given = donations.receive_donation(
        lines=[In(item, gate, 5)], donor_name=f"好人{corner.mark}", donor_phone=corner.phone, **acting
    )
    take = stocktakes.begin_stock_take(shelf=gate, **acting)
    corner.store = _kept(
        room, gate, given, item=item, lot=lot, act=slip.act, take=take, line=take.lines.get()
    )


def _kept(room: Shelf, gate: Shelf, given: Donation, **more: Any) -> SimpleNamespace:
    return SimpleNamespace(room=room, gate=gate, donation=given, **more)


def _pk(name: str) -> Value:
    return lambda world, corner, role: getattr(corner.store, name).pk


VALUES: dict[str, Value] = {
    "item_id": _pk("item"),
    "lot_id": _pk("lot"),
    "stock_take_id": _pk("take"),
    "count_line_id": _pk("line"),
    "donation_id": _pk("donation"),
    "act_id": lambda world, corner, role: corner.store.act,
}


def _row(world: World, corner: Corner) -> dict[str, Any]:
    return {"shelf": str(corner.store.room.pk), "item-0": corner.store.item.name, "quantity-0": "1"}


PAGES: dict[str, Body] = {
    "goods/store/": lambda w, c: {"q": "面粉"},
    "goods/store/shelves/": lambda w, c: {"name": "地下室"},
    "goods/store/items/new/": lambda w, c: {"name": "大米", "unit": "斤"},
    "goods/store/items/<uuid:item_id>/change/": lambda w, c: {"name": c.store.item.name, "warn_below": "3"},
    "goods/store/items/<uuid:item_id>/move/": lambda w, c: {
        "quantity": "1", "from_shelf": str(c.store.room.pk), "to_shelf": str(c.store.gate.pk),
    },
    "goods/store/lots/<uuid:lot_id>/discard/": lambda w, c: {
        "quantity": "1", "reason": "破了", "shelf": str(c.store.room.pk),
    },
    "goods/store/lots/<uuid:lot_id>/split/": lambda w, c: {"quantity": "1", "shelf": str(c.store.room.pk)},
    "goods/store/in/": lambda w, c: {**_row(w, c), "kind": "bought"},
    "goods/store/out/": lambda w, c: {**_row(w, c), "to_words": "后勤组"},
    "goods/store/slips/<uuid:act_id>/correct/": lambda w, c: {"reason": "写错了"},
    "goods/store/slips/<uuid:act_id>/back/": lambda w, c: {f"back-{c.store.item.pk.hex}": "1"},
    "goods/store/counts/": lambda w, c: {"shelf": str(c.store.room.pk)},
    "goods/store/counting/<uuid:stock_take_id>/found/": lambda w, c: {"item": str(c.store.item.pk)},
    "goods/store/counting/lines/<int:count_line_id>/": lambda w, c: {"quantity": "5"},
    "goods/store/donations/new/": lambda w, c: {**_row(w, c), "donor_name": "好人"},
    "goods/store/opening/": lambda w, c: {
        "shelf": str(c.store.room.pk), "text": "大米\t斤\t\t5\t", "step": "take",
    },
}  # fmt: skip
