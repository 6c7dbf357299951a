"""Which words of a message belong to which household: one, a sign-up chain, a stairwell head's report."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from shouwang.help.engines.messages.danger import danger_in
from shouwang.help.engines.messages.shape import Household
from shouwang.help.engines.messages.text import short
from shouwang.places.engines.doors import FLOOR_ONLY, NO_BUILDING, SPACED, YARD, Door, find_doors

_BARE = re.compile(
    r"(?:^|(?<=[\n,，。;；:：、.)( ])|(?<=隔壁)|(?<=对门)|(?<=楼上)|(?<=楼下))(?:我(?:家)?(?:是|住)?)?(?P<d>\d{3,4})(?P<word>室|户|家|号房|房)?(?!\d|\.\d|\s?(?:元|块|斤|公斤|克|g|ml|毫升|升|个|只|条|袋|包|盒|箱|瓶|桶|罐|片|粒|份|米|人|度|点|分|天|年|月|日|岁|步|次|%|kg|弄|号楼|栋|幢|单元|多|左右|-|感冒|毫克|mg))"
)
_MENTION_BEFORE = re.compile(
    r"(?:漏到了?|渗到|滴到|吵到|楼上|楼下|隔壁|对门|对面|邻居|影响|离|靠近|旁边|放到?了?|放在|在|到|去|从|往|经过|像|和|跟|问了?|投诉|举报|看见|听到)\s?(?:的|是|我们)?$"
)
_NEIGHBOUR = re.compile(r"(?:楼上|楼下|隔壁|对门|对面|邻居)\s?的?$")
_ABOUT_OTHERS = re.compile(r"漏|渗|滴水|吵|噪|闹|扰民|脚步|装修|投诉|骂")
_PLACE_AFTER = re.compile(
    r"^(?:楼下|门口|旁边|后面|前面|附近|对面|那边|大厅|的?快递柜|驿站|外面|下面|之间|停车|南侧|北侧|东侧|西侧|楼顶|和|与|、)"
)
_NUMBERED = re.compile(
    r"(?m)^\s*\(?(\d{1,3})\s*[.、)：:．]?\s+?(?=\S)|^\s*\(?(\d{1,3})\s*[.、)：:](?!\d{1,2}(?:元|块))"
)
_INLINE_NUMBER = re.compile(r"(?<=[\s,，;；。])(\d{1,2})\s*[.、)]\s*(?=[\dA-Z\u4e00-\u9fff])")
_REPORTER = re.compile(
    r"(?:我是|本人是?|这里是|这是)[^,，。;；:：\n]{0,20}(?:单元长|楼长|楼栋长|楼组长|志愿者|网格员|网格长|社工|管家|组长|联络员|楼门长)|(?:单元长|楼长|楼栋长|楼组长|志愿者|网格员|网格长)[^,，。;；\n]{0,8}(?:报告|汇报|上报|反映|统计|登记)"
)
_CONTENT = re.compile(r"[\u4e00-\u9fffA-Za-z]")
_ALL_OF_THEM = re.compile(
    r"^\s*(?:室)?(?:这?[几两三四五六]?[户家])?(?:两边|两家|他们|两个?人)?(?:也?都|各|均|每[户家]|一起)"
)
_WHO_LIVES = re.compile(
    r"和|跟|还有|我|你|爸爸?|妈妈?|父亲|母亲|婆婆|公公|岳父|岳母|女儿|儿子|奶奶|爷爷|姥姥|姥爷|住|家|在"
)
_GREETING = re.compile(
    r"你好|您好|大家好|各位|社区|老师|志愿者|楼长|麻烦|请|谢谢|我(?:家)?(?:是|住|在)?|住在?|地址|门牌|房号|[:：,，。;；!！\s的]|业主|家|接龙|汇总|统计|登记|需求|如下|以下"
)


@dataclass
class Unit:
    """One household's words; `door` None where none was said."""

    door: Door | None
    text: str
    span: str = ""


