"""Small ugly registers as four cities' offices keep them: what is taken, refused, a door, and what is said."""

import datetime as dt
import io

import pytest
import xlsxwriter

from shouwang.ledgers.engines.rows import read_register
from shouwang.ledgers.tests.engine_cells import ID

WANG, LI = ["3-2-501", "王芳"], ["3-2-502", "李强"]
PLAIN = ["住址", "姓名"]
DUE = ["住址", "姓名", "与户主关系"]


def book(sheets, merges=(), hidden=()):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as workbook:
        date = workbook.add_format({"num_format": "yyyy-mm-dd"})
        for name, lines in sheets.items():
            sheet = workbook.add_worksheet(name)
            for at, line in enumerate(lines):
                for column, cell in enumerate(line):
                    if isinstance(cell, tuple):
                        sheet.write_formula(at, column, cell[0], None, cell[1])
                    elif isinstance(cell, dt.date):
                        sheet.write_datetime(at, column, dt.datetime(cell.year, cell.month, cell.day), date)
                    elif cell != "":
                        sheet.write(at, column, cell)
            for merge in merges:
                sheet.merge_range(*merge)
            for line in hidden:
                sheet.set_row(line, None, None, {"hidden": True})
    return out.getvalue()


def one(*lines, **kinds):
    return book({"Sheet1": lines}, **kinds)


def taken(content):
    sheet = read_register(content, "x.xlsx", today=dt.date(2022, 3, 1))
    lines = {row.number for row in sheet.rows} | {row.number for row in sheet.refused}
    assert sheet.counted == len(sheet.rows) + len(sheet.refused) == len(lines)
    assert all(issue.message % issue.params for issue in sheet.issues)
    return sheet


UNIT_SHEETS = {
    "1号楼": [["单元", "房号", "姓名", "电话"], [1, 101, "王芳", ""], [2, 102, "李强", ""]],
    "2号楼": [["单元", "房号", "姓名", "电话"], [1, 101, "赵一", ""]],
}
DITTO = [
    ["住址", "姓名", "与户主关系", "电话"],
    ["3-2-501", "王芳", "户主", "19900000001"],
    ["同户主", "李强", "夫", "同户主"],
    ["同上", "李小", "子", "同上"],
    ["〃", "李大", "子", "〃"],
    ["4-1-101", "赵一", "户主", ""],
]
MIXED = [
    ["楼栋", "门牌号", "姓名", "房屋性质", "联系电话"],
    ["3号楼", "101", "", "商铺", "0471-6512345"],
    ["3号楼", "102", "", "空置", ""],
    ["3号楼", "103", "刘租", "租户", "19900000001"],
    ["3号楼", "104", "空户", "", ""],
    ["3号楼", "105", "拒绝登记", "", ""],
]
TWO_ROWS = [
    ["锦绣社区台账"],
    ["序号", "住址", "", "", "家庭成员信息", "", "联系方式"],
    ["", "楼栋", "单元", "室", "姓名", "关系", "电话"],
    [1, 3, 2, 501, "王芳", "户主", 19900000001],
    ["", "", "", "", "李强", "丈夫", ""],
]
# what, content, (taken, refused, households, doors), codes said about lines
OFFICES = [
    (
        "two heading rows, merged",
        one(*TWO_ROWS, merges=[(0, 0, 0, 6, "台账"), (1, 1, 1, 3, "住址")]),
        (2, 0, 1, 0),
        [],
    ),
    (
        "one address merged over its members",
        one(
            DUE,
            ["", "王芳", "户主"],
            ["", "李强", "丈夫"],
            ["4-1-101", "赵一", "户主"],
            merges=[(1, 0, 2, 0, "3-2-501")],
        ),
        (3, 0, 2, 0),
        [],
    ),
    ("a sheet a building", book(UNIT_SHEETS), (3, 0, 3, 0), []),
    (
        "the moved out on a sheet of their own",
        book({"名册": [PLAIN, WANG], "已迁出": [PLAIN, LI, ["3-2-503", "赵一"]]}),
        (1, 0, 1, 0),
        [],
    ),
    (
        "a summary beside the register",
        book({"汇总": [["楼栋", "户数", "人数"], ["3号楼", 1, 1]], "名册": [PLAIN, WANG]}),
        (1, 0, 1, 0),
        [],
    ),
    (
        "blank lines, totals, signatures",
        one(
            PLAIN,
            WANG,
            [],
            LI,
            [],
            ["合计", "2人"],
            ["填表人：孙丽", "", "审核：陈卫民"],
            ["说明：一式两份"],
        ),
        (2, 0, 2, 0),
        [],
    ),
    ("same as above in many signs", one(*DITTO), (5, 0, 2, 0), []),
    (
        "another head at the door above",
        one(DUE, ["3-2-501", "王芳", "户主"], ["同上", "李强", "户主"]),
        (2, 0, 2, 0),
        ["household.twice"],
    ),
    (
        "another head, no door said",
        one(DUE, ["3-2-501", "王芳", "户主"], ["", "李强", "户主"]),
        (1, 1, 1, 0),
        ["address.missing"],
    ),
    ("shops, empties, tenants, refusals", one(*MIXED), (1, 0, 1, 4), []),
    ("hidden rows", one(PLAIN, WANG, LI, hidden=[2]), (2, 0, 2, 0), []),
    (
        "formulas with cached values",
        one(["住址", "姓名", "年龄"], [('=A9&""', "3-2-501"), ("=B9", "王芳"), ("=1+1", 63)]),
        (1, 0, 1, 0),
        [],
    ),
    (
        "the building in the title",
        one(["3号楼2单元登记表"], ["房号", "姓名"], [501, "王芳"]),
        (1, 0, 1, 0),
        [],
    ),
    (
        "buildings as dividing lines",
        one(["房号", "姓名"], ["3号楼2单元"], [501, "王芳"], ["4号楼1单元"], [101, "李强"]),
        (2, 0, 2, 0),
        [],
    ),
    ("headings on every page", one(PLAIN, WANG, PLAIN, LI), (2, 0, 2, 0), []),
    ("full width", one(["住　址", "姓　名"], ["３－２－５０１", "王　芳"]), (1, 0, 1, 0), []),
    (
        "an address that Excel made a date",
        one(PLAIN, [dt.date(2022, 3, 2), "王芳"], LI),
        (1, 1, 1, 0),
        ["address.unreadable"],
    ),
    (
        "an ID number as a number",
        one(["住址", "姓名", "身份证号"], [*WANG, float(ID)]),
        (1, 0, 1, 0),
        ["id.mangled"],
    ),
    (
        "members in columns",
        one(["住址", "户主姓名", "配偶姓名", "子女"], [*WANG, "李强", "李小、李大"]),
        (1, 0, 1, 0),
        ["members.in_columns"] * 2,
    ),
    (
        "numbered members",
        one(["住址", "户主", "成员1", "成员2"], [*WANG, "李强", "无"]),
        (1, 0, 1, 0),
        ["members.in_columns"],
    ),
    (
        "a second name column",
        one(["住址", "姓名", "姓名"], [*WANG, "李强"]),
        (1, 0, 1, 0),
        ["members.in_columns"],
    ),
    (
        "a head on no line of his own",
        one(["住址", "户主姓名", "成员姓名", "关系"], [*WANG, "李强", "夫"], ["", "", "李小", "子"]),
        (2, 0, 1, 0),
        ["members.in_columns"],
    ),
    (
        "several names in a cell",
        one(["住址", "姓名"], ["3-2-501", "王芳、李强"]),
        (1, 0, 1, 0),
        ["name.several"],
    ),
    (
        "a telephone and no name",
        one(["住址", "姓名", "电话"], ["3-2-501", "", "19900000001"]),
        (0, 1, 0, 0),
        ["name.missing"],
    ),
    ("GBK text", "住址,姓名\n3-2-501,王芳\n".encode("gbk"), (1, 0, 1, 0), []),
    ("UTF-16 with tabs", "住址\t姓名\n3-2-501\t王芳\n".encode("utf-16"), (1, 0, 1, 0), []),
]


