"""A shopping list in the resident's own words, read into wishes: what, how much, which brand, from where, which size."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from shouwang.help.engines.messages import read_message
from shouwang.help.engines.messages.categories import mentions_parcel
from shouwang.help.engines.messages.goods import BRANDS, ORIGINS, is_medicine

GOODS, PARCEL = "goods", "parcel"
UNIT, AMOUNT = "unit", "amount"

# Where a shop has things, by how their names end; the longest ending that fits says it.
_SHELVES = {
    "vegetables": """土豆 马铃薯 辣椒 青椒 尖椒 彩椒 四季豆 豆角 豇豆 毛豆 白菜 包菜 卷心菜 甘蓝 生菜 油菜 芹菜 菠菜 韭菜 香菜 青菜 娃娃菜 油麦菜 空心菜
        菜花 花菜 西兰花 西红柿 番茄 黄瓜 茄子 冬瓜 南瓜 丝瓜 苦瓜 西葫芦 萝卜 洋葱 大葱 小葱 葱 姜 蒜 蒜苗 蒜薹 藕 山药 红薯 地瓜 玉米 蘑菇 香菇 金针菇 平菇
        豆芽 上海青 鸡毛菜 茼蒿 芋头 秋葵 百合 笋 菜 蔬菜包 菜包""",
    "fruit": "水果 苹果 香蕉 橙子 橘子 桔子 梨 葡萄 草莓 西瓜 哈密瓜 柚子 柠檬 猕猴桃 火龙果 芒果 桃子 果",
    "staples": "大米 小米 糯米 米 面粉 白面 挂面 面条 方便面 泡面 面 食用油 油 馒头 米粉 米线 粉条 粉丝 燕麦 麦片",
    "seasoning": "盐 酱油 生抽 老抽 醋 料酒 糖 味精 鸡精 蚝油 酱 花椒 八角 调料 底料 淀粉 酵母 蜂蜜 罐头 咸菜 榨菜 酸菜 泡菜 木耳 海带 紫菜 红枣 枸杞 香油",
    "snacks": "面包 饼干 饼 蛋糕 零食 薯片 巧克力 瓜子 花生 坚果 核桃 茶 咖啡 可乐 雪碧 果汁 饮料 矿泉水 纯净水 水 啤酒 白酒 酒 烟",
    "infants": "奶粉 尿不湿 纸尿裤 尿裤 拉拉裤 奶瓶 奶嘴 辅食 果泥 米糊 棉柔巾 尿布",
    "cleaning": "洗衣液 洗衣粉 洗洁精 洗手液 洗发水 沐浴露 香皂 肥皂 牙膏 牙刷 洁厕灵 洁厕液 消毒液 消毒水 漂白水 卫生纸 抽纸 纸巾 餐巾纸 湿巾 卫生巾 纸 洗面奶 护手霜",
    "household": "毛巾 垃圾袋 保鲜膜 保鲜袋 保温杯 电池 灯泡 蜡烛 插座 插线板 充电器 充电线 拖把 扫把 盆 桶 剪刀 笔 本子 拖鞋 袜子 护理垫 尿垫 手套 口罩 猫粮 狗粮 猫砂",
    "pharmacy": "药 体温计 温度计 酒精 棉签 创可贴 纱布 碘伏 抗原 试剂 试纸",
    "eggs_milk": "蛋 鸡蛋 牛奶 酸奶 纯牛奶 奶 奶酪 豆浆 豆奶 豆腐 豆皮 豆干",
    "meat": "肉 猪肉 牛肉 羊肉 鸡肉 五花肉 排骨 里脊 肉馅 肉末 鸡 鸡腿 鸡翅 鸡胸 鸭 鱼 带鱼 虾 虾仁 螃蟹 火腿肠 火腿 香肠 腊肠 腊肉 培根",
    "frozen": "速冻食品 饺子 水饺 馄饨 汤圆 冰淇淋 雪糕 包子",
}
_EXACTLY = re.compile(r"不要换|别换|不换|只要|一定要|必须|不要别的|不要其他")
_ANYTHING = re.compile(
    r"没有(?:的话)?(?:就)?换|换.{0,8}(?:也行|也可以|都行)|都行|都可以|随便|差不多的|类似的|其他.{0,4}也(?:行|可以)"
)
_CEILING = re.compile(
    r"(?:不要?超过?|不超|别超过?|不高于|最多)\s?(\d+(?:\.\d{1,2})?)\s?(?:元|块)|(\d+(?:\.\d{1,2})?)\s?(?:元|块)钱?(?:以内|以下|封顶|之内)"
)
_SIZE = re.compile(
    r"(?<![A-Za-z])(NB|[SML]|X{1,3}L|XXS|XS)(?![A-Za-z])\s?(?:码|号)?|([一二三四1-4])\s?段|(\d{2,3})\s?码"
)
_AND = re.compile(r"[，,；;、]")


@dataclass(frozen=True)
class Wish:
    """One thing wanted. `quantity` a decimal string or None, `ceiling` in fen or None, `unclear` "", "unit" or "amount"."""

    name: str
    quantity: str | None = None
    unit: str = ""
    brand: str = ""
    origin: str = ""
    size: str = ""
    note: str = ""
    said: str = ""
    may_substitute: bool = False
    ceiling: int | None = None
    shelf: str = "other"
    kind: str = GOODS
    unclear: str = ""


def read_list(text: str) -> list[Wish]:
    """The wishes of a list, one row after the other. A row that says nothing readable is a wish of its own words, to be
    asked about; nothing that was written is dropped."""
    return [wish for row in text.splitlines() if row.strip() for wish in _row(row.strip())]


def _row(row: str) -> Iterator[Wish]:
    lines = [line for part in read_message(row).parts for line in part.lines if line.quantity != "0"]
    for line in lines:
        note = "，".join(dict.fromkeys(filter(None, line.notes)))
        # The row is shown beside each thing it names; what is said in it is read for the thing only where it is one.
        yield wish_of(line.name, line.quantity, line.unit or "", note, said=row, alone=len(lines) == 1)
    if mentions_parcel(row):
        yield Wish(name="快递", said=row[:160], kind=PARCEL)
    elif not lines:
        yield wish_of(row[:80], None, "", "", said=row)


def wish_of(
    name: str, quantity: str | None, unit: str, note: str, *, said: str = "", alone: bool = True
) -> Wish:
    """One line of a request as a wish. The words stay as they were said; what is read out of them stands beside.

    `alone`: `said` is about this thing only.
    """
    words = f"{said} {note}" if said and alone else f"{name} {note}"
    pieces = [piece.strip() for piece in _AND.split(note) if piece.strip()]
    brand, origin, size = _named(words, name, BRANDS), _named(words, name, ORIGINS), _size(words)
    left = [piece for piece in pieces if not _is_told(piece, brand, origin, size)]
    return Wish(
        name=name[:80], quantity=quantity, unit=unit[:12], brand=brand, origin=origin, size=size,
        note="，".join(left)[:120], said=said[:160],
        may_substitute=bool(_ANYTHING.search(words)) and not _EXACTLY.search(words),
        ceiling=_ceiling(words), shelf=shelf_of(name),
        unclear=AMOUNT if quantity is None else UNIT if not unit else "",
    )  # fmt: skip


def _named(words: str, name: str, known: tuple[str, ...]) -> str:
    """The first of the known names that is said beside the thing; 北京烤鸭 is not from Beijing because of its name."""
    return next((one for one in known if one in words.replace(name, " ")), "")


def _size(words: str) -> str:
    match = _SIZE.search(words)
    if match is None:
        return ""
    return match[1] or (f"{match[2]}段" if match[2] else f"{match[3]}码")


def _is_told(piece: str, *told: str) -> bool:
    """Whether a piece of the note says a brand, an origin or a size and nothing else."""
    rest = piece
    for one in filter(None, told):
        rest = rest.replace(one, "")
    return rest != piece and not re.sub(r"[要的买产码号牌子]|品牌", "", rest).strip()


def _ceiling(words: str) -> int | None:
    match = _CEILING.search(words)
    if match is None:
        return None
    whole, _point, part = (match[1] or match[2]).partition(".")
    return int(whole) * 100 + int(part.ljust(2, "0") or 0)


@lru_cache(maxsize=1)
def _endings() -> list[tuple[str, str]]:
    found = [(ending, shelf) for shelf, endings in _SHELVES.items() for ending in endings.split()]
    return sorted(found, key=lambda pair: -len(pair[0]))


def shelf_of(name: str) -> str:
    """The shelf on which a shop has it; "other" where the name does not tell."""
    if is_medicine(name):
        return "pharmacy"
    return next((shelf for ending, shelf in _endings() if name.endswith(ending)), "other")


def row_about(name: str, text: str) -> str:
    """The row of a message that names the thing, as it was written; "" where none or several do."""
    rows = [row.strip() for row in text.splitlines() if name and name in row]
    return rows[0][:160] if len(rows) == 1 else ""
