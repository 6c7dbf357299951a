"""Ages as people say them: 83岁, 八十三岁, 八旬, 三个月大, 8个月宝宝, 80多岁."""

from __future__ import annotations

import re

from shouwang.places.engines.numerals import CHINESE, read_number

_YEARS = re.compile(
    rf"(?P<near>近|快|将近|不到|未满|差一岁)?(?P<n>\d{{1,3}}|[{CHINESE}]{{1,4}})(?P<more>多|来|几)?(?:周岁|岁(?!月)|高龄)(?P<half>半)?"
)
_OF_SOMEBODY = re.compile(
    r"(?:外婆|外公|奶奶|爷爷|姥姥|姥爷|太奶|太爷|老人|老妈|老爸|母亲|父亲|妈妈?|爸爸?|老伴|老太太|老爷子|大爷|大妈|婆婆|公公)(?:今年|都|已经|也|快)?(?P<n>[89]\d|10\d)(?![\d.\-\s斤个元度号栋室块袋盒])"
)
_TENS = re.compile(
    r"(?P<near>近|快|将近|不到)?(?P<n>[七八九])(?:旬|十多(?!斤|个|块|元|户|条|包)|十几(?!斤|个|块|元|户|条|包)|十来岁|十有)"
)
_THIS_YEAR = re.compile(
    r"(?:今年|年龄|年纪|高寿)[:是已经都有快]{0,4}(?P<n>\d{2,3}|[七八九]十[一二三四五六七八九]?)(?![\d斤个.])"
)
# 八十二了, 85了 as a clause of its own after somebody was named.
_NOW_AGED = re.compile(
    r"(?:^|[,，。;\s]|都|已经|今年)(?P<n>[89]\d|10\d|[八九]十[一二三四五六七八九]?)(?:了|的人了)(?=[,，。;!\s]|$)"
)
_OVER_80 = re.compile(
    r"(?:80|八十)(?:岁)?(?:以上|多岁|开外)|(?:年过|年逾|超过|都快?)(?:80|八十|九十|90|八旬|九旬)"
)
_MONTHS = re.compile(
    rf"(?P<n>\d{{1,2}}|[{CHINESE}]{{1,3}}|几)个?多?月(?:大|的?(?:小?宝宝|婴儿|小?孩子?|娃|宝贝|女儿|儿子|小孙|孙|女宝|男宝|双胞胎|小)|婴儿|$|[,，。;；!！?？\s]|\d{{2}}(?:\.\d)?度|发烧|高烧|发热|烧)"
)
_MONTHS_OF_CHILD = re.compile(
    rf"(?:孩子|宝宝|宝|娃|女儿|儿子|孙子|孙女|小孩|闺女)(?:才|刚|今年|现在|已经|只有|有|刚刚|还|不到|,)*(?P<n>\d{{1,2}}|[{CHINESE}]{{1,3}})个多?月(?!没|不|了没|的药)"
)
_DAYS = re.compile(rf"(?:出生|生下来?|才|刚)(?P<n>\d{{1,3}}|[{CHINESE}]{{1,3}})(?:多)?天|满月")
_BABY = re.compile(r"婴儿|新生儿|宝宝|小宝(?!贝)|奶娃|吃奶的|月子里的孩子|早产儿|小婴|襁褓|娃娃(?!菜)|百天")
_PREGNANT = re.compile(r"怀孕|孕|怀着|身孕|胎")
_NOT_A_BABY = re.compile(
    r"暖宝宝|宝宝霜|宝宝面|猫宝宝|狗宝宝|冰宝贴|退热|宝宝巴士|娃娃菜|宝宝树|支付宝|余额宝"
)


def years_in(text: str) -> list[float]:
    """Every age in years that the text states, rounded down where it says 多."""
    found: list[float] = []
    for match in (
        *_YEARS.finditer(text),
        *_THIS_YEAR.finditer(text),
        *_OF_SOMEBODY.finditer(text),
        *_NOW_AGED.finditer(text),
    ):
        number = read_number(match["n"])
        if number is None or number > 120:
            continue
        near = "near" in match.groupdict() and match["near"]
        found.append(float(number) - (1 if near else 0))
    found += [
        {"七": 70.0, "八": 80.0, "九": 90.0}[m["n"]] - (1 if m["near"] else 0) for m in _TENS.finditer(text)
    ]
    return found


def months_in(text: str) -> list[int]:
    """Ages in months; a pregnancy of eight months is none."""
    found = []
    for match in _MONTHS.finditer(text):
        before = text[max(0, match.start() - 8) : match.start()]
        after = text[match.end() : match.end() + 2]
        if (
            _PREGNANT.search(before)
            or "孕" in after
            or re.search(r"(?:隔离|封|住|等|欠|用|吃|工作|半)了?$", before[-3:])
        ):
            continue
        number = read_number(match["n"])
        spoken_of_child = re.search(r"大|宝|婴|孩|娃|儿|女|孙|烧|度", match[0]) or re.search(
            r"宝|婴|孩|娃|儿|女|孙|才|刚|小的|老二|老三", before
        )
        if number is not None and spoken_of_child:
            found.append(int(number))
    found += [
        int(n)
        for m in _MONTHS_OF_CHILD.finditer(text)
        if not _PREGNANT.search(text[: m.start()][-6:]) and (n := read_number(m["n"])) is not None
    ]
    if _DAYS.search(text) and re.search(r"宝|婴|孩|娃|出生|生下", text):
        found.append(0)
    return found


def has_over_80(text: str) -> bool:
    """True when somebody of 80 or more is spoken of."""
    return (
        any(80 <= age <= 120 for age in years_in(text)) or bool(_OVER_80.search(text)) and "快80" not in text
    )


def has_infant(text: str) -> bool:
    """True when a child under two is spoken of: by age, or as a baby without an age above."""
    if any(months < 24 for months in months_in(text)):
        return True
    years = years_in(text)
    if any(age < 2 for age in years):
        return True
    child = _BABY.search(_NOT_A_BABY.sub("", text))
    return bool(child) and not any(2 <= age <= 14 for age in years)