@dataclass
class Split:
    """A message cut into units, its heading, and what a person should look at."""

    units: list[Unit]
    heading: str = ""
    unsure: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Found:
    door: Door
    start: int
    end: int


def split_households(text: str) -> Split:
    """Cut an even text into one unit a household."""
    text = _evened(text)
    found = _main_doors(text)
    context = _context(text, found)
    if context is not None:
        found = _with_bare(text, found, context)
    whole = [f for f in found if f.door.door is not None]
    if context is not None and len(whole) >= 1:
        for f in found:
            if f.door.door is None:
                text = text[: f.start] + " " * (f.end - f.start) + text[f.end :]
        found = [f for f in found if f.door.door is not None]
    if not found:
        return _without_door(text)
    split = _cut(text, found)
    split.units = _danger_to_its_door(_merged(_share(split.units)))
    for unit in split.units:
        split.unsure.extend(_doubts(unit))
    return split


def _danger_to_its_door(units: list[Unit]) -> list[Unit]:
    """502刘阿姨...，三天没见501的人了: a sign of danger goes with the door it names, not the one before it."""
    for unit in units:
        for clause in re.split(r"[,，。;；!\n]", unit.text):
            named = [u for u in units if u.door and u.door.door and u is not unit and u.door.door in clause]
            own = unit.door and unit.door.door and unit.door.door in clause
            if len(named) == 1 and not own and danger_in(clause):
                unit.text = unit.text.replace(clause, "")
                named[0].text += "，" + clause.replace(named[0].door.door, "")  # type: ignore[union-attr,arg-type]
    return units


def household_of(door: Door | None) -> Household | None:
    """The household that a door names; None without a door."""
    return Household(door.building, door.stairwell, door.door) if door else None


def _main_doors(text: str) -> list[_Found]:
    found = [_Found(d, *_with_brackets(text, s, e)) for d, s, e in find_doors(text)]
    firm = [f for f in found if f.door.warnings != (FLOOR_ONLY,)]
    if any(f.door.building is not None and f.door.warnings != (FLOOR_ONLY,) for f in found):
        found = firm
    kept: list[_Found] = []
    for f in found:
        if FLOOR_ONLY in f.door.warnings and re.search(r"(?:堆|摆|流|漏|淹|爬|传|飘)到$", text[: f.start]):
            continue
        later = f.door.door is None and any(
            g.door.door and g.door.building and g.start > f.start for g in found
        )
        if (kept or later) and _is_mention(text, f):
            continue
        kept.append(f)
    if len(kept) > 1 and all(f.door.warnings == (FLOOR_ONLY,) for f in kept):
        kept = kept[:1]
    return kept


def _with_brackets(text: str, start: int, end: int) -> tuple[int, int]:
    """The span with the brackets that stand around the door alone: 苹果5斤(9-2-1101)."""
    if start and end < len(text) and text[start - 1] == "(" and text[end] == ")":
        return start - 1, end + 1
    return start, end


def _evened(text: str) -> str:
    """The text without a door denied (不是3-2-501), and with a building said far from its stairwell put to it."""
    doors = find_doors(text)
    for _, start, end in reversed(doors):
        denied = re.search(r"(?:而|并)?不是\s?$", text[:start])
        if denied and len(doors) > 1:
            text = text[: denied.start()] + "," + text[end:]
    built = [d for d in find_doors(text) if d[0].building is not None]
    loose = [d for d in find_doors(text) if d[0].building is None]
    if len(built) == 1 and len(loose) == 1 and built[0][0].door is None and not built[0][0].warnings:
        (building, start, end), (_, place, _) = built[0], loose[0]
        if start > place and building.stairwell is None:
            return text[:place] + text[start:end] + text[place:start] + text[end:]
    return text


