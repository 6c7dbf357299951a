"""The page of one group purchase: figures, the one next step, its parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from shouwang.accounts.models import User
from shouwang.accounts.selectors import active_users
from shouwang.core.models import StoredFile
from shouwang.core.scope import Scope
from shouwang.help.engines.yuan import in_yuan
from shouwang.help.models import GroupArrival, GroupItem, GroupPurchase, MoneyEntry
from shouwang.help.selectors.groups import (
    SETTLE,
    PartRow,
    Reach,
    counts_of,
    items_of,
    matching,
    part_rows,
    reach_of,
)
from shouwang.help.selectors.groups_money import Money, money_of
from shouwang.help.states import GROUP_GATHERING, GROUP_OFF, GroupState
from shouwang.places.selectors import holders_in


@dataclass(frozen=True)
class Bar:
    """How far to the minimum, in words and for the bar."""

    done: int
    total: int
    words: str
    lacking: str


def bar_of(reach: Reach) -> Bar:
    """The bar of a purchase: yuan or pieces of how many."""
    if reach.by_amount:
        words = _("%(done)s of %(total)s yuan") % {
            "done": in_yuan(reach.fen),
            "total": in_yuan(reach.minimum),
        }
        lacking = _("%(n)s yuan still lacking") % {"n": in_yuan(reach.lacking)}
    else:
        words = _("%(done)s of %(total)s pieces") % {"done": reach.pieces, "total": reach.minimum}
        lacking = _("%(n)s pieces still lacking") % {"n": reach.lacking}
    if not reach.minimum:
        words = _("%(n)s pieces, no minimum") % {"n": reach.pieces}
    return Bar(reach.counted, reach.minimum or max(1, reach.counted), words, lacking if reach.lacking else "")


@dataclass(frozen=True)
class Line:
    """One part for the table: its row, and one cell an item."""

    row: PartRow
    cells: Sequence[tuple[int, int | None]]
    wanted: str
    paid: str
    collect: str
    back: str


def lines_of(rows: Sequence[PartRow], items: Sequence[GroupItem]) -> list[Line]:
    """Rows as the table draws them."""
    return [
        Line(
            row, [(row.wanted.get(item.pk, 0), row.given.get(item.pk)) for item in items],
            wanted=in_yuan(_charged(row, items)), paid=in_yuan(row.paid_fen),
            collect=in_yuan(row.to_collect) if row.to_collect else "", back=in_yuan(row.back) if row.back else "",
        )
        for row in rows
    ]  # fmt: skip


def _charged(row: PartRow, items: Sequence[GroupItem]) -> int:
    """What it comes to: for what was given once it is split, for what is wanted before."""
    split = any(number is not None for number in row.given.values())
    counted = row.given if split else row.wanted
    return sum((counted.get(item.pk) or 0) * item.price_fen for item in items)


def group_page(scope: Scope, group: GroupPurchase, at: datetime, said: str = "") -> dict[str, Any]:
    """Everything the page shows; `said` narrows the table to doors and names that hold it."""
    items, money, reach = items_of(group), money_of(group), reach_of([group])[group.pk]
    rows = part_rows(group, money)
    shown = matching(rows, said) if said else rows
    open_rows = [row for row in rows if row.to_collect]
    back = [row for row in rows if row.back]
    return {
        "group": group, "items": items, "bar": bar_of(reach), "reach": reach, "said": said,
        "lines": lines_of([row for row in shown if row.joined or row.balance], items),
        "gone": lines_of([row for row in shown if not row.joined and not row.balance], items),
        "counts": counts_of(group) if group.arrived_at else [], "money": money_words(group, money, reach),
        "collect": len(open_rows), "collect_yuan": in_yuan(sum(row.to_collect for row in open_rows)),
        "back": len(back), "back_yuan": in_yuan(sum(row.back for row in back)),
        "step": next_step(group, money, len(back), len(open_rows)), "now": at,
        "gathering": group.state in GROUP_GATHERING, "off": group.state in GROUP_OFF,
        "may_settle": scope.covers(SETTLE, group), "receipts": receipts_of(group),
    }  # fmt: skip


def next_step(group: GroupPurchase, money: Money, back: int, collect: int) -> str:
    """The one thing to do now: paste, order, count, split, refund, collect, supplier, settle, reopen; '' at the end."""
    ahead = {
        GroupState.OPEN: "paste", GroupState.CLOSED: "order", GroupState.ORDERED: "count",
        GroupState.ARRIVED: "split",
    }  # fmt: skip
    if group.state in ahead:
        return ahead[GroupState(group.state)]
    if group.state == GroupState.SETTLED:
        return ""
    if back:
        return "refund"
    if collect:
        return "collect"
    if money.shop > 0:
        return "supplier"
    return "settle"


def money_words(group: GroupPurchase, money: Money, reach: Reach) -> dict[str, Any]:
    """The payer's and the supplier's accounts in yuan."""
    return {
        "paid_in": in_yuan(money.paid_fen), "holder": in_yuan(money.holder), "holder_fen": money.holder,
        "shop": in_yuan(money.shop), "shop_fen": money.shop, "all": in_yuan(reach.fen),
        "due_fen": reach.fen, "difference": in_yuan(group.difference_fen),
    }  # fmt: skip


def receipts_of(group: GroupPurchase) -> list[StoredFile]:
    """Photos of the supplier's receipts and delivery notes, each once."""
    entries = MoneyEntry.objects.filter(subject_id=group.pk, receipt__isnull=False).select_related("receipt")
    arrivals = GroupArrival.objects.filter(group=group, receipt__isnull=False).select_related("receipt")
    kept = [row.receipt for row in entries] + [row.receipt for row in arrivals]
    found = {file.pk: file for file in kept if file is not None}
    return list(found.values())


def receipt_for(scope: Scope, group: GroupPurchase, file_id: UUID) -> StoredFile:
    """One of these photos, or 404; not at a counter."""
    found = next((file for file in receipts_of(group) if file.pk == file_id), None)
    if found is None or scope.counter:
        raise Http404
    return found


def payers_of(*placed: Any) -> QuerySet[User]:
    """Who may hold the money: whoever holds a post in the community of any of these, or has held one."""
    users = set().union(*(holders_in(one.community_id) for one in placed if one.community_id is not None))
    return active_users().filter(pk__in=users).order_by("name")
