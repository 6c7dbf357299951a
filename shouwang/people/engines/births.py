"""Partial birth dates: (year, month or None, day or None)."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

Birth = tuple[int, int | None, int | None]

_FORM = re.compile(r"(\d{4})(?:\s*[年./-]\s*(\d{1,2})?(?:\s*[月./-]\s*(\d{1,2})?)?)?\s*[年月日号]?")


def read_birth(text: str) -> Birth | None:
    """1941, 1941年, 1941年3月, 1941-03-05, 1941.3.5 or 19410305; None for what is no date."""
    plain = unicodedata.normalize("NFKC", text or "").strip()
    if re.fullmatch(r"\d{8}", plain):
        plain = f"{plain[:4]}-{plain[4:6]}-{plain[6:]}"
    elif re.fullmatch(r"\d{6}", plain):
        plain = f"{plain[:4]}-{plain[4:]}"
    found = _FORM.fullmatch(plain)
    if not found:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    assert year is not None
    return (year, month, day) if is_birth((year, month, day)) else None


def is_birth(birth: Birth) -> bool:
    """Whether such a day, month or year exists since 1880; a day needs its month."""
    year, month, day = birth
    if year < 1880 or (month is None and day is not None):
        return False
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        return False
    return True


def same_birth(one: Birth | None, other: Birth | None) -> bool:
    """Whether two dates, both at least a year, agree in every part that both have."""
    if not one or not other or one[0] != other[0]:
        return False
    return all(a is None or b is None or a == b for a, b in zip(one[1:], other[1:], strict=True))
