"""Zone C of the demo: 24 buildings, 118 stairwells, 1,214 doors, 3,021 residents, as an office keeps them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import xlsxwriter
from sample_care import mark, mark_care
from sample_people import Person, Population

DAY = dt.date(2022, 2, 19)
RESIDENTS = 3021
# Stairwells a building, 1 to 24.
STAIRWELLS = [5, 6, 4, 5, 5, 4, 4, 6, 4, 5, 6, 4, 5, 5, 6, 4, 5, 5, 4, 6, 5, 5, 6, 4]
# Floors that are lived on, and doors a floor. The ground floor is mostly garages and stores.
USUAL = (range(2, 7), 2)
OTHER = {
    3: (range(2, 8), 2),
    7: (range(2, 8), 2),
    9: (range(1, 7), 2),
    5: (range(1, 12), 1),
    21: (range(1, 12), 1),
}
NOBODY = {"空置": 96, "不详": 11, "商铺": 4, "拒绝登记": 3}
LIVED = {"租住": 190, "人户分离": 22, "空挂户": 18, "群租": 14}
CODES = {
    "自住": "owner",
    "租住": "tenant",
    "人户分离": "lives_elsewhere",
    "空挂户": "registered_only",
    "群租": "shared",
    "空置": "empty",
    "不详": "unknown",
    "商铺": "shop",
    "拒绝登记": "refused",
}
HEADINGS = [
    ("序号", ""),
    ("网格", ""),
    ("住址", "楼栋"),
    ("", "单元"),
    ("", "门牌号"),
    ("家庭成员", "姓名"),
    ("", "与户主关系"),
    ("", "性别"),
    ("", "出生日期"),
    ("", "身份证号码"),
    ("联系电话", ""),
    ("居住情况", ""),
    ("特殊情况", ""),
    ("备注", ""),
]
NAME, RELATION, SEX, BIRTH, ID, PHONE, OCCUPANCY, SPECIAL, REMARKS = range(5, 14)


@dataclass
class Home:
    building: int
    stairwell: int
    door: str
    occupancy: str = "自住"
    people: list[Person] = field(default_factory=list)

    @property
    def key(self) -> tuple[int, int, str]:
        return self.building, self.stairwell, self.door


def homes() -> list[Home]:
    """Every door of the zone, in the order of a walk."""
    found = []
    for building, stairwells in enumerate(STAIRWELLS, 1):
        floors, sides = OTHER.get(building, USUAL)
        for stairwell in range(1, stairwells + 1):
            found += [
                Home(building, stairwell, f"{f}0{side}") for f in floors for side in range(1, sides + 1)
            ]
    return found


def zone_c(path: Path) -> dict[str, object]:
    """Writes the register; returns what it holds, counted from the plan and not by reading it."""
    population = Population(20220219, DAY, 100_000)
    doors = homes()
    fixed = _known_families(population)
    _settle(population, doors, fixed)
    mark_care(population, [h.people for h in doors if h.key not in fixed and h.occupancy in ("自住", "租住")])
    table, warnings, refused = _table(population, doors)
    _write(path, table)
    lived = [home for home in doors if home.people]
    people = [person for home in lived for person in home.people]
    return {
        "rows": len(people) + refused,
        "taken": len(people),
        "refused": refused,
        "households": len(lived),
        "doors": len(doors) - len(lived),
        "dwellings": len(doors),
        "buildings": len(STAIRWELLS),
        "stairwells": sum(STAIRWELLS),
        "as_of": DAY.isoformat(),
        "warnings": dict(sorted(warnings.items())),
        "occupancy": dict(sorted(Counter(CODES[home.occupancy] for home in doors).items())),
        "care": dict(sorted(Counter(flag for person in people for flag in person.flags).items())),
    }


def _known_families(population: Population) -> dict[tuple[int, int, str], list[Person]]:
    """Those whom the demo's story needs: a dialysis patient, a mother alone with a baby, an old couple."""
    person = population.person
    patient = person("户主", "female", 71, "王")
    mark(patient, ["dialysis"], ["透析"], ["每周二、四、六上午透析"])
    mark(patient, ["walks_badly"], ["腿脚不便"])
    mother = person("户主", "female", 30, "李")
    mark(mother, ["alone_with_child"], ["一人带娃"], ["丈夫在线外单位值班"])
    baby = population.person("女儿", "female", 0, "周")
    mark(baby, ["infant"], ["婴儿"])
    old, wife = person("户主", "male", 83, "张"), person("配偶", "female", 80, "刘")
    mark(old, ["couple_alone", "chronic_illness"], ["双独居", "高血压"], ["子女在外地"])
    mark(wife, ["couple_alone"], ["双独居"])
    ill = person("户主", "female", 68, "赵")
    mark(ill, ["lives_alone", "chronic_illness"], ["独居老人", "糖尿病"], ["降压药和二甲双胍快吃完了"])
    return {
        (8, 2, "501"): [patient, person("女儿", "female", 44)],
        (4, 1, "302"): [mother, baby],
        (7, 3, "701"): [old, wife],
        (12, 1, "201"): [ill],
    }


