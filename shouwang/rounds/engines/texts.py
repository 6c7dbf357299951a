"""A text in two languages, and how it is said in one of them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

LANGUAGES = ("zh", "en")


def said(text: Any, language: str) -> str:
    """The text in `language` (a tag as "zh-hant" or "en-gb"); where that is not written, in the other one.

    `text`: {"en", "zh"}, or a plain string that is the same in both. Traditional characters are converted.
    """
    if not isinstance(text, Mapping):
        return str(text or "")
    english, chinese = str(text.get("en") or ""), str(text.get("zh") or "")
    if language.lower().startswith("en"):
        return english or chinese
    if language.lower().startswith(("zh-hant", "zh-tw", "zh-hk")):
        return _traditional(chinese) or english
    return chinese or english


def either(text: Any) -> str:
    """The text in whichever language it is written, for looking whether it is."""
    return said(text, "zh").strip()


@lru_cache(maxsize=4096)
def _traditional(text: str) -> str:
    return str(_converter().convert(text)) if text else ""


@lru_cache(maxsize=1)
def _converter() -> Any:
    from opencc import OpenCC  # read on first use: its tables take a moment, and most never need them

    return OpenCC("s2twp")
