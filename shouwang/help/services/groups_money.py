"""The money of a group purchase: paid in to the payer, on to the supplier, back to the doors, and settled at nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.audit import write_audit
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.files import keep_photo
from shouwang.core.models import StoredFile
from shouwang.core.moves import move
from shouwang.help.models import GroupPart, GroupPurchase
from shouwang.help.selectors.groups import one_row, part_rows
from shouwang.help.selectors.groups_money import PAYMENTS, is_undone, money_of, sides_of
from shouwang.help.services.groups import lock_group, require_state
from shouwang.help.services.money import Side, write_money
from shouwang.help.states import GROUP_MOVES, GroupState, MoneyAccount, MoneyKind

RECEIPT_LIVES = timedelta(days=90)
BEFORE_SPLIT = (GroupState.OPEN, GroupState.CLOSED, GroupState.ORDERED, GroupState.ARRIVED)


def keep_receipt(group: GroupPurchase, receipt: bytes | None, at: datetime) -> StoredFile | None:
    """The photo of a supplier's receipt, stripped and sealed. Refusal when it is no photo."""
    if not receipt:
        return None
    return keep_photo(
        receipt, kind="file.proof", subject_id=group.pk, at=at, expires_at=at + RECEIPT_LIVES,
        community_id=group.community_id,
    )  # fmt: skip


@transaction.atomic
def pay_in(*, part: GroupPart, by: Actor, at: datetime | None = None, fen: int | None = None) -> int:
    """A door has paid the payer: `fen`, else all that it owes; answers how much.

    Refusal: it owes nothing, or less than that; a purchase that is off takes nothing more.
    """
    at = at or clock.now()
    locked = lock_group(part.group)
    require_state(locked, *BEFORE_SPLIT, GroupState.SPLIT)
    owes = one_row(part).to_collect
    paid = owes if fen is None else fen
    if paid <= 0 or paid > owes:
        raise Refusal("more-than-owed", _("They owe less than that, or nothing more."), field="amount")
    kind = MoneyKind.SETTLED if locked.state == GroupState.SPLIT else MoneyKind.PAID_IN
    _write_payment(locked, part, kind, paid, by, at)
    write_audit("help.group.paid", by=by, at=at, subject=locked, part=str(part.pk))
    return paid


@transaction.atomic
def pay_back(*, part: GroupPart, by: Actor, at: datetime | None = None) -> int:
    """The payer has given back what a door had paid for nothing; answers how much. Refusal when nothing is to go back."""
    at = at or clock.now()
    locked = lock_group(part.group)
    back = one_row(part).back
    if locked.state == GroupState.SETTLED or back <= 0:
        raise Refusal("nothing-back", _("Nothing is to go back to this door."))
    _write_payment(locked, part, MoneyKind.PAID_BACK, -back, by, at)
    write_audit("help.group.paid_back", by=by, at=at, subject=locked, part=str(part.pk))
    return back


def _write_payment(
    group: GroupPurchase, part: GroupPart, kind: MoneyKind, paid: int, by: Actor, at: datetime
) -> None:
    household = Side(MoneyAccount.HOUSEHOLD, -paid, household=part.household, part_id=part.pk)
    holder = Side(MoneyAccount.HOLDER, paid, holder=group.payer)
    _write(group, kind, [household, holder], by, at)


def _write(
    group: GroupPurchase, kind: MoneyKind, sides: list[Side], by: Actor, at: datetime,
    receipt: StoredFile | None = None, corrects_act: UUID | None = None,
) -> None:  # fmt: skip
    assert group.community_id is not None, "a purchase goes to a place within a community"
    write_money(
        kind=kind, subject_id=group.pk, community_id=group.community_id, sides=sides, by=by, at=at, receipt=receipt,
        corrects_act=corrects_act,
    )  # fmt: skip


