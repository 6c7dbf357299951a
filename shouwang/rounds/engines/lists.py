"""A list that somebody sent, as rows of texts: a sheet, a .csv, or pasted. What is safe to open is core.sheets' affair."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence

from shouwang.core.sheets import UnreadableSheet, decoded_text, read_sheets

MOST_BYTES = 5_000_000
MOST_COLUMNS = 60
LONGEST = 2000
MARKS = ("\t", ",", ";", "，", "；", "、")
Row = tuple[int, list[str]]


class UnreadableList(Exception):
    """It is no list, or a larger one than is possible; `code` is not-a-sheet, too-large, empty or no-columns."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def sheet_rows(content: bytes, most: int) -> list[Row]:
    """(line as Excel shows it, its cells) of the filled lines of the first filled sheet; at most `most`."""
    if len(content) > MOST_BYTES:
        raise UnreadableList("too-large")
    try:
        lines = read_sheets(content)[0].lines
    except UnreadableSheet as fault:
        raise UnreadableList(_code_of(fault.code)) from fault
    return _within([(line.number, [_words(cell) for cell in line.cells]) for line in lines], most)


def _code_of(code: str) -> str:
    if code == "sheet.empty":
        return "empty"
    return "too-large" if code.startswith("sheet.too_") else "not-a-sheet"


def list_rows(content: bytes, most: int) -> list[list[str]]:
    """The rows of a workbook, or of a text in whatever way it is divided."""
    if content[:2] == b"PK" or content[:4] == b"\xd0\xcf\x11\xe0":
        return [cells for _number, cells in sheet_rows(content, most)]
    if len(content) > MOST_BYTES:
        raise UnreadableList("too-large")
    try:
        text = decoded_text(content)
    except UnreadableSheet as fault:
        raise UnreadableList("not-a-sheet") from fault
    return [cells for _number, cells in _within(enumerate(text_rows(text), 1), most)]


def text_rows(text: str) -> list[list[str]]:
    """Rows of a text: by tabs where there are any, else by the sign that most lines have, else by blanks."""
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        return []
    best = max(MARKS, key=lambda mark: (sum(mark in line for line in lines), mark == "\t"))
    if not any(best in line for line in lines):
        return [line.split() for line in lines]
    if len(best.encode()) > 1:
        return [line.split(best) for line in lines]
    return [list(row) for row in csv.reader(io.StringIO("\n".join(lines)), delimiter=best)]


def _within(rows: Iterable[tuple[int, Sequence[str]]], most: int) -> list[Row]:
    cleaned = ((number, [_words(cell) for cell in cells]) for number, cells in rows)
    filled = [(number, cells) for number, cells in cleaned if any(cells)]
    if not filled:
        raise UnreadableList("empty")
    if len(filled) > most or max(len(cells) for _number, cells in filled) > MOST_COLUMNS:
        raise UnreadableList("too-large")
    return filled


def _words(cell: object) -> str:
    """A number that Excel made of digits comes back as its digits, a date without its hour where it has none."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e18:
        return str(int(cell))
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return str(cell.date())
    return "".join(sign for sign in str(cell) if sign.isprintable() or sign in "\n\t").strip()[:LONGEST]
