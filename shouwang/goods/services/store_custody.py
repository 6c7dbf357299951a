"""What the store issues and wants back is in somebody's hands: the store's side of custody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from shouwang.accounts.models import User
from shouwang.core.actors import Actor
from shouwang.core.ids import derived_id
from shouwang.goods.models import Holding, Item, Lot, Movement
from shouwang.goods.services.custody import give_back, hold
from shouwang.goods.states import HoldingKind, MovementKind


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
    lot, act = rows[0].lot, rows[0].act
    return [_hold(item, number, holder, lot, act, by=by, at=at) for item, number in lent.items()]


def _hold(
    item: Item, quantity: int, holder: User, lot: Lot, act: UUID, *, by: Actor, at: datetime
) -> Holding:
    """One holding: the store says that it gave it, the holder has yet to say that it was taken."""
    return hold(
        kind=HoldingKind.KIT, words=item.name, quantity=quantity, item=item, holder=holder, placed=lot, subject_id=act,
        by=by, at=at, holding_id=derived_id(act, f"goods.held.{item.pk}"),
    )  # fmt: skip


def end_holdings(lines: Mapping[Movement, int], *, by: Actor, at: datetime) -> None:
    """So many units of what these movements issued are back: the holdings shrink, and end where nothing is left."""
    back: dict[tuple[UUID, UUID], int] = defaultdict(int)
    for row, quantity in lines.items():
        back[row.act, row.lot.item_id] += quantity
    for (act, item_id), quantity in back.items():
        for holding in Holding.objects.filter(subject_id=act, item_id=item_id, ended_at__isnull=True):
            give_back(holding=holding, quantity=quantity, by=by, at=at)
