"""What a split would give to whom, and the sheets by stairwell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from shouwang.help.engines.sharing import share
from shouwang.help.models import GroupItem, GroupPurchase
from shouwang.help.selectors.groups import PartRow, arrivals_of, by_stairwell, counts_of, items_of, part_rows


def shares_by(group: GroupPurchase, rows: Sequence[PartRow], items: Sequence[GroupItem], rule: str) -> None:
    """Writes into each row what it would get by the rule, in the order of signing up."""
    arrived = arrivals_of(group)
    for item in items:
        came, damaged = arrived.get(item.pk, (0, 0))
        shares = share([row.wanted.get(item.pk, 0) for row in rows], came - damaged, rule)
        for row, given in zip(rows, shares, strict=True):
            row.given[item.pk] = given


def split_preview(group: GroupPurchase, rule: str) -> dict[str, Any]:
    """By stairwell what each door would get, which get less than they wanted, and what would be left over."""
    items, rows = items_of(group), [row for row in part_rows(group) if row.joined]
    shares_by(group, rows, items, rule)
    stairwells = [
        (name, [(row, _cells(row, items), is_short(row, items)) for row in part])
        for name, part in by_stairwell(rows)
    ]
    given = {item.pk: sum(row.given[item.pk] or 0 for row in rows) for item in items}
    figures = [
        (count, given[count.item.pk], count.usable - given[count.item.pk]) for count in counts_of(group)
    ]
    short = sum(1 for row in rows if is_short(row, items))
    return {"stairwells": stairwells, "figures": figures, "items": items, "short": short, "doors": len(rows)}


def _cells(row: PartRow, items: Sequence[GroupItem]) -> list[tuple[int, int | None]]:
    return [(row.wanted.get(item.pk, 0), row.given.get(item.pk)) for item in items]


def is_short(row: PartRow, items: Sequence[GroupItem]) -> bool:
    """Whether a door gets less than it wanted."""
    return any((row.given.get(item.pk) or 0) < row.wanted.get(item.pk, 0) for item in items)


def sheets_of(group: GroupPurchase) -> list[dict[str, Any]]:
    """One sheet a stairwell: its doors with what they get, and what comes to the stairwell in all.

    Before the split it is what they signed up for.
    """
    items, rows = items_of(group), [row for row in part_rows(group) if row.joined]
    sheets = []
    for name, part in by_stairwell(rows):
        got = [(row, [_number(row, item.pk) for item in items]) for row in part]
        kept = [(row, numbers) for row, numbers in got if any(numbers)]
        totals = [sum(column) for column in zip(*(numbers for _row, numbers in kept), strict=True)]
        if kept:
            sheets.append({"stairwell": name, "rows": kept, "totals": totals, "items": items})
    return sheets


def _number(row: PartRow, item_id: UUID) -> int:
    given = row.given.get(item_id)
    return row.wanted.get(item_id, 0) if given is None else given
