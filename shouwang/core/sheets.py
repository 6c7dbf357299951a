"""Files into lines of cells: .xlsx, old .xls and .csv, with the row numbers that Excel shows.

A file is checked before anything opens it. An .xlsx is a zip: every part that is needed is unpacked
under a limit, looked at, and packed anew without compression, so that what was checked is exactly what
the reader sees. Macros, pictures, links and entities never reach it.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import python_calamine as calamine

from shouwang.core.old_excel import BrokenFile, cells_spanned

Cell = str | float | int | bool | dt.date | dt.datetime | dt.time | dt.timedelta

MAX_FILE_BYTES = 30_000_000
MAX_UNPACKED_BYTES = 80_000_000
MAX_ENTRIES = 2_000
MAX_ROWS = 100_000
MAX_COLUMNS = 500
MAX_CELLS = 4_000_000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_NEEDED = re.compile(r"(?i)^(\[content_types\]\.xml|_rels/.*|xl/[^/]+\.xml|xl/_rels/.*|xl/worksheets/.*)$")
_ENTITY = re.compile(rb"<!(DOCTYPE|ENTITY)", re.I)
_FILLED = re.compile(
    rb"<(?:\w+:)?c\s(?:[^>]*?\s)?r\s*=\s*[\"']([A-Z]{1,3})(\d{1,7})[\"'][^>]*(?<!/)>(?!</)", re.I
)
# Beyond column Z or row 99,999; without one, a sheet has fewer than 2.6 million cells and need not be walked.
_FAR = re.compile(rb"[\"'](?:[A-Z]{2,3}\d{1,7}|[A-Z]\d{6,7})[\"']", re.IGNORECASE)
_UNPLACED = re.compile(rb"<(?:\w+:)?c(?:\s+(?!r\s*=)[\w:]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*\s*>(?!</)", re.I)
_ROW = re.compile(rb"<(?:\w+:)?row\s(?:[^>]*?\s)?r\s*=\s*[\"'](\d{1,9})", re.I)
# Nobody types these, a register needs none, and PostgreSQL refuses the first.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_DELIMITERS = ",\t;"


def gettext_noop(sentence: str) -> str:
    """Marks a sentence for the translators; whoever shows it translates it."""
    return sentence


UNREADABLE: dict[str, str] = {
    "sheet.not_a_spreadsheet": gettext_noop(
        "This is not a spreadsheet. Save it as .xlsx or .csv and choose it again."
    ),
    "sheet.encrypted": gettext_noop(
        "The file is locked with a password. Remove the password in Excel and choose it again."
    ),
    "sheet.empty": gettext_noop("The file has no filled cells."),
    "sheet.too_large": gettext_noop("The file is too large: at most %(limit)s MB."),
    "sheet.too_many_rows": gettext_noop(
        "The sheet has more than %(limit)s rows. Split it and import the parts."
    ),
    "sheet.too_wide": gettext_noop("The sheet has more than %(limit)s columns."),
    "sheet.too_far": gettext_noop(
        "The filled cells lie too far apart. Delete the stray ones and choose it again."
    ),
    "sheet.hostile": gettext_noop("The file is not built as Excel builds it, so it was not opened."),
    "sheet.encoding": gettext_noop(
        "The text of the file cannot be read. Save it as .xlsx and choose it again."
    ),
}


class UnreadableSheet(Exception):
    """The file cannot be used at all; nothing of it was taken.

    ``code`` is stable, ``message`` an English msgid (of UNREADABLE, or the one given), ``params`` its figures.
    """

    def __init__(self, code: str, *, message: str = "", **params: object) -> None:
        self.code = code
        self.message = message or UNREADABLE[code]
        self.params = params
        super().__init__(self.message % params)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a sheet: ``number`` as Excel shows it (from 1), cells from column A on."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's filled lines. ``merged``: (first row, first column, last row, last column), rows from 1,
    columns from 0."""

    name: str
    lines: tuple[Line, ...]
    merged: tuple[tuple[int, int, int, int], ...] = ()


