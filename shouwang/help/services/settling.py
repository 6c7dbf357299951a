"""The money of a shopping run, to the fen: advance, receipt, what each household owes and pays, change, and the close.

Every act is written by `write_money`. Who has what follows from its entries alone.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.audit import write_audit
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.files import keep_photo
from shouwang.core.moves import move
from shouwang.help.engines.settling import Priced, settle
from shouwang.help.models import MoneyEntry, Order, OrderLine, ShoppingRun
from shouwang.help.services.closing import confirm_request
from shouwang.help.services.money import Side, write_money
from shouwang.help.services.orders import households_open, lock_order, lock_run
from shouwang.help.services.record import add_event
from shouwang.help.services.run_cash import hear_custody, keep_in_custody
from shouwang.help.states import (
    ORDER_MOVES,
    RUN_MOVES,
    EventKind,
    LineKind,
    LineState,
    MoneyAccount,
    MoneyKind,
    OrderState,
    PaidHow,
    RequestState,
    RunState,
)
from shouwang.volunteers.services import close_commitment
from shouwang.volunteers.states import CommitmentState

CASH, HOLDER, BOUGHT = MoneyAccount.CASH_BOX, MoneyAccount.HOLDER, MoneyAccount.PURCHASES
OWED, SIGNED = MoneyAccount.HOUSEHOLD, MoneyAccount.SIGNED_OFF
PHOTO_LIVES = timedelta(days=30)
MOST_FEN = 100_000_00


@transaction.atomic
def hand_out_advance(
    *, run: ShoppingRun, amount_fen: int, by: User, at: datetime | None = None, act: UUID | None = None
) -> UUID:
    """Cash from the box into the hands of whoever shops. Refusal while nobody does, or for no amount."""
    at = at or clock.now()
    locked = _live(run, at)
    holder = _holder(locked)
    return _write(locked, MoneyKind.ADVANCE, [Side(CASH, -amount_fen), Side(HOLDER, amount_fen, holder=holder)],
                  amount_fen, by=by, at=at, act=act)  # fmt: skip


@transaction.atomic
def record_receipt(
    *, run: ShoppingRun, total_fen: int, by: Actor, at: datetime | None = None, photo: Any = None
) -> ShoppingRun:
    """What the shop's receipt says, with its photo: paid out of what the shopper holds. Delivered lists are charged.

    Refusal while something that was bought has no price.
    """
    at = at or clock.now()
    locked = _live(run, at)
    if locked.state in (RunState.GATHERING, RunState.SHOPPING):
        raise Conflict("still-shopping", _("Leave the shop first: then the receipt is complete."))
    if locked.receipt_fen is not None:
        raise Conflict("receipt-there", _("The receipt is entered. Take it back first."))
    unpriced = [line.name for line in _bought(locked) if not line.price_fen]
    if unpriced and total_fen:
        raise Refusal(
            "price-missing", _("No price yet: %(names)s."), field="total", names="、".join(unpriced[:4])
        )
    kept = _keep(photo, locked, at)
    updated = ShoppingRun.objects.filter(pk=locked.pk, receipt_fen=None).update(
        receipt_fen=total_fen, receipt_photo=kept or locked.receipt_photo_id
    )
    if not updated:
        raise Conflict("moved-meanwhile", _("Somebody else was quicker. Look again before you go on."))
    locked.receipt_fen = total_fen
    _write(locked, MoneyKind.BOUGHT, [Side(HOLDER, -total_fen, holder=_holder(locked)), Side(BOUGHT, total_fen)],
           total_fen, by=by, at=at, receipt=kept)  # fmt: skip
    for order in locked.orders.filter(state=OrderState.DELIVERED).select_related("request", "household"):
        order.run = locked
        charge_order(order, by=by, at=at)
    write_audit("help.run.receipt", by=by, at=at, subject=locked)
    return locked


@transaction.atomic
def take_receipt_back(*, run: ShoppingRun, by: User, at: datetime | None = None) -> ShoppingRun:
    """The receipt was typed wrongly: its act is taken back by another. Conflict once a household was charged by it."""
    at = at or clock.now()
    locked = _live(run, at)
    if locked.orders.filter(charged_fen__isnull=False).exists():
        raise Conflict(
            "charged-already", _("A household was charged by it already: sign for the difference at the end.")
        )
    wrote = MoneyEntry.objects.filter(subject_id=locked.pk, kind=MoneyKind.BOUGHT).order_by("-id").first()
    if locked.receipt_fen is None or wrote is None:
        raise Conflict("no-receipt", _("No receipt is entered."))
    total = locked.receipt_fen
    write_money(
        kind=MoneyKind.CORRECTED, subject_id=locked.pk, community_id=_community(locked), by=by, at=at,
        sides=[Side(BOUGHT, -total), Side(HOLDER, total, holder=wrote_holder(locked, wrote.act))], corrects_act=wrote.act,
    )  # fmt: skip
    keep_in_custody(locked, by=by, at=at)
    ShoppingRun.objects.filter(pk=locked.pk).update(receipt_fen=None)
    locked.receipt_fen = None
    write_audit("help.run.receipt_back", by=by, at=at, subject=locked)
    return locked


def wrote_holder(run: ShoppingRun, act: UUID) -> User | None:
    """Whose hands an act took the money from."""
    entry = MoneyEntry.objects.filter(act=act, account=HOLDER).select_related("holder").first()
    return entry.holder if entry else None


def charge_order(order: Order, *, by: Actor, at: datetime) -> None:
    """A delivered order owes what was delivered of it, once the receipt says what it cost; in the caller's transaction
    with the run locked. Charged once, whatever comes twice."""
    run = order.run
    if run is None or run.receipt_fen is None or order.charged_fen is not None:
        return
    lines = _bought(run)
    priced = [Priced(line.price_fen or 0, line.bought or 0, line.delivered or 0) for line in lines]  # type: ignore[arg-type]
    charges = settle(priced, run.receipt_fen) if lines else []
    total = 0
    for line, charge in zip(lines, charges, strict=True):
        if line.order_id == order.pk:
            OrderLine.objects.filter(pk=line.pk).update(charged_fen=charge.charged)
            total += charge.charged
    updated = Order.objects.filter(pk=order.pk, charged_fen=None).update(charged_fen=total)
    if not updated:
        raise Conflict("moved-meanwhile", _("Somebody else was quicker. Look again before you go on."))
    order.charged_fen = total
    if total:
        sides = [Side(BOUGHT, -total), Side(OWED, total, household=order.household)]
        _write(run, MoneyKind.CHARGED, sides, total, by=by, at=at, act=uuid5(order.pk, "charged"))
    settle_if_even(order, by=by, at=at)


def _bought(run: ShoppingRun) -> list[OrderLine]:
    """What the receipt is shared over, always in one order."""
    rows = OrderLine.objects.filter(order__run=run, state=LineState.FOUND, kind=LineKind.GOODS, bought__gt=0)
    return list(rows.order_by("order_id", "position", "pk"))


@transaction.atomic
def pay_order(
    *, order: Order, amount_fen: int, how: str, by: Actor, at: datetime | None = None, act: UUID | None = None
) -> Order:
    """The household pays: cash at the door into the shopper's hands, or by phone to the committee. Beforehand it is
    paid in; too much is owed to it. Settled when both are even."""
    at = at or clock.now()
    locked = lock_order(order)
    run = _live_of(locked)
    to = Side(HOLDER, amount_fen, holder=_holder(run)) if how == PaidHow.CASH else Side(CASH, amount_fen)
    kind = MoneyKind.SETTLED if locked.charged_fen is not None else MoneyKind.PAID_IN
    _write(
        run,
        kind,
        [Side(OWED, -amount_fen, household=locked.household), to],
        amount_fen,
        by=by,
        at=at,
        act=act,
    )
    add_event(locked.request, EventKind.PAID, by=by, at=at)
    settle_if_even(locked, by=by, at=at)
    return locked


@transaction.atomic
def pay_back(
    *, order: Order, amount_fen: int, how: str, by: Actor, at: datetime | None = None, act: UUID | None = None
) -> Order:
    """What a household paid too much goes back to it. Refusal for more than it is owed."""
    at = at or clock.now()
    locked = lock_order(order)
    run = _live_of(locked, dropped=True)
    if amount_fen > -balance(run, OWED, household_id=locked.household_id):
        raise Refusal("not-owed", _("The household is not owed so much."), field="amount")
    frm = Side(HOLDER, -amount_fen, holder=_holder(run)) if how == PaidHow.CASH else Side(CASH, -amount_fen)
    _write(run, MoneyKind.PAID_BACK, [frm, Side(OWED, amount_fen, household=locked.household)], amount_fen,
           by=by, at=at, act=act)  # fmt: skip
    settle_if_even(locked, by=by, at=at)
    return locked


def settle_if_even(order: Order, *, by: Actor, at: datetime) -> None:
    """A delivered and charged order whose household owes nothing, and is owed nothing, is settled; its request is over."""
    if order.state != OrderState.DELIVERED or order.charged_fen is None or order.run is None:
        return
    if balance(order.run, OWED, household_id=order.household_id):
        return
    # Two lists of one household in a run are paid together.
    alike = order.run.orders.filter(household=order.household, state=OrderState.DELIVERED)
    for row in alike.exclude(charged_fen=None).select_related("request"):
        move(row, OrderState.SETTLED, table=ORDER_MOVES, settled_at=at)
        write_audit("help.order.settled", by=by, at=at, subject=row)
        row.request.refresh_from_db()
        if row.request.state == RequestState.DONE:
            confirm_request(request=row.request, by=by, at=at)
    order.refresh_from_db()


@transaction.atomic
def bear_order(*, order: Order, reason: str, by: User, at: datetime | None = None) -> Order:
    """The committee bears what a household still owes (hardship), signed with a reason in the request's timeline."""
    at = at or clock.now()
    locked = lock_order(order)
    run = _live_of(locked)
    owed = balance(run, OWED, household_id=locked.household_id)
    if not reason.strip():
        raise Refusal("reason-missing", _("Write why the committee bears it."), field="reason")
    if owed <= 0:
        raise Conflict("nothing-owed", _("This household owes nothing."))
    _write(
        run,
        MoneyKind.SIGNED,
        [Side(OWED, -owed, household=locked.household), Side(SIGNED, owed)],
        owed,
        by=by,
        at=at,
    )
    add_event(locked.request, EventKind.NOTE, by=by, at=at, text=reason.strip())
    settle_if_even(locked, by=by, at=at)
    return locked


