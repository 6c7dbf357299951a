"""The store's books as .xlsx. Words stay words: nothing that was typed ever runs."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

import xlsxwriter

_OPTIONS = {
    "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}  # fmt: skip
_FONT = {"font_name": "微软雅黑", "font_size": 10, "valign": "vcenter", "border": 1}


def write_ledger(
    title: str, headings: Sequence[tuple[str, int]], rows: Iterable[Sequence[str | int]]
) -> bytes:
    """A title, headings with their widths, one line a row; whole numbers are numbers, so that they can be added up."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, _OPTIONS) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({**_FONT, "bold": True, "bg_color": "#F0F7F4"})
        text, number = (
            book.add_format({**_FONT, "num_format": "@"}),
            book.add_format({**_FONT, "num_format": "#,##0"}),
        )
        sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
        for column, (heading, width) in enumerate(headings):
            sheet.write_string(1, column, heading, bold)
            sheet.set_column(column, column, width)
        sheet.freeze_panes(2, 0)
        for line, row in enumerate(rows, 2):
            for column, cell in enumerate(row):
                if isinstance(cell, int):
                    sheet.write_number(line, column, cell, number)
                else:
                    sheet.write_string(line, column, cell[:1000], text)
    return content.getvalue()
