"""From lines to people: headings in many forms, doors carried down, what is refused and what is taken."""

import datetime as dt
import io

import pytest
import xlsxwriter

from shouwang.ledgers.engines.care import CARE_FLAGS
from shouwang.ledgers.engines.residence import OCCUPANCIES, RELATIONS, SEXES
from shouwang.ledgers.engines.rows import read_register
from shouwang.ledgers.engines.writing import write_csv
from shouwang.ledgers.tests.engine_cells import HEAD, ID, OTHER_ID, codes, person, read
from shouwang.people.states import Care, Occupancy, Relation, Sex


def test_the_codes_are_those_of_the_people_room():
    assert set(OCCUPANCIES) == set(Occupancy.values)
    assert set(RELATIONS) == set(Relation.values)
    assert set(SEXES) | {""} == set(Sex.values)
    assert set(CARE_FLAGS) == set(Care.values)


# Headings


@pytest.mark.parametrize(
    "head",
    [
        ["居民姓名", "家庭住址", "证件号码", "手机"],
        ["户主姓名", "门 牌", "公民身份号码", "联系方式"],
        ["姓\n名", "地址（楼号-单元-门牌）", "身份证号码*", "联系电话（必填）"],
        ["姓　名", "现住址", "身份证", "电话号码"],
        ["家庭成员姓名", "楼栋单元门牌", "身份证号码（18位）", "本人联系电话"],
        ["成员姓名", "所在楼栋及房号", "居民身份证号", "手机号1"],
    ],
)
def test_headings_are_known_by_their_words(head):
    row = read(["王芳", "3号楼2单元501", ID, "19900000001"], head=head).rows[0]
    assert (row.name, row.door, row.id_number, row.phones) == ("王芳", "501", ID, ("19900000001",))


def test_titles_and_notes_above_and_below_are_no_rows():
    sheet = read(
        ["注：户主填在第一行，其他家庭成员依次填写"],
        person(),
        ["合计：1户1人"],
        ["填表人：孙丽", "", "审核人：陈卫民"],
        above=[["锦绣社区居民登记表"], ["截至2022年2月19日"]],
    )
    assert (sheet.title, sheet.sheet_date, sheet.counted) == ("锦绣社区居民登记表", dt.date(2022, 2, 19), 1)
    assert sheet.ignored_lines == (1, 2, 3, 4, 6, 7)


def test_two_heading_lines_and_three_columns_for_the_door():
    top = ["序号", "住址", "", "", "家庭成员", "", "电话"]
    low = ["", "楼栋", "单元", "门牌号", "姓名", "与户主关系", ""]
    sheet = read(
        [1, 3, 2, 501, "王芳", "户主", "19900000001"],
        ["", "", "", "", "李强", "丈夫", ""],
        head=low,
        above=[top],
    )
    assert [(row.building, row.stairwell, row.door, row.relation) for row in sheet.rows] == [
        ("3", "2", "501", "head"),
        ("3", "2", "501", "spouse"),
    ]
    assert sheet.headings[1:4] == ("楼栋", "单元", "门牌号")


def test_building_and_stairwell_hold_for_the_doors_below():
    head = ["楼栋", "单元", "房号", "姓名"]
    sheet = read(
        ["3号楼", "二单元", "501室", "王芳"], ["", "", 502, "李强"], ["4号楼", "1", 101, "赵磊"], head=head
    )
    assert [row.household for row in sheet.rows] == ["3-2-501", "3-2-502", "4-1-101"]


def test_the_telephone_of_somebody_to_ring_is_not_the_residents():
    row = read(["王芳", "3-2-501", "19900000002"], head=["姓名", "住址", "紧急联系人电话"]).rows[0]
    assert (row.phones, row.extra) == ((), {"紧急联系人电话": "19900000002"})


