"""A laboratory's file of results: one line a tube, its barcode and what was found, as .csv or .xlsx.

The file is checked before anything opens it: small, no entities, no more unpacked than a list of tubes needs.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import python_calamine as calamine

from shouwang.rounds.engines.barcodes import barcode_fault, clean_barcode

MOST_BYTES = 5_000_000
MOST_UNPACKED = 30_000_000
MOST_ENTRIES = 500
MOST_LINES = 20_000
MOST_COLUMNS = 60

# What laboratories write. Longer words first: "阴性" is in "非阴性".
WORDS = {
    "negative": ("阴性", "阴", "negative", "neg", "-", "(-)", "未检出", "not detected"),
    "positive": ("阳性", "阳", "positive", "pos", "+", "(+)", "检出", "detected"),
    "unclear": (
        "不确定",
        "可疑",
        "灰区",
        "待复检",
        "无效",
        "复检",
        "unclear",
        "inconclusive",
        "invalid",
        "indeterminate",
    ),
}
_RESULTS = {word: code for code, words in WORDS.items() for word in words}
_BARCODE_TITLE = re.compile(r"条码|条形码|管码|管号|试管|采样管|样本编?号|barcode|tube|sample", re.I)
_RESULT_TITLE = re.compile(r"结果|result", re.I)
_ENTITY = re.compile(rb"<!(DOCTYPE|ENTITY)", re.I)
_PLACE = re.compile(rb"\sr\s*=\s*[\"']([A-Z]{0,3})(\d{1,9})[\"']")
_LAST_COLUMN = b"BH"  # the sixtieth


class UnreadableFile(Exception):
    """The file is no list of results; `code` is not-a-sheet, too-large, no-columns or empty."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Line:
    """One line: `number` as the sheet shows it, from 1; `fault` is "", barcode, result or twice."""

    number: int
    barcode: str
    result: str
    said: str
    fault: str = ""


def read_results(content: bytes) -> list[Line]:
    """The lines of a laboratory's file, each with its fault if it has one. Raises UnreadableFile."""
    if len(content) > MOST_BYTES:
        raise UnreadableFile("too-large")
    rows = _workbook(content) if content[:2] == b"PK" else _text(content)
    filled = [(number, cells) for number, cells in rows if any(cells)]
    if not filled:
        raise UnreadableFile("empty")
    return _judged(_picked(filled))


def result_of(said: str) -> str:
    """negative, positive or unclear; "" for what is none of them."""
    plain = clean_barcode(said).lower().rstrip("。.")
    both = re.fullmatch(r"(.+?)\s*(\(.+\))", plain)
    if both and both[1] in _RESULTS and _RESULTS.get(both[2]) == _RESULTS[both[1]]:
        return _RESULTS[both[1]]
    return _RESULTS.get(plain, "")


def _picked(rows: Sequence[tuple[int, list[str]]]) -> list[tuple[int, str, str]]:
    """(line, barcode, result) by the title line among the first ones, else the first two columns."""
    for at, (_number, cells) in enumerate(rows[:15]):
        barcode = next((n for n, cell in enumerate(cells) if _BARCODE_TITLE.search(cell)), None)
        result = next(
            (n for n, cell in enumerate(cells) if _RESULT_TITLE.search(cell) and n != barcode), None
        )
        if barcode is not None and result is not None:
            body = [(number, _cell(cells, barcode), _cell(cells, result)) for number, cells in rows[at + 1 :]]
            return [line for line in body if line[1] or line[2]]
    if result_of(_cell(rows[0][1], 1)):
        return [(number, _cell(cells, 0), _cell(cells, 1)) for number, cells in rows]
    raise UnreadableFile("no-columns")


def _cell(cells: Sequence[str], at: int) -> str:
    return cells[at] if at < len(cells) else ""


def _judged(rows: Iterable[tuple[int, str, str]]) -> list[Line]:
    found: list[Line] = []
    results: dict[str, str] = {}
    for number, said_barcode, said in rows:
        barcode, result = clean_barcode(said_barcode), result_of(said)
        fault = ""
        if barcode_fault(barcode):
            fault = "barcode"
        elif not result:
            fault = "result"
        elif barcode in results:
            if results[barcode] == result:
                continue
            fault = "twice"
        results.setdefault(barcode, result)
        found.append(Line(number, barcode[:60], result, said[:60], fault))
    return found


def _text(content: bytes) -> list[tuple[int, list[str]]]:
    """A .csv as UTF-8, else GB18030, as Excel in China saves it."""
    if b"\x00" in content:
        raise UnreadableFile("not-a-sheet")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise UnreadableFile("not-a-sheet")
    delimiter = max(",\t;", key=text[:20_000].count)
    try:
        rows = list(enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1))
    except csv.Error as error:
        raise UnreadableFile("not-a-sheet") from error
    return _within(rows)


def _within(rows: Sequence[tuple[int, Sequence[object]]]) -> list[tuple[int, list[str]]]:
    if len(rows) > MOST_LINES or any(len(cells) > MOST_COLUMNS for _number, cells in rows):
        raise UnreadableFile("too-large")
    return [(number, [_words(cell) for cell in cells]) for number, cells in rows]


def _words(cell: object) -> str:
    """A number that Excel made of a barcode comes back as its digits."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def _workbook(content: bytes) -> list[tuple[int, list[str]]]:
    _check_archive(content)
    try:
        with calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            sheet = book.get_sheet_by_index(0)
            first = sheet.start[0] if sheet.start else 0
            return _within(list(enumerate(sheet.to_python(skip_empty_area=True), first + 1)))
    except UnreadableFile:
        raise
    except BaseException as error:  # the reader's own crash over a broken file is no Exception
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise UnreadableFile("not-a-sheet") from None
        raise


def _check_archive(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
                raise UnreadableFile("too-large")
            for entry in entries:
                part = archive.read(entry) if entry.filename.lower().endswith((".xml", ".rels")) else b""
                if _ENTITY.search(part):
                    raise UnreadableFile("not-a-sheet")
                if b"sheetData" in part:
                    _check_extent(part)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        NotImplementedError,
        ValueError,
        RuntimeError,
    ) as error:
        raise UnreadableFile("not-a-sheet") from error


def _check_extent(part: bytes) -> None:
    """Refuses cells far apart: the reader would reserve everything between them."""
    for place in _PLACE.finditer(part):
        column, row = place[1], int(place[2])
        if row > MOST_LINES or (len(column), column) > (len(_LAST_COLUMN), _LAST_COLUMN):
            raise UnreadableFile("too-large")
