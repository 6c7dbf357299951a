"""The door of a line: from one address column or several, carried down from the lines above."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache

from shouwang.places.engines.doors import FLOOR_ONLY, YARD, Door, canonical, floor_of, read_door

_SIDE = re.compile(r"\d+[楼层][东西南北中左右].*")
_NAMED_SECTION = re.compile(
    r"(?:\d{1,4}弄)?(?<![0-9至到、,，\-~])[甲乙丙丁]?(?:\d{1,3}|[一二三四五六七八九十]{1,3})(?:号楼|栋|幢|(?<=\d)号(?=楼|$))"
    r"(?![至到、,，\-~])(?:(?:\d{1,2}|[一二三四五六七八九十]{1,2})单元)?"
)
_SECTION = re.compile(r"^(?:\S{0,12}?)\d+(?:号楼|栋|幢|号院)(?:\d+单元)?$")


@dataclass(frozen=True, slots=True)
class Address:
    """A door that can be found: building and door always, stairwell and lane where the place has them."""

    building: str
    stairwell: str
    door: str
    lane: str
    is_yard: bool = False

    @property
    def floor(self) -> int | None:
        return _floor(self.door)


@lru_cache(maxsize=4096)
def _floor(door: str) -> int | None:
    return floor_of(door)


@dataclass(frozen=True, slots=True)
class AddressCells:
    """The address cells of a line as text; '' where the column is absent or the cell blank."""

    address: str = ""
    building: str = ""
    stairwell: str = ""
    door: str = ""
    lane: str = ""

    @property
    def is_blank(self) -> bool:
        return not (self.address or self.building or self.stairwell or self.door)


def read_address(cells: AddressCells, above: Address | None) -> Address | None:
    """The door these cells name; what they leave out is taken from the line above. None if unreadable."""
    if cells.address:
        found = _whole(cells.address) or (_whole(f"{cells.address} {cells.door}") if cells.door else None)
        if found:
            return _in_lane(found, above)
        short = _short(cells.address, above)
        return replace(short, stairwell=_part(cells.stairwell)) if short and cells.stairwell else short
    return _from_parts(cells, above)


def _in_lane(found: Address, above: Address | None) -> Address:
    """'5号1202' below '191弄5号1201' is in the same lane."""
    if above and above.lane and not found.lane and above.building == found.building:
        return replace(found, lane=above.lane)
    return found


def section_of(text: str) -> Address | None:
    """A dividing line such as '3号楼2单元' between blocks of doors: building and stairwell, no door."""
    folded = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    found = read_door(folded) if _SECTION.match(folded) else None
    if found is None or found.building is None or found.door is not None:
        return None
    return Address(found.building, found.stairwell or "", "", found.lane or "", YARD in found.warnings)


def section_in(text: str) -> Address | None:
    """The building that a title or a sheet's name speaks of: '3号楼2单元居民登记表', '12栋'. None where several do."""
    found = _NAMED_SECTION.findall(re.sub(r"\s", "", unicodedata.normalize("NFKC", text)))
    door = read_door(found[0]) if len(set(found)) == 1 else None
    if door is None or door.building is None or door.door is not None or FLOOR_ONLY in door.warnings:
        return None
    return Address(door.building, door.stairwell or "", "", door.lane or "")


@lru_cache(maxsize=8192)
def _whole(text: str) -> Address | None:
    found = read_door(text)
    if found is None or found.building is None or found.door is None or not _is_door(found):
        return None
    return Address(
        found.building, found.stairwell or "", found.door, found.lane or "", YARD in found.warnings
    )


def _is_door(found: Door) -> bool:
    """A floor is a door only with its side: 5楼东 is one, 5楼 is not."""
    return FLOOR_ONLY not in found.warnings or bool(_SIDE.fullmatch(found.door or ""))


def _short(text: str, above: Address | None) -> Address | None:
    """'501' or '2-501' under a line or a dividing line that named the building."""
    if above is None:
        return None
    said = re.fullmatch(
        r"(?:(\d{1,2})(?:单元|[-/]))?([Bb]?\d{3,4}[A-Ha-h]?)室?", unicodedata.normalize("NFKC", text).strip()
    )
    if said is None:
        return None
    return replace(above, stairwell=canonical(said[1]) or above.stairwell, door=canonical(said[2]) or "")


def _from_parts(cells: AddressCells, above: Address | None) -> Address | None:
    whole = None if not cells.door or cells.door.isdecimal() else _whole(cells.door) or _whole(_joined(cells))
    if whole and (not cells.building or whole.building == _building(cells.building)[0]):
        return _in_lane(whole, above)
    door = _part(cells.door)
    if cells.building:
        building, stairwell, lane, is_yard = _building(cells.building)
        stairwell = _part(cells.stairwell) or stairwell
        lane = _part(cells.lane) or lane or (above.lane if above else "")
    elif above:
        building, lane, is_yard = above.building, above.lane, above.is_yard
        stairwell = _part(cells.stairwell) or above.stairwell
    else:
        return None
    if not building or not door or not re.search(r"\d|东|西|南|北|中", door) or len(door) > 12:
        return None
    if re.fullmatch(r"\d+[楼层]", door):
        return None
    return Address(building, stairwell, door, lane, is_yard)


def _joined(cells: AddressCells) -> str:
    """'3' and '2单元501' in two columns, as one would write it in one."""
    building = f"{cells.building}号楼" if cells.building.isdecimal() else cells.building
    return f"{building}{cells.door}" if building and not cells.stairwell else ""


@lru_cache(maxsize=2048)
def _building(text: str) -> tuple[str, str, str, bool]:
    """(building, stairwell, lane, whether a yard) of a building cell: 3, 3号楼, 甲3栋, 191弄5号, 3号楼2单元."""
    found = read_door(text)
    if found and found.building and FLOOR_ONLY not in found.warnings:
        return found.building, found.stairwell or "", found.lane or "", YARD in found.warnings
    return _part(text), "", "", False


@lru_cache(maxsize=4096)
def _part(text: str) -> str:
    said = re.sub(
        r"(?:号楼|号院|楼|院|座|号门|门|梯|弄)$", "", re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    )
    return (canonical(said) or "")[:20]
