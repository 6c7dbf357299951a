"""Makes the sample registers in samples/, the same to the byte from the same seed.

    python tools/make_samples.py [folder]

What each holds, counted while it is made and not by the reader, goes to samples/expected.json; the tests
hold the reader to it. The ugliness is on purpose: it is how offices keep ledgers.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import sys
from pathlib import Path

import xlsxwriter
from sample_people import Population
from sample_zone import zone_c

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
Table = list[list[object]]

ORIGINS = ["云南", "吉林", "江苏", "河南", "重庆", "广东", "发热门诊"]


def guihu() -> tuple[Table, dict[str, object]]:
    """Home observation as of 4 March: 15 households of 25 people released, 13 of 16 still at home."""
    day = dt.date(2020, 3, 4)
    people = Population(28, day, 500_000)
    released = [3, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1]
    at_home = [2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]
    table: Table = []
    counts = dict.fromkeys(ORIGINS, 0)
    for at, size in enumerate(released + at_home):
        origin = ORIGINS[at % len(ORIGINS)]
        counts[origin] += size
        building, stairwell, door = at % 6 + 1, at % 3 + 1, f"{at % 7 + 1}0{at % 2 + 1}"
        address = [
            f"桂湖小区{building}栋{stairwell}单元{door}",
            f"{building}-{stairwell}-{door}",
            f"{building}栋{stairwell}单元{door}室",
            f"{building}号楼{stairwell}单元{door}".translate(
                str.maketrans("0123456789", "０１２３４５６７８９")
            ),
        ][at % 4]
        since = day - dt.timedelta(days=15 + at % 4 if at < len(released) else 3 + at % 9)
        state = "已解除" if at < len(released) else "居家观察中"
        for who, person in enumerate(people.household(size)):
            table.append(
                [
                    at + 1 if who == 0 else "",
                    address if who == 0 else "",
                    person.name,
                    person.relation,
                    "男" if person.sex == "male" else "女",
                    person.age(day),
                    person.id_number,
                    person.phone or "无",
                    origin,
                    f"{since.year}.{since.month}.{since.day}",
                    state if who == 0 else "",
                ]
            )
    expected = {
        "rows": 41,
        "taken": 41,
        "refused": 0,
        "households": 28,
        "doors": 0,
        "warnings": {},
        "as_of": "2020-03-04",
    }
    return table, {**expected, "origins": counts, "released": [15, 25], "at_home": [13, 16]}


GUIHU_HEADINGS = [
    "户号",
    "居住地址",
    "姓名",
    "与户主关系",
    "性别",
    "年龄",
    "身份证号",
    "联系电话",
    "来源地",
    "开始观察日期",
    "观察状态",
]

CARE_WORDS = [
    ("lives_alone", "独居老人"),
    ("empty_nest", "空巢老人"),
    ("couple_alone", "双独居"),
    ("left_behind", "留守老人"),
    ("no_kin", "孤寡老人"),
    ("needs_care", "失能老人"),
    ("disabled", "残疾人"),
    ("chronic_illness", "慢性病"),
    ("dibao", "低保户"),
    ("tekun", "特困"),
    ("bereaved", "计生特殊家庭"),
    ("walks_badly", "行动不便"),
    ("dementia", "失智老人"),
]
CARE_SHARES = [40, 26, 20, 14, 6, 8, 12, 18, 8, 3, 2, 6, 2]


def biantai() -> tuple[Table, dict[str, object]]:
    """165 people on the care list of a village: 2 grids of 11 yards each."""
    day = dt.date(2021, 10, 14)
    people = Population(165, day, 600_000)
    words = [mark for mark, share in zip(CARE_WORDS, CARE_SHARES, strict=True) for _ in range(share)]
    people.random.shuffle(words)
    table: Table = []
    flags: dict[str, int] = {}
    households = 0
    houses = [(yard, house) for house in range(1, 8) for yard in range(1, 23)]
    for yard, house in houses:
        if len(table) >= 165:
            break
        households += 1
        two = len(table) < 164 and households % 7 == 0
        sexes = ["male", "female"] if two else [people.random.choice(["female", "female", "male"])]
        for who, sex in enumerate(sexes):
            code, said = words[len(table)]
            flags[code] = flags.get(code, 0) + 1
            table.append(_village_line(people, (yard, house, who, sex), said, len(table) + 1))
    if len(table) < 165:
        raise SystemExit("too few houses in the village")
    table.sort(key=lambda line: (int(str(line[2])[:-2]), int(str(line[3])[:-1])))
    for at, line in enumerate(table, 1):
        line[0] = at
    taken = {"rows": 165, "taken": 165, "refused": 0, "households": households, "doors": 0, "warnings": {}}
    return table, {
        **taken,
        "as_of": "2021-10-14",
        "grids": 2,
        "yards": 22,
        "on_care_list": 165,
        "care": dict(sorted(flags.items())),
    }


def _village_line(
    people: Population, place: tuple[int, int, int, str], said: str, number: int
) -> list[object]:
    yard, house, who, sex = place
    person = people.person("户主" if who == 0 else "配偶", sex, people.random.randrange(62, 94))
    born = person.birth
    forms = [
        f"{born.year}年{born.month}月",
        f"{born.year}.{born.month:02d}",
        f"{born:%Y-%m-%d}",
        f"{born.year}年",
    ]
    grid = "第一网格" if yard <= 11 else "第二网格"
    health = people.random.choice(["", "", "一般", "良好", "说话慢，请耐心"])
    sex_word = "男" if sex == "male" else "女"
    return [
        number,
        grid,
        f"{yard}号院",
        f"{house}号",
        person.name,
        person.relation,
        sex_word,
        people.random.choice(forms),
        person.id_number,
        person.phone or "无",
        said,
        health,
    ]


BIANTAI_HEADINGS = [
    "序号",
    "网格",
    "院号",
    "门牌号",
    "姓名",
    "与户主关系",
    "性别",
    "出生年月",
    "身份证号码",
    "电话",
    "关爱类别",
    "备注",
]


def tower() -> tuple[Table, dict[str, object]]:
    """A Shanghai tower: 109 households, 253 residents, a lane and a number, no stairwells."""
    people = Population(109, dt.date(2022, 12, 20), 700_000)
    sizes = [1] * 25 + [2] * 42 + [3] * 33 + [4] * 5 + [5] * 3 + [6] * 1
    sizes[0] += 253 - sum(sizes)
    people.random.shuffle(sizes)
    doors = ["101", *(f"{floor}0{side}" for floor in range(2, 20) for side in range(1, 7))]
    table: Table = []
    for at, (door, size) in enumerate(zip(doors, sizes, strict=True)):
        address = [f"191弄5号{door}室", f"191弄5号{door}", f"石泉路191弄5号{door}室"][at % 3]
        for who, person in enumerate(people.household(size)):
            sex = "男" if person.sex == "male" else "女"
            lived = people.random.choice(["自住", "自住", "自住", "租赁"]) if who == 0 else ""
            table.append(
                [
                    len(table) + 1,
                    address if who == 0 else "",
                    person.name,
                    person.relation,
                    sex,
                    f"{person.birth.year}/{person.birth.month}/{person.birth.day}",
                    person.id_number,
                    person.phone or "无",
                    lived,
                ]
            )
    expected = {"rows": 253, "taken": 253, "refused": 0, "households": 109, "doors": 0, "warnings": {}}
    return table, {**expected, "as_of": "2022-12-20", "stairwells": 0}


TOWER_HEADINGS = [
    "序号",
    "门牌",
    "姓名",
    "与户主的关系",
    "性别",
    "出生日期",
    "证件号码",
    "手机号",
    "房屋性质",
]


def write_flat(
    path: Path, title: str, note: str, headings: list[str], table: Table, closing: list[str]
) -> None:
    """A sheet of one heading line under a merged title and a note."""
    with xlsxwriter.Workbook(path, {"strings_to_numbers": False}) as book:
        book.set_properties({"created": dt.datetime(2022, 2, 19, tzinfo=dt.UTC)})
        sheet = book.add_worksheet("Sheet1")
        bold = book.add_format({"bold": True, "align": "center", "font_size": 16, "font_name": "宋体"})
        head = book.add_format({"bold": True, "border": 1, "align": "center", "font_name": "宋体"})
        cell = book.add_format({"border": 1, "font_name": "宋体"})
        sheet.merge_range(0, 0, 0, len(headings) - 1, title, bold)
        sheet.merge_range(1, 0, 1, len(headings) - 1, note)
        sheet.write_row(2, 0, headings, head)
        for at, line in enumerate(table, 3):
            sheet.write_row(at, 0, line, cell)
        for at, text in enumerate(closing, len(table) + 3):
            sheet.write_string(at, 0, text)
        sheet.set_column(1, 1, 24)
        sheet.set_column(6, 8, 20)


def write_gb18030(path: Path, title: str, headings: list[str], table: Table) -> None:
    """The same kind of list as Excel in China saves it: .csv in GB18030, ID numbers with a tab in front."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerows([[title], headings])
    id_column = headings.index("身份证号")
    for line in table:
        writer.writerow([f"\t{text}" if at == id_column else text for at, text in enumerate(line)])
    path.write_bytes(out.getvalue().encode("gb18030"))


