"""Birth dates in the forms ledgers use, whole or partial, and ages."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

from shouwang.core.sheets import Cell

from .headers import plain
from .phones import NONE_WORDS

PartialDate = tuple[int, int | None, int | None]
Problem = tuple[str, dict[str, object]]

_FULL = re.compile(r"^(\d{4})(?:年|[-./])(\d{1,2})(?:月|[-./])(\d{1,2})[日号]?(?:\d\d:\d\d(?::\d\d)?)?$")
_COMPACT = re.compile(r"^(\d{4})(\d\d)(\d\d)$")
_MONTH = re.compile(r"^(\d{4})(?:年|[-./])(\d{1,2})月?份?$")
_COMPACT_MONTH = re.compile(r"^(\d{4})(\d\d)$")
_YEAR = re.compile(r"^(\d{4})年?生?$")
_SHORT = re.compile(r"^(\d\d)(?:年|[-./])(\d{1,2})(?:(?:月|[-./])(\d{1,2})?日?)?$")
_EPOCH = dt.date(1899, 12, 30)  # Excel's day 0, its wrong leap day of 1900 allowed for
_EARLIEST = 1890


def read_birth(cell: Cell, *, today: dt.date) -> tuple[PartialDate | None, Problem | None]:
    """A birth date as (year, month or None, day or None), and what is doubtful about it.

    Reads 1958-03-04 (also with / and .), 1958年3月4日, 19580304, year and month, the year alone, a date
    cell and an Excel day number; years of two digits are taken in the last hundred years.
    """
    if isinstance(cell, dt.datetime | dt.date):
        return _checked(cell.year, cell.month, cell.day, today)
    if isinstance(cell, float) and not cell.is_integer():
        # 1958.1 may have been 1958.10 before Excel took the zero: the year is sure, the month is not.
        whole = _checked(int(cell), None, None, today)[0] if abs(cell) < 1e4 else None
        return whole, ("date.doubtful", {}) if whole else ("date.unreadable", {})
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", plain(cell))).strip("'")
    if not text or text.lower() in NONE_WORDS:
        return None, None
    return _from_text(text, today)


def _from_text(text: str, today: dt.date) -> tuple[PartialDate | None, Problem | None]:
    for form in (_FULL, _COMPACT, _MONTH, _COMPACT_MONTH, _YEAR):
        found = form.match(text)
        if found:
            year, month, day = (*(int(part) for part in found.groups()), None, None)[:3]
            return _checked(year, month, day, today)
    short = _SHORT.match(text)
    if short:
        year = 2000 + int(short[1])
        year -= 100 if year > today.year else 0
        return _checked(year, int(short[2]), int(short[3]) if short[3] else None, today)
    if re.fullmatch(r"\d{5}(?:\.0)?", text):
        serial = _EPOCH + dt.timedelta(days=int(text[:5]))
        return _checked(serial.year, serial.month, serial.day, today)
    return None, ("date.unreadable", {})


def _checked(
    year: int | None, month: int | None, day: int | None, today: dt.date
) -> tuple[PartialDate | None, Problem | None]:
    try:
        first = dt.date(year or 0, month or 1, day or 1)
    except ValueError:
        return None, ("date.unreadable", {})
    if first.year < _EARLIEST or first > today:
        return None, ("date.unreadable", {})
    return (first.year, month, day), None


def read_age(cell: Cell) -> tuple[int | None, Problem | None]:
    """Whole years: 83, 83岁, 8个月 (0)."""
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", plain(cell)))
    if not text or text.lower() in NONE_WORDS - {"0"}:
        return None, None
    if re.fullmatch(r"\d{1,2}个?[月天]大?", text):
        return 0, None
    found = re.fullmatch(r"(\d{1,3})(?:\.\d+)?(?:周?岁)?", text)
    if found and int(found[1]) <= 125:
        return int(found[1]), None
    return None, ("age.unreadable", {})


def differs(one: PartialDate, other: PartialDate) -> bool:
    """Whether two partial dates contradict each other where both speak."""
    return any(a is not None and b is not None and a != b for a, b in zip(one, other, strict=True))
