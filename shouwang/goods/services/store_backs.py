"""What had gone out comes back, and what was entered wrong is taken back: movements that name the ones before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.ids import uuid7
from shouwang.goods.models import Movement, Shelf
from shouwang.goods.selectors.store import left_to_give_back
from shouwang.goods.services.store_acts import (
    About,
    Delta,
    begin_act,
    checked_quantity,
    lock_items,
    one_community,
    write_movements,
    written_by,
)
from shouwang.goods.services.store_custody import end_holdings
from shouwang.goods.states import MAY_BE_CORRECTED, MovementKind


@transaction.atomic
def bring_back(
    *,
    movement: Movement,
    quantity: int,
    by: Actor,
    at: datetime | None = None,
    shelf: Shelf | None = None,
    act: UUID | None = None,
    reason: str = "",
) -> Movement:
    """What had gone out to people comes back into its lot, on `shelf` or where it was. See `bring_back_lines`."""
    lines = {movement: quantity}
    return bring_back_lines(lines=lines, by=by, at=at, shelf=shelf, act=act, reason=reason)[0]


@transaction.atomic
def bring_back_lines(
    *,
    lines: Mapping[Movement, int],
    by: Actor,
    at: datetime | None = None,
    shelf: Shelf | None = None,
    act: UUID | None = None,
    reason: str = "",
) -> list[Movement]:
    """Several movements by which things had gone out, each with how many units come back, as one act.

    Refusal for more than is still out. Whoever had them has them no more: their holdings are given back too.
    """
    where = [shelf] if shelf else []
    community = one_community([row.lot for row in lines], where)
    told = {
        "lines": sorted([row.pk, number] for row, number in lines.items()),
        "to": str(shelf.pk if shelf else ""),
    }
    begun = begin_act(
        act=act or uuid7(), kind=MovementKind.GIVEN_BACK, community_id=community, by=by, at=at or clock.now(), body=told
    )  # fmt: skip
    if not begun.fresh:
        return written_by(begun.id)
    lock_items(begun, {row.lot.item_id for row in lines})
    out = left_to_give_back(lines)
    for number, (row, quantity) in enumerate(lines.items()):
        checked_quantity(quantity, row=number)
        if quantity > out[row.pk]:
            raise Refusal(
                "not-out", _("Only %(left)s of it is still out."), field="quantity", row=number,
                left=row.lot.item.said(out[row.pk]),
            )  # fmt: skip
    deltas = [Delta(row.lot, shelf or row.shelf, number, returns=row) for row, number in lines.items()]
    first = next(iter(lines))
    about = About(first.to_user, first.to_words, first.household, reason=reason)
    rows = write_movements(begun, deltas, about, audit="goods.stock.gave_back")
    end_holdings(lines, by=by, at=begun.at)
    return rows


@transaction.atomic
def correct(
    *, act: UUID, reason: str, by: Actor, at: datetime | None = None, new_act: UUID | None = None
) -> list[Movement]:
    """Takes a whole act back by movements that name what they correct; each act at most once.

    Refusal without a reason, for what cannot be taken back, or where it would leave less than nothing; Conflict when
    somebody corrected it already.
    """
    if not reason.strip():
        raise Refusal("no-reason", _("Say why."), field="reason")
    wrong = written_by(act)
    if not wrong or wrong[0].kind not in MAY_BE_CORRECTED:
        raise Refusal("not-correctable", _("This cannot be taken back. Enter what is right, or count again."))
    begun = begin_act(
        act=new_act or uuid7(), kind=MovementKind.CORRECTED, community_id=wrong[0].lot.community_id, by=by,
        at=at or clock.now(), body={"corrects": str(act)},
    )  # fmt: skip
    if not begun.fresh:
        return written_by(begun.id)
    lock_items(begun, {row.lot.item_id for row in wrong})
    _may_correct(wrong)
    deltas = [Delta(row.lot, row.shelf, -row.quantity, corrects=row) for row in wrong]
    about = About(wrong[0].to_user, wrong[0].to_words, wrong[0].household, wrong[0].origin, reason.strip())
    rows = write_movements(begun, deltas, about, audit="goods.stock.corrected", what=wrong[0].kind)
    end_holdings({row: -row.quantity for row in wrong if row.quantity < 0}, by=by, at=begun.at)
    return rows


def _may_correct(wrong: Sequence[Movement]) -> None:
    """Asked under the lock of the items."""
    if Movement.objects.filter(corrects__in=wrong).exists():
        raise Conflict("corrected-already", _("This was corrected already."))
    if Movement.objects.filter(returns__in=wrong, corrections__isnull=True).exists():
        raise Refusal("came-back", _("Some of it has come back since. Correct what came back first."))