def _settle(
    population: Population, doors: list[Home], fixed: dict[tuple[int, int, str], list[Person]]
) -> None:
    """Who lives where: empty flats and shops first, then families until there are 3,021 people."""
    draw = population.random
    free = [home for home in doors if home.key not in fixed]
    draw.shuffle(free)
    kinds = [word for word, count in {**NOBODY, **LIVED}.items() for _ in range(count)]
    for home, kind in zip(free, kinds, strict=False):
        home.occupancy = kind
    lived = [home for home in free if home.occupancy not in NOBODY]
    sizes = _sizes(population, lived, RESIDENTS - sum(map(len, fixed.values())))
    for home in doors:
        if home.key in fixed:
            home.people = fixed[home.key]
        elif home.occupancy == "群租":
            home.people = [
                population.person("租客", draw.choice(["male", "female"]), draw.randrange(20, 46))
                for _ in range(4)
            ]
        elif home.occupancy not in NOBODY:
            home.people = population.household(sizes[home.key])


def _sizes(population: Population, lived: list[Home], total: int) -> dict[tuple[int, int, str], int]:
    draw = population.random
    sizes = {
        home.key: 4 if home.occupancy == "群租" else draw.choices([1, 2, 3, 4, 5], [17, 33, 28, 14, 8])[0]
        for home in lived
    }
    keys = [home.key for home in lived if home.occupancy != "群租"]
    while sum(sizes.values()) != total:
        key = draw.choice(keys)
        step = 1 if sum(sizes.values()) < total else -1
        if 1 <= sizes[key] + step <= 5:
            sizes[key] += step
    return sizes


# The sheet


def _table(population: Population, doors: list[Home]) -> tuple[list[list[object]], Counter[str], int]:
    draw = population.random
    table: list[list[object]] = []
    for number, home in enumerate(doors, 1):
        for who, person in enumerate(home.people):
            repeats = who > 0 and home.building % 5 == 0  # some clerks write the address on every line
            place = _place(home, draw.random()) if who == 0 or repeats else ["", "", "", ""]
            special = draw.choice(["、", "，", " "]).join(person.special)
            table.append(
                [
                    number if who == 0 else "",
                    *place,
                    person.name,
                    person.relation,
                    "男" if person.sex == "male" else "女",
                    _birth(person, draw.random()),
                    person.id_number,
                    _phone(person, draw.random()),
                    home.occupancy if who == 0 else "",
                    special,
                    "；".join(person.remarks),
                ]
            )
        if not home.people:
            table.append([number, *_place(home, draw.random()), *[""] * 6, home.occupancy, "", ""])
    return table, _spoil(population, table), _refusals(table)


def _place(home: Home, chance: float) -> list[object]:
    building: object = home.building if chance < 0.5 else f"{home.building}号楼"
    stairwell: object = home.stairwell if chance < 0.7 else f"{home.stairwell}单元"
    door: object = int(home.door) if chance < 0.4 else home.door + ("室" if chance > 0.9 else "")
    return [f"第{'一二三'[(home.building - 1) // 8]}网格", building, stairwell, door]


def _birth(person: Person, chance: float) -> object:
    born = person.birth
    forms = [
        f"{born:%Y-%m-%d}",
        f"{born.year}.{born.month}.{born.day}",
        f"{born.year}年{born.month}月{born.day}日",
        f"{born:%Y%m%d}",
        born,
        f"{born.year}/{born.month}/{born.day}",
        f"{born.year}年{born.month}月",
        (born - dt.date(1899, 12, 30)).days,
    ]
    return forms[int(chance * len(forms))]


def _phone(person: Person, chance: float) -> object:
    if not person.phone:
        return "无" if chance < 0.3 else ""
    if chance < 0.3:
        return int(person.phone)
    return f"{person.phone[:3]} {person.phone[3:7]} {person.phone[7:]}" if chance > 0.95 else person.phone