@transaction.atomic
def refund_from_shop(
    *, run: ShoppingRun, amount_fen: int, by: User, at: datetime | None = None, act: UUID | None = None
) -> UUID:
    """The shop took something back and gave money for it. Refusal for more than is bought and not charged."""
    at = at or clock.now()
    locked = _live(run, at)
    if amount_fen > balance(locked, BOUGHT):
        raise Refusal("more-than-bought", _("That is more than is bought and not charged."), field="amount")
    return _write(locked, MoneyKind.REFUND, [Side(BOUGHT, -amount_fen), Side(HOLDER, amount_fen, holder=_holder(locked))],
                  amount_fen, by=by, at=at, act=act)  # fmt: skip


@transaction.atomic
def give_change(
    *,
    run: ShoppingRun,
    holder: User,
    amount_fen: int,
    by: User,
    at: datetime | None = None,
    act: UUID | None = None,
) -> UUID:
    """What is left in somebody's hands comes back into the box. Refusal for more than they hold."""
    at = at or clock.now()
    locked = _live(run, at)
    if amount_fen > balance(locked, HOLDER, holder_id=holder.pk):
        raise Refusal("more-than-held", _("They do not hold so much."), field="amount")
    return _write(locked, MoneyKind.CHANGE, [Side(HOLDER, -amount_fen, holder=holder), Side(CASH, amount_fen)],
                  amount_fen, by=by, at=at, act=act)  # fmt: skip


