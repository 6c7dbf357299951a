"""Made-up people for the sample registers: names, telephone numbers, ID numbers, families.

Nobody here exists. Telephone numbers lie in the invented range 19900 000000 to 19900 999999, ID numbers
carry the region 150199, which is assigned to nobody, and a right check digit. One seed, one result.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from stdnum.cn import ric

REGION = "150199"
SURNAMES = (
    "王李张刘陈杨赵黄周吴" * 6
    + "徐孙胡朱高林何郭马罗" * 4
    + "梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕" * 2
    + "苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
GIVEN = {
    (
        "male",
        0,
    ): "德昌 国栋 建国 志忠 福生 永年 树林 文斌 世荣 宝山 兴旺 长福 玉田 怀德 庆祥 振华 金山 连生 克勤 守义 凤山 万成 景春 占魁 贵",
    (
        "female",
        0,
    ): "秀兰 桂英 玉兰 淑珍 凤英 玉芬 桂兰 秀英 素琴 淑芬 桂芝 月英 翠花 兰英 淑贤 玉珍 桂荣 秀珍 金花 素芳 玉琴 凤兰 惠珍 瑞兰 云",
    (
        "male",
        1,
    ): "建军 志强 卫东 国强 永强 晓东 海涛 建平 文军 利民 红军 振东 小平 俊峰 学军 金龙 宏伟 立新 爱国 占军 双喜 铁柱 刚 勇 军 明 伟",
    (
        "female",
        1,
    ): "丽华 秀梅 春梅 红梅 丽萍 桂香 玉梅 淑华 艳萍 爱华 海燕 春燕 俊梅 彩霞 晓红 美玲 秀丽 建华 巧云 文英 敏 红 霞 萍 燕 丽 静",
    (
        "male",
        2,
    ): "鹏 磊 超 浩 斌 杰 晓峰 志远 宇 涛 凯 明辉 文博 海波 亮 帅 晨 建伟 立成 少华 彦军 向阳 云飞 国梁 旭东 瑞 博 俊",
    (
        "female",
        2,
    ): "婷 芳 静 雪 丹 莉 娜 晓燕 佳 慧 琳 艳 欣 雅静 海霞 丽娜 文静 晓敏 思思 玉洁 美丽 晶 倩 颖 春艳 秀芳 乌兰 洁",
    (
        "male",
        3,
    ): "子轩 浩然 宇航 梓涵 俊熙 一诺 博文 天佑 皓宇 子墨 明轩 睿 嘉豪 泽宇 沐阳 奕辰 铭 思远 乐天 晨曦 书航 昊 辰 小宝",
    (
        "female",
        3,
    ): "欣怡 梓萱 雨桐 诗涵 可馨 佳琪 语嫣 思雨 一诺 若曦 梦瑶 子涵 沐宸 依诺 悦 果果 艺涵 锦瑜 安琪 晓彤 恩熙 朵 米 书瑶",
}


@dataclass
class Person:
    name: str
    sex: str
    birth: dt.date
    relation: str
    id_number: str = ""
    phone: str = ""
    flags: list[str] = field(default_factory=list)  # codes, as a reader must find them
    special: list[str] = field(default_factory=list)  # what stands under 特殊情况
    remarks: list[str] = field(default_factory=list)

    def age(self, at: dt.date) -> int:
        return at.year - self.birth.year - ((at.month, at.day) < (self.birth.month, self.birth.day))


class Population:
    """Draws people; every telephone number and ID number once."""

    def __init__(self, seed: int, day: dt.date, phones_from: int) -> None:
        self.random = random.Random(seed)
        self.day = day
        self.phones = self._phones(phones_from)
        self.sequence: dict[tuple[dt.date, str], int] = {}
        self.names: set[str] = set()

    def _phones(self, start: int) -> Iterator[str]:
        numbers = list(range(start, start + 20_000))
        self.random.shuffle(numbers)
        for number in numbers:
            yield f"19900{number:06d}"

    def person(self, relation: str, sex: str, age: int, surname: str = "") -> Person:
        """Somebody of about this age; grown-ups have a telephone."""
        born = self.day - dt.timedelta(days=age * 365.2425 + self.random.randrange(8, 356))
        found = Person(self._name(sex, born.year, surname), sex, born, relation)
        found.id_number = self.id_number(born, sex)
        if 14 <= age <= 84 or (age > 84 and self.random.random() < 0.4):
            found.phone = next(self.phones)
        return found

    def _name(self, sex: str, year: int, surname: str) -> str:
        era = (year > 1952) + (year > 1977) + (year > 2003)
        name = ""
        for _ in range(30):
            name = (surname or self.random.choice(SURNAMES)) + self.random.choice(GIVEN[sex, era].split())
            if name not in self.names:
                break
        self.names.add(name)
        return name

    def id_number(self, born: dt.date, sex: str) -> str:
        at = self.sequence[born, sex] = self.sequence.get((born, sex), self.random.randrange(3, 90)) + 1
        number = f"{REGION}{born:%Y%m%d}{2 * at + (sex == 'male'):03d}"
        return number + ric.calc_check_digit(number + "0")

    # Households: the kind of family is drawn so that numbers and ages look like an old compound's.

    def household(self, size: int) -> list[Person]:
        makers = {1: self._single, 2: self._pair, 3: self._young_family, 4: self._family_of_four}
        return makers.get(size, self._three_generations)(size)

    def _single(self, size: int) -> list[Person]:
        old = self.random.random() < 0.45
        sex = self.random.choice(["female", "female", "male"] if old else ["male", "female"])
        return [
            self.person("户主", sex, self.random.randrange(66, 91) if old else self.random.randrange(23, 62))
        ]

    def _pair(self, size: int) -> list[Person]:
        age = self.random.choice([*range(26, 60), *range(60, 88), *range(60, 80)])
        if self.random.random() < 0.15:
            parent = self.person("户主", "female", max(age, 30))
            return [parent, self._child("", max(age, 30) - 27)]
        return self._couple(age)

    def _couple(self, age: int) -> list[Person]:
        wife = max(age - self.random.randrange(-1, 4), 22)
        return [
            self.person("户主", "male", age),
            self.person(self.random.choice(["配偶", "妻子", "妻"]), "female", wife),
        ]

    def _child(self, surname: str, age: int) -> Person:
        sex = self.random.choice(["male", "female"])
        words = {"male": ["儿子", "长子", "子"], "female": ["女儿", "长女", "女"]}[sex]
        return self.person(self.random.choice(words), sex, age, surname)

    def _young_family(self, size: int) -> list[Person]:
        age = self.random.randrange(27, 58)
        couple = self._couple(age)
        low = max(0, age - 34)
        return [*couple, self._child(couple[0].name[0], self.random.randrange(low, max(low + 1, age - 23)))]

    def _family_of_four(self, size: int) -> list[Person]:
        age = self.random.randrange(32, 52)
        couple = self._couple(age)
        if self.random.random() < 0.4:
            return [
                *couple,
                self._child(couple[0].name[0], age - 26),
                self.person("母亲", "female", age + 27),
            ]
        first = self.random.randrange(max(1, age - 32), age - 24)
        second = self.random.randrange(0, first)
        return [*couple, self._child(couple[0].name[0], first), self._child(couple[0].name[0], second)]

    def _three_generations(self, size: int) -> list[Person]:
        age = self.random.randrange(30, 44)
        couple = self._couple(age)
        surname = couple[0].name[0]
        more = [
            self._child(surname, max(age - 27, 2)),
            self.person("父亲", "male", age + 27, surname),
            self.person("母亲", "female", age + 25),
            self._child(surname, max(age - 30, 0)),
        ]
        return [*couple, *more[: size - 2]]