@pytest.mark.parametrize(
    ("content", "counts", "codes"), [c[1:] for c in OFFICES], ids=[c[0] for c in OFFICES]
)
def test_nobody_is_lost_unseen(content, counts, codes):
    sheet = taken(content)
    assert (len(sheet.rows), len(sheet.refused), sheet.households, len(sheet.doors)) == counts
    assert [issue.code for issue in sheet.issues if issue.row] == codes


@pytest.mark.parametrize(
    "said",
    ["1958-03-04", "1958年3月4日", "1958.3.4", "1958/3/4", "19580304", 19580304, dt.date(1958, 3, 4), 21248],
)
def test_a_birth_date_in_any_form(said):
    assert taken(one(["住址", "姓名", "出生日期"], [*WANG, said])).rows[0].birth == (1958, 3, 4)


def test_three_columns_of_telephones():
    head = ["住址", "姓名", "手机1", "手机2", "固定电话"]
    row = taken(one(head, [*WANG, "19900000001", "19900000002", "0471-6512345"])).rows[0]
    assert row.phones == ("19900000001", "19900000002", "04716512345")


def test_lane_number_and_room_in_columns():
    rows = taken(
        one(["弄", "号", "室", "姓名"], [191, 5, 1202, "王芳"], ["", "", 1203, "李强"], ["", 6, 101, "赵一"])
    ).rows
    assert [row.door_key for row in rows] == [
        ("191", "5", "", "1202"),
        ("191", "5", "", "1203"),
        ("191", "6", "", "101"),
    ]


def test_a_sheet_a_building_keeps_stairwells_and_says_where_a_line_stands():
    sheets = {**UNIT_SHEETS, "2号楼": [UNIT_SHEETS["2号楼"][0], [1, 101, "赵一", "1990"]]}
    sheet = taken(book(sheets))
    assert [row.household for row in sheet.rows] == ["1-1-101", "1-2-102", "2-1-101"]
    assert [(i.row, i.column) for i in sheet.issues if i.code == "phone.short"] == [(5, "2号楼!2 电话")]