def read_sheets(source: str | os.PathLike[str] | bytes | BinaryIO) -> list[Sheet]:
    """The visible, non-empty sheets of a file, in its order.

    Which kind of file it is follows from its bytes, never from its name.
    Raises UnreadableSheet for anything that is no spreadsheet, locked, empty, or larger than the limits.
    """
    content = _content(source)
    if not content.strip(b"\x00 \r\n\t"):
        raise UnreadableSheet("sheet.empty")
    if content[:2] == b"PK":
        sheets = _read_workbook(_repacked(content))
    elif content[:8] == _OLE:
        sheets = _read_ole(content)
    else:
        sheets = [_read_text(content)]
    filled = [_without_controls(sheet) for sheet in sheets if sheet.lines]
    if not filled:
        raise UnreadableSheet("sheet.empty")
    return filled


def _without_controls(sheet: Sheet) -> Sheet:
    """The sheet without control characters in its texts; nearly always the sheet itself."""
    if not any(
        isinstance(cell, str) and _CONTROLS.search(cell) for line in sheet.lines for cell in line.cells
    ):
        return sheet
    lines = tuple(
        Line(
            line.number,
            tuple(_CONTROLS.sub("", cell) if isinstance(cell, str) else cell for cell in line.cells),
        )
        for line in sheet.lines
    )
    return Sheet(sheet.name, lines, sheet.merged)


