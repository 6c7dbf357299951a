"""The cash of a shopping run is in custody like everything that changes hands: the run's entries say how much of it is in
whose hands, and what goes on or back by somebody's word in custody is written as entries."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid5

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import override

from shouwang.accounts.models import User
from shouwang.accounts.selectors import user_named
from shouwang.core.actors import CLOCK, Actor
from shouwang.core.due import keys_due
from shouwang.goods.models import Holding
from shouwang.goods.selectors.custody import cash_named, cash_of, changes_taken, holding_by_id
from shouwang.goods.services.custody_cash import keep_cash, lock_cash
from shouwang.goods.states import OUT, HoldingState
from shouwang.help.models import MoneyEntry, ShoppingRun
from shouwang.help.services.money import Side, write_money
from shouwang.help.services.orders import lock_run
from shouwang.help.states import MoneyAccount, MoneyKind, RunState

CASH_MOVED = "help.run_cash"
HOLDER = MoneyAccount.HOLDER


def keep_in_custody(run: ShoppingRun, *, by: Actor, at: datetime, kind: MoneyKind | None = None) -> None:
    """Whoever holds cash of the run by its entries has it in their hands, to the fen; in the caller's transaction, with
    the run locked. After an act of `kind`: change is back in the box, what else comes to nothing was used for it."""
    hear_custody(run, at=at)
    # What is kept is written in the language of the house: everybody reads the same receipt.
    with override(settings.LANGUAGE_CODE):
        words, box = _("money for shopping: %(shop)s") % {"shop": run.shop[:40]}, _("the cash box")
        why = str(kind.label if kind else HoldingState.USED_UP.label)
    for holder_id, fen in _booked(run).items():
        holder = user_named(holder_id)
        assert holder is not None, "entries name who held it"
        keep_cash(
            subject_id=run.pk, holder=holder, amount_fen=fen, placed=run, by=by, at=at, words=words, box=box,
            back=kind == MoneyKind.CHANGE, why=why,
        )  # fmt: skip


def hear_custody(run: ShoppingRun, *, at: datetime) -> None:
    """Writes as entries what went on or back in custody and has no entries yet; with the run locked by the caller. The due
    rows stay: whoever does one has it locked, and waits for the run. Heard twice it is written once."""
    lock_cash(run.pk)
    waiting = {key.partition(":")[0] for key in keys_due(CASH_MOVED)}
    for holding in cash_named(run.pk, waiting) if waiting else ():
        _book(run, holding, at=at)


@transaction.atomic
def book_change_of_hands(*, holding_id: UUID, at: datetime) -> None:
    """Cash went into other hands, or back, by somebody's word in custody: the entries of its run say so too. What was
    only said to be used stays in their hands until a receipt says so."""
    holding = holding_by_id(holding_id)
    about = holding.subject_id if holding is not None else None
    known = ShoppingRun.objects.filter(pk=about).first() if about is not None else None
    if known is None:
        return
    run = lock_run(known)
    if run.state not in (RunState.SETTLED, RunState.CANCELLED):
        keep_in_custody(run, by=CLOCK, at=at)


def _book(run: ShoppingRun, holding: Holding, *, at: datetime) -> None:
    """One holding: what its last hands have, or gave back, and the entries say of somebody before them."""
    for change in changes_taken(holding):
        giver = change.from_user
        if giver is None or run.community_id is None or holding.state == HoldingState.USED_UP:
            continue
        side, fen = _where_it_is(run, holding)
        fen = min(fen, _left_over(run, giver))
        if fen > 0:
            write_money(
                kind=MoneyKind.CHANGE if side.account == MoneyAccount.CASH_BOX else MoneyKind.ADVANCE,
                subject_id=run.pk, community_id=run.community_id, act=uuid5(holding.pk, f"hands:{change.pk}"),
                sides=[Side(HOLDER, -fen, holder=giver), Side(side.account, fen, holder=side.holder)],
                by=change.said_by or change.to_user or giver, at=at,
            )  # fmt: skip


def _where_it_is(run: ShoppingRun, holding: Holding) -> tuple[Side, int]:
    """In whose hands it is, or in the box, and how much of it the entries do not say there."""
    if holding.state not in OUT:
        return Side(MoneyAccount.CASH_BOX, 0), holding.amount_fen or 0
    return Side(HOLDER, 0, holder=holding.holder), -_left_over(run, holding.holder)


def _left_over(run: ShoppingRun, user: User | None) -> int:
    """How much more somebody has by the entries than in custody."""
    assert user is not None, "what is out is in somebody's hands"
    in_custody = sum(row.amount_fen or 0 for row in cash_of(run.pk).filter(holder=user))
    return _booked(run).get(user.pk, 0) - in_custody


def _booked(run: ShoppingRun) -> dict[UUID, int]:
    rows = MoneyEntry.objects.filter(subject_id=run.pk, account=HOLDER, holder__isnull=False)
    return dict(rows.order_by("holder").values_list("holder").annotate(total=Sum("amount_fen")))
