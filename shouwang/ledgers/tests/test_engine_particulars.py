"""Telephones, ID numbers, dates, ages, care as offices write them: what is doubtful is set aside, the person taken."""

import pytest

from shouwang.ledgers.tests.engine_cells import ID, codes, person, read


@pytest.mark.parametrize(
    ("cell", "numbers", "code"),
    [
        ("199 0000 0001", ("19900000001",), None),
        ("１９９００００0001", ("19900000001",), None),
        (19900000001, ("19900000001",), None),
        ("19900000001.0", ("19900000001",), None),
        ("1.9900000001E+10", ("19900000001",), None),
        ("+86 199-0000-0001", ("19900000001",), None),
        ("19900000001/19900000002", ("19900000001", "19900000002"), None),
        ("19900000001 19900000002", ("19900000001", "19900000002"), None),
        ("1990000000119900000002", ("19900000001", "19900000002"), None),
        ("0471-6512345", ("04716512345",), None),
        (4716512345, ("04716512345",), None),
        ("6512345", ("6512345",), None),
        ("无", (), None),
        ("1380000", (), "phone.short"),
        ("199000000011", (), "phone.long"),
        ("1.99001E+10", (), "phone.mangled"),
        ("见物业", (), "phone.unreadable"),
        (1.5, (), "phone.short"),
    ],
)
def test_phones(cell, numbers, code):
    sheet = read(person(phone=cell))
    assert sheet.rows[0].phones == numbers
    assert codes(sheet) == ([code] if code else [])


def test_whose_phone_it_is_stays_readable():
    row = read(person(phone="19900000001（女儿）")).rows[0]
    assert row.phones == ("19900000001",)
    assert "女儿" in row.remarks


@pytest.mark.parametrize(
    ("cell", "number", "kind", "code"),
    [
        (ID, ID, "resident_id", None),
        (" 150199 19580304 1221 ", ID, "resident_id", None),
        ("１５０１９９195803041221", ID, "resident_id", None),
        ("'" + ID, ID, "resident_id", None),
        ("150199580304122", ID, "resident_id", None),
        (ID[:-1] + "2", None, "resident_id", "id.check_digit"),
        ("150199195813041228", None, "resident_id", "id.birth_date"),
        (int(ID), None, "resident_id", "id.mangled"),
        (ID[:15] + "000", None, "resident_id", "id.mangled"),
        ("1.50199E+17", None, "resident_id", "id.mangled"),
        ("150199********1228", None, "", "id.masked"),
        (ID[:-1], None, "", "id.short"),
        (ID + "1", None, "", "id.long"),
        ("E12345678", "E12345678", "passport", None),
        ("H1234567801", "H1234567801", "other", None),
        ("办理中", None, "", "id.unreadable"),
        ("无", None, "", None),
    ],
)
def test_id_numbers(cell, number, kind, code):
    sheet = read(person(id_number=cell))
    row = sheet.rows[0]
    assert (row.id_number, row.id_kind) == (number, kind)
    assert codes(sheet) == ([code] if code else [])


def test_an_id_number_tells_birth_and_sex_and_excels_cut_keeps_the_birth():
    assert (read(person(id_number=ID)).rows[0].birth, read(person(id_number=ID)).rows[0].sex) == (
        (1958, 3, 4),
        "f",
    )
    assert read(person(id_number=int(ID))).rows[0].birth == (1958, 3, 4)


def test_the_id_number_is_believed_before_the_cells_beside_it():
    row = read(person(sex="男", id_number=ID))
    assert row.rows[0].sex == "f"
    assert codes(row) == ["sex.differs"]


@pytest.mark.parametrize(
    ("cell", "birth", "code"),
    [
        ("1958-03-04", (1958, 3, 4), None),
        ("1958/3/4", (1958, 3, 4), None),
        ("1958.3.4", (1958, 3, 4), None),
        ("1958年3月4日", (1958, 3, 4), None),
        ("19580304", (1958, 3, 4), None),
        (21248, (1958, 3, 4), None),
        ("1958年3月", (1958, 3, None), None),
        ("1958.03", (1958, 3, None), None),
        ("195803", (1958, 3, None), None),
        (1958, (1958, None, None), None),
        ("58.3.4", (1958, 3, 4), None),
        (1958.1, (1958, None, None), "date.doubtful"),
        ("1958-02-30", None, "date.unreadable"),
        ("2058-02-03", None, "date.unreadable"),
        ("属虎", None, "date.unreadable"),
        (0, None, None),
        ("不详", None, None),
    ],
)
def test_birth_dates(cell, birth, code):
    sheet = read(["王芳", "3-2-501", cell], head=["姓名", "住址", "出生日期"])
    assert sheet.rows[0].birth == birth
    assert codes(sheet) == ([code] if code else [])


@pytest.mark.parametrize(
    ("cell", "age", "code"),
    [(83, 83, None), ("83岁", 83, None), ("8个月", 0, None), ("老", None, "age.unreadable")],
)
def test_ages(cell, age, code):
    sheet = read(["王芳", "3-2-501", cell], head=["姓名", "住址", "年龄"])
    assert sheet.rows[0].age == age
    assert codes(sheet) == ([code] if code else [])


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("自住", "owner"),
        ("租户", "tenant"),
        ("人户分离", "lives_elsewhere"),
        ("空挂", "registered_only"),
        ("群租", "shared"),
        ("业主自住", "owner"),
    ],
)
def test_how_a_flat_is_lived_in(words, code):
    assert read(person(lived=words)).rows[0].occupancy == code


def test_unknown_words_about_the_flat_are_kept_and_said():
    sheet = read(person(lived="甲类"))
    assert (sheet.rows[0].occupancy, sheet.rows[0].remarks, codes(sheet)) == (
        "",
        "甲类",
        ["occupancy.unreadable"],
    )


@pytest.mark.parametrize(
    ("care", "remarks", "flags", "rest"),
    [
        ("独居老人、高血压", "", ("lives_alone", "chronic_illness"), "高血压"),
        ("双独居", "", ("couple_alone",), ""),
        ("无", "党员", (), "党员"),
        ("非低保，无残疾", "", (), "非低保，无残疾"),
        ("透析", "每周二、四透析", ("dialysis",), "每周二、四透析"),
        (
            "独居、糖尿病",
            "糖尿病，打胰岛素",
            ("lives_alone", "chronic_illness", "injectable"),
            "糖尿病，打胰岛素",
        ),
        ("孕产妇", "", ("pregnant",), "孕产妇"),
        ("产妇", "", ("postpartum",), ""),
        ("孕8个月", "", ("pregnant",), "孕8个月"),
        ("8个月", "", ("infant",), "8个月"),
        ("没有手机", "", ("no_phone",), ""),
        ("", "腿脚不便，送上门", ("walks_badly", "to_door"), ""),
        (
            "",
            "儿子在残疾人联合会上班，是家里独居老人身边唯一一个常来看望的孩子",
            (),
            "儿子在残疾人联合会上班，是家里独居老人身边唯一一个常来看望的孩子",
        ),
    ],
)
def test_care_out_of_an_offices_words(care, remarks, flags, rest):
    row = read(person(care=care, remarks=remarks)).rows[0]
    assert (row.care, row.remarks) == (flags, rest)


def test_columns_of_no_known_kind_are_kept_under_their_headings():
    row = read(["王芳", "3-2-501", "云南"], head=["姓名", "住址", "来源地"]).rows[0]
    assert row.extra == {"来源地": "云南"}
