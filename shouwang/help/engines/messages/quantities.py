"""Numbers with units in running text: 5斤, 三十个, 两斤半, 一大箱, x2, 2-3斤."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from shouwang.help.engines.messages.goods import PROTECTED
from shouwang.places.engines.numerals import CHINESE, plain, read_number

WEIGHTS = ("公斤", "千克", "毫克", "kg", "克", "mg", "g", "斤", "两", "钱")
VOLUMES = ("毫升", "ml", "升", "l")
COUNTS = (
    "个 只 条 根 棵 颗 头 把 捆 扎 袋 包 盒 箱 瓶 桶 罐 听 支 管 片 粒 板 盘 提 卷 份 打 张 双 套 块 枚 件 筐 篮 朵 束 株 串 节 "
    "对 副 台 杯 碗 贴 剂 服 瓣 扇 尾 坛 抽 米 组 排 枝 壶 兜 网 刀 本 床 针 盆 碟 丸 托 屉 挂 垛 辆 坨 团 笼 匹 瓦 辫 幅 次量 人份"
).split()
_UNITS = sorted([*WEIGHTS, *VOLUMES, *COUNTS], key=len, reverse=True)
_NUMBER = rf"(?:\d+(?:\.\d+)?|[{CHINESE}]+(?:点[零一二三四五六七八九]+)?)"
_NOT_A_UNIT = (
    r"(?!钱|月|人(?!份)|老人|小时|礼拜|星期|钟|多月|多小时|孩子|小孩|大人|娃|宝宝|儿子|女儿|孙|病人|志愿者|医生|护士|家|户|电话|地方|问题|"
    r"事|情况|建议|邻居|单元|楼|群|消息|忙|朋友|亲戚|名字|号|月大|胳膊|腿|手|脚|眼|快递|包裹|外卖|件快递|晚上|早上|白天|子女|救护|意见|字|办法|房间|方面)"
)
_APPROXIMATE = rf"(?:几|若干|十几|二十几|几十|[{CHINESE}\d]+(?:多|来|几)|\d+(?:\.\d+)?\s?[-~到至]\s?\d+(?:\.\d+)?|一两|两三|三四|三五|四五|五六|七八)"
TOKEN = re.compile(
    rf"(?P<times>[*xX×]\s?)?"
    rf"(?:(?P<approx>{_APPROXIMATE})|(?P<half>半)|(?P<num>{_NUMBER}))\s?"
    rf"(?P<size>[大小中整](?=[袋包箱盒瓶桶罐块把捆卷提棵根个杯碗只条串板支管]))?"
    rf"(?P<unit>(?:{'|'.join(u for u in _UNITS if not u.isascii())})|(?:{'|'.join(u for u in _UNITS if u.isascii())})(?![A-Za-z]))(?P<packed>装|的(?=[\u4e00-\u9fff])|/|每)?{_NOT_A_UNIT}"
    rf"(?P<and>半(?![斤个只条根棵袋包盒箱瓶成年天月小])|[零]?[一二三四五六七八九]两)?(?!血压)",
    re.IGNORECASE,
)
BARE = re.compile(rf"(?P<times>[*xX×]\s?)?(?P<num>{_NUMBER})")
_CHARS = re.compile("|".join(map(re.escape, PROTECTED)))


@dataclass(frozen=True)
class Quantity:
    """How much: `amount` as a decimal string or None (几个), `unit` as written, where it stood."""

    amount: str | None
    unit: str | None
    start: int
    end: int
    said: str
    size: str = ""
    packed: bool = False

    @property
    def is_measure(self) -> bool:
        """A weight or a volume: beside a count it describes the pack."""
        return self.unit is not None and self.unit.lower() in (*WEIGHTS, *VOLUMES)


def find_quantities(text: str) -> list[Quantity]:
    """Every number with a unit in `text`, in order; brand names that look like one are none."""
    hidden = _CHARS.sub(lambda m: "\ue100" * len(m[0]), text)
    return [_quantity(m) for m in TOKEN.finditer(hidden) if _stands_alone(hidden, m)]


def read_bare(text: str) -> str | None:
    """The decimal string of a text that is one number and nothing else, else None."""
    match = BARE.fullmatch(text.strip())
    number = read_number(match["num"]) if match else None
    return None if number is None else plain(number)


def _stands_alone(text: str, match: re.Match[str]) -> bool:
    start = match.start()
    if start and re.match(r"[\dA-Za-z.第]", text[start - 1]) and re.match(r"[\dA-Za-z]", match[0]):
        return bool(re.match(r"[A-Za-z]", text[start - 1])) and match["times"] is not None
    return not (start and text[start - 1] in "第每这那哪某")


def _quantity(match: re.Match[str]) -> Quantity:
    amount = None
    if match["half"]:
        amount = plain(Decimal("0.5"))
    elif match["num"]:
        amount = _with_part(match)
    unit = match["unit"]
    if amount and unit == "克" and match["num"].endswith("千") and len(match["num"]) == 2:
        amount, unit = _plain_number(match["num"][:-1]), "千克"
    end = match.end("packed") if match["packed"] else match.end()
    return Quantity(
        amount, unit, match.start(), end, match[0].strip(), match["size"] or "", bool(match["packed"])
    )


def _plain_number(said: str) -> str | None:
    number = read_number(said)
    return None if number is None else plain(number)


def _with_part(match: re.Match[str]) -> str | None:
    number = read_number(match["num"])
    if number is None:
        return None
    extra = match["and"]
    if extra == "半":
        number += Decimal("0.5")
    elif extra and match["unit"] == "斤":
        ounces = read_number(extra.lstrip("零")[:-1])
        number += (ounces or Decimal(0)) / 10
    return plain(number)
