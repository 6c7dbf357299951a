"""Which sheets of a file are the register: the likeliest one, and those of the same form (one a building)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from shouwang.core.sheets import MAX_ROWS, Line, Sheet, UnreadableSheet

from .headers import Header, find_header, score
from .sentences import NO_HEADER
from .shapes import Issue

# Sheets of the same form that hold others than today's residents.
_PUT_AWAY = re.compile(
    r"迁出|搬走|注销|死亡|去世|作废|停用|旧|备份|历史|副本|模板|示例|样表|样例|old|backup|template", re.I
)

Pair = tuple[Sheet, Header]


@dataclass(frozen=True, slots=True)
class Alike:
    """Sheets read as one, in the file's order; the lines of each later one are counted on from the one before.

    ``starts``: for each sheet the number that was added to its lines.
    """

    pairs: tuple[Pair, ...]
    starts: tuple[int, ...]

    @property
    def first(self) -> Pair:
        """The sheet whose title and headings stand for all."""
        return self.pairs[0]

    def placed(self, issue: Issue) -> Issue:
        """The issue; on a later sheet its column says sheet and line as Excel shows them: '2号楼!3 姓名'."""
        at = max((k for k, start in enumerate(self.starts) if start < issue.row), default=0)
        if at == 0:
            return issue
        return replace(issue, column=f"{self.pairs[at][0].name}!{issue.row - self.starts[at]} {issue.column}")


def alike_sheets(sheets: list[Sheet]) -> Alike:
    """The sheet that looks most like a register (the first of equals), and every sheet of the same form.

    Of the same form are sheets with the same kinds of columns, unless their name puts them away (已迁出, 备份). Raises UnreadableSheet where no sheet has
    headings, or all together have too many lines.
    """
    found = [(sheet, header) for sheet in sheets if (header := find_header(sheet.lines))]
    if not found:
        raise UnreadableSheet("sheet.no_header", message=NO_HEADER)
    kept = [pair for pair in found if not _PUT_AWAY.search(pair[0].name)] or found
    _, likeliest = max(kept, key=lambda pair: score(*pair))
    alike = [
        pair
        for pair in found
        if pair[1] is likeliest
        or (pair[1].columns.keys() == likeliest.columns.keys() and not _PUT_AWAY.search(pair[0].name))
    ]
    starts, total = [], 0
    for sheet, _ in alike:
        starts.append(total)
        total += sheet.lines[-1].number
    if sum(len(sheet.lines) for sheet, _ in alike) > MAX_ROWS:
        raise UnreadableSheet("sheet.too_many_rows", limit=MAX_ROWS)
    return Alike(tuple(_moved(*pair, by) for pair, by in zip(alike, starts, strict=True)), tuple(starts))


def _moved(sheet: Sheet, header: Header, by: int) -> Pair:
    if by == 0:
        return sheet, header
    lines = tuple(Line(line.number + by, line.cells) for line in sheet.lines)
    merged = tuple((top + by, left, bottom + by, right) for top, left, bottom, right in sheet.merged)
    return Sheet(sheet.name, lines, merged), replace(header, first=header.first + by, last=header.last + by)
