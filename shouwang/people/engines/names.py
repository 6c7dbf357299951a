"""How a name is typed: pinyin without tones, and its initials. Surnames have readings of their own (曾 is zeng)."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from pypinyin import lazy_pinyin

SURNAMES = {
    "曾": "zeng",
    "单": "shan",
    "解": "xie",
    "仇": "qiu",
    "查": "zha",
    "区": "ou",
    "任": "ren",
    "朴": "piao",
    "盖": "ge",
    "覃": "qin",
    "翟": "zhai",
    "乐": "yue",
    "缪": "miao",
    "种": "chong",
    "黑": "he",
    "员": "yun",
    "尉": "wei",
    "召": "shao",
    "折": "she",
    "繁": "po",
    "隗": "wei",
    "郇": "xun",
    "洗": "xian",
    "冼": "xian",
    "逄": "pang",
    "佴": "nai",
    "那": "na",
}
DOUBLE_SURNAMES = {
    "尉迟": ("yu", "chi"),
    "万俟": ("mo", "qi"),
    "长孙": ("zhang", "sun"),
    "单于": ("chan", "yu"),
    "澹台": ("tan", "tai"),
    "宇文": ("yu", "wen"),
    "令狐": ("ling", "hu"),
}
LONGEST_PINYIN, LONGEST_LETTERS = 160, 40

_OTHER = re.compile(r"[^a-z0-9]+")


def clean_name(name: str) -> str:
    """The name as it is kept: no spaces at the ends or inside Chinese, full-width letters made usual."""
    text = unicodedata.normalize("NFKC", name).replace("•", "·").replace("・", "·").strip()
    text = re.sub(r"\s+", " ", text)
    return re.sub(r"(?<=[一-鿿]) (?=[一-鿿])", "", text)


@lru_cache(maxsize=20_000)
def _syllable(sign: str) -> str:
    return _OTHER.sub("", "".join(lazy_pinyin(sign)).lower())


def syllables_of(name: str) -> list[str]:
    """One a character; words of other alphabets stay whole."""
    double = DOUBLE_SURNAMES.get(name[:2])
    head: list[str] = list(double) if double else [SURNAMES[name[0]]] if name[:1] in SURNAMES else []
    rest = re.findall(r"[A-Za-z0-9]+|[^\sA-Za-z0-9]", name[len(head) :])
    found = head + [_syllable(sign) for sign in rest]
    return [syllable for syllable in found if syllable]


@lru_cache(maxsize=20_000)
def typed_forms(name: str) -> tuple[str, str]:
    """(initials, full pinyin), lower case, without spaces: 王桂英 gives ("wgy", "wangguiying")."""
    syllables = syllables_of(name)
    letters = "".join(syllable[0] for syllable in syllables)
    return letters[:LONGEST_LETTERS], "".join(syllables)[:LONGEST_PINYIN]


def masked_name(name: str) -> str:
    """The last character of a name behind two dots (··英): enough to know one's own, too little to be called by."""
    return "··" + name[-1:] if len(name) > 1 else "··"
