"""What the store issues and wants back is in somebody's hands: the store's side of custody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from shouwang.accounts.models import User
from shouwang.core.actors import Actor
from shouwang.goods.models import Handover, Holding, Item, Lot, Movement
from shouwang.goods.states import HoldingKind, HoldingState, MovementKind


def hold_what_comes_back(
    rows: Sequence[Movement], holder: User | None, *, by: Actor, at: datetime
) -> list[Holding]:
    """A holding for each item among these movements that is lent, not used up; none where nobody by name took it."""
    lent: dict[Item, int] = defaultdict(int)
    for row in rows:
        if row.kind == MovementKind.ISSUED and row.lot.item.comes_back:
            lent[row.lot.item] -= row.quantity
    if holder is None or not lent:
        return []
    lot = rows[0].lot
    return [_hold(item, number, holder, lot, rows[0].act, by=by, at=at) for item, number in lent.items()]


def _hold(
    item: Item, quantity: int, holder: User, lot: Lot, act: UUID, *, by: Actor, at: datetime
) -> Holding:
    """One holding, offered: the store says that it gave it, the holder has yet to say that it was taken."""
    holding = Holding.objects.create(
        kind=HoldingKind.KIT, state=HoldingState.OFFERED, words=item.name, quantity=quantity, item=item, holder=holder,
        subject_id=act, began_at=at, community_id=lot.community_id,
    )  # fmt: skip
    giver = by.pk if by.actor_kind == "user" else None
    Handover.objects.create(
        holding=holding,
        at=at,
        from_user_id=giver,
        to_user=holder,
        quantity=quantity,
        given_at=at,
        said_by_id=giver,
    )
    return holding


def end_holdings(lines: Mapping[Movement, int], *, by: Actor, at: datetime) -> None:
    """So many units of what these movements issued are back: the holdings shrink, and end where nothing is left."""
    back: dict[tuple[UUID, UUID], int] = defaultdict(int)
    for row, quantity in lines.items():
        back[row.act, row.lot.item_id] += quantity
    for (act, item_id), quantity in back.items():
        for holding in Holding.objects.filter(subject_id=act, item_id=item_id, ended_at__isnull=True):
            _give_back(holding, quantity, by=by, at=at)


def _give_back(holding: Holding, quantity: int, *, by: Actor, at: datetime) -> None:
    taker = by.pk if by.actor_kind == "user" else None
    Handover.objects.create(
        holding=holding, at=at, from_user_id=holding.holder_id, to_user_id=taker, quantity=quantity, taken_at=at,
        said_by_id=taker,
    )  # fmt: skip
    rows = Holding.objects.filter(pk=holding.pk)
    if quantity >= holding.quantity:
        rows.update(state=HoldingState.RETURNED, holder=None, ended_at=at)
    else:
        rows.update(quantity=holding.quantity - quantity)
