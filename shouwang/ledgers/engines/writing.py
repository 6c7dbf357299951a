"""Registers out: the same sheet that can be read in again, the sheet of doubts, and .csv without formulas."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable, Mapping, Sequence

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from shouwang.core.sheets import Cell

from .births import PartialDate
from .care import CARE_FLAGS
from .residence import OCCUPANCIES, RELATIONS, SEXES
from .shapes import DoorRow, Issue, RegisterRow

# Nothing a user typed may ever run: strings stay strings, whatever they begin with.
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}
_FONT = {"font_name": "微软雅黑", "font_size": 10, "valign": "vcenter"}
_LIVE = ("=", "+", "-", "@", "\t", "\r")

HEADINGS = (
    ("网格", 12),
    ("弄", 7),
    ("楼栋", 8),
    ("单元", 7),
    ("门牌号", 9),
    ("姓名", 11),
    ("与户主关系", 11),
    ("性别", 6),
    ("出生日期", 13),
    ("年龄", 6),
    ("身份证号码", 22),
    ("联系电话", 26),
    ("居住情况", 10),
    ("特殊情况", 22),
    ("备注", 34),
)


def write_register(
    rows: Iterable[RegisterRow],
    doors: Iterable[DoorRow] = (),
    *,
    title: str,
    as_of: dt.date,
    extra: Sequence[str] = (),
) -> bytes:
    """The register as .xlsx: title, day, headings, one line a person, then one line an empty door.

    Every cell is text, phone and ID number too, so that Excel changes none of them. ``extra`` are headings
    of further columns, filled from each row's ``extra``.
    """
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, _OPTIONS) as book:
        sheet = book.add_worksheet("居民登记表")
        headings = [*(heading for heading, _ in HEADINGS), *extra]
        _head(book, sheet, headings, title, as_of)
        text = book.add_format({**_FONT, "border": 1, "num_format": "@"})
        lines = [*(person_cells(row, extra) for row in rows), *(door_cells(door) for door in doors)]
        for at, cells in enumerate(lines, 3):
            _write_texts(sheet, at, cells, text)
    return content.getvalue()


def _head(
    book: xlsxwriter.Workbook, sheet: Worksheet, headings: list[str], title: str, as_of: dt.date
) -> None:
    big = book.add_format({**_FONT, "bold": True, "font_size": 16, "align": "center"})
    bold = book.add_format({**_FONT, "bold": True, "border": 1, "align": "center", "bg_color": "#F0F7F4"})
    sheet.merge_range(0, 0, 0, len(headings) - 1, "", big)
    sheet.write_string(0, 0, title, big)
    sheet.write_string(1, 0, f"截至{as_of.year}年{as_of.month}月{as_of.day}日", book.add_format(_FONT))
    sheet.set_row(0, 30)
    for column, heading in enumerate(headings):
        sheet.write_string(2, column, heading, bold)
        sheet.set_column(column, column, HEADINGS[column][1] if column < len(HEADINGS) else 16)
    sheet.freeze_panes(3, 6)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)


def _write_texts(sheet: Worksheet, at: int, cells: Sequence[str], text: Format) -> None:
    for column, cell in enumerate(cells):
        if cell:
            sheet.write_string(at, column, cell, text)
        else:
            sheet.write_blank(at, column, None, text)


def person_cells(row: RegisterRow, extra: Sequence[str] = ()) -> list[str]:
    """A person's line under HEADINGS; labels in Chinese, as the sheet is for an office."""
    return [
        *_place_cells(row),
        row.name,
        row.relation_text or _label(RELATIONS, row.relation),
        _label(SEXES, row.sex),
        birth_text(row.birth),
        "" if row.age is None else str(row.age),
        row.id_number or "",
        "、".join(row.phones),
        _label(OCCUPANCIES, row.occupancy),
        "、".join(CARE_FLAGS[code][0] for code in row.care if code in CARE_FLAGS),
        row.remarks,
        *(row.extra.get(heading, "") for heading in extra),
    ]


