"""What happens in the store: things come in, go out, come back, move, are split, thrown away, and set right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.errors import Refusal
from shouwang.core.ids import uuid7
from shouwang.goods.models import Balance, Item, Lot, Movement, Shelf
from shouwang.goods.services.store_acts import (
    About,
    Begun,
    Delta,
    begin_act,
    checked_quantity,
    lock_items,
    not_enough,
    one_community,
    write_movements,
    written_by,
)
from shouwang.goods.services.store_backs import bring_back, bring_back_lines, correct
from shouwang.goods.services.store_custody import hold_what_comes_back
from shouwang.goods.services.store_items import add_item, add_shelf, change_item, end_item
from shouwang.goods.states import CAME_IN, WENT_TO_PEOPLE, MovementKind
from shouwang.people.models import Household

__all__ = [
    "In",
    "Out",
    "add_item",
    "add_shelf",
    "bring_back",
    "bring_back_lines",
    "bring_in",
    "bring_in_lines",
    "change_item",
    "correct",
    "discard",
    "end_item",
    "is_expired",
    "split_lot",
    "take_out",
    "take_out_lines",
    "transfer",
]

NOBODY = About()


@dataclass(frozen=True)
class In:
    """One line of what comes in. `quantity` in units of the item."""

    item: Item
    shelf: Shelf
    quantity: int
    expires_on: date | None = None
    code: str = ""


@dataclass(frozen=True)
class Out:
    """One line of what goes out; `lot` where it must be this one."""

    item: Item
    shelf: Shelf
    quantity: int
    lot: Lot | None = None


@transaction.atomic
def bring_in(
    *,
    item: Item,
    shelf: Shelf,
    quantity: int,
    kind: MovementKind,
    by: Actor,
    at: datetime | None = None,
    expires_on: date | None = None,
    code: str = "",
    origin: str = "",
    act: UUID | None = None,
) -> Lot:
    """Takes so many units in as a lot of their own; the same act again answers the same lot.

    `kind` is bought, donated or allocated. Refusal for nothing, for another kind, for an item that has ended.
    """
    line = In(item, shelf, quantity, expires_on, code)
    [movement] = bring_in_lines(lines=[line], kind=kind, by=by, at=at, origin=origin, act=act)
    return movement.lot


@transaction.atomic
def bring_in_lines(
    *,
    lines: Sequence[In],
    kind: MovementKind,
    by: Actor,
    at: datetime | None = None,
    origin: str = "",
    act: UUID | None = None,
) -> list[Movement]:
    """Several lines as one act, all or none; each is a lot of its own. Refusals name the line in `values["row"]`."""
    if kind not in CAME_IN:
        raise Refusal("not-incoming", _("This is not a way in which things come in."), field="kind")
    body = {
        "lines": [_told(line) for line in lines],
        "about": About(origin=origin).for_digest(),
    }
    begun = _begin(lines, kind, by, at, act, body)
    if not begun.fresh:
        return written_by(begun.id)
    items = lock_items(begun, {line.item.pk for line in lines})
    lots = [
        Lot(
            item=items[line.item.pk], community_id=begun.community_id, code=line.code, expires_on=line.expires_on,
            came_at=begun.at,
        )
        for line in lines
    ]  # fmt: skip
    Lot.objects.bulk_create(lots)
    deltas = [Delta(lot, line.shelf, line.quantity) for lot, line in zip(lots, lines, strict=True)]
    return write_movements(begun, deltas, About(origin=origin), audit="goods.stock.came", what=str(kind))


@transaction.atomic
def take_out(
    *,
    item: Item,
    shelf: Shelf,
    quantity: int,
    kind: MovementKind,
    by: Actor,
    at: datetime | None = None,
    to_user: User | None = None,
    to_words: str = "",
    household: Household | None = None,
    lot: Lot | None = None,
    act: UUID | None = None,
    reason: str = "",
) -> list[Movement]:
    """Takes so many units from the shelf, first expired first out; one movement a lot. The same act writes once.

    `kind` is issued (to people who serve), handed out (to a household) or discarded. What has expired is only ever
    discarded. Refusal("not-enough") says what is left, Refusal("expired") that the rest has expired.
    """
    line = Out(item, shelf, quantity, lot)
    about = About(to_user, to_words, household, reason=reason)
    return take_out_lines(lines=[line], kind=kind, by=by, at=at, about=about, act=act)


@transaction.atomic
def take_out_lines(
    *,
    lines: Sequence[Out],
    kind: MovementKind,
    by: Actor,
    at: datetime | None = None,
    about: About = NOBODY,
    act: UUID | None = None,
) -> list[Movement]:
    """Several lines as one act, all or none. Refusals name the line in `values["row"]`, from 0."""
    if kind not in (*WENT_TO_PEOPLE, MovementKind.DISCARDED):
        raise Refusal("not-outgoing", _("This is not a way in which things go out."), field="kind")
    body = {"lines": [_told(line) for line in lines], "about": about.for_digest()}
    begun = _begin(lines, kind, by, at, act, body)
    if not begun.fresh:
        return written_by(begun.id)
    lock_items(begun, {line.item.pk for line in lines})
    taken: dict[tuple[UUID, UUID], Delta] = {}
    good_on = None if kind == MovementKind.DISCARDED else begun.day
    for number, line in enumerate(lines):
        for delta in _first_out(line, taken, good_on=good_on, row=number):
            key = (delta.lot.pk, delta.shelf.pk)
            before = taken[key].quantity if key in taken else 0
            taken[key] = Delta(delta.lot, delta.shelf, before + delta.quantity)
    rows = write_movements(begun, list(taken.values()), about, audit="goods.stock.went", what=str(kind))
    hold_what_comes_back(rows, about.to_user, by=by, at=begun.at)
    return rows


def _first_out(
    line: Out, taken: Mapping[tuple[UUID, UUID], Delta], *, good_on: date | None, row: int = 0
) -> list[Delta]:
    """Which lots a line is taken from: the one that expires first, those without a date last.

    `taken` is what lines before have taken; with `good_on`, lots that have expired by that day stay where they are.
    """
    rows = Balance.objects.filter(lot__item=line.item, shelf=line.shelf, quantity__gt=0)
    if line.lot is not None:
        rows = rows.filter(lot=line.lot)
    order = (F("lot__expires_on").asc(nulls_last=True), "lot__came_at", "lot_id")
    found, wanted, good, expired = [], line.quantity, 0, 0
    for balance in rows.select_related("lot__item", "shelf").order_by(*order):
        gone = taken.get((balance.lot_id, balance.shelf_id))
        here = balance.quantity + (gone.quantity if gone else 0)
        if good_on is not None and is_expired(balance.lot, good_on):
            expired += here
            continue
        good += here
        part = min(here, wanted)
        if part:
            found.append(Delta(balance.lot, balance.shelf, -part))
            wanted -= part
    if wanted and good + expired >= line.quantity:
        raise _only_expired(line, good, expired, row)
    if wanted:
        raise not_enough(line.item, line.shelf, good, row=row)
    return found


def is_expired(lot: Lot, day: date) -> bool:
    """Whether the lot's last day is over; on the day itself it is still good."""
    return lot.expires_on is not None and lot.expires_on < day


