"""What is written can be read in again without loss, and nothing in it ever runs."""

import csv
import datetime as dt
import io
from dataclasses import replace

import openpyxl
import pytest

from shouwang.ledgers.engines.care import CARE_FLAGS
from shouwang.ledgers.engines.residence import OCCUPANCIES, RELATIONS
from shouwang.ledgers.engines.rows import read_register
from shouwang.ledgers.engines.shapes import DoorRow, RegisterRow
from shouwang.ledgers.engines.writing import birth_text, guarded, write_csv, write_problems, write_register
from shouwang.ledgers.tests.test_engine_samples import EXPECTED, SAMPLES

DAY = dt.date(2022, 2, 20)
LIVE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", '=HYPERLINK("http://x")', "=cmd|' /C calc'!A0"]


def bare(row):
    """A row without what belongs to one sheet only."""
    return replace(row, number=0, cells=(), issues=(), carried=False, twice_of=None, extra={})


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_export_and_import_lose_nothing(name):
    first = read_register(SAMPLES / name)
    content = write_register(first.rows, first.doors, title="登记表", as_of=DAY, extra=["来源地"])
    again = read_register(content)
    assert (again.title, again.sheet_date) == ("登记表", DAY)
    assert again.issues == []
    assert [bare(row) for row in again.rows] == [
        replace(bare(row), id_kind=row.id_kind if row.id_number else "") for row in first.rows
    ]
    assert [replace(door, number=0) for door in again.doors] == [
        replace(door, number=0) for door in first.doors
    ]
    assert [row.extra.get("来源地") for row in again.rows] == [row.extra.get("来源地") for row in first.rows]


def test_every_code_comes_back_from_its_label():
    rows = [
        *(RegisterRow(0, "王芳", "1", door="101", relation=code) for code in RELATIONS),
        *(
            RegisterRow(0, "王芳", "2", door=f"{at}01", occupancy=code)
            for at, code in enumerate(OCCUPANCIES, 1)
        ),
        *(RegisterRow(0, "王芳", "3", door=f"{at}01", care=(code,)) for at, code in enumerate(CARE_FLAGS, 1)),
    ]
    again = read_register(write_register(rows, title="表", as_of=DAY)).rows
    assert [(r.relation, r.occupancy, r.care, r.remarks) for r in again] == [
        (r.relation, r.occupancy, r.care, "") for r in rows
    ]


def test_yards_and_lanes_come_back():
    rows = [
        RegisterRow(0, "王芳", "3", door="12", is_yard=True),
        RegisterRow(0, "李强", "5", door="1202", lane="191"),
    ]
    again = read_register(write_register(rows, title="表", as_of=DAY)).rows
    assert [(r.building, r.door, r.lane, r.is_yard) for r in again] == [
        ("3", "12", "", True),
        ("5", "1202", "191", False),
    ]


@pytest.mark.parametrize("text", LIVE)
def test_no_field_is_ever_a_formula_in_excel(text):
    row = RegisterRow(
        0, text, text, text, text, grid=text, relation_text=text, remarks=text, extra={text: text}
    )
    door = DoorRow(0, text, door=text, remarks=text)
    content = write_register([row], [door], title=text, as_of=DAY, extra=[text])
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for line in book.active.iter_rows() for cell in line if cell.value is not None]
    assert len(cells) > 20
    assert all(cell.data_type == "s" and cell.hyperlink is None for cell in cells)


@pytest.mark.parametrize("text", LIVE)
def test_no_field_is_ever_a_formula_in_csv(text):
    content = write_csv([text], [[text]])
    for line in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")):
        assert line[0] == "'" + text


def test_a_plain_field_stays_as_it_is():
    assert [guarded(text) for text in ("王芳", "3-2-501", "")] == ["王芳", "3-2-501", ""]


def test_phone_and_id_number_are_text_and_the_headings_stay_in_sight():
    row = RegisterRow(0, "王芳", "3", door="501", id_number="150199195803041221", phones=("19900000001",))
    sheet = openpyxl.load_workbook(io.BytesIO(write_register([row], title="表", as_of=DAY))).active
    held = {cell.value: cell for cell in sheet[4]}
    assert held["150199195803041221"].number_format == "@"
    assert held["19900000001"].number_format == "@"
    assert sheet.freeze_panes == "G4"
    assert [sheet["A1"].value, sheet["A2"].value] == ["表", "截至2022年2月20日"]


@pytest.mark.parametrize(
    ("birth", "text"),
    [((1958, 3, 4), "1958-03-04"), ((1958, 3, None), "1958-03"), ((1958, None, None), "1958"), (None, "")],
)
def test_a_partial_birth_date_says_what_is_known(birth, text):
    assert birth_text(birth) == text


def test_the_sheet_of_doubts_marks_the_cells_and_says_why():
    sheet = read_register(SAMPLES / "zone-c.xlsx")
    doubtful = [(r.number, r.cells, r.issues) for r in [*sheet.rows, *sheet.refused] if r.issues]
    content = write_problems(
        sheet.headings, doubtful, title="疑问表", sentence=lambda i: i.message % i.params
    )
    lines = list(openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(min_row=3))
    assert len(lines) == len(doubtful) == 14 + 8
    for line, (number, _, issues) in zip(lines, doubtful, strict=True):
        assert line[0].value == number
        marked = {cell.column - 2 for cell in line if cell.fill.fgColor.rgb in ("FFFFE9C4", "FFFFDAD5")}
        assert marked == {issue.column_index for issue in issues}
        assert all(issue.message % issue.params in line[-1].value for issue in issues)
