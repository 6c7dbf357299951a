"""What medicines, ingredients and their amounts are called, and how a source is cited, in the reader's language.

In Chinese the Chinese name alone; in English the generic name, and after it the Chinese one that stands on the packet.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext_lazy

# The units of the table. Others are of the store's own making and stay as somebody wrote them.
_AMOUNTS: dict[str, Promise] = {
    "片": ngettext_lazy("%(n)s tablet", "%(n)s tablets", "n"),
    "粒": ngettext_lazy("%(n)s capsule", "%(n)s capsules", "n"),
    "袋": ngettext_lazy("%(n)s sachet", "%(n)s sachets", "n"),
    "瓶": ngettext_lazy("%(n)s bottle", "%(n)s bottles", "n"),
    "支": ngettext_lazy("%(n)s vial", "%(n)s vials", "n"),
}


class HasNames(Protocol):
    """A medicine, an ingredient or a class of the table."""

    @property
    def name(self) -> str: ...
    @property
    def english(self) -> str: ...


class HasBrands(HasNames, Protocol):
    """A medicine with the brands under which people know it."""

    @property
    def aliases(self) -> Sequence[str]: ...


class Citable(Protocol):
    """A source of the table."""

    @property
    def english(self) -> str: ...
    @property
    def chinese(self) -> str: ...


def in_chinese() -> bool:
    """Whether whoever reads this reads Chinese."""
    return (get_language() or "zh").startswith("zh")


def medicine_name(one: HasNames) -> str:
    """What a medicine, an ingredient or a class is called."""
    return one.name if in_chinese() else f"{one.english} ({one.name})"


def name_with_brands(one: HasBrands) -> str:
    """The same with the two best known brands, as it stands in a list to choose from."""
    brands = one.aliases[:2]
    if in_chinese():
        return f"{one.name}（{'、'.join(brands)}）" if brands else one.name
    return f"{one.english} ({', '.join([one.name, *brands])})"


def cited(source: Citable) -> str:
    """Where a figure comes from."""
    return source.chinese if in_chinese() else source.english


def amount_said(number: int, unit: str) -> str:
    """So many of a unit of the table: 12 tablets."""
    return str(_AMOUNTS[unit] % {"n": number}) if unit in _AMOUNTS else f"{number}{unit}"