def _spoil(population: Population, table: list[list[object]]) -> Counter[str]:
    """Fourteen doubtful cells, each on a line of its own; whoever stands there is still taken."""
    lines = [
        line for line in table if line[NAME] and line[PHONE] and line[PHONE] != "无" and not line[SPECIAL]
    ]
    chosen = iter(population.random.sample(lines, 14))
    warnings: Counter[str] = Counter()

    def spoil(code: str, column: int, *cells: object) -> None:
        for cell in cells:
            line = next(chosen)
            line[column] = cell(line[column]) if callable(cell) else cell
            if code == "date.unreadable":
                line[ID] = ""
            warnings[code] += 1

    spoil("phone.short", PHONE, *(_without_last(count) for count in (1, 2, 4, 3)))
    spoil("phone.mangled", PHONE, "1.99001E+10", "1.99E+10")
    spoil("phone.unreadable", PHONE, "见物业登记")
    spoil("id.check_digit", ID, _miscopied, _miscopied, _miscopied)
    spoil("id.mangled", ID, _as_number, lambda number: str(number)[:15] + "000")
    spoil("id.short", ID, _without_last(1))
    spoil("date.unreadable", BIRTH, "属虎的")
    return warnings


def _without_last(count: int) -> Callable[[object], str]:
    return lambda cell: str(cell).replace(" ", "")[:-count]


def _miscopied(number: object) -> str:
    return str(number)[:-1] + ("1" if str(number)[-1] != "1" else "2")


def _as_number(number: object) -> int:
    """What is left of an ID number typed into Excel as a number: 15 digits."""
    return int(str(number)[:15]) * 1000


def _refusals(table: list[list[object]]) -> int:
    """Eight lines that name nobody or have no place, slipped in between households."""
    blank: list[object] = [""] * len(HEADINGS)

    def line(**cells: object) -> list[object]:
        found = blank.copy()
        for column, cell in cells.items():
            found[int(column[1:])] = cell
        return found

    lines = [
        line(c0="补", c2="12号楼"),
        line(c0="补", c2=7, c3=2, c4="待核实", c5="马强", c6="户主", c7="男"),
        line(c0="补", c2="18号楼", c3="1单元", c4="?", c5="郝玉莲", c6="户主", c7="女"),
        line(c6="儿子", c7="男", c8="2011-06"),
        line(c6="女儿", c7="女", c8="2015年"),
        line(c6="母亲", c7="女", c8="1946.3.2"),
        line(c6="租客", c7="男", c10="19900990001"),
        line(c5="？？", c6="父亲", c7="男"),
    ]
    for at, extra in enumerate(lines, 1):
        start = at * len(table) // 10
        start = next(i for i in range(start, len(table)) if table[i][0] != "" and table[i - 1][NAME])
        table.insert(start, extra)
    return len(lines)


def _write(path: Path, table: list[list[object]]) -> None:
    with xlsxwriter.Workbook(path, {"strings_to_numbers": False}) as book:
        book.set_properties({"created": dt.datetime(2022, 2, 19, tzinfo=dt.UTC)})
        cover = book.add_worksheet("填表说明")
        cover.write_string(0, 0, "请各网格于2月19日18时前填报，空置、商铺也要登记。")
        sheet = book.add_worksheet("C区")
        sheet.activate()
        big = book.add_format({"bold": True, "align": "center", "font_size": 18, "font_name": "宋体"})
        head = book.add_format(
            {"bold": True, "border": 1, "align": "center", "valign": "vcenter", "font_name": "宋体"}
        )
        cell = book.add_format({"border": 1, "font_name": "宋体"})
        day = book.add_format({"border": 1, "font_name": "宋体", "num_format": "yyyy/m/d"})
        last = len(HEADINGS) - 1
        sheet.merge_range(0, 0, 0, last, "锦绣社区C区居民情况登记表", big)
        sheet.merge_range(1, 0, 1, last, "填报单位：锦绣社区居委会        填表日期：2022年2月19日")
        _headings(sheet, head)
        sheet.merge_range(
            4, 0, 4, last, "注：1.以户为单位填写，户主填在第一行；2.空置、商铺等无人登记的房屋也要列出。"
        )
        for at, line in enumerate(table, 5):
            for column, text in enumerate(line):
                if text == "":
                    sheet.write_blank(at, column, None, cell)
                else:
                    sheet.write(at, column, text, day if isinstance(text, dt.date) else cell)
        below = len(table) + 5
        sheet.write_string(below, 0, "合计")
        sheet.write_string(below, 5, "3021人")
        sheet.merge_range(below + 2, 0, below + 2, last, "填表人：孙丽        审核人：陈卫民        （盖章）")
        for column, width in enumerate([6, 10, 8, 7, 9, 10, 10, 6, 13, 21, 15, 10, 20, 26]):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(4, 6)


def _headings(sheet: xlsxwriter.worksheet.Worksheet, head: object) -> None:
    for column, (top, low) in enumerate(HEADINGS):
        if top and not low:
            sheet.merge_range(2, column, 3, column, top, head)
        elif low:
            sheet.write_string(3, column, low, head)
    sheet.merge_range(2, 2, 2, 4, "住址", head)
    sheet.merge_range(2, 5, 2, 9, "家庭成员", head)
