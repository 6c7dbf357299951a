"""Cash whose books are kept above this room: its custody follows them to the fen."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.audit import write_audit
from shouwang.core.errors import Conflict
from shouwang.goods.models import Holding
from shouwang.goods.selectors.custody import cash_of
from shouwang.goods.services.custody import WRONG, give_back, hold, take_as_booked, use_up
from shouwang.goods.states import OUT, HoldingKind


def lock_cash(subject_id: UUID) -> None:
    """Nobody passes on cash of `subject_id` while its books are being written; in the caller's transaction."""
    list(cash_of(subject_id).select_for_update(of=("self",)).order_by("pk"))


@transaction.atomic
def keep_cash(
    *,
    subject_id: UUID,
    holder: User,
    amount_fen: int,
    words: str,
    box: str,
    placed: Any,
    by: Actor,
    at: datetime | None = None,
    back: bool = False,
    why: str = "",
) -> None:
    """By the books of `subject_id` its cash in `holder`'s hands is `amount_fen` now: begun, more or less of it, or over.

    `box` names where it came from, and where it is again when it is over and `back`; else it was used, and `why` says how.
    Whoever is off duty holds what they hold. Said again it changes nothing; the caller has locked the books.
    """
    at = at or clock.now()
    live, left = list(cash_of(subject_id).filter(holder=holder)), max(amount_fen, 0)
    if not live and left:
        hold(
            kind=HoldingKind.CASH, words=words, holder=holder, placed=placed, by=by, at=at, amount_fen=left,
            subject_id=subject_id, from_words=box, booked=True,
        )  # fmt: skip
    for number, row in enumerate(live, start=1):
        part = left if number == len(live) else min(row.amount_fen or 0, left)
        left -= part
        if part:
            _count_anew(row, part, by=by, at=at)
        elif back:
            give_back(holding=row, by=by, at=at, to_words=box, booked=True)
        else:
            taken = take_as_booked(holding=row, by=by, at=at)
            use_up(holding=taken, by=by, at=at, why=why, booked=True)


def _count_anew(holding: Holding, amount_fen: int, *, by: Actor, at: datetime) -> None:
    if holding.amount_fen == amount_fen:
        return
    if not Holding.objects.filter(pk=holding.pk, state__in=OUT).update(amount_fen=amount_fen):
        raise Conflict("moved-meanwhile", WRONG)
    write_audit("goods.holding.amount", by=by, at=at, subject=holding, fen=amount_fen)