@transaction.atomic
def take_back_payment(*, part: GroupPart, act: UUID, by: Actor, at: datetime | None = None) -> None:
    """Undoes a payment that was written by mistake: the same with the signs turned, naming it.

    Conflict when it was taken back already, Refusal when it is none of this door's payments.
    """
    at = at or clock.now()
    locked = lock_group(part.group)
    if locked.state == GroupState.SETTLED:
        raise Conflict("group-settled", _("This purchase is settled. Nothing on it changes any more."))
    entries = sides_of(act)
    mine = any(entry.part_id == part.pk for entry in entries)
    if not mine or entries[0].kind not in PAYMENTS or entries[0].corrects_act is not None:
        raise Refusal("no-payment", _("This is no payment of this door."))
    if is_undone(act):
        raise Conflict("payment-undone", _("Somebody has taken this payment back already."))
    sides = [
        Side(
            MoneyAccount(e.account), -e.amount_fen, household=e.household, holder=e.holder, part_id=e.part_id
        )
        for e in entries
    ]
    _write(locked, MoneyKind(entries[0].kind), sides, by, at, corrects_act=act)
    write_audit("help.group.payment_taken_back", by=by, at=at, subject=locked, part=str(part.pk))


@transaction.atomic
def pay_supplier(
    *, group: GroupPurchase, fen: int, by: Actor, at: datetime | None = None, receipt: bytes | None = None
) -> None:
    """The payer has paid the supplier, with a photo of the receipt if there is one. Refusal for nothing or less."""
    at = at or clock.now()
    locked = lock_group(group)
    require_state(locked, GroupState.ORDERED, GroupState.ARRIVED, GroupState.SPLIT)
    _require_positive(fen)
    sides = [Side(MoneyAccount.HOLDER, -fen, holder=locked.payer), Side(MoneyAccount.SHOP, fen)]
    _write(locked, MoneyKind.BOUGHT, sides, by, at, receipt=keep_receipt(locked, receipt, at))
    write_audit("help.group.supplier_paid", by=by, at=at, subject=locked)


@transaction.atomic
def take_supplier_refund(
    *, group: GroupPurchase, fen: int, by: Actor, at: datetime | None = None, receipt: bytes | None = None
) -> None:
    """The supplier has given back what it did not deliver. Refusal: more than it has been paid and not delivered for."""
    at = at or clock.now()
    locked = lock_group(group)
    require_state(locked, GroupState.ORDERED, GroupState.ARRIVED, GroupState.SPLIT, GroupState.WITHDRAWN)
    _require_positive(fen)
    if fen > money_of(locked).shop:
        raise Refusal("more-than-there", _("The supplier has less than that of ours."), field="amount")
    sides = [Side(MoneyAccount.SHOP, -fen), Side(MoneyAccount.HOLDER, fen, holder=locked.payer)]
    _write(locked, MoneyKind.REFUND, sides, by, at, receipt=keep_receipt(locked, receipt, at))
    write_audit("help.group.supplier_refunded", by=by, at=at, subject=locked)


def _require_positive(fen: int) -> None:
    if fen <= 0:
        raise Refusal("amount-missing", _("Write the amount."), field="amount")


@transaction.atomic
def settle_group(
    *, group: GroupPurchase, by: User, at: datetime | None = None, reason: str = ""
) -> GroupPurchase:
    """Ends it: every door's account is at nothing, and so is the payer's, or the difference is signed with its reason.

    Refusal: doors that owe or are owed something; a difference without a reason.
    """
    at = at or clock.now()
    locked, reason = lock_group(group), reason.strip()
    money = money_of(locked)
    still = sum(1 for row in part_rows(locked, money) if row.balance)
    if still:
        raise Refusal("doors-open", _("%(still)s doors still owe or are owed something."), still=still)
    over = money.holder
    if over and not reason:
        raise Refusal(
            "difference-unsigned",
            _("Something is over or short. Write why, and who bears it."),
            field="reason",
        )
    if over:
        sides = [Side(MoneyAccount.HOLDER, -over, holder=locked.payer), Side(MoneyAccount.SHOP, over)]
        _write(locked, MoneyKind.CORRECTED, sides, by, at)
    moved = move(
        locked, GroupState.SETTLED, table=GROUP_MOVES, settled_at=at, settled_by=by, difference_fen=over
    )
    if over:
        moved.reason = reason[:200]
        moved.save(update_fields=["reason"])
    write_audit("help.group.settled", by=by, at=at, subject=moved, difference_fen=over)
    return moved
