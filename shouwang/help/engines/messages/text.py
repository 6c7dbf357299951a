"""A message made even: narrow digits, one kind of punctuation, no stickers, clauses."""

from __future__ import annotations

import re
import unicodedata

_CIRCLED = re.compile(r"[①-⑳]")
_KEYCAP = re.compile(r"(\d)\ufe0f?\u20e3")
_STICKER = re.compile(r"\[[\u4e00-\u9fffA-Za-z]{1,6}\]")
_UNSEEN = re.compile(r"[\u200b-\u200f\u2028-\u202f\ufe00-\ufe0f\ufeff]")
_PICTURE = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff]")
# 馒头俩, 俩馒头: two of them; 我俩, 老俩口 are people.
_PAIR = re.compile(r"(?<![我你他她它咱们娘爷母父妻子女姐兄弟夫婆家口老])俩(?!口|人|老)")
_SPOKEN_ONE = re.compile(r"(?<=[零一二三四五六七八九])幺|幺(?=[零一二三四五六七八九])")
_CLAUSE = re.compile(r"[,，。;；!！?？\n…]+")
_SENTENCE = re.compile(r"[。;；!！?？\n…]+")


def even(text: str) -> str:
    """The message as every reader below sees it; names of lines are cut out of this text."""
    text = _CIRCLED.sub(lambda m: f"\n{ord(m[0]) - ord('①') + 1}. ", text)
    text = _KEYCAP.sub(r"\n\1. ", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = unicodedata.normalize("NFKC", text)
    text = _UNSEEN.sub("", _STICKER.sub(" ", text))
    text = _SPOKEN_ONE.sub("一", text)
    text = _PAIR.sub("两个", _PICTURE.sub(" ", text))
    text = re.sub(r"[〜~]+", "~", text).replace("\t", " ").replace("【", "(").replace("】", ")")
    return re.sub(r"[ \u3000]+", " ", text).strip()


def clauses(text: str) -> list[str]:
    """Pieces between any two marks of punctuation."""
    return [c.strip() for c in _CLAUSE.split(text) if c.strip()]


def sentences(text: str) -> list[str]:
    """Pieces between two full stops, semicolons or line ends."""
    return [s.strip() for s in _SENTENCE.split(text) if s.strip()]


def short(text: str, longest: int = 30) -> str:
    """The beginning of a piece, for quoting it to a person."""
    text = " ".join(text.split())
    return text if len(text) <= longest else text[: longest - 1] + "…"
