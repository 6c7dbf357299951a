"""Telephone and ID numbers as they may be shown."""

from __future__ import annotations

import re

from django.utils.html import format_html
from django.utils.safestring import SafeString

DOTS = "·"


def mask(text: object, head: int, tail: int) -> str:
    """The first `head` and last `tail` characters, dots between; what is shorter is all dots."""
    text = str(text or "")
    if len(text) <= head + tail:
        return DOTS * len(text)
    return text[:head] + DOTS * (len(text) - head - tail) + text[len(text) - tail :]


def masked_name(name: object) -> SafeString:
    """王··, for a screen that many walk past; '' for none."""
    return format_html('<span class="mask">{}</span>', mask(name, 1, 0)) if name else SafeString("")


def grouped(phone: object) -> str:
    """A mobile number in groups of 3-4-4 with spaces that don't break; other numbers as they are."""
    text = str(phone or "")
    digits = re.sub(r"\D", "", text)
    if len(digits) == 11 and digits.startswith("1"):
        return "\N{NO-BREAK SPACE}".join((digits[:3], digits[3:7], digits[7:]))
    return text


def tel_link(phone: object, label: object = "") -> SafeString:
    """A link that rings `phone`; '' for none."""
    dialled = re.sub(r"[^\d+*#]", "", str(phone or ""))
    if not dialled:
        return SafeString("")
    return format_html('<a class="tel nb" href="tel:{}">{}</a>', dialled, label or grouped(phone))