@pytest.mark.parametrize(
    ("building", "door"),
    [("3号楼", "2单元501"), (3, "2-501"), ("3", "3号楼2单元501室"), ("3栋", "2单元-501")],
)
def test_a_door_column_may_hold_the_stairwell(building, door):
    head = ["楼栋", "门牌号", "姓名"]
    assert read([building, door, "王芳"], head=head).rows[0].household == "3-2-501"


def test_how_a_flat_is_lived_in_may_stand_in_the_remarks():
    sheet = read(["王芳", "3-2-501", "租户，独居"], ["", "3-2-502", "空置"], head=["姓名", "住址", "备注"])
    assert (sheet.rows[0].occupancy, sheet.doors[0].occupancy) == ("tenant", "empty")


def test_headings_repeated_on_every_page_are_no_people():
    assert len(read(person(), HEAD, person(address="3-2-502", name="李强")).rows) == 2


def test_a_dividing_line_names_the_building():
    head = ["姓名", "门牌号", "电话"]
    sheet = read(
        ["3号楼2单元"],
        ["王芳", "501", ""],
        ["李强", "502", ""],
        ["3号楼3单元"],
        ["赵磊", "501", ""],
        head=head,
    )
    assert [row.household for row in sheet.rows] == ["3-2-501", "3-2-502", "3-3-501"]


@pytest.mark.parametrize(
    ("text", "filename"),
    [
        ("填表日期：2022.2.19", "x.xlsx"),
        ("2022年2月19日", "x.xlsx"),
        ("更新时间 2022-02-19", "x.xlsx"),
        ("登记表", "C区20220219.xlsx"),
        ("登记表", "C区（2022.2.19）.xlsx"),
    ],
)
def test_the_day_of_the_sheet(text, filename):
    content = write_csv(["", ""], [[text, ""], ["姓名", "门牌"], ["王芳", "3-2-501"]])
    assert read_register(content, filename).sheet_date == dt.date(2022, 2, 19)


def test_a_sheet_without_a_day_says_so():
    assert "sheet.no_date" in [issue.code for issue in read(person()).issues]


# Doors


@pytest.mark.parametrize(
    ("address", "household"),
    [
        ("3号楼2单元501", "3-2-501"),
        ("3-2-501", "3-2-501"),
        ("３栋２单元５０１室", "3-2-501"),
        ("23栋二单元1701室", "23-2-1701"),
        ("191弄5号1202", "191-5-1202"),
        ("12号楼1门201", "12-1-201"),
    ],
)
def test_doors_in_many_spellings(address, household):
    assert read(person(address=address)).rows[0].household == household


def test_the_address_on_the_heads_line_holds_for_the_family():
    sheet = read(person(relation="户主"), person(address="", name="李强", relation="丈夫"))
    assert [(row.household, row.carried) for row in sheet.rows] == [("3-2-501", False), ("3-2-501", True)]


def test_a_lane_said_once_holds_for_the_same_number():
    sheet = read(person(address="191弄5号1201"), person(address="5号1202室", name="李强"))
    assert [row.household for row in sheet.rows] == ["191-5-1201", "191-5-1202"]


@pytest.mark.parametrize("name", ["王*芳", "阿依古丽·买买提", "Anna Smith", "王 芳"])
def test_names_of_every_sort_are_taken(name):
    assert read(person(name=name)).rows[0].name == name.replace("王 芳", "王芳")


def test_another_head_without_an_address_is_not_put_into_the_flat_above():
    sheet = read(
        person(relation="户主"),
        person(address="", name="李强", relation="户主"),
        person(address="", name="李小", relation="儿子"),
    )
    assert [row.name for row in sheet.rows] == ["王芳"]
    assert codes(sheet) == ["address.missing", "address.missing"]


def test_a_family_below_an_unreadable_door_is_not_put_elsewhere():
    sheet = read(
        person(),
        person(address="待核实", name="李强", relation="户主"),
        person(address="", name="李小", relation="儿子"),
    )
    assert [row.name for row in sheet.rows] == ["王芳"]
    assert codes(sheet) == ["address.unreadable", "address.missing"]


