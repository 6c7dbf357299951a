"""The lines read so far: added to, corrected, taken back, each thing once."""

from __future__ import annotations

import re

from shouwang.help.engines.messages import line_patterns as say
from shouwang.help.engines.messages.goods import is_medicine, split_goods
from shouwang.help.engines.messages.names import is_possible
from shouwang.help.engines.messages.quantities import Quantity
from shouwang.help.engines.messages.shape import Line
from shouwang.help.engines.messages.text import short


class LineList:
    """Lines in the order said, and what a person should look at; `_correcting` after 不对."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.unsure: list[str] = []
        self.headline: str | None = None
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
            if same.told:
                _ask(same)
            same.quantity, same.unit = amount, unit
            same.notes.extend(notes)
            return same
        if same:
            self.unsure.append(f"“{name}”写了两次，请问清楚一共要多少")
        self._correcting = False
        line = Line(name, amount, unit, list(notes))
        self.lines.append(line)
        return line

    def _tell(self, name: str, notes: list[str], told: str) -> None:
        """奶粉没了, 奶粉只够一顿: what is at home, a wish only if nothing else says it better."""
        if not self._has(name):
            self._add(name, None, None, notes).told = told if told == "gone" else notes[-1]

    def _read_which(self, name: str, said: str) -> bool:
        """别的醋不要: a wish about a line there is; False when a line is taken back."""
        which = say.WHICH.fullmatch(name)
        line = which and next((x for x in self.lines if x.name.endswith(which["name"])), None)
        if not which or not line or say.EARLIER.search(which["which"]):
            return False
        line.notes.append(said)
        return True

    def _settle_told(self, text: str) -> None:
        """Keeps what is told as running out only where it is asked for and no other line answers it."""
        for line in [x for x in self.lines if x.told and x.quantity is None]:
            others = [x for x in self.lines if x is not line and x.quantity != "0"]
            answered = any(_answers(x, line) for x in others)
            note = "" if line.told == "gone" else line.told
            enough = re.match(r"还够|够", note)
            asked = line.told == "gone" or (
                not enough and not others and (len(line.notes) > 1 or say.ASKED.search(text))
            )
            if answered or not asked:
                self.lines.remove(line)
            if not answered and not asked and not enough:
                self.unsure.append(f"“{line.name}{note}”：要不要买、买多少，请问清楚")

    def _apply_alone(self, quantity: Quantity, said: str, notes: list[str]) -> None:
        """A quantity without a name: of the line before, of the chain's one thing, or unclear."""
        last = self.lines[-1] if self.lines else None
        if last and (self._correcting or (last.quantity is None and not last.unit)):
            if last.told:
                _ask(last)
            last.quantity, last.unit = quantity.amount, quantity.unit or last.unit
            last.notes += notes if quantity.amount else [quantity.said, *notes]
        elif last and (quantity.is_measure or quantity.packed):
            last.notes.append(quantity.said)
        elif self.headline and not last:
            self._add(self.headline, quantity.amount, quantity.unit, notes)
        else:
            self.unsure.append(f"“{short(said)}”只有数量，没说是什么")

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
            "mg",
            "毫克",
        )
        if measured and not quantity.is_measure and not quantity.packed:
            line.notes.append(f"{line.quantity or ''}{line.unit}")
            line.quantity, line.unit = quantity.amount, quantity.unit
        else:
            line.notes.append(quantity.said)


def _ask(line: Line) -> None:
    """What was only told is asked for now: the remark on what is left goes, the brand stays."""
    line.notes = [note for note in line.notes if note != line.told]
    line.told = ""


def _answers(line: Line, told: Line) -> bool:
    """大米 answers 米, 婴儿奶粉 answers 奶粉, a named medicine answers 降压药."""
    if line.name.endswith(told.name) or told.name.endswith(line.name):
        return True
    return told.name.endswith(("药", "胰岛素")) and is_medicine(line.name)


def without_counting(text: str) -> str:
    """The text without 1, 2, 3 ... before its lines, where they count without a mark of their own."""
    numbers = [int(match[1]) for match in say.COUNTED_LINES.finditer(text)]
    if len(numbers) < 2 or numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        return text
    return say.COUNTED_LINES.sub("", text)
