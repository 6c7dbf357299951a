"""Group purchases on Today, in a household's file and in a person's own copy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shouwang.core.registry import CopyPart, TodayItem
from shouwang.core.scope import Scope
from shouwang.help.engines.yuan import in_yuan
from shouwang.help.models import GroupLine, GroupPart, GroupPurchase, MoneyEntry
from shouwang.help.selectors.groups import RUN, groups_for, part_rows
from shouwang.help.selectors.groups_money import moneys_of
from shouwang.help.states import GROUP_OFF, GroupPartState, GroupState, MoneyAccount
from shouwang.people.selectors import person_homes

# When an organiser is reminded that signing up ends.
SOON = timedelta(hours=3)
MOST_ITEMS = 20


def group_items(scope: Scope, at: datetime) -> Sequence[TodayItem]:
    """Purchases with something to be done now: one row each, two questions."""
    if not scope.can(RUN):
        return []
    soon = Q(state=GroupState.OPEN, closes_at__lte=at + SOON)
    waiting = Q(state__in=(GroupState.CLOSED, GroupState.ARRIVED, GroupState.SPLIT, *GROUP_OFF))
    groups = list(groups_for(scope).filter(soon | waiting).order_by("closes_at")[:MOST_ITEMS])
    moneys = moneys_of([group.pk for group in groups])
    back = {pk: sum(1 for fen in money.parts.values() if fen < 0) for pk, money in moneys.items()}
    return [_item(group, back[group.pk]) for group in groups]


def _item(group: GroupPurchase, back: int) -> TodayItem:
    small, action, name = _next(group, back)
    since = {GroupState.OPEN: None, GroupState.ARRIVED: group.arrived_at, GroupState.SPLIT: group.split_at}
    return TodayItem(
        key=f"group:{group.pk}",
        tone="calm" if group.state == GroupState.OPEN else "need",
        rank=3,
        title=_("Group purchase %(number)s %(title)s")
        % {"number": group.spoken_number, "title": group.title},
        small=small,
        action=action,
        url=reverse(name, args=[group.pk]),
        since=since.get(GroupState(group.state), group.closed_at),
    )


def _next(group: GroupPurchase, back: int) -> tuple[str, str, str]:
    refunds = ngettext("%(n)s household gets money back", "%(n)s households get money back", back) % {
        "n": back
    }
    if group.state == GroupState.OPEN:
        return _("signing up ends soon"), _("Paste the chain"), "help:group_paste"
    if group.state == GroupState.CLOSED:
        return _("the minimum is reached"), _("Order it"), "help:group"
    if group.state == GroupState.ARRIVED:
        return _("it is here and not split yet"), _("Split it"), "help:group_split"
    words = refunds if back else _("only settling is left")
    return words, _("Settle it"), "help:group_refunds" if back else "help:group"


def household_groups(household_id: UUID, scope: Scope, at: datetime) -> Mapping[str, Any] | None:
    """What a household has signed up for, newest first."""
    if not scope.can(RUN):
        return None
    rows = GroupPart.objects.filter(household_id=household_id, group__in=groups_for(scope)).select_related(
        "group"
    )
    parts = list(rows.order_by("-joined_at")[:10])
    said = words_of(parts)
    return {"groups": [(part, said[part.pk]) for part in parts], "now": at}


def words_of(parts: Sequence[GroupPart]) -> dict[UUID, str]:
    """What each part is of, in words: 鲜牛奶 2 箱; one query."""
    found: dict[UUID, list[str]] = {part.pk: [] for part in parts}
    lines = GroupLine.objects.filter(part__in=parts, quantity__gt=0).select_related("item")
    for line in lines.order_by("item__order"):
        number = line.quantity if line.given is None else line.given
        found[line.part_id].append(f"{line.item.name} {number} {line.item.unit}")
    return {pk: " · ".join(words) for pk, words in found.items()}


def copy_parts(person_id: UUID, at: datetime) -> Sequence[CopyPart]:
    """One part a purchase that the person's household joined while the person belonged to it."""
    here = Q(pk__in=[])
    for household_id, from_on, until_on in person_homes(person_id):
        span = Q(household_id=household_id, joined_at__date__gte=from_on)
        here |= span & Q(joined_at__date__lte=until_on) if until_on else span
    parts = list(GroupPart.objects.filter(here).select_related("group").order_by("joined_at"))
    said = words_of(parts)
    return [_copy(part, said[part.pk]) for part in parts]


def _copy(part: GroupPart, said: str) -> CopyPart:
    entries = MoneyEntry.objects.filter(part_id=part.pk, account=MoneyAccount.HOUSEHOLD).order_by("id")
    signed = [(_("Signed up"), f"{_moment(part.joined_at)} {part.door_said} {part.name_said}".strip())]
    taken_back = [(_("State"), part.get_state_display())] if part.state == GroupPartState.TAKEN_BACK else []
    money = [
        (f"{_moment(row.at)} {row.get_kind_display()}", f"{in_yuan(row.amount_fen)} {_('yuan')}")
        for row in entries
    ]
    return CopyPart(
        f"{part.group.spoken_number} {part.group.title}",
        [*signed, (_("What it is"), said), *taken_back, *money],
    )


def _moment(at: datetime) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M")


def rows_to_refund(group: GroupPurchase) -> list[Any]:
    """Doors to which money goes back, in order of signing up."""
    return [row for row in part_rows(group) if row.back]
