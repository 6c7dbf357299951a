"""The lines read so far: added to, corrected, taken back, each thing once."""

from __future__ import annotations

from shouwang.help.engines.messages.goods import split_goods
from shouwang.help.engines.messages.names import is_possible
from shouwang.help.engines.messages.quantities import Quantity
from shouwang.help.engines.messages.shape import Line


class LineList:
    """Lines in the order said, and what a person should look at; `_correcting` after 不对."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.unsure: list[str] = []
        self._correcting = False

    def _add_each(self, name: str, amount: str | None, unit: str | None) -> Line | None:
        """退烧药、止咳药各一盒: the quantity holds for every open line before it, too."""
        names = [n for n in split_goods(name) if is_possible(n)]
        for line in self.lines:
            if line.quantity is None and not line.notes:
                line.quantity, line.unit = amount, unit
        for one in names:
            self._add(one, amount, unit, [])
        return self.lines[-1] if self.lines else None

    def _say_no_unit(self, line: Line) -> None:
        self.unsure.append(f"“{line.name}{line.quantity}”没有写单位，请问清楚是斤、个还是份")

    def _set_zero(self, name: str) -> None:
        for line in self.lines:
            if line.name == name:
                line.quantity = "0"
                return
        self.lines.append(Line(name, "0"))

    def _has(self, name: str) -> bool:
        return any(line.name == name for line in self.lines)

    def _add(self, name: str, amount: str | None, unit: str | None, notes: list[str]) -> Line:
        same = next((line for line in self.lines if line.name == name), None)
        if self._correcting and self.lines and (same or self.lines[-1].quantity != "0"):
            line = same or self.lines[-1]
            if not same:
                self.unsure.append(f"“{line.name}”改成了“{name}”，请核对")
                line.name = name
            line.quantity, line.unit = amount, unit or line.unit
            line.notes.extend(notes)
            self._correcting = False
            return line
        if same and amount is None:
            same.notes.extend(notes)
            return same
        if same and same.quantity is None:
            same.quantity, same.unit = amount, unit
            same.notes.extend(notes)
            return same
        if same:
            self.unsure.append(f"“{name}”写了两次，请问清楚一共要多少")
        self._correcting = False
        line = Line(name, amount, unit, list(notes))
        self.lines.append(line)
        return line

    def _second_quantity(self, line: Line, quantity: Quantity) -> None:
        measured = line.unit is not None and line.unit.lower() in (
            "斤",
            "公斤",
            "克",
            "g",
            "kg",
            "ml",
            "毫升",
            "l",
            "升",
            "千克",
        )
        if measured and not quantity.is_measure and not quantity.packed:
            line.notes.append(f"{line.quantity or ''}{line.unit}")
            line.quantity, line.unit = quantity.amount, quantity.unit
        else:
            line.notes.append(quantity.said)