def _only_expired(line: Out, good: int, expired: int, row: int) -> Refusal:
    return Refusal(
        "expired",
        _(
            "Only %(left)s of %(item)s at %(shelf)s is still good; %(expired)s has expired and is not handed out."
        ),
        field="quantity",
        left=line.item.said(good),
        expired=line.item.said(expired),
        item=line.item.name,
        shelf=line.shelf.name,
        row=row,
    )


@transaction.atomic
def transfer(
    *,
    item: Item,
    from_shelf: Shelf,
    to_shelf: Shelf,
    quantity: int,
    by: Actor,
    at: datetime | None = None,
    lot: Lot | None = None,
    act: UUID | None = None,
) -> list[Movement]:
    """Moves so many units from one shelf to another, first expired first; expired ones move too."""
    if from_shelf.pk == to_shelf.pk:
        raise Refusal("same-shelf", _("It is there already. Choose another place."), field="to_shelf")
    line = Out(item, from_shelf, quantity, lot)
    body = {"lines": [_told(line)], "to": str(to_shelf.pk)}
    begun = _begin([line, Out(item, to_shelf, quantity)], MovementKind.TRANSFERRED, by, at, act, body)
    if not begun.fresh:
        return written_by(begun.id)
    lock_items(begun, {item.pk})
    gone = _first_out(line, {}, good_on=None)
    come = [Delta(delta.lot, to_shelf, -delta.quantity) for delta in gone]
    return write_movements(begun, [*gone, *come], About(), audit="goods.stock.transferred", subject=item)


@transaction.atomic
def split_lot(
    *,
    lot: Lot,
    shelf: Shelf,
    quantity: int,
    by: Actor,
    at: datetime | None = None,
    act: UUID | None = None,
) -> Lot:
    """Opens a pack: so many units of the lot become a lot of their own, with the lot as parent and the same expiry."""
    line = Out(lot.item, shelf, quantity, lot)
    begun = _begin([line], MovementKind.SPLIT, by, at, act, {"lines": [_told(line)]})
    if not begun.fresh:
        return next(row.lot for row in written_by(begun.id) if row.quantity > 0)
    lock_items(begun, {lot.item_id})
    part = Lot.objects.create(
        item_id=lot.item_id, community_id=lot.community_id, code=lot.code, expires_on=lot.expires_on, parent=lot,
        leaflet_id=lot.leaflet_id, opened_at=begun.at, came_at=begun.at,
    )  # fmt: skip
    deltas = [Delta(lot, shelf, -quantity), Delta(part, shelf, quantity)]
    write_movements(begun, deltas, About(), audit="goods.stock.split", subject=lot)
    return part


@transaction.atomic
def discard(
    *,
    lot: Lot,
    shelf: Shelf,
    quantity: int,
    reason: str,
    by: Actor,
    at: datetime | None = None,
    act: UUID | None = None,
) -> list[Movement]:
    """Throws so many units of a lot away. Refusal without a reason."""
    if not reason.strip():
        raise Refusal("no-reason", _("Say why."), field="reason")
    return take_out(
        item=lot.item, shelf=shelf, quantity=quantity, kind=MovementKind.DISCARDED, by=by, at=at, lot=lot, act=act,
        reason=reason.strip(),
    )  # fmt: skip


def _begin(
    lines: Sequence[Any],
    kind: MovementKind,
    by: Actor,
    at: datetime | None,
    act: UUID | None,
    body: dict[str, Any],
) -> Begun:
    if not lines:
        raise Refusal("nothing-moves", _("Say how much: a whole number above zero."), field="quantity")
    for number, line in enumerate(lines):
        checked_quantity(line.quantity, row=number)
    community = one_community([line.item for line in lines], [line.shelf for line in lines])
    return begin_act(
        act=act or uuid7(), kind=kind, community_id=community, by=by, at=at or clock.now(), body=body
    )


def _told(line: In | Out) -> list[Any]:
    told = [str(line.item.pk), str(line.shelf.pk), line.quantity]
    if isinstance(line, In):
        return [*told, str(line.expires_on), line.code]
    return [*told, str(line.lot.pk) if line.lot else ""]
