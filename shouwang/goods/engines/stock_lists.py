"""An opening stock list as it is copied out of Excel: name, unit, packs, quantity, expiry."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date

from shouwang.goods.engines.packs import Packing, QuantityUnread, read_packs

MOST_ROWS = 500
_HEADINGS = frozenset({"品名", "名称", "物品", "物资", "物资名称", "物品名称", "name", "item"})
_DAY = re.compile(r"^(\d{4})[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?$")


@dataclass
class StockLine:
    """One row as it was pasted (`number` from 1) and as it was read; `errors` says per column what is wrong.

    Codes: no-name, no-unit, packs, quantity, unit, order, empty, number, too-much, expiry, twice.
    """

    number: int
    name: str
    unit: str
    packs_said: str
    quantity_said: str
    expiry_said: str
    packing: Packing | None = None
    quantity: int | None = None
    expires_on: date | None = None
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def said(self) -> str:
        """The quantity in the row's own packs; "" while it cannot be read."""
        return self.packing.said(self.quantity) if self.packing and self.quantity else ""


def read_stock_list(text: str, known: dict[str, Packing]) -> list[StockLine]:
    """Rows of pasted text, cells apart by tabs; a row of headings on top is passed over.

    `known` are the items that are kept already, by name: their unit and packs stand, and may be left out here.
    """
    rows = [row for row in text.splitlines() if row.strip()]
    if rows and unicodedata.normalize("NFKC", rows[0].split("\t")[0]).strip().lower() in _HEADINGS:
        rows = rows[1:]
    return [_line(number, row, known) for number, row in enumerate(rows[:MOST_ROWS], start=1)]


def _line(number: int, row: str, known: dict[str, Packing]) -> StockLine:
    cells = [unicodedata.normalize("NFKC", cell).strip() for cell in row.split("\t")]
    name, unit, packs, quantity, expiry = (cells + [""] * 5)[:5]
    line = StockLine(number, name[:60], unit[:12], packs, quantity, expiry)
    if not name:
        line.errors["name"] = "no-name"
    line.packing = _packing(line, known.get(line.name))
    if line.packing is not None:
        _read_quantity(line, line.packing)
    if expiry:
        line.expires_on = day_said(expiry)
        if line.expires_on is None:
            line.errors["expiry"] = "expiry"
    return line


def _packing(line: StockLine, known: Packing | None) -> Packing | None:
    if known is not None:
        if line.unit and line.unit != known.unit:
            line.errors["unit"] = "other-unit"
        line.unit = known.unit
        return known
    if not line.unit:
        line.errors["unit"] = "no-unit"
        return None
    try:
        return Packing(line.unit, read_packs(line.packs_said, line.unit))
    except QuantityUnread:
        line.errors["packs"] = "packs"
        return None


def _read_quantity(line: StockLine, packing: Packing) -> None:
    try:
        line.quantity = packing.read(line.quantity_said)
    except QuantityUnread as fault:
        line.errors["quantity"] = fault.code
        return
    if not line.quantity:
        line.errors["quantity"] = "empty"


def day_said(said: str) -> date | None:
    """2023-05-01, 2023/5/1, 2023年5月1日; a month alone is its last day, as on a box. None for anything else."""
    found = _DAY.match(said.strip())
    if found is None:
        return None
    year, month, day = int(found[1]), int(found[2]), found[3]
    try:
        if day:
            return date(year, month, int(day))
        first = date(year + month // 12, month % 12 + 1, 1)
        return date.fromordinal(first.toordinal() - 1) if 1 <= month <= 12 else None
    except ValueError:
        return None
