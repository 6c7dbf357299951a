"""Quantities as people say them: 3盒2板5粒 is so many of the smallest unit, and back."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

MOST = 10_000_000  # more of anything than a neighbourhood ever has; a slipped key, not a quantity

_DIGITS = {sign: number for number, sign in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2, "俩": 2}
_STEPS = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
_NUMBER = re.compile(r"\d[\d,]*|[〇零一二两俩三四五六七八九十百千万]+")
_JOINTS = re.compile(r"[\s、,+和又零]*")


class QuantityUnread(ValueError):
    """A quantity or a packing that cannot be read. `code`: empty, number, unit, order, too-much, packs."""

    def __init__(self, code: str, said: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.said = said


@dataclass(frozen=True)
class Packing:
    """A unit, and packs of so many units, the largest first: Packing("粒", (("盒", 120), ("板", 12)))."""

    unit: str
    packs: tuple[tuple[str, int], ...] = ()

    @property
    def sizes(self) -> tuple[tuple[str, int], ...]:
        """Every word for an amount with its units, the largest first, the unit itself last."""
        return (*self.packs, (self.unit, 1))

    def said(self, quantity: int) -> str:
        """As people say it: 389 is 3盒2板5粒; 0 is 0粒; below nothing with a minus before it."""
        if quantity < 0:
            return "-" + self.said(-quantity)
        parts, rest = [], quantity
        for name, size in self.sizes:
            number, rest = divmod(rest, size)
            if number:
                parts.append(f"{number}{name}")
        return "".join(parts) or f"0{self.unit}"

    def read(self, said: str) -> int:
        """Units of what was said or typed: 3盒2板5粒, 三盒, 两盒半 (half of the last pack), 3 boxes 2 strips, 40.

        A number without a word counts units. QuantityUnread otherwise; an amount twice or out of order is unread.
        """
        text = "".join(unicodedata.normalize("NFKC", said).split())
        if not text:
            raise QuantityUnread("empty")
        if re.fullmatch(r"\d[\d,]*", text):
            return _checked(int(text.replace(",", "")))
        total, at, last = 0, 0, None
        while at < len(text):
            if text[at] == "半" and last is not None and last % 2 == 0 and at == len(text) - 1:
                return _checked(total + last // 2)
            number, at = self._number(text, at)
            size, at = self._size(text, at)
            if last is not None and size >= last:
                raise QuantityUnread("order", said)
            total, last = total + number * size, size
            at = _past_joints(text, at)
        return _checked(total)

    def _number(self, text: str, at: int) -> tuple[int, int]:
        if text[at] == "半":
            raise QuantityUnread("number", text)
        found = _NUMBER.match(text, at)
        if found is None:
            raise QuantityUnread("number", text)
        said = found[0]
        if len(said) > 1 and any(name == said[-1] for name, _size in self.sizes):
            said = said[:-1]  # 三两: the last sign is the unit of fifty grams, not a figure
        return number_said(said), at + len(said)

    def _size(self, text: str, at: int) -> tuple[int, int]:
        for name, size in sorted(self.sizes, key=lambda one: -len(one[0])):
            if name and text.startswith(name, at):
                many = (
                    _PLURAL.match(text, at + len(name)) if name[-1].isascii() and name[-1].isalpha() else None
                )
                return size, many.end() if many else at + len(name)
        raise QuantityUnread("unit", text[at:])


def _past_joints(text: str, at: int) -> int:
    found = _JOINTS.match(text, at)
    return found.end() if found else at


def _checked(quantity: int) -> int:
    if quantity > MOST:
        raise QuantityUnread("too-much")
    return quantity


def number_said(text: str) -> int:
    """The number of digits or of Chinese numerals up to 万: 三千, 两百五十, 十二. QuantityUnread otherwise."""
    if text[0].isdigit():
        return int(text.replace(",", ""))
    total, part, digit = 0, 0, 0
    for sign in text:
        if sign in _DIGITS:
            digit = digit * 10 + _DIGITS[sign] if digit and sign not in "零〇" else _DIGITS[sign]
        elif sign == "万":
            total, part, digit = (total + part + digit) * 10_000, 0, 0
        else:
            part, digit = part + (digit or 1) * _STEPS[sign], 0
    return total + part + digit


_LEVEL = re.compile(r"^(?P<n>\d+)(?P<inner>[^\d/=]+)/(?P<outer>[^\d/=]+)$")
_SAYS = re.compile(r"^1?(?P<outer>[^\d/=]+)=(?P<n>\d+)(?P<inner>[^\d/=]+)$")
# An x between Latin letters belongs to a word: box, boxes.
_BETWEEN = re.compile(r"(?:[\u00d7*,;\u3001\s]|(?<![A-Za-z])[xX](?=[\d\s]))+")
_BLANK_AFTER_NUMBER = re.compile(r"(?<=\d)\s+(?=[A-Za-z])(?![xX]\s*\d)")
_PLURAL = re.compile(r"e?s(?![A-Za-z])")


def read_packs(said: str, unit: str) -> tuple[tuple[str, int], ...]:
    """Packs as written on the box, largest first: 12粒/板×10板/盒, or 盒=10板 板=12粒; () for nothing said.

    In English 12 tablets/strip × 10 strips/box, or box=10 strips. Each names the next smaller one or the unit.
    QuantityUnread("packs") when one hangs on nothing or says 0 or 1.
    """
    text = _BLANK_AFTER_NUMBER.sub("", unicodedata.normalize("NFKC", said).strip())
    levels: dict[str, tuple[int, str]] = {}
    for part in filter(None, _BETWEEN.split(text)):
        found = _LEVEL.match(part) or _SAYS.match(part)
        if found is None or found["outer"] in levels or found["outer"] == unit or int(found["n"]) < 2:
            raise QuantityUnread("packs", part)
        levels[found["outer"]] = (int(found["n"]), found["inner"])
    sizes = {name: _units_of(name, levels, unit) for name in levels}
    if len(set(sizes.values())) != len(sizes):
        raise QuantityUnread("packs", said)
    return tuple(sorted(sizes.items(), key=lambda one: -one[1]))


def _units_of(name: str, levels: dict[str, tuple[int, str]], unit: str) -> int:
    size, seen = 1, set()
    while name != unit:
        if name in seen or name not in levels:
            raise QuantityUnread("packs", name)
        seen.add(name)
        number, inner = levels[name]
        name = _one_of(inner, {unit, *levels})
        size = _checked(size * number)
    return size


def _one_of(word: str, names: set[str]) -> str:
    """The name that is meant by the word for several of it: strips is strip, boxes is box; else the word itself."""
    for name in names:
        if (
            word != name
            and word.startswith(name)
            and name[-1:].isascii()
            and _PLURAL.fullmatch(word, len(name))
        ):
            return name
    return word


def packs_said(packs: tuple[tuple[str, int], ...], unit: str) -> str:
    """Packs in words that `read_packs` reads: 盒=120粒 板=12粒."""
    return " ".join(f"{name}={size}{unit}" for name, size in packs)