def make(folder: Path) -> dict[str, object]:
    """Writes every sample into the folder; returns what they hold."""
    folder.mkdir(parents=True, exist_ok=True)
    expected: dict[str, object] = {"zone-c.xlsx": zone_c(folder / "zone-c.xlsx")}
    table, held = guihu()
    title = "桂湖街道居家观察人员登记表（第三轮排查）"
    closing = ["合计：28户41人", "填表人：何敏    审核人：罗文"]
    write_flat(folder / "guihu-street.xlsx", title, "截至2020年3月4日", GUIHU_HEADINGS, table, closing)
    write_gb18030(folder / "guihu-street-2020.3.4.csv", title, GUIHU_HEADINGS, table)
    expected["guihu-street.xlsx"] = expected["guihu-street-2020.3.4.csv"] = held
    table, held = biantai()
    write_flat(
        folder / "biantai.xlsx",
        "边台村关爱对象登记表（165人）",
        "填表日期：2021.10.14",
        BIANTAI_HEADINGS,
        table,
        ["注：每季度更新一次"],
    )
    expected["biantai.xlsx"] = held
    table, held = tower()
    write_flat(
        folder / "tower.xlsx",
        "191弄5号居民信息表",
        "更新时间 2022-12-20",
        TOWER_HEADINGS,
        table,
        ["共109户253人"],
    )
    expected["tower.xlsx"] = held
    text = json.dumps(expected, ensure_ascii=False, indent=2, sort_keys=True)
    (folder / "expected.json").write_text(text + "\n", encoding="utf-8")
    return expected


if __name__ == "__main__":
    for name in make(Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLES):
        print(name)
