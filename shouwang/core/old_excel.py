"""How far the cells of an old .xls reach, found out before anything opens it.

The reader reserves every cell between the first and the last one. A file of a few kilobytes with one cell in
the farthest corner of each sheet would take gigabytes, so the cell records are walked here first. Only what
that needs is understood: the compound file's chains ([MS-CFB]) and the places of cells ([MS-XLS]).
"""

from __future__ import annotations

import struct

_END = 0xFFFFFFFA  # this and above: end of chain, free, table sectors
_SHORT_STREAM = 4096
_BOUND_SHEET, _EOF = 0x0085, 0x000A
# Records that fill one cell, and those that fill a run of cells and name its last column at their end.
_CELL = frozenset(
    {0x0006, 0x0203, 0x0204, 0x0205, 0x00FD, 0x00D6, 0x027E, 0x0002, 0x0003, 0x0004, 0x0005, 0x0206, 0x0406}
)
_RUN = frozenset({0x00BD})
_MOST_RECORDS = 2_000_000


class BrokenFile(Exception):
    """The file is not built as a compound file with a workbook in it."""


def cells_spanned(content: bytes) -> int:
    """How many cells a reader would reserve for all sheets together. Raises BrokenFile."""
    try:
        book = _workbook(content)
        starts = _sheet_starts(book)
        budget = _MOST_RECORDS
        spanned = 0
        for start in starts:
            area, budget = _area(book, start, budget)
            spanned += area
    except (struct.error, IndexError) as error:
        raise BrokenFile from error
    return spanned


def _sheet_starts(book: bytes) -> list[int]:
    """Where each sheet's records begin, as the workbook itself says."""
    starts = []
    at = 0
    while at + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, at)
        if kind == _BOUND_SHEET:
            starts.append(struct.unpack_from("<I", book, at + 4)[0])
        elif kind == _EOF:
            break
        at += 4 + length
    return sorted(set(starts))


def _area(book: bytes, at: int, budget: int) -> tuple[int, int]:
    """(cells between the first and the last filled one, records still allowed) of the sheet that begins here."""
    rows: list[int] = []
    columns: list[int] = []
    while at + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, at)
        budget -= 1
        if budget < 0:
            raise BrokenFile
        if kind == _EOF:
            break
        if (kind in _CELL or kind in _RUN) and length >= 4:
            row, column = struct.unpack_from("<HH", book, at + 4)
            rows.append(row)
            columns.append(column)
            if kind in _RUN:
                columns.append(struct.unpack_from("<H", book, at + 2 + length)[0])
        at += 4 + length
    if not rows:
        return 0, budget
    return (max(rows) - min(rows) + 1) * (max(columns) - min(columns) + 1), budget


# The compound file


def _workbook(content: bytes) -> bytes:
    """The workbook's stream, its sectors in order."""
    shift, short_shift = struct.unpack_from("<HH", content, 30)
    if shift not in (9, 12) or short_shift != 6:
        raise BrokenFile
    table = _sector_table(content, 1 << shift)
    first_directory, first_short = (
        struct.unpack_from("<I", content, 48)[0],
        struct.unpack_from("<I", content, 60)[0],
    )
    entries = _chained(content, first_directory, table, 1 << shift)
    short_stream = b""
    for at in range(0, len(entries) - 127, 128):
        name_length, kind = struct.unpack_from("<HB", entries, at + 64)
        start, size = struct.unpack_from("<II", entries, at + 116)
        name = entries[at : at + max(0, min(name_length, 64) - 2)].decode("utf-16-le", "replace").lower()
        if kind == 5:
            short_stream = _chained(content, start, table, 1 << shift)
        elif name in ("workbook", "book"):
            if size >= _SHORT_STREAM:
                return _chained(content, start, table, 1 << shift)[:size]
            packed = _chained(content, first_short, table, 1 << shift)
            short_table = struct.unpack(f"<{len(packed) // 4}I", packed[: len(packed) // 4 * 4])
            return _chained(short_stream, start, short_table, 64, before=0)[:size]
    raise BrokenFile


def _sector_table(content: bytes, size: int) -> tuple[int, ...]:
    """The table that says which sector follows which, itself scattered over sectors."""
    places = list(struct.unpack_from("<109I", content, 76))
    more, seen = struct.unpack_from("<I", content, 68)[0], 0
    while more < _END and seen <= len(content) // size:
        listed = struct.unpack_from(f"<{size // 4}I", content, (more + 1) * size)
        places += listed[:-1]
        more, seen = listed[-1], seen + 1
    table = b"".join(content[(place + 1) * size : (place + 2) * size] for place in places if place < _END)
    return struct.unpack(f"<{len(table) // 4}I", table[: len(table) // 4 * 4])


def _chained(content: bytes, sector: int, table: tuple[int, ...], size: int, before: int = 1) -> bytes:
    """The sectors of one chain put together; a chain that bites its own tail is broken."""
    parts: list[bytes] = []
    while sector < _END:
        if len(parts) > len(table):
            raise BrokenFile
        parts.append(content[(sector + before) * size : (sector + before + 1) * size])
        sector = table[sector]
    return b"".join(parts)