def door_cells(door: DoorRow) -> list[str]:
    """A door where nobody is named: the place, how it is lived in, a number to ring."""
    blank = [""] * 6
    phones = "、".join(door.phones)
    return [*_place_cells(door), *blank, phones, _label(OCCUPANCIES, door.occupancy), "", door.remarks]


def _place_cells(row: RegisterRow | DoorRow) -> list[str]:
    building = f"{row.building}号院" if row.is_yard else row.building
    return [row.grid, row.lane, building, row.stairwell, row.door]


def _label(labels: Mapping[str, tuple[str, str]], code: str) -> str:
    return labels[code][0] if code in labels else ""


def birth_text(birth: PartialDate | None) -> str:
    """1958-03-04, 1958-03 or 1958: what is known and no more."""
    if birth is None:
        return ""
    year, month, day = birth
    return "-".join(part for part in (f"{year:04d}", month and f"{month:02d}", day and f"{day:02d}") if part)


# Doubts


def write_problems(
    headings: Sequence[str],
    lines: Iterable[tuple[int, Sequence[Cell], Sequence[Issue]]],
    *,
    title: str,
    sentence: Callable[[Issue], str],
    row_heading: str = "行",
    message_heading: str = "说明",
) -> bytes:
    """Lines with doubts as .xlsx: their row number, the cells as they stood, offending ones marked, and
    what is wrong beside them. ``lines``: (row number, cells, issues); ``sentence`` says an issue in the
    reader's language."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, _OPTIONS) as book:
        sheet = book.add_worksheet("疑问")
        bold = book.add_format({**_FONT, "bold": True, "border": 1, "bg_color": "#F0F7F4"})
        text = book.add_format({**_FONT, "border": 1, "num_format": "@"})
        marks = {
            "warning": book.add_format({**_FONT, "border": 1, "num_format": "@", "bg_color": "#FFE9C4"}),
            "error": book.add_format({**_FONT, "border": 1, "num_format": "@", "bg_color": "#FFDAD5"}),
        }
        sheet.write_string(0, 0, title, book.add_format({**_FONT, "bold": True, "font_size": 14}))
        for column, heading in enumerate([row_heading, *headings, message_heading]):
            sheet.write_string(1, column, heading, bold)
        sheet.set_column(1, len(headings), 14)
        sheet.set_column(len(headings) + 1, len(headings) + 1, 60)
        sheet.freeze_panes(2, 1)
        for at, (number, cells, issues) in enumerate(lines, 2):
            _write_doubt(sheet, at, (number, cells, issues), len(headings), (text, marks), sentence)
    return content.getvalue()


def _write_doubt(
    sheet: Worksheet,
    at: int,
    line: tuple[int, Sequence[Cell], Sequence[Issue]],
    width: int,
    formats: tuple[Format, dict[str, Format]],
    sentence: Callable[[Issue], str],
) -> None:
    number, cells, issues = line
    text, marks = formats
    marked = {issue.column_index: marks[issue.level] for issue in issues}
    sheet.write_number(at, 0, number)
    for column in range(width):
        said = cell_text(cells[column]) if column < len(cells) else ""
        sheet.write_string(at, column + 1, said, marked.get(column, text))
    sheet.write_string(at, width + 1, "\n".join(sentence(issue) for issue in issues), text)


def cell_text(cell: Cell) -> str:
    """A cell as it looked, for showing it again."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e18:
        return str(int(cell))
    return str(cell)[:32_000]


# .csv


def write_csv(headings: Sequence[str], lines: Iterable[Sequence[str]]) -> bytes:
    """.csv as UTF-8 with a mark, so that Excel reads the Chinese; no field can start a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([guarded(heading) for heading in headings])
    writer.writerows([guarded(cell) for cell in line] for line in lines)
    return out.getvalue().encode("utf-8-sig")


def guarded(cell: str) -> str:
    """A field that Excel would run gets an apostrophe in front, also behind leading blanks."""
    return f"'{cell}" if cell.lstrip(" \n").startswith(_LIVE) else cell
