"""A register out of a file: every line that names a person, every door, everything refused and why.

Rules. A row is a line that names a person or tries to; titles, notes, totals, signatures, repeated
headings and blank form lines are none. A doubtful phone, ID number or date is set aside with a warning and
the person is taken. Refused is only a line that names nobody or whose door cannot be known. A line with a
door and without anybody's name or particulars is a door: it tells how the flat is lived in and is counted
by itself. An address on the first line of a household holds for the lines below it.
"""

from __future__ import annotations

import datetime as dt
import os
from pathlib import PurePath
from typing import BinaryIO

from shouwang.core.sheets import Line, Sheet, read_sheets

from .addresses import Address, read_address, section_in, section_of
from .alike import Alike, alike_sheets
from .headers import Header, date_of, find_header, plain, score, title_of
from .lines import Cells, is_closing, is_heading_again, is_name, is_note, occupancy_said, tries_to_name
from .people import read_person
from .phones import read_phones
from .repeats import mark_repeats, unlisted_heads
from .residence import relation_of
from .shapes import ERROR, DoorRow, Issue, RefusedRow, RegisterRow, RegisterSheet


def read_register(
    source: str | os.PathLike[str] | bytes | BinaryIO, filename: str = "", *, today: dt.date | None = None
) -> RegisterSheet:
    """Reads a register from a path, bytes or an open binary file.

    ``filename`` is looked at for a date only. ``today`` bounds birth dates; by default the sheet's date,
    else the machine's day. Raises UnreadableSheet when nothing of the file can be used.
    """
    if not filename and isinstance(source, str | os.PathLike):
        filename = PurePath(source).name
    sheets = read_sheets(source)
    alike = alike_sheets(sheets)
    sheet, header = alike.first
    days = [date_of(s.lines, h, filename) for s, h in alike.pairs]
    sheet_date = next(filter(None, days), None)
    latest = max(filter(None, (sheet_date, today or dt.datetime.now(dt.UTC).date())))
    readers = [_Reader(s, h, latest) for s, h in alike.pairs]
    for reader in readers:
        reader.read()
    rows, repeats = mark_repeats([row for reader in readers for row in reader.rows], header)
    issues = _of_sheet(sheets, alike, sheet_date) + [i for reader in readers for i in reader.issues] + repeats
    issues += unlisted_heads(rows, header)
    return RegisterSheet(
        title=title_of(sheet.lines, header),
        sheet_date=sheet_date,
        sheet_name="、".join(s.name for s, _ in alike.pairs),
        headings=header.headings,
        rows=rows,
        doors=[door for reader in readers for door in reader.doors],
        refused=[row for reader in readers for row in reader.refused],
        issues=[alike.placed(issue) for issue in sorted(issues, key=lambda issue: issue.row)],
        ignored_lines=tuple(number for reader in readers for number in reader.ignored),
    )


def _of_sheet(sheets: list[Sheet], alike: Alike, sheet_date: dt.date | None) -> list[Issue]:
    issues = []
    read = [s.name for s, _ in alike.pairs]
    others = [s.name for s in sheets if s.name not in read and score(s, find_header(s.lines))]
    if len(read) > 1:
        issues.append(Issue(0, "", "sheet.joined", params={"names": "、".join(read)}))
    if others:
        issues.append(Issue(0, "", "sheet.others_ignored", params={"names": "、".join(others)}))
    if sheet_date is None:
        issues.append(Issue(0, "", "sheet.no_date"))
    return issues


