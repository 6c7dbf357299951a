"""Doors as people and offices write them: 3号楼2单元501, 3-2-501, 191弄5号1202.

Spellings seen in ledgers and chat groups of Hohhot, Beijing, Shenyang, Neijiang and Shanghai.
Pure reading: whether such a door exists is for the register to say.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import chain

from shouwang.places.engines.numerals import CHINESE, plain, read_number

FLOOR_ONLY = "floor-only"
YARD = "yard"
SPACED = "spaced"
NO_BUILDING = "no-building"


@dataclass(frozen=True)
class Door:
    """A door as read: numbers in plain digits, without leading zeros; None where not said.

    `lane` is Shanghai's 弄; `rest` what stood around it (a road, a phase); `warnings` are codes:
    `floor-only` (7楼, 五楼东: kept as said), `yard` (3号院), `spaced` (3 2 501), `no-building` (2单元501).
    """

    building: str | None
    stairwell: str | None = None
    door: str | None = None
    lane: str | None = None
    rest: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def is_unsure(self) -> bool:
        """True when a person should look: a floor or a row of bare numbers is no certain door."""
        return any(w in self.warnings for w in (FLOOR_ONLY, SPACED, NO_BUILDING))

    @property
    def is_whole(self) -> bool:
        """True when building and door are both known."""
        return self.building is not None and self.door is not None and not self.is_unsure


_CN = f"[{CHINESE}]"
_B = rf"(?P<b>[甲乙丙丁]?\d{{1,4}}[甲乙丙丁A-Ha-h]?|[A-Ha-h]\d{{0,3}}|{_CN}{{1,4}}|[甲乙丙丁])"
_S = rf"(?P<s>\d{{1,2}}|{_CN}{{1,3}}|[东西中甲乙丙丁A-Fa-f])"
_D = rf"(?P<d>[Bb]?\d{{2,5}}[A-Ha-h]?|{_CN}{{2,6}})"
_D1 = rf"(?P<d>[Bb]?\d{{1,5}}[A-Ha-h]?|{_CN}{{1,6}})"
_SEP = r"[\s\-_/·.,、,:之的]{0,2}"
_DASH = r"\s?[\-_/—–－~]\s?"
_BUILDING = r"(?:号楼|號樓|栋楼?|棟|幢楼?|座|#楼?|号?公寓楼|排)"
_STAIR = r"(?:单元|單元|号门|门洞|门栋|梯|门|单(?!位|独|子|词|据|号))"
_TAIL = r"(?:室|號|房间?|户)?"
_END = r"(?![0-9])(?!\.\d)"
_START = r"(?<![0-9A-Za-z.])"
_UNIT_AFTER = (
    r"(?!\s?(?:元|块|斤|公斤|千克|克|个|只|条|根|棵|袋|包|盒|箱|瓶|桶|罐|升|毫升|片|粒|份|米|平|人|户|"
    r"度|点|分|天|年|月|日|岁|步|次|%|ml|ML|kg|KG|g\b|毫克|mg|多|左右|号楼|栋|幢|弄|单元|mm|cm))"
)
_FLOOR = rf"(?P<f>(?:\d{{1,2}}|{_CN}{{1,3}})[楼层](?!道|梯|下|上|长|栋|盘|顶|房|市|主)[东西南北中]?(?:[户侧边]|头|面)?)"

_PATTERNS = tuple(
    re.compile(p)
    for p in (
        # Shanghai: a lane, a number, a room; no stairwell unless it is said.
        rf"(?P<rest>[\u4e00-\u9fff]{{1,6}}路)?(?P<lane>\d{{1,4}}){'弄'}{_SEP}{_B}(?:号楼?|栋|幢|#|(?=\s?-))"
        rf"(?:{_SEP}{_S}{_STAIR})?(?:{_SEP}(?P<d>\d{{2,4}}[A-H]?)(?!\d){_TAIL})?",
        # Building, stairwell, door, each with its word.
        rf"{_START}{_B}(?:{_BUILDING}|楼|号(?!院))?(?<=[楼栋棟幢座#号寓排]){_SEP}{_S}{_STAIR}"
        rf"{_SEP}(?:(?:\d{{1,2}}|{_CN}{{1,3}})[楼层]{_SEP}(?=\d{{3}}))?(?!{_CN}[家户个]){_D1}{_END}(?![楼层]){_TAIL}",
        # 3号楼2单元5楼东: the door is a floor, kept as said.
        rf"{_START}{_B}(?:{_BUILDING}|楼)(?:{_SEP}{_S}{_STAIR})?{_SEP}{_FLOOR}",
        # 3-2单元-501, 3-2单元501
        rf"{_START}(?P<b>\d{{1,3}}){_DASH}(?P<s>\d{{1,2}})单元{_SEP}{_D1}{_END}{_TAIL}",
        # 3#2-501, 3号楼2-501, 3栋2-1-501
        rf"{_START}{_B}(?:{_BUILDING}|楼|号)[\s\-]?(?P<s>\d{{1,2}}){_DASH}(?P<d>\d{{3,4}}[A-H]?){_END}{_TAIL}",
        # 3-2-501, 3/2/501, 3.2.501
        rf"{_START}(?<![\-/—])(?P<b>[甲乙丙丁A-H]?[1-9]\d{{0,2}}[甲乙丙丁A-H]?){_DASH}(?P<s>\d{{1,2}}){_DASH}"
        rf"(?P<d>(?!(?:19[4-9]|20[2-4])\d(?!室))\d{{3,4}}[A-H]?){_END}(?!\s?[\-/—]){_TAIL}",
        rf"{_START}(?P<b>[1-9]\d?)\.(?P<s>\d{{1,2}})\.(?P<d>(?!20[2-4]\d(?!室))\d{{3,4}}){_END}{_TAIL}",
        # 五-二-501 in words, and 二单元501 of a building said in front of it
        rf"{_START}(?P<b>{_CN}{{1,3}}){_DASH}(?P<s>{_CN}{{1,2}}){_DASH}{_D}{_END}{_TAIL}",
        # Building and door: 8号楼502, 3栋501室, 3#501, A座1203
        rf"{_START}{_B}(?:{_BUILDING}){_SEP}(?P<d>[Bb]?\d{{3,4}}[A-Ha-h]?|{_CN}{{3,6}})"
        rf"{_END}(?![楼层]){_UNIT_AFTER}{_TAIL}",
        rf"{_START}{_B}(?:{_BUILDING}|楼){_SEP}(?P<d>\d{{1,4}}|{_CN}{{1,4}})室",
        # 5号1202室, 5号1202: a number and a room, not the 5th of the month
        rf"{_START}(?<!月)(?<!月份){_B}号\s?(?P<d>\d{{3,4}}[A-H]?){_END}{_UNIT_AFTER}{_TAIL}",
        # 3-501, 12-1202: building and door with a dash
        rf"{_START}(?<![\-/—])(?P<b>[甲乙丙丁A-H]?[1-9]\d?[甲乙丙丁]?|[1-9]\d\d(?=\D{{1,3}}\d{{3,4}}室))\s?[\-—–－]\s?"
        rf"(?P<d>\d{{3,4}}[A-H]?){_END}(?!\s?[\-/—:]){_UNIT_AFTER}{_TAIL}",
        # Building and stairwell, no door
        rf"{_START}{_B}(?:{_BUILDING}|楼){_SEP}{_S}{_STAIR}(?!口的?狗)",
        # Stairwell and door of a building that was not said
        rf"{_START}(?P<s>\d{{1,2}}|{_CN}{{1,3}})单元{_SEP}(?P<d>\d{{3,4}}[A-H]?){_END}{_UNIT_AFTER}{_TAIL}",
        # Building alone, a yard
        rf"{_START}(?P<b>\d{{1,3}}[甲乙丙丁]?|{_CN}{{1,3}}|[A-Ha-h])(?:号楼|號樓|栋|棟|幢|#楼?)(?![0-9])",
        rf"{_START}(?P<b>[A-Ha-h])座",
        rf"{_START}(?<!月)(?P<b>\d{{1,3}}|{_CN}{{1,3}})号(?P<yard>院)(?:[\s\-]?(?P<d>\d{{1,4}})(?:号|室|户))?",
        # A floor alone
        rf"{_START}(?<![零一二三四五六七八九十(（]){_FLOOR}",
    )
)
# A row of bare numbers is a door only where nothing else stands before it.
_ROW = re.compile(r"(?m)^\s*(?P<b>[1-9]\d?) (?P<s>[1-9]) (?P<d>\d{3,4})(?![\d.])(?=\s|$|室)")
_READING = re.compile(
    r"(?:血压|高压|低压|心率|血糖|体温|血氧|价格|电话|热线|拨打|取件码|(?<![A-Za-z大中小])码)\s?[:：是]?\s?$"
)


def same_length(text: str) -> str:
    """Full-width digits, letters and signs as narrow ones; every index stays where it was."""
    narrow = (unicodedata.normalize("NFKC", c) for c in text)
    return "".join(n if len(n) == 1 else c for c, n in zip(text, narrow, strict=True))


def read_door(text: str) -> Door | None:
    """The door that a cell or a short phrase names, or None. The first where several stand."""
    found = find_doors(text)
    if not found:
        return None
    door, start, end = found[0]
    rest = " ".join(filter(None, (text[:start].strip(), door.rest, text[end:].strip())))
    return Door(door.building, door.stairwell, door.door, door.lane, rest, door.warnings)


# What fingers and input methods write for another sign. Only where a door is asked for and nothing else: in running
# text they would make doors of what is none.
_SLIPS = tuple(
    (re.compile(pattern), right)
    for pattern, right in (
        (r"[单丹][元园圆员源]|单$", "单元"),
        (r"[搂娄髅縷]", "楼"),
        (r"[懂冻动洞]", "栋"),
        (r"[事市式](?=$|\s)", "室"),
        (r"(?<=[\d-])[oO〇○](?=\d|$)|(?<=\d)[oO〇○]", "0"),
        (r"(?<=[\d-])[lI|!](?=\d|$)|(?<=\d)[lI|!](?=\d)", "1"),
        (r"(?<=\d)\s*[一ー—–―−~_#*+/\\,，、。.·:;；]+\s*(?=\d)|(?<=\d)\s+(?=\d)", "-"),
        (r"-{2,}", "-"),
    )
)
# A longer run of figures is a telephone number.
_MOST_FIGURES = 8


def lenient_door(text: str) -> Door | None:
    """The door that somebody means who was asked for one, slips of the finger forgiven: 8-2-5O1, 8.2.501, 8 2 501,
    8号搂2丹元501. None when it is no door even so."""
    found = read_door(text)
    whole = found is not None and bool(found.door and found.building)
    said = same_length(text)
    if (found is not None and whole and not found.rest) or len(re.findall(r"\d", said)) > _MOST_FIGURES:
        return found
    for pattern, right in _SLIPS:
        said = pattern.sub(right, said)
    meant = read_door(said)
    return found if whole and (meant is None or meant.rest or not meant.door) else meant


def find_doors(text: str) -> list[tuple[Door, int, int]]:
    """Every door in running text with its span, in order, none overlapping."""
    narrow = same_length(text)
    taken: list[tuple[Door, int, int]] = []
    for match in chain(_ROW.finditer(narrow), *(p.finditer(narrow) for p in _PATTERNS)):
        start, end = match.span()
        if any(start < e and s < end for _, s, e in taken) or _is_reading(narrow, match):
            continue
        door = _door_of(match)
        if door:
            taken.append((door, start, end))
    return sorted(taken, key=lambda found: found[1])


def _is_reading(text: str, match: re.Match[str]) -> bool:
    """A figure behind 血压 or 取件码; no blood pressure has three parts, as 体温 8-2-422 has."""
    found = _READING.search(text[max(0, match.start() - 6) : match.start()])
    parts = match.groupdict()
    whole = (
        parts.get("s")
        and len(parts.get("d") or "") <= 4
        and not re.search(r"码|话|线|打", found[0] if found else "")
    )
    return bool(found) and not whole


def _door_of(match: re.Match[str]) -> Door | None:
    parts = match.groupdict()
    warnings: list[str] = []
    if parts.get("f"):
        warnings.append(FLOOR_ONLY)
        if not parts.get("b"):
            return Door(building=parts["f"], warnings=(FLOOR_ONLY,))
    building = canonical(parts.get("b"))
    if parts.get("yard"):
        warnings.append(YARD)
    if building is None:
        warnings.append(NO_BUILDING)
    if match.re is _ROW:
        warnings.append(SPACED)
    door = parts.get("f") or canonical(parts.get("d"))
    stairwell = canonical(parts.get("s"))
    if (
        building == "0"
        or (building is None and stairwell is None)
        or (door is not None and re.fullmatch(r"0+", door))
    ):
        return None
    rest = parts.get("rest") or ""
    return Door(building, stairwell, door, parts.get("lane"), rest, tuple(warnings))


def canonical(part: str | None) -> str | None:
    """One part of a door for comparing: narrow, upper case, digits, no leading zeros, no 室."""
    if part is None or not part.strip():
        return None
    said = re.sub(r"\s+", "", same_length(part)).upper()
    said = re.sub(r"(?:号楼|栋|幢|单元|室|户|房|号|#)$", "", said) or said
    number = read_number(said)
    if number is not None and number == int(number):
        return plain(number)
    mixed = re.fullmatch(r"(\D*)0*(\d+)(\D*)", said)
    return "".join(mixed.groups()) if mixed else said


def door_key(
    building: str | None, stairwell: str | None = None, door: str | None = None
) -> tuple[str, str, str]:
    """A key that is equal for two spellings of one door; '' where a part is not said."""
    return (canonical(building) or "", canonical(stairwell) or "", canonical(door) or "")


def floor_of(door: str | None) -> int | None:
    """The floor of a door number: 501 is 5, 1202 is 12, B101 is -1, 7楼 is 7; None if unreadable."""
    said = canonical(door)
    if not said:
        return None
    floor = re.fullmatch(rf"(\d{{1,2}}|{_CN}{{1,3}})[楼层].*", said)
    if floor:
        number = read_number(floor[1])
        return None if number is None else int(number)
    match = re.fullmatch(r"(B?)(\d{3,4})[A-Z]?", said)
    if not match:
        return None
    number_of_floor = int(match[2][:-2])
    return -number_of_floor if match[1] else number_of_floor


def door_order(*parts: str | None) -> tuple[tuple[tuple[int, int, str], ...], ...]:
    """A natural sort key over building, stairwell, door: 2 before 10, 甲3 after 3."""
    return tuple(_natural(part) for part in parts)


def _natural(part: str | None) -> tuple[tuple[int, int, str], ...]:
    said = canonical(part) or ""
    pieces = re.findall(r"\d+|\D+", said)
    return tuple((0, int(p), "") if p.isdecimal() else (1, 0, p) for p in pieces)