def _content(source: str | os.PathLike[str] | bytes | BinaryIO) -> bytes:
    if isinstance(source, bytes):
        content = source
    elif isinstance(source, str | os.PathLike):
        with Path(source).open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    else:
        content = source.read(MAX_FILE_BYTES + 1)
    if len(content) > MAX_FILE_BYTES:
        raise UnreadableSheet("sheet.too_large", limit=MAX_FILE_BYTES // 1_000_000)
    return content


# Workbooks


def _repacked(content: bytes) -> bytes:
    """The parts of an .xlsx that are read, unpacked under the limits, checked, stored anew."""
    packed = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_ENTRIES:
                raise UnreadableSheet("sheet.hostile")
            if "xl/workbook.xml" not in {entry.filename.lower() for entry in entries}:
                raise UnreadableSheet("sheet.not_a_spreadsheet")
            needed = [entry for entry in entries if _NEEDED.match(entry.filename)]
            if sum(entry.file_size for entry in needed) > MAX_UNPACKED_BYTES:
                raise UnreadableSheet("sheet.too_large", limit=MAX_UNPACKED_BYTES // 1_000_000)
            if len({entry.filename.lower() for entry in needed}) != len(needed):
                raise UnreadableSheet("sheet.hostile")
            with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as clean:
                for entry in needed:
                    clean.writestr(entry.filename, _part(archive, entry))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as error:
        raise UnreadableSheet("sheet.not_a_spreadsheet") from error
    except RuntimeError as error:  # the zip itself asks for a password
        raise UnreadableSheet("sheet.encrypted") from error
    return packed.getvalue()


def _part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """One unpacked part. zipfile stops at the declared size, so a part that lies fails its checksum."""
    part = archive.read(entry)
    if _ENTITY.search(part):
        raise UnreadableSheet("sheet.hostile")
    if b"sheetData" in part:
        _check_extent(part)
    return part


def _check_extent(part: bytes) -> None:
    """Refuses a sheet whose filled cells span more than the limits: the reader would reserve all between."""
    if not _FAR.search(part) and not _UNPLACED.search(part):
        return
    last_row, last_column = 0, b""
    for cell in _FILLED.finditer(part):
        last_row = max(last_row, int(cell[2]))
        if (len(cell[1]), cell[1]) > (len(last_column), last_column):
            last_column = cell[1]
    if _UNPLACED.search(part):  # cells without a place of their own stand where their row says
        last_row = max([last_row, part.count(b"<row"), *(int(row[1]) for row in _ROW.finditer(part))])
    _refuse_beyond_limits(last_row, _column_number(last_column.decode().upper()))


def _column_number(letters: str) -> int:
    """1 for A, 27 for AA; 0 for none."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _refuse_beyond_limits(rows: int, columns: int) -> None:
    if rows > MAX_ROWS:
        raise UnreadableSheet("sheet.too_many_rows", limit=MAX_ROWS)
    if columns > MAX_COLUMNS:
        raise UnreadableSheet("sheet.too_wide", limit=MAX_COLUMNS)
    if rows * columns > MAX_CELLS:
        raise UnreadableSheet("sheet.too_far")


def _read_ole(content: bytes) -> list[Sheet]:
    if _ENCRYPTED in content:
        raise UnreadableSheet("sheet.encrypted")
    try:
        spanned = cells_spanned(content)
    except BrokenFile as error:
        raise UnreadableSheet("sheet.not_a_spreadsheet") from error
    if spanned > MAX_CELLS:
        raise UnreadableSheet("sheet.too_far")
    return _read_workbook(content)


def _read_workbook(content: bytes) -> list[Sheet]:
    try:
        with calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            return [
                _from_calamine(book.get_sheet_by_name(sheet.name))
                for sheet in book.sheets_metadata
                if sheet.visible == calamine.SheetVisibleEnum.Visible
                and sheet.typ == calamine.SheetTypeEnum.WorkSheet
            ]
    except calamine.PasswordError as error:
        raise UnreadableSheet("sheet.encrypted") from error
    except (calamine.CalamineError, OSError, ValueError, OverflowError, MemoryError) as error:
        raise UnreadableSheet("sheet.not_a_spreadsheet") from error
    except BaseException as panic:
        # The reader's own crash over a broken file: its class cannot be imported and is no Exception.
        if type(panic).__name__ != "PanicException":
            raise
        raise UnreadableSheet("sheet.not_a_spreadsheet") from None


def _from_calamine(sheet: calamine.CalamineSheet) -> Sheet:
    if sheet.start is None:
        return Sheet(sheet.name, ())
    first_row, first_column = sheet.start
    _refuse_beyond_limits(first_row + sheet.height, first_column + sheet.width)
    before = ("",) * first_column
    lines = tuple(
        Line(number, (*before, *row))
        for number, row in enumerate(sheet.to_python(skip_empty_area=True), first_row + 1)
        if any(cell != "" for cell in row)
    )
    merged = tuple(
        (top + 1, left, bottom + 1, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
    )
    return Sheet(sheet.name, lines, merged)


# Text


def _read_text(content: bytes) -> Sheet:
    text = decoded_text(content)
    lines: list[Line] = []
    try:
        for number, cells in enumerate(
            csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)), 1
        ):
            _refuse_beyond_limits(number, len(cells))
            if any(cell.strip() for cell in cells):
                lines.append(Line(number, tuple(cells)))
    except csv.Error as error:
        raise UnreadableSheet("sheet.not_a_spreadsheet") from error
    if lines and max(len(line.cells) for line in lines) < 2:
        raise UnreadableSheet("sheet.not_a_spreadsheet")
    return Sheet("", tuple(lines))


def decoded_text(content: bytes) -> str:
    """Text as UTF-8, else GB18030 (as Excel in China saves .csv), else Excel's 'Unicode text'."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings = ["utf-16"]
    elif b"\x00" in content:
        raise UnreadableSheet("sheet.not_a_spreadsheet")
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableSheet("sheet.encoding")


def _delimiter(text: str) -> str:
    """The separator that most of the first lines agree on."""
    sample = [line for line in text[:20_000].splitlines() if line.strip()][:40]
    return max(_DELIMITERS, key=lambda mark: sum(line.count(mark) for line in sample))