class _Reader:
    """Walks down the lines once, carrying the last door, its grid and whether it has a head yet."""

    def __init__(self, sheet: Sheet, header: Header, today: dt.date) -> None:
        self.sheet = sheet
        self.header = header
        self.today = today
        self.rows: list[RegisterRow] = []
        self.doors: list[DoorRow] = []
        self.refused: list[RefusedRow] = []
        self.issues: list[Issue] = []
        self.ignored: list[int] = []
        self.above = self._from_title()
        self.grid = ""
        self.has_head = False
        self.spans = self._address_spans()

    def _from_title(self) -> Address | None:
        """A form for one building names it in its title or on the sheet's tab, not on every line."""
        if "building" in self.header.columns:
            return None
        above = [plain(cell) for x in self.sheet.lines if x.number < self.header.first for cell in x.cells]
        return next(filter(None, map(section_in, [*above, self.sheet.name])), None)

    def _address_spans(self) -> list[tuple[int, int]]:
        """Merged address cells as (first row, last row): they speak for every line they cover."""
        columns = {self.header.columns[kind] for kind in ("address", "door") if kind in self.header.columns}
        return [
            (top, bottom) for top, left, bottom, _ in self.sheet.merged if left in columns and bottom > top
        ]

    def read(self) -> None:
        for line in self.sheet.lines:
            if line.number <= self.header.last:
                self.ignored.append(line.number)
            else:
                self._read_line(Cells(line, self.header))

    def _read_line(self, cells: Cells) -> None:
        if is_closing(cells) or is_heading_again(cells) or self._is_section(cells):
            self.ignored.append(cells.line.number)
        elif cells.name:
            self._read_named(cells)
        elif tries_to_name(cells):
            self._refuse(cells, "name.missing", "name")
            self._place(cells)  # those below may still lean on this line's door
        else:
            self._read_unnamed(cells)

    def _is_section(self, cells: Cells) -> bool:
        filled = cells.filled()
        if len(filled) != 1:
            return False
        section = section_of(filled[0][1])
        if section and section.is_yard and filled[0][0] == self.header.columns.get("address"):
            return False  # a yard may be a door of its own
        if section:
            self.above, self.has_head = section, False
        return section is not None

    def _read_named(self, cells: Cells) -> None:
        if not is_name(cells.name):
            self._refuse(cells, "name.unreadable", "name")
            self._place(cells)
            return
        address, problem = self._place(cells)
        if address is None:
            self._refuse(cells, problem, "address")
            return
        row, issues = read_person(cells, address, self.grid, carried=cells.address.is_blank, today=self.today)
        self.has_head = self.has_head or row.relation == "head"
        self.issues += issues
        self.rows.append(row)

    def _read_unnamed(self, cells: Cells) -> None:
        """A door, a note, or an attempt without a name and without a door."""
        if cells.address.is_blank or is_note(cells):
            self.ignored.append(cells.line.number)
            return
        address, _ = self._place(cells)
        if address is None:
            self._refuse(cells, "name.missing", "name")
            return
        phones = read_phones(cells.raw("phone"))
        self.doors.append(
            DoorRow(
                number=cells.line.number,
                building=address.building,
                stairwell=address.stairwell,
                door=address.door,
                lane=address.lane,
                is_yard=address.is_yard,
                floor=address.floor,
                grid=self.grid,
                occupancy=occupancy_said(cells) or "unknown",
                phones=phones.numbers,
                remarks=cells.text("remarks")[:500],
            )
        )

    def _place(self, cells: Cells) -> tuple[Address | None, str]:
        """The line's door, its own or carried; when it cannot be read, nothing is carried further."""
        said = cells.address
        if cells.text("grid"):
            self.grid = cells.text("grid")[:60]
        if said.is_blank:
            return self._carried(cells)
        found = read_address(said, self.above)
        if found is None or found != self.above:
            self.has_head = False
        self.above = found
        return found, "address.unreadable"

    def _carried(self, cells: Cells) -> tuple[Address | None, str]:
        second_head = self.has_head and relation_of(cells.text("relation")) == "head"
        if second_head and not cells.is_ditto and not self._is_covered(cells.line):
            self.above = None  # another household begins, and where is not said
        above = self.above if self.above and self.above.door else None
        return above, "address.missing"

    def _is_covered(self, line: Line) -> bool:
        return any(first <= line.number <= last for first, last in self.spans)

    def _refuse(self, cells: Cells, code: str, kind: str) -> None:
        if kind == "address" and kind not in self.header.columns:
            kind = "door" if "door" in self.header.columns else "building"
        column = self.header.columns.get(kind)
        issue = Issue(cells.line.number, self.header.heading(kind), code, ERROR, column_index=column)
        self.issues.append(issue)
        self.refused.append(RefusedRow(cells.line.number, cells.line.cells, (issue,)))