def test_a_merged_address_holds_for_two_heads():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["住址", "姓名", "关系"])
        sheet.merge_range(1, 0, 2, 0, "3号楼2单元501")
        sheet.write_row(1, 1, ["王芳", "户主"])
        sheet.write_row(2, 1, ["李强", "户主"])
    found = read_register(out.getvalue())
    assert [row.household for row in found.rows] == ["3-2-501", "3-2-501#2"]
    assert "household.twice" in codes(found)


@pytest.mark.parametrize(
    ("words", "code"),
    [("空置", "empty"), ("商铺", "shop"), ("", "unknown"), ("空关户", "empty"), ("敲门无人", "unknown")],
)
def test_a_line_with_a_door_and_nobody_is_a_door(words, code):
    sheet = read(person(), person(address="3-2-502", name="", lived=words))
    assert sheet.counted == 1
    assert [(door.door, door.occupancy) for door in sheet.doors] == [("502", code)]


def test_empty_written_where_the_name_would_stand():
    sheet = read(person(name="空置"))
    assert [(door.door, door.occupancy) for door in sheet.doors] == [("501", "empty")]


def test_an_owner_with_a_phone_of_an_empty_flat_is_a_door_too():
    sheet = read(person(name="", phone="19900000001", lived="空置"))
    assert [(door.occupancy, door.phones) for door in sheet.doors] == [("empty", ("19900000001",))]


@pytest.mark.parametrize(
    "line",
    [
        person(name="", relation="儿子", sex="男"),
        person(name="", id_number=ID),
        person(name="", phone="19900000001"),
        person(address="12号楼", name=""),
    ],
)
def test_a_line_that_names_nobody_is_refused(line):
    sheet = read(person(address="9-9-901"), line)
    assert [(row.number, row.issues[0].code) for row in sheet.refused] == [(3, "name.missing")]
    assert sheet.issues[-1].column == "姓名"


@pytest.mark.parametrize(
    "name", ["？？", "123", "<script>alert(1)</script>", "=1+1", "王" * 41, "http://x.cn"]
)
def test_what_is_no_name_is_refused(name):
    assert codes(read(person(name=name))) == ["name.unreadable"]


def test_pre_numbered_blank_lines_are_no_rows():
    assert read(person(), [2], [3]).counted == 1


# What stands twice


def test_the_same_person_twice_is_said_and_points_to_the_first_line():
    sheet = read(person(id_number=ID), person(address="4-1-101", id_number=ID))
    assert [row.twice_of for row in sheet.rows] == [None, 2]
    assert codes(sheet) == ["person.twice"]


def test_the_same_name_behind_the_same_door_is_the_same_person_unless_contradicted():
    assert codes(read(person(), person())) == ["person.twice"]
    assert codes(read(person(id_number=ID), person(id_number=OTHER_ID))) == []


def test_an_id_number_beside_another_name_is_set_aside():
    sheet = read(person(id_number=ID), person(address="3-2-502", name="李强", id_number=ID))
    assert [row.id_number for row in sheet.rows] == [ID, None]
    assert codes(sheet) == ["id.twice"]
    assert sheet.issues[-1].params == {"other": 2}


def test_a_household_that_stands_twice_is_said_once():
    family = [person(relation="户主"), person(name="李强", relation="丈夫")]
    sheet = read(*family, person(address="3-2-502", name="赵磊", relation="户主"), *family)
    assert sheet.households == 2
    assert sorted(codes(sheet)) == ["household.twice", "person.twice", "person.twice"]


def test_a_shared_flat_has_several_households_without_a_word():
    sheet = read(person(relation="户主", lived="群租"), person(name="李强", relation="户主", lived="群租"))
    assert (sheet.households, codes(sheet)) == (2, [])