@transaction.atomic
def close_run(*, run: ShoppingRun, by: User, at: datetime | None = None, reason: str = "") -> ShoppingRun:
    """Settled: every household is even, nothing bought is uncharged, nobody holds cash. What is left over either way
    is signed for with a reason, or the run stays open."""
    at = at or clock.now()
    locked = _live(run, at)
    if locked.orders.filter(state__in=(OrderState.IN_RUN, OrderState.DELIVERED)).exists():
        raise Refusal("orders-open", _("Not every household is settled yet."))
    if locked.receipt_fen is None and _bought(locked):
        raise Refusal("receipt-missing", _("The receipt is not entered yet."))
    if households_open(locked):
        raise Refusal("households-open", _("A household still owes something, or is owed something back."))
    left = leftovers(locked)
    if left and not reason.strip():
        raise Refusal(
            "reason-missing",
            _("Something is left over: give it back, or sign with a reason."),
            field="reason",
        )
    for side in left:
        sides = [Side(side.account, -side.amount_fen, holder=side.holder), Side(SIGNED, side.amount_fen)]
        _write(locked, MoneyKind.SIGNED, sides, abs(side.amount_fen), by=by, at=at)
    move(locked, RunState.SETTLED, table=RUN_MOVES, settled_at=at, settled_by=by)
    if left:
        locked.reason = reason.strip()
        locked.save(update_fields=["reason"])
    if locked.commitment is not None and locked.commitment.state != CommitmentState.CLOSED:
        close_commitment(commitment=locked.commitment, by=by, at=at)
    write_audit("help.run.settled", by=by, at=at, subject=locked, left=len(left))
    return locked


