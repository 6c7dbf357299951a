"""The money of a group purchase, read out of the entries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Sum

from shouwang.help.engines.yuan import in_yuan
from shouwang.help.models import GroupPart, GroupPurchase, MoneyEntry
from shouwang.help.states import MoneyAccount, MoneyKind

PAYMENTS = (MoneyKind.PAID_IN, MoneyKind.SETTLED, MoneyKind.PAID_BACK)


@dataclass
class Money:
    """The accounts of one purchase in fen. `parts`: positive owes, negative is owed; `paid` net of what went back.

    `holder` is what the payer has of others' money (negative: has laid out); `shop` what the supplier got and has not
    delivered for.
    """

    parts: dict[UUID, int] = field(default_factory=dict)
    paid: dict[UUID, int] = field(default_factory=dict)
    holder: int = 0
    shop: int = 0

    @property
    def paid_fen(self) -> int:
        return sum(self.paid.values())


def money_of(group: GroupPurchase) -> Money:
    """The accounts of a purchase, one query."""
    return moneys_of([group.pk])[group.pk]


def moneys_of(group_ids: Iterable[UUID]) -> dict[UUID, Money]:
    """The accounts of many purchases, one query."""
    found = {pk: Money() for pk in group_ids}
    rows = MoneyEntry.objects.filter(subject_id__in=list(found))
    for group_id, account, part_id, kind, fen in (
        rows.values_list("subject_id", "account", "part_id", "kind")
        .annotate(fen=Sum("amount_fen"))
        .values_list("subject_id", "account", "part_id", "kind", "fen")
    ):
        _add(found[group_id], account, part_id, kind, fen)
    return found


def _add(money: Money, account: str, part_id: UUID | None, kind: str, fen: int) -> None:
    if account == MoneyAccount.HOUSEHOLD and part_id is not None:
        money.parts[part_id] = money.parts.get(part_id, 0) + fen
        if kind in PAYMENTS:
            money.paid[part_id] = money.paid.get(part_id, 0) - fen
    elif account == MoneyAccount.HOLDER:
        money.holder += fen
    elif account == MoneyAccount.SHOP:
        money.shop += fen


def supplier_fen(group: GroupPurchase) -> int:
    """What the supplier was paid, less what came back from there."""
    kinds = (MoneyKind.BOUGHT, MoneyKind.REFUND)
    rows = MoneyEntry.objects.filter(subject_id=group.pk, account=MoneyAccount.SHOP, kind__in=kinds)
    return rows.aggregate(fen=Sum("amount_fen"))["fen"] or 0


@dataclass(frozen=True)
class PartAct:
    """One act on a part's account: `fen` is positive for what it was charged, negative for what it paid.

    `may_undo`: a payment that nobody has taken back.
    """

    act: UUID
    kind: str
    words: str
    at: datetime
    fen: int
    may_undo: bool

    @property
    def yuan(self) -> str:
        """How much, whichever way."""
        return in_yuan(abs(self.fen))


def acts_of(part: GroupPart) -> list[PartAct]:
    """The account of one part, oldest first."""
    rows = list(MoneyEntry.objects.filter(part_id=part.pk).order_by("id"))
    undone = {row.corrects_act for row in rows if row.corrects_act}
    return [
        PartAct(
            row.act, row.kind, row.get_kind_display(), row.at, row.amount_fen,
            may_undo=row.kind in PAYMENTS and row.act not in undone and row.corrects_act is None,
        )
        for row in rows
    ]  # fmt: skip


def sides_of(act: UUID) -> list[MoneyEntry]:
    """The entries of one act, in order."""
    return list(MoneyEntry.objects.filter(act=act).select_related("household", "holder").order_by("line"))


def is_undone(act: UUID) -> bool:
    """Whether an act was taken back."""
    return MoneyEntry.objects.filter(corrects_act=act).exists()


def has_money(group: GroupPurchase) -> bool:
    """Whether any money has moved for it."""
    return MoneyEntry.objects.filter(subject_id=group.pk).exists()
