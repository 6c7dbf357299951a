"""Chinese and Arabic numerals as people write them in addresses and lists."""

from __future__ import annotations

import re
from decimal import Decimal

from cn2an import cn2an

CHINESE = "〇零一二两三四五六七八九十百千"
_DIGITS = {c: str(n) for n, c in enumerate("零一二三四五六七八九")} | {"〇": "0", "两": "2"}
_MIXED = re.compile(rf"^[{CHINESE}]+(?:点[零〇一二三四五六七八九]+)?$")


def read_number(text: str) -> Decimal | None:
    """The number that `text` spells (三十, 两百, 1.5, 五零一), or None when it spells none.

    A run of bare digits without 十/百/千 is read digit by digit: 五零一 is 501.
    """
    if re.fullmatch(r"\d+(?:\.\d+)?", text, re.ASCII):
        return Decimal(text)
    if not _MIXED.match(text):
        return None
    if len(text) > 1 and all(c in _DIGITS for c in text):
        return Decimal("".join(_DIGITS[c] for c in text))
    try:
        return Decimal(str(cn2an(text.replace("〇", "零"), "smart")))
    except ValueError:
        return None


def plain(number: Decimal) -> str:
    """A decimal string without exponent or idle zeros: '5', '0.5', '30'."""
    written = format(number, "f")
    return written.rstrip("0").rstrip(".") or "0" if "." in written else written
