"""A pasted chat message read into drafts, one a household; a person confirms every one of them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from shouwang.help.engines.messages.categories import (
    category_of,
    mentions_parcel,
    mentions_repair,
    urgency_of,
)
from shouwang.help.engines.messages.danger import danger_in
from shouwang.help.engines.messages.flags import read_flags
from shouwang.help.engines.messages.goods import is_goods
from shouwang.help.engines.messages.households import (
    Split,
    Unit,
    has_content,
    household_of,
    is_reporter,
    split_households,
)
from shouwang.help.engines.messages.line_patterns import SAME
from shouwang.help.engines.messages.lines import read_lines
from shouwang.help.engines.messages.names import is_possible, read_name
from shouwang.help.engines.messages.shape import Line, Message, Part
from shouwang.help.engines.messages.text import even, short

LONGEST = 20_000
_PHONE = re.compile(
    r"(?<![\d.])(?:\+?86[-\s]?)?(1[3-9]\d(?:[\s-]?\d){8})(?!\d)|(?<![\d.])(0\d{2,3}[-\s]?\d{7,8})(?!\d)"
)
_LONG_NUMBER = re.compile(r"(?<![\d.])(1[3-9]\d{7,8}|1[3-9]\d{10,12})(?!\d)")
_IDENTITY = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
# No number that anybody means is this long; reading one would take a regular expression for ever.
_RUN = re.compile(r"\d{19,}|[〇零一二两三四五六七八九十百千]{13,}")
# One syllable thirty times over says no more than once, and takes the patterns minutes.
_REPEATED = re.compile(r"(.{1,4}?)\1{30,}")
_URL = re.compile(r"https?://\S+")
_CLOCK = re.compile(
    r"(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{1,2}月\d{1,2}[日号]?|(?<!\d)\d{1,2}[:点时]\d{2}分?|(?:上午|下午|晚上|早上|中午)?(?<![\d.])\d{1,2}点(?:半|钟|多|之?前|左右)?|"
    r"(?:别|不要|不能?|不)?(?:超过?|高于)\d+(?:元|块钱?)|\d+块钱?(?:以内|以下|封顶|之内)|"
    r"(?:每(?:份|斤|袋|包|个|箱))?\d+(?:\.\d+)?\s?(?:元|块钱|块(?=[一每/][份斤袋包个箱瓶盒]))(?:/?(?:一|每)?[份斤袋包个箱])?|[¥￥]\s?\d+(?:\.\d+)?"
)
_NOTHING = re.compile(r"不需要|一切都?好|一切正常|没事|都好|不用|无需求|暂无|没有需要|都正常|平安")
_AT = re.compile(r"@\S{1,20}\s?")
_SEEN = "\ue200"
_LABEL = re.compile(
    rf"(?:我的?)?(?:联系)?(?:电话|手机号?码?|微信|号码|联系方式|tel)\s*[:：是]?\s*{_SEEN}|{_SEEN}|"
    r"(?:收货人|联系人|姓名|地址|房号|门牌号?|住址|电话|手机|联系方式|备注)\s*[:：]\s*(?:[\u4e00-\u9fff]{2,3}(?=[,，\s]|$))?",
    re.IGNORECASE,
)
_HEADLINE = re.compile(r"(?:#|\(|《)?(?:群)?(?:接龙|团购|团|报名)[#:：)》!\s]*")


def read_message(text: str) -> Message:
    """Read a chat message. Never fails on text: what cannot be read is said in `unsure`."""
    unsure: list[str] = []
    if len(text) > LONGEST:
        text = text[:LONGEST]
        unsure.append("消息太长，只读了前面两万字")
    clean = even(text)
    if not clean:
        return Message((), (), ("消息是空的",))
    clean = _REPEATED.sub(r"\1\1", _RUN.sub(",", clean))
    phones, clean = _take_phones(clean, unsure)
    clean = _CLOCK.sub(",", _AT.sub(" ", _URL.sub(" ", clean)))
    split = split_households(clean)
    unsure.extend(split.unsure)
    units = _speaking(split, unsure)
    headline = _headline(split.heading) if len(units) > 1 else None
    parts: list[Part] = []
    for unit in units:
        parts.append(_read_part(unit, headline or _also_of(unit, parts), unsure, parts))
    return Message(tuple(parts), tuple(phones), tuple(dict.fromkeys(unsure)))


def read_message_json(text: str) -> dict[str, Any]:
    """The message in the shape of the `read-message` contract."""
    return read_message(text).as_json()


def _take_phones(text: str, unsure: list[str]) -> tuple[list[str], str]:
    text = _IDENTITY.sub(",", text.replace(_SEEN, ""))
    phones = [re.sub(r"\D", "", m[1] or m[2]) for m in _PHONE.finditer(text)]
    text = _PHONE.sub(_SEEN, text)
    for match in _LONG_NUMBER.finditer(text):
        unsure.append(f"“{match[0]}”像手机号，但位数不对，请核对")
    return list(dict.fromkeys(phones)), _LABEL.sub(",", _LONG_NUMBER.sub(_SEEN, text))


def _speaking(split: Split, unsure: list[str]) -> list[Unit]:
    """The units that ask or tell something; the heading joins the only one."""
    units = split.units
    if len(units) == 1:
        units[0].text = "\n".join(filter(None, (split.heading, units[0].text)))
        return units
    silent = [u for u in units if not has_content(u.text)]
    speaking = [u for u in units if has_content(u.text)]
    expected = is_reporter(split.heading) or _is_chain_heading(split)
    lost = has_content(split.heading) and len(split.heading) > 6
    if lost and (danger_in(split.heading) or not expected):
        unsure.append(f"开头“{short(split.heading)}”没有分到哪一户，请看一下")
    if not speaking:
        return units
    for unit in silent:
        unsure.append(f"“{unit.span}”后面没有写要什么")
    return speaking


def _is_chain_heading(split: Split) -> bool:
    return bool(re.search(r"接龙|团购|报名|汇总|统计|登记|需求|如下|清单", split.heading))


def _headline(heading: str) -> str | None:
    """The one thing that a chain is about: '#接龙 蔬菜包' gives 蔬菜包."""
    for piece in re.split(r"[\n,，。;；!！ ]", _HEADLINE.sub(" ", heading)):
        name = read_name(piece).name
        if is_goods(name) and is_possible(name):
            return name
    return None


def _also_of(unit: Unit, before: list[Part]) -> str | None:
    """502也要2斤: of the one thing that the household before asked for."""
    if before and len(before[-1].lines) == 1 and re.match(r"[\s,，:：]*(?:室|家|户)?也", unit.text):
        return before[-1].lines[0].name
    return None


def _same_as(text: str, before: list[Part], unsure: list[str]) -> list[Line]:
    """同上, 跟102一样: the lines of the household before, or of the one named; a person looks at it."""
    match = SAME.search(text)
    if not match:
        return []
    named = [p for p in before if match["door"] and p.household and p.household.door == match["door"]]
    models = named or ([] if match["door"] else before[-1:])
    if not models or not models[0].lines:
        unsure.append(f"“{short(match[0])}”：和谁家一样，请问清楚")
        return []
    model = models[0]
    whose = "-".join(filter(None, model.household.said())) if model.household else "上一户"
    unsure.append(f"“{short(match[0])}”照{whose}的记了，请核对")
    return [replace(line, notes=list(line.notes)) for line in model.lines if line.quantity != "0"]


def _read_part(unit: Unit, headline: str | None, unsure: list[str], before: list[Part]) -> Part:
    text = unit.text.strip(" ,，\n")
    copied = _same_as(text, before, unsure)
    lines, doubts = read_lines(SAME.sub(" ", text) if SAME.search(text) else text, headline)
    if copied:
        own = {line.name for line in lines}
        lines = [*(line for line in copied if line.name not in own), *lines]
        doubts = [doubt for doubt in doubts if "只有数量" not in doubt]
    unsure.extend(doubts)
    category = category_of(text, lines)
    urgency = urgency_of(text, category, lines)
    if lines and mentions_parcel(text):
        unsure.append("还提到了快递或外卖，请另记一件")
    if lines and mentions_repair(text):
        unsure.append("还提到了要修的东西，请另记一件")
    flags = read_flags(text)
    if category == "other" and flags:
        category = "care"
    if category == "other" and not _NOTHING.search(text):
        unsure.append(f"“{short(text)}”没有看懂" if text else "没有写要什么")
    return Part(household_of(unit.door), category, urgency, tuple(lines), flags)
