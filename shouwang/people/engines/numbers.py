"""Telephone and ID numbers: as kept, as masked, as checked."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

DOTS = "·"
BULLETS = "•"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"


def clean_phone(text: str) -> str:
    """Digits and a leading plus; +86 before a mobile is dropped."""
    found = re.sub(r"[^\d+]", "", unicodedata.normalize("NFKC", text or ""))
    found = found[:1] + found[1:].replace("+", "")
    return re.sub(r"^(?:\+86|0086)(?=1\d{10}$)", "", found)


def is_phone(number: str) -> bool:
    """Whether it can be rung: a mobile of 11 digits, a landline with or without area code, or one from abroad."""
    return bool(re.fullmatch(r"1\d{10}|0\d{9,11}|[2-9]\d{4,7}|\+\d{7,15}|400\d{7}", number))


def reversed_phone(number: str) -> str:
    """The digits from the end, so that the last four are found by an index."""
    return re.sub(r"\D", "", number)[::-1]


def mask_phone(text: str) -> str:
    """199····0713; of a shorter number the last two digits stay."""
    if not text:
        return ""
    if len(text) < 9:
        return DOTS * max(len(text) - 2, 2) + text[-2:]
    return text[:3] + DOTS * (len(text) - 7) + text[-4:]


def mask_id(text: str) -> str:
    """1501••••••••••0024; of a shorter number the last two characters stay."""
    if not text:
        return ""
    if len(text) < 12:
        return BULLETS * max(len(text) - 2, 2) + text[-2:]
    return text[:4] + BULLETS * (len(text) - 8) + text[-4:]


def clean_id(text: str) -> str:
    """An ID number without spaces, upper case; × counts as X."""
    plain = unicodedata.normalize("NFKC", text or "").upper().replace("×", "X")
    return re.sub(r"[\s'`\"·.\-]", "", plain)


def is_resident_id(number: str) -> bool:
    """Whether 18 characters have a real birth date and the right check character (GB 11643); regions are not judged."""
    if not re.fullmatch(r"\d{17}[\dX]", number) or resident_birth(number) is None:
        return False
    return check_character(number[:17]) == number[17]


def check_character(body: str) -> str:
    """The 18th character that belongs to the 17 digits before it."""
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return _CHECK[total % 11]


def widened_id(number: str) -> str:
    """A resident ID of 15 digits, as they were given until 1999, with the century and check character it has now;
    anything else as it is."""
    if not re.fullmatch(r"\d{15}", number):
        return number
    body = f"{number[:6]}19{number[6:]}"
    return body + check_character(body)


def resident_birth(number: str) -> tuple[int, int, int] | None:
    """The birth date that a resident ID says, or None."""
    try:
        day = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    return day.year, day.month, day.day


def resident_sex(number: str) -> str:
    """'m' or 'f' by the 17th digit."""
    return "m" if int(number[16]) % 2 else "f"