def _is_mention(text: str, f: _Found) -> bool:
    """A door spoken of, not one that asks: 漏到202, 5号楼门口."""
    if f.door.door is None:
        starts_line = not text[: f.start].rpartition("\n")[2].strip(" -·•0123456789.、)")
        told = text[f.end : f.end + 1] in (":", "：")
        if not (starts_line or told):
            return True
    if _PLACE_AFTER.match(text[f.end :]) and f.door.door is None:
        return True
    return bool(_MENTION_BEFORE.search(text[max(0, f.start - 6) : f.start]))


def _context(text: str, found: list[_Found]) -> Door | None:
    """A building or stairwell said once for the doors that follow: 3号楼2单元：501..., 602..."""
    for f in found:
        if f.door.building is not None and f.door.warnings in ((), (YARD,)):
            return f.door
    return None


def _with_bare(text: str, found: list[_Found], context: Door) -> list[_Found]:
    merged = list(found)
    for match in _BARE.finditer(text):
        start, end = match.span("d")[0], match.end()
        if any(start < f.end and f.start < end for f in found) or not _is_bare_door(text, match):
            continue
        here = context
        for f in found:
            if f.start < start and f.door.building is not None and f.door.warnings in ((), (YARD,)):
                here = f.door
        merged.append(
            _Found(Door(here.building, here.stairwell, match["d"].lstrip("0") or "0", here.lane), start, end)
        )
    merged = [
        _Found(Door(context.building, f.door.stairwell, f.door.door), f.start, f.end)
        if NO_BUILDING in f.door.warnings
        else f
        for f in merged
    ]
    return sorted(merged, key=lambda f: f.start)


def _is_bare_door(text: str, match: re.Match[str]) -> bool:
    number = match["d"]
    flat = int(number[-2:])
    if not 1 <= flat <= 30 or number.startswith("0"):
        return False
    before = text[max(0, match.start("d") - 6) : match.start("d")]
    if re.search(r"我(?:家)?(?:是|住|在)$", before):
        return True
    if _MENTION_BEFORE.search(before) and (_ABOUT_OTHERS.search(text) or not _NEIGHBOUR.search(before)):
        return False
    after = text[match.end() :].lstrip(" :：,，、的-")
    return bool(match["word"]) or bool(re.match(r"[\u4e00-\u9fffA-Za-z]|\d{3,4}(?!\d)", after))


def _without_door(text: str) -> Split:
    bare = [
        m
        for m in _BARE.finditer(text)
        if _is_bare_door(text, m) and (m["word"] or m.start("d") == 0 or _starts_entry(text, m))
    ]
    if not bare:
        return Split([Unit(None, text)])
    found = [_Found(Door(None, None, m["d"], warnings=(NO_BUILDING,)), m.start("d"), m.end()) for m in bare]
    split = _cut(text, found)
    split.units = _merged(_share(split.units))
    for unit in split.units:
        split.unsure.extend(_doubts(unit))
    return split


def _starts_entry(text: str, match: re.Match[str]) -> bool:
    line = text[: match.start("d")].rpartition("\n")[2]
    return bool(re.fullmatch(r"\s*(?:\(?\d{1,3}\s*[.、):：]\s*)?(?:我(?:家)?(?:是|住)?)?", line))


def _cut(text: str, found: list[_Found]) -> Split:
    if len(found) == 1:
        f = found[0]
        if _is_chain(text, found):
            return _cut_lines(text, found)
        return Split([Unit(f.door, _without(text, [f]), text[f.start : f.end])])
    if _one_a_line(text, found):
        return _cut_lines(text, found)
    return _cut_running(text, found)


def _is_chain(text: str, found: list[_Found]) -> bool:
    return "接龙" in text and len(found) > 1


def _line_bounds(text: str) -> list[tuple[int, int]]:
    bounds, start = [], 0
    for line in text.split("\n"):
        bounds.append((start, start + len(line)))
        start += len(line) + 1
    return bounds


def _one_a_line(text: str, found: list[_Found]) -> bool:
    counts = [sum(s <= f.start < e for f in found) for s, e in _line_bounds(text)]
    return len(counts) > 1 and max(counts) == 1


