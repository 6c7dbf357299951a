"""ID numbers as ledgers hold them, and what a resident ID says by itself: birth date and sex."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass

from stdnum.cn import ric

from shouwang.core.sheets import Cell

from .headers import plain
from .phones import NONE_WORDS

RESIDENT = "resident_id"
PASSPORT = "passport"
OTHER = "other"

_POINT_ZERO = re.compile(r"\.0+$")
_NOISE = re.compile(r"[\s'`\"·.]")
_PASSPORT = re.compile(r"(?:[EGDSPK]\d{8}|[A-Z]{2}\d{7})")
_PASS = re.compile(r"[HM]\d{8,10}|[A-Z]{1,3}\d{5,17}|\d{8}(?:\d{2})?[A-Z]?|9\d{17}")
_SCIENTIFIC = re.compile(r"^\d(?:\.\d+)?E\+?1[4-7]$")

Problem = tuple[str, dict[str, object]]


@dataclass(frozen=True, slots=True)
class Identity:
    """``number`` is set only when it is beyond doubt; birth and sex also from a number that Excel cut."""

    number: str | None = None
    kind: str = ""
    birth: tuple[int, int, int] | None = None
    sex: str = ""
    problem: Problem | None = None


def read_identity(cell: Cell, *, today: dt.date) -> Identity:
    """Reads an ID number of any kind.

    A resident ID is checked by its birth date and its check digit alone, not by its region: regions are
    abolished and renamed, and 150199, in which all made-up people are born, is assigned to nobody.
    """
    if isinstance(cell, float | int) and not isinstance(cell, bool) and 1e15 <= abs(cell) < 1e30:
        return _mangled(str(int(cell)), today)  # a number of more than 15 digits has lost the rest
    text = unicodedata.normalize("NFKC", cell if isinstance(cell, str) else plain(cell)).strip()
    if not text or text.lower() in NONE_WORDS:
        return Identity()
    text = _POINT_ZERO.sub("", text.upper().replace("×", "X"))
    if _SCIENTIFIC.match(text.replace(" ", "")):
        mantissa, power = text.replace(" ", "").split("E")
        return _mangled(mantissa.replace(".", "").ljust(int(power) + 1, "0"), today)
    return _from_text(_NOISE.sub("", text).replace("-", ""), today)


def _from_text(text: str, today: dt.date) -> Identity:
    if "*" in text or "#" in text or re.search(r"\dX{2,}", text):
        return Identity(problem=("id.masked", {}))
    if re.fullmatch(r"\d{17}[\dX]", text):
        return _resident(text, today)
    if re.fullmatch(r"\d{15}", text) and _born(text[6:8], text[8:12], today, century="19"):
        old = text[:6] + "19" + text[6:]
        return _resident(old + ric.calc_check_digit(old + "0"), today)
    if _PASSPORT.fullmatch(text):
        return Identity(text, PASSPORT)
    if _PASS.fullmatch(text):
        return Identity(text, OTHER)
    if re.fullmatch(r"\d{9,17}X?", text) and len(text) < 18:
        return Identity(problem=("id.short", {"missing": 18 - len(text)}))
    if re.fullmatch(r"\d{18,}X?", text):
        return Identity(problem=("id.long", {"extra": len(text) - 18}))
    return Identity(problem=("id.unreadable", {}))


def _resident(text: str, today: dt.date) -> Identity:
    birth = _born(text[6:10], text[10:14], today)
    right = ric.calc_check_digit(text) == text[17]
    if text[0] == "9" and right:  # a foreigner's permanent residence card: its own layout, same check digit
        return Identity(text, OTHER)
    if right and birth:
        return Identity(text, RESIDENT, birth, _sex(text))
    if text.endswith("000"):
        return _mangled(text, today)
    if birth is None:
        return Identity(kind=RESIDENT, problem=("id.birth_date", {}))
    return Identity(kind=RESIDENT, problem=("id.check_digit", {}))


def _mangled(digits: str, today: dt.date) -> Identity:
    """Excel keeps 15 digits: the birth date survives, the sex and the check digit do not."""
    birth = _born(digits[6:10], digits[10:14], today) if len(digits) == 18 else None
    return Identity(kind=RESIDENT, birth=birth, problem=("id.mangled", {}))


def _born(year: str, month_day: str, today: dt.date, century: str = "") -> tuple[int, int, int] | None:
    try:
        day = dt.date(int(century + year), int(month_day[:2]), int(month_day[2:]))
    except ValueError:
        return None
    return (day.year, day.month, day.day) if dt.date(1890, 1, 1) <= day <= today else None


def _sex(text: str) -> str:
    return "m" if int(text[16]) % 2 else "f"
