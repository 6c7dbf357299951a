"""A small sheet into rows of texts: .xlsx, .csv, or pasted from anywhere. Never a formula, never more than the limits."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
import zlib
from collections.abc import Sequence

import python_calamine as calamine

MAX_BYTES = 5_000_000
MAX_UNPACKED = 40_000_000
MAX_ROWS = 5_000
MAX_COLUMNS = 60
_NEEDED = re.compile(r"(?i)^(\[content_types\]\.xml|_rels/.*|xl/[^/]+\.xml|xl/_rels/.*|xl/worksheets/.*)$")
_ENTITY = re.compile(rb"<!(DOCTYPE|ENTITY)", re.I)
_FAR = re.compile(rb"[\"'](?:[A-Z]{3,}\d{1,7}|[A-Z]{1,3}\d{6,7})[\"']", re.I)
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


class Unreadable(Exception):
    """The file is no sheet, or larger than the limits; the message is a code: not-a-sheet, too-large, empty."""


def read_rows(content: bytes) -> list[list[str]]:
    """The filled rows of the first visible sheet (or of the text) with their cells as texts. Unreadable otherwise."""
    if len(content) > MAX_BYTES:
        raise Unreadable("too-large")
    rows = _workbook(content) if content[:2] == b"PK" else text_rows(_decoded(content))
    return _fitting(rows)


def text_rows(text: str) -> list[list[str]]:
    """Rows of a text: by tabs where there are any, else by the comma or semicolon that most lines have, else by blanks."""
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        return []
    marks = ["\t", ",", ";", "，", "；", "、"]
    best = max(marks, key=lambda mark: (sum(mark in line for line in lines), mark == "\t"))
    if not any(best in line for line in lines):
        return [line.split() for line in lines]
    if len(best.encode()) > 1:
        return [line.split(best) for line in lines]
    return [list(row) for row in csv.reader(io.StringIO("\n".join(lines)), delimiter=best)]


def _fitting(rows: Sequence[Sequence[object]]) -> list[list[str]]:
    filled = [[_text(cell) for cell in row] for row in rows]
    filled = [row for row in filled if any(row)]
    if not filled:
        raise Unreadable("empty")
    if len(filled) > MAX_ROWS or max(len(row) for row in filled) > MAX_COLUMNS:
        raise Unreadable("too-large")
    return filled


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e18:
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return str(cell.date()) if cell.time() == dt.time() else str(cell)
    return _CONTROLS.sub("", str(cell)).strip()[:2000]


def _decoded(content: bytes) -> str:
    if b"\x00" in content and content[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise Unreadable("not-a-sheet")
    for encoding in ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("not-a-sheet")


def _workbook(content: bytes) -> list[list[object]]:
    try:
        with calamine.CalamineWorkbook.from_filelike(io.BytesIO(_repacked(content))) as book:
            for sheet in book.sheets_metadata:
                if sheet.visible == calamine.SheetVisibleEnum.Visible:
                    found = book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=True)
                    return [list(row) for row in found]
    except (calamine.CalamineError, OSError, ValueError, OverflowError, MemoryError) as fault:
        raise Unreadable("not-a-sheet") from fault
    except BaseException as panic:
        # The reader's own crash over a broken file: its class cannot be imported and is no Exception.
        if type(panic).__name__ != "PanicException":
            raise
        raise Unreadable("not-a-sheet") from None
    raise Unreadable("empty")


def _repacked(content: bytes) -> bytes:
    """The parts that are read, unpacked under the limit, looked at, and stored anew: what was checked is what is read."""
    packed = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            needed = [entry for entry in archive.infolist() if _NEEDED.match(entry.filename)]
            if sum(entry.file_size for entry in needed) > MAX_UNPACKED:
                raise Unreadable("too-large")
            with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as clean:
                for entry in needed:
                    part = archive.read(entry)
                    if _ENTITY.search(part) or (b"sheetData" in part and _FAR.search(part)):
                        raise Unreadable("too-large")
                    clean.writestr(entry.filename, part)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as fault:
        raise Unreadable("not-a-sheet") from fault
    except RuntimeError as fault:  # the zip asks for a password
        raise Unreadable("not-a-sheet") from fault
    return packed.getvalue()
