"""What must hold of group purchases, asked of the live database."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import F, QuerySet, Sum

from shouwang.core.due import keys_due
from shouwang.help.models import GroupLine, GroupPurchase, MoneyEntry
from shouwang.help.selectors.groups import counts_of
from shouwang.help.selectors.groups_money import Money, moneys_of
from shouwang.help.states import GroupPartState, GroupState, MoneyAccount, MoneyKind

CLOSES = "help.group_closes"
SPLIT = (GroupState.SPLIT, GroupState.SETTLED)


def _in(community: UUID | None) -> QuerySet[GroupPurchase]:
    rows = GroupPurchase.objects.all()
    return rows if community is None else rows.filter(community_id=community)


def groups_unwatched(at: datetime, community: UUID | None) -> tuple[int, list[UUID]]:
    """Purchases that take sign-ups, counted, and those that nothing will close."""
    due = keys_due(CLOSES)
    ids = list(_in(community).filter(state=GroupState.OPEN).values_list("pk", flat=True))
    return len(ids), [pk for pk in ids if str(pk) not in due]


def groups_astray(at: datetime, community: UUID | None) -> tuple[int, list[UUID]]:
    """Purchases counted, and those whose goods or money don't add up.

    The entries of each add up to nothing; what was charged is what was given at its price; nobody got more than there
    was, or than they wanted; a settled one leaves no account open.
    """
    groups = list(_in(community))
    moneys = moneys_of(group.pk for group in groups)
    charged, given = _charged(groups), _given(groups)
    astray = [
        group.pk
        for group in groups
        if not _money_holds(group, moneys[group.pk])
        or charged.get(group.pk, 0) != given.get(group.pk, 0)
        or not _goods_hold(group)
    ]
    return len(groups), astray


def _money_holds(group: GroupPurchase, money: Money) -> bool:
    if sum(money.parts.values()) + money.holder + money.shop:
        return False
    return group.state != GroupState.SETTLED or not (any(money.parts.values()) or money.holder or money.shop)


def _charged(groups: list[GroupPurchase]) -> dict[UUID, int]:
    rows = MoneyEntry.objects.filter(
        subject_id__in=[group.pk for group in groups], account=MoneyAccount.HOUSEHOLD, kind=MoneyKind.CHARGED
    )
    return dict(rows.values_list("subject_id").annotate(fen=Sum("amount_fen")))


def _given(groups: list[GroupPurchase]) -> dict[UUID, int]:
    rows = GroupLine.objects.filter(part__group__in=groups, given__gt=0)
    return dict(rows.values_list("part__group_id").annotate(fen=Sum(F("given") * F("item__price_fen"))))


def _goods_hold(group: GroupPurchase) -> bool:
    if group.split_at is None:
        return not GroupLine.objects.filter(part__group=group, given__isnull=False).exists()
    joined = GroupLine.objects.filter(part__group=group, part__state=GroupPartState.JOINED)
    return not joined.filter(given__isnull=True).exists() and all(
        count.left_over >= 0 for count in counts_of(group)
    )
