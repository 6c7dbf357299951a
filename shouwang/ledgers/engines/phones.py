"""Telephone numbers as ledgers hold them: full-width, spaced, two in a cell, mangled by Excel."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from shouwang.core.sheets import Cell

from .headers import plain

# Marks for 'as above'; a telephone as above is the household's, written once.
DITTO = frozenset("同上 同前 同户主 与户主同 同户主一致 同 〃 ″ \" ” “ 〞 '' ,, ′′ ″″".split())
NONE_WORDS = DITTO | frozenset(
    "无 没有 无电话 无手机 没电话 没手机 不详 未知 暂无 不清楚 拒绝提供 拒提供 空 - -- / \\ 0 na n/a null none —— —".split()
)

_SEPARATORS = re.compile(r"[/\\、,;|\n\r]|或|和")
_SCIENTIFIC = re.compile(r"^(\d)(?:\.(\d+))?[eE]\+?(\d{1,2})$")
_LABEL = re.compile(r"[^\d+\-() .eE]+")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0(?:10|2\d|[3-9]\d\d)[2-8]\d{6,7}")
_LOCAL = re.compile(r"[2-8]\d{6,7}|9\d{4,5}")
_CODE_WITHOUT_ZERO = re.compile(r"(?:10|2\d|[3-9]\d\d)[2-8]\d{6,7}")


@dataclass(frozen=True, slots=True)
class Phones:
    """Numbers read, words that stood beside them, and what is doubtful as (code, parameters)."""

    numbers: tuple[str, ...] = ()
    words: str = ""
    problems: tuple[tuple[str, dict[str, object]], ...] = field(default=())


def read_phones(cell: Cell) -> Phones:
    """All numbers in a cell, digits only: mobiles of 11, landlines with area code, local ones of 7 or 8."""
    raw = cell if isinstance(cell, str) else plain(cell)
    text = unicodedata.normalize("NFKC", raw).strip().strip("'`")
    if not text or text.lower() in NONE_WORDS:
        return Phones()
    numbers: list[str] = []
    words: list[str] = []
    problems: list[tuple[str, dict[str, object]]] = []
    for piece in _pieces(text):
        words += [word for word in (w.strip("：: ") for w in _LABEL.findall(piece)) if word]
        number, problem = _number(piece)
        if number and number not in numbers:
            numbers.append(number)
        if problem:
            problems.append(problem)
    if not numbers and not problems:
        problems.append(("phone.unreadable", {}))
    return Phones(tuple(numbers), " ".join(w for w in words if w not in NONE_WORDS), tuple(problems[:1]))


def _pieces(text: str) -> list[str]:
    """The cell cut at its separators; at blanks too when they stand between whole numbers."""
    pieces = [piece.strip() for piece in _SEPARATORS.split(text) if piece.strip()]
    return [part for piece in pieces for part in _at_blanks(piece)]


def _at_blanks(piece: str) -> list[str]:
    parts = piece.split()
    if len(parts) > 1 and sum(len(re.sub(r"\D", "", part)) >= 7 for part in parts) > 1:
        return parts
    digits = re.sub(r"[\s-]", "", piece)
    if digits.isdigit() and len(digits) == 22 and digits[0] == digits[11] == "1":
        return [digits[:11], digits[11:]]
    return [piece]


def _number(piece: str) -> tuple[str | None, tuple[str, dict[str, object]] | None]:
    scientific = _SCIENTIFIC.match(piece.replace(" ", ""))
    if scientific:
        piece = _unpowered(scientific) or ""
        if not piece:
            return None, ("phone.mangled", {})
    digits = re.sub(r"\D", "", re.sub(r"\.0+$", "", _LABEL.sub(" ", piece).strip()))
    if not digits:
        return None, None
    for known in (digits, re.sub(r"^(?:00)?86(?=\d{7})", "", digits)):
        if _MOBILE.fullmatch(known) or _LANDLINE.fullmatch(known) or _LOCAL.fullmatch(known):
            return known, None
    if _CODE_WITHOUT_ZERO.fullmatch(digits):  # Excel took the area code's zero away
        return "0" + digits, None
    return None, _doubt(digits)


def _unpowered(scientific: re.Match[str]) -> str | None:
    """'1.9900123456E+10' still holds all digits; '1.99001E+10' does not."""
    first, rest, power = scientific[1], scientific[2] or "", int(scientific[3])
    return first + rest if len(rest) == power else None


def _doubt(digits: str) -> tuple[str, dict[str, object]]:
    if digits[0] == "1" and len(digits) < 11:
        return "phone.short", {"missing": 11 - len(digits)}
    if digits[0] == "1" and len(digits) > 11:
        return "phone.long", {"extra": len(digits) - 11}
    if len(digits) < 7:
        return "phone.short", {"missing": 11 - len(digits)}
    return "phone.unreadable", {}