def leftovers(run: ShoppingRun) -> list[Side]:
    """What is bought and uncharged, and what each person still holds, where it is not nothing."""
    found = [Side(BOUGHT, balance(run, BOUGHT))]
    for holder in _holders(run):
        found.append(Side(HOLDER, balance(run, HOLDER, holder_id=holder.pk), holder=holder))
    return [side for side in found if side.amount_fen]


def _holders(run: ShoppingRun) -> list[User]:
    rows = MoneyEntry.objects.filter(subject_id=run.pk, account=HOLDER, holder__isnull=False).select_related(
        "holder"
    )
    return sorted({row.holder for row in rows if row.holder is not None}, key=lambda user: user.pk)


def balance(run: ShoppingRun, account: str, **whose: Any) -> int:
    """What an account of a run has, in fen; `whose`: household_id or holder_id."""
    rows = MoneyEntry.objects.filter(subject_id=run.pk, account=account, **whose)
    return int(rows.aggregate(total=Sum("amount_fen"))["total"] or 0)


def _live(run: ShoppingRun, at: datetime) -> ShoppingRun:
    locked = lock_run(run)
    if locked.state in (RunState.SETTLED, RunState.CANCELLED):
        raise Conflict("run-over", _("This run is over. Nothing of its money changes any more."))
    hear_custody(locked, at=at)
    return locked


def _live_of(order: Order, *, dropped: bool = False) -> ShoppingRun:
    """The run whose money an order belongs to. What was paid in for a dropped one can still be given back."""
    if order.run is None or order.run.state in (RunState.SETTLED, RunState.CANCELLED):
        raise Conflict("run-over", _("This run is over. Nothing of its money changes any more."))
    if order.state == OrderState.DROPPED and not dropped:
        raise Conflict("order-over", _("This order is over. Nothing on it changes any more."))
    return order.run


def _holder(run: ShoppingRun) -> User:
    if run.volunteer is None:
        raise Refusal("nobody-shops", _("Nobody has this run in hand. Give it to somebody first."))
    return run.volunteer.user


def _community(run: ShoppingRun) -> UUID:
    assert run.community_id is not None, "a run is stamped with its community"
    return run.community_id


def _write(
    run: ShoppingRun, kind: MoneyKind, sides: list[Side], amount_fen: int, *, by: Actor, at: datetime,
    act: UUID | None = None, receipt: Any = None,
) -> UUID:  # fmt: skip
    if not 0 < amount_fen <= MOST_FEN:
        raise Refusal(
            "amount-odd", _("Write an amount above nothing and up to 100,000 yuan."), field="amount"
        )
    wrote = write_money(
        kind=kind, subject_id=run.pk, community_id=_community(run), sides=sides, by=by, at=at, act=act, receipt=receipt
    )  # fmt: skip
    keep_in_custody(run, by=by, at=at, kind=kind)
    return wrote


def _keep(photo: Any, run: ShoppingRun, at: datetime) -> Any:
    if not photo:
        return None
    raw = photo.read() if hasattr(photo, "read") else photo
    return keep_photo(raw, kind="file.proof", subject_id=run.pk, at=at, expires_at=at + PHOTO_LIVES,
                      community_id=run.community_id)  # fmt: skip


@transaction.atomic
def record_statement_read(*, order: Order, by: User, at: datetime) -> None:
    """That somebody opened a household's statement."""
    write_audit("help.run.read", by=by, at=at, subject=order)
