"""How a door is lived in, who somebody is to the head of the household, and sex."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from shouwang.core.sheets import Cell

from .headers import plain

# Code: the label that is written, and the words that are read. First match wins.
OCCUPANCIES: dict[str, tuple[str, str]] = {
    "shared": ("群租", r"群租|合租|分租|集体宿舍"),
    "registered_only": ("空挂户", r"空挂|挂户|户在人不在|有户无人"),
    "lives_elsewhere": ("人户分离", r"人户分离|户籍在外|居住他处|不在此居住|外出居住|另有住处"),
    "empty": ("空置", r"空置|空关|空房|空户|空闲|无人居住|无人住|未入住|闲置|毛坯|待租|待售"),
    "shop": ("商铺", r"商铺|商用|商户|店铺|门面|门市|底商|办公|公司|仓库|经营"),
    "refused": ("拒绝登记", r"拒绝登记|拒访|拒绝入户|拒登|不配合|拒绝"),
    "unknown": ("不详", r"不详|未知|未入户|敲门无人|联系不上|待核实|待查|不清楚|无人应"),
    "tenant": ("租住", r"租"),
    "owner": ("自住", r"自住|自有|自购|业主|产权|本人居住|购买|商品房|公房|回迁|常住|自建|有人|住人|在住"),
}
NOBODY_LIVES = frozenset({"empty", "registered_only", "lives_elsewhere"})

RELATIONS: dict[str, tuple[str, str]] = {
    "head": ("户主", r"户主|本人|房主|业主|承租人"),
    "in_law": ("儿媳/女婿", r".*(?:儿媳|媳妇|女婿|婿)"),
    "grandchild": ("孙辈", r".*(?:孙|外孙)(?:子|女|儿)?"),
    "spouse": ("配偶", r"配偶|妻子?|夫|丈夫|爱人|老伴|老婆|老公|太太"),
    "child": ("子女", r"(?:[长次三四五六独幼小大二养继]?(?:子|女|儿子|女儿|子女|儿|孩子|闺女))"),
    "parent": (
        "父母",
        r"父|母|父亲|母亲|父母|爸爸?|妈妈?|养父|养母|继父|继母|公公|婆婆|公婆|岳父母?|岳母|丈人|丈母娘",
    ),
    "grandparent": ("祖父母", r"(?:外)?祖(?:父|母|父母)|爷爷|奶奶|姥姥|姥爷|外公|外婆"),
    "sibling": ("兄弟姐妹", r"兄|弟|姐|妹|哥哥?|弟弟|姐姐|妹妹|兄弟|姐妹|兄弟姐妹"),
    "tenant": ("租客", r"租客|租户|房客|合租人?|同住租客|室友|舍友"),
    "carer": ("保姆", r"保姆|护工|住家阿姨|照护人?|月嫂"),
    "other": ("其他", r".+"),
}
SEXES = {"m": ("男", r"男性?|m|male|1"), "f": ("女", r"女性?|f|female|2")}

_OCCUPANCIES = [(code, re.compile(words)) for code, (_, words) in OCCUPANCIES.items()]
_OCCUPANCY_LABELS = {label: code for code, (label, _) in OCCUPANCIES.items()}
_ALONE = {
    word: code
    for code, words in {
        "tenant": "租户 租住 租客 租房 出租 租赁",
        "empty": "空置 空关 空关户 空房 空户 无人居住",
        "registered_only": "空挂 空挂户",
        "lives_elsewhere": "人户分离",
        "shared": "群租 合租",
        "shop": "商铺 门市 底商",
    }.items()
    for word in words.split()
}
_RELATIONS = [(code, re.compile(words)) for code, (_, words) in RELATIONS.items()]
_RELATION_LABELS = {label: code for code, (label, _) in RELATIONS.items()}
_SEXES = [(code, re.compile(words, re.I)) for code, (_, words) in SEXES.items()]


def _folded(cell: Cell) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", plain(cell)))


@lru_cache(maxsize=4096)
def occupancy_among(text: str) -> str:
    """The occupancy that remarks name in a word of its own ('独居，租户'); '' if none does."""
    words = re.split(r"[、,;。；，\s]+", unicodedata.normalize("NFKC", text))
    return next((code for code in map(_ALONE.get, words) if code), "")


def read_occupancy(cell: Cell) -> str | None:
    """The occupancy code; '' for a blank; None for words that say nothing known."""
    return _occupancy(_folded(cell))


@lru_cache(maxsize=2048)
def _occupancy(text: str) -> str | None:
    if not text or text in {"-", "/", "无"}:
        return ""
    if text in OCCUPANCIES:
        return text
    return _OCCUPANCY_LABELS.get(text) or next(
        (code for code, words in _OCCUPANCIES if words.search(text)), None
    )


@lru_cache(maxsize=2048)
def relation_of(text: str) -> str:
    """The relation code of a folded text: '长女' is a child, '之妻' a spouse; '' for a blank."""
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).removeprefix("之").removeprefix("户主之")
    if not text or text in {"-", "/", "无"}:
        return ""
    return _RELATION_LABELS.get(text) or next(code for code, words in _RELATIONS if words.fullmatch(text))


def read_sex(cell: Cell) -> str | None:
    """'m', 'f', '' for a blank, None for anything else."""
    return _sex(_folded(cell))


@lru_cache(maxsize=64)
def _sex(text: str) -> str | None:
    if not text or text in {"-", "/", "无", "不详", "未知"}:
        return ""
    return next((code for code, words in _SEXES if words.fullmatch(text)), None)