def _cut_lines(text: str, found: list[_Found]) -> Split:
    """Each line with a door opens a unit, or closes one where doors stand last."""
    heads: list[str] = []
    units: list[Unit] = []
    loose: list[str] = []
    closing = _doors_last(text, found)
    for start, end in _line_bounds(text):
        here = [f for f in found if start <= f.start < end]
        if here:
            f = here[0]
            line = text[start : f.start] + "," + text[f.end : end]
            if closing:
                units.append(Unit(f.door, "\n".join([*loose, line]), text[f.start : f.end]))
                loose = []
                continue
            units.append(Unit(f.door, line, text[f.start : f.end]))
        elif closing:
            loose.append(text[start:end])
        elif units:
            units[-1].text += "\n" + text[start:end]
        else:
            heads.append(text[start:end])
    if closing and loose:
        units[-1].text += "\n" + "\n".join(loose)
    return Split(units, "\n".join(heads))


def _doors_last(text: str, found: list[_Found]) -> bool:
    """Doors close their entries when words of wanting stand before the first and none after the last."""
    after = _GREETING.sub("", text[found[-1].end :])
    before = _GREETING.sub("", text[: found[0].start])
    return (
        not _CONTENT.search(after)
        and bool(re.search(r"\d", before) or len(before) > 3)
        and "接龙" not in text[: found[0].start]
    )


def _cut_running(text: str, found: list[_Found]) -> Split:
    head = text[: found[0].start]
    if _doors_last(text, found):
        units, start = [], 0
        for f in found:
            units.append(Unit(f.door, text[start : f.start], text[f.start : f.end]))
            start = f.end
        units[-1].text += text[start:]
        return Split(units)
    units = []
    for f, following in zip(found, [*found[1:], None], strict=True):
        piece = text[f.end : following.start if following else len(text)]
        piece = re.sub(r"[\s,，;；。(]*\(?\d{1,3}\s*[.、)]\s*$", "", piece) if following else piece
        units.append(Unit(f.door, piece, text[f.start : f.end]))
    return Split(units, head)


def _share(units: list[Unit]) -> list[Unit]:
    """501、502、601都要蔬菜包: what all of them want is written once, after the last."""
    for unit, following in zip(reversed(units[:-1]), reversed(units[1:]), strict=True):
        listed = not _CONTENT.search(_WHO_LIVES.sub("", unit.text))
        if listed and _ALL_OF_THEM.match(following.text):
            unit.text = following.text
    return units


def _merged(units: list[Unit]) -> list[Unit]:
    """One unit a household: later words about a door join the first."""
    kept: dict[tuple[str | None, str | None, str | None], Unit] = {}
    for unit in units:
        key = (unit.door.building, unit.door.stairwell, unit.door.door) if unit.door else (None, None, None)
        if key in kept:
            kept[key].text += "\n" + unit.text
        else:
            kept[key] = unit
    return list(kept.values())


def _without(text: str, found: list[_Found]) -> str:
    for f in reversed(found):
        text = text[: f.start] + "," + text[f.end :]
    return text


def _doubts(unit: Unit) -> list[str]:
    door = unit.door
    if door is None:
        return []
    said = short(unit.span)
    if FLOOR_ONLY in door.warnings:
        return [f"“{said}”可能是楼号也可能是楼层，没有写清楚门牌，请核对"]
    if NO_BUILDING in door.warnings:
        return [f"“{said}”没有说是几号楼，请核对"]
    if SPACED in door.warnings:
        return [f"“{said}”读成{door.building}号楼{door.stairwell}单元{door.door}，请核对"]
    if door.door is None:
        return [f"“{said}”没有写门牌号，请问是哪一户"]
    return []


def is_reporter(text: str) -> bool:
    """True when the heading speaks of a head or volunteer who reports for others."""
    return bool(_REPORTER.search(text))


def has_content(text: str) -> bool:
    """True when more than a greeting is left."""
    return bool(_CONTENT.search(_GREETING.sub("", text)))
