"""Files of every kind are read; files that are none, or traps, are refused before they are opened."""

import contextlib
import datetime as dt
import io
import random
import struct
import time
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from shouwang.core import sheets
from shouwang.core.old_excel import cells_spanned
from shouwang.core.sheets import UnreadableSheet, read_sheets
from shouwang.ledgers.engines.rows import read_register
from shouwang.ledgers.engines.sentences import UNREADABLE

TABLE = [["姓名", "门牌", "电话"], ["王芳", "3号楼2单元501", "19900000001"]]


def workbook(*tables, options=None, first_row=0):
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, **(options or {})}) as book:
        for at, table in enumerate(tables):
            sheet = book.add_worksheet(f"表{at + 1}")
            for row, cells in enumerate(table, first_row):
                sheet.write_row(row, 0, cells)
    return content.getvalue()


def refused(content):
    with pytest.raises(UnreadableSheet) as found:
        read_register(content)
    assert found.value.message == UNREADABLE[found.value.code]
    assert found.value.message % found.value.params
    return found.value.code


def replaced(content, part, change):
    """The workbook with one part changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            body = old.read(entry)
            new.writestr(entry.filename, change(body) if entry.filename == part else body)
    return out.getvalue()


def test_row_numbers_are_those_that_excel_shows():
    sheet = read_sheets(workbook(TABLE, first_row=4))[0]
    assert [line.number for line in sheet.lines] == [5, 6]


def test_a_blank_first_column_keeps_its_place():
    sheet = read_sheets(workbook([["", "姓名"], ["", "王芳"]]))[0]
    assert sheet.lines[0].cells == ("", "姓名")


def test_the_sheet_that_is_a_register_is_chosen():
    register = read_register(workbook([["请于今日填报"]], TABLE))
    assert (register.sheet_name, len(register.rows)) == ("表2", 1)


def test_other_registers_in_the_file_are_named():
    other = [["姓名", "门牌"], ["赵磊", "4-1-101"]]
    register = read_register(workbook(other, [*TABLE, ["李强", "3号楼2单元502", ""]]))
    assert register.sheet_name == "表2"
    note = next(issue for issue in register.issues if issue.code == "sheet.others_ignored")
    assert note.params == {"names": "表1"}


def test_sheets_of_one_form_are_read_as_one():
    second = [TABLE[0], ["李强", "4号楼1单元101", "1990"]]
    register = read_register(workbook(TABLE, second))
    assert [(row.number, row.name) for row in register.rows] == [(2, "王芳"), (4, "李强")]
    said = {issue.code: issue for issue in register.issues}
    assert said["sheet.joined"].params == {"names": "表1、表2"}
    assert (said["phone.short"].row, said["phone.short"].column) == (4, "表2!2 电话")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_text_in_any_encoding_and_with_any_separator(encoding, mark):
    text = "\r\n".join(mark.join(line) for line in TABLE)
    row = read_register(text.encode(encoding), "x.csv").rows[0]
    assert (row.number, row.name, row.building, row.stairwell, row.door) == (2, "王芳", "3", "2", "501")


def test_a_comma_inside_quotes_separates_nothing():
    text = '姓名,门牌,电话,备注\n王芳,3-2-501,19900000001,"a,b\nc"\n李强,3-2-502,,\n'
    rows = read_register(text.encode()).rows
    assert [(row.number, row.name) for row in rows] == [(2, "王芳"), (3, "李强")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "sheet.empty"),
        (b"\r\n \n", "sheet.empty"),
        (b"%PDF-1.7 \x00\x01", "sheet.not_a_spreadsheet"),
        (b"PK\x03\x04 broken", "sheet.not_a_spreadsheet"),
        ("亲爱的居民朋友们".encode(), "sheet.not_a_spreadsheet"),
        ("甲,乙\n1,2\n".encode(), "sheet.no_header"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 nothing", "sheet.not_a_spreadsheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "sheet.encrypted"),
        (b"\xff,\xff\xff\n", "sheet.encoding"),
    ],
)
def test_what_is_no_register_is_refused_by_its_code(content, code):
    assert refused(content) == code


def test_an_empty_workbook_is_empty():
    assert refused(workbook([])) == "sheet.empty"


def test_another_zip_is_no_spreadsheet():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("letter.txt", "hello")
    assert refused(out.getvalue()) == "sheet.not_a_spreadsheet"


def test_more_than_100000_rows_are_refused():
    text = "姓名,门牌\n" + "王芳,3-2-501\n" * sheets.MAX_ROWS
    assert refused(text.encode()) == "sheet.too_many_rows"


def test_a_cell_far_out_reserves_no_memory():
    far = replaced(
        workbook(TABLE),
        "xl/worksheets/sheet1.xml",
        lambda body: body.replace(
            b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
        ),
    )
    assert refused(far) == "sheet.too_many_rows"
    wide = replaced(
        workbook(TABLE),
        "xl/worksheets/sheet1.xml",
        lambda body: body.replace(b"</sheetData>", b'<row r="9"><c r="XFD9"><v>1</v></c></row></sheetData>'),
    )
    assert refused(wide) == "sheet.too_wide"


def test_a_row_far_out_with_cells_that_name_no_place_is_refused():
    far = replaced(
        workbook(TABLE),
        "xl/worksheets/sheet1.xml",
        lambda body: body.replace(b"</sheetData>", b'<row r="1048576"><c><v>1</v></c></row></sheetData>'),
    )
    assert refused(far) == "sheet.too_many_rows"


def test_formatted_blank_cells_far_down_are_no_rows():
    content = replaced(
        workbook(TABLE),
        "xl/worksheets/sheet1.xml",
        lambda body: body.replace(
            b"</sheetData>", b'<row r="1048576"><c r="A1048576" s="0"/></row></sheetData>'
        ),
    )
    assert len(read_register(content).rows) == 1


def test_a_zip_bomb_is_refused_at_once():
    began = time.process_time()
    bomb = replaced(workbook(TABLE), "xl/worksheets/sheet1.xml", lambda body: body + b" " * 90_000_000)
    packed = time.process_time()
    assert refused(bomb) == "sheet.too_large"
    assert time.process_time() - packed < 2
    assert packed >= began


def test_a_part_that_lies_about_its_size_is_refused():
    honest = replaced(workbook(TABLE), "xl/worksheets/sheet1.xml", lambda body: body + b" " * 5_000_000)
    body = zipfile.ZipFile(io.BytesIO(honest)).getinfo("xl/worksheets/sheet1.xml").file_size
    lying = honest.replace(body.to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert lying != honest
    assert refused(lying) == "sheet.not_a_spreadsheet"


def test_entities_are_refused():
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    content = replaced(
        workbook(TABLE), "xl/sharedStrings.xml", lambda body: bomb + body[body.index(b"<sst") :]
    )
    assert refused(content) == "sheet.hostile"


def test_too_many_parts_are_refused():
    out = io.BytesIO(workbook(TABLE))
    with zipfile.ZipFile(out, "a") as archive:
        for at in range(sheets.MAX_ENTRIES):
            archive.writestr(f"junk/{at}", b"")
    assert refused(out.getvalue()) == "sheet.hostile"


def test_a_locked_zip_says_that_it_is_locked():
    content = bytearray(workbook(TABLE))
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        offsets = [entry.header_offset for entry in archive.infolist()]
    for offset in offsets:
        content[offset + 6] |= 1
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        content[at + 8] |= 1
        at = content.find(b"PK\x01\x02", at + 4)
    assert refused(bytes(content)) == "sheet.encrypted"


def test_a_file_beyond_the_limit_is_not_even_read_to_its_end():
    class Endless(io.RawIOBase):
        def read(self, size=-1):
            assert 0 < size <= sheets.MAX_FILE_BYTES + 1
            return b"x" * size

    assert refused(Endless()) == "sheet.too_large"


def test_date_cells_and_numbers_come_as_excel_keeps_them():
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["姓名", "门牌", "出生日期", "电话"])
        sheet.write_row(1, 0, ["王芳", "3-2-501"])
        sheet.write_datetime(1, 2, dt.date(1958, 3, 4), book.add_format({"num_format": "yyyy/m/d"}))
        sheet.write_number(1, 3, 19900000001)
    row = read_register(content.getvalue()).rows[0]
    assert (row.birth, row.phones) == ((1958, 3, 4), ("19900000001",))


def test_an_old_xls_is_read_as_well():
    """A file as Excel 97 keeps it, with a merged title, a merged door and a date cell."""
    sheet = read_register(Path(__file__).parent / "files/old-office.xls")
    assert (sheet.title, sheet.sheet_date) == ("锦绣社区居民登记表", dt.date(2022, 2, 19))
    assert [(row.number, row.name, row.household, row.birth, row.phones) for row in sheet.rows] == [
        (4, "王芳", "3-2-501", (1958, 3, 4), ("19900000001",)),
        (5, "李强", "3-2-501", (1956, 1, 2), ("19900000002",)),
    ]


@pytest.mark.parametrize("kind", ["xls", "xlsx"])
def test_a_broken_file_never_breaks_the_reader(kind):
    """150 files of each kind with bytes turned, repeatable: a clear refusal or a register, nothing else."""
    whole = (
        (Path(__file__).parent / "files/old-office.xls").read_bytes() if kind == "xls" else workbook(TABLE)
    )
    chance = random.Random(16)
    outcomes = set()
    for _ in range(150):
        broken = bytearray(whole)
        for _ in range(chance.choice([1, 3, 20])):
            broken[chance.randrange(8, len(broken))] = chance.randrange(256)
        try:
            outcomes.add(type(read_register(bytes(broken))).__name__)
        except UnreadableSheet as refusal:
            outcomes.add(refusal.code)
    assert "sheet.not_a_spreadsheet" in outcomes


def test_parts_that_are_broken_inside_never_break_the_reader():
    """The same for the parts of an .xlsx, packed anew so that the zip itself is whole."""
    chance = random.Random(17)
    parts = ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml"]
    for _ in range(150):

        def turned(body):
            broken = bytearray(body)
            for _ in range(chance.choice([1, 2, 8])):
                broken[chance.randrange(len(broken))] = chance.choice(b'<>/"0129AZr=\x00\xff')
            return bytes(broken)

        with contextlib.suppress(UnreadableSheet):
            assert read_register(replaced(workbook(TABLE), chance.choice(parts), turned)).counted <= 2


def test_a_cell_far_out_in_an_old_xls_reserves_no_memory():
    """The record of the cell G4 moved to the last corner that the format knows."""
    whole = (Path(__file__).parent / "files/old-office.xls").read_bytes()
    here = struct.pack("<HHHH", 0x0203, 14, 3, 6)
    assert whole.count(here) == 1
    assert cells_spanned(whole) == 6 * 7
    far = whole.replace(here, struct.pack("<HHHH", 0x0203, 14, 65535, 255))
    assert cells_spanned(far) == 65536 * 256
    assert refused(far) == "sheet.too_far"


def test_stray_cells_far_apart_are_refused():
    far = replaced(
        workbook(TABLE),
        "xl/worksheets/sheet1.xml",
        lambda body: body.replace(
            b"</sheetData>", b'<row r="99000"><c r="CV99000"><v>1</v></c></row></sheetData>'
        ),
    )
    assert refused(far) == "sheet.too_far"


def test_an_old_xls_cut_anywhere_is_refused_and_never_half_read():
    whole = (Path(__file__).parent / "files/old-office.xls").read_bytes()
    for length in range(8, len(whole), 97):
        try:
            found = read_register(whole[:length])
        except UnreadableSheet:
            continue
        assert [row.name for row in found.rows] == ["王芳", "李强"]
