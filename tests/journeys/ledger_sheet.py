"""A second sheet as the office keeps it: title, note, headings, merged spaces, rows that are right, doubtful, wrong."""

from __future__ import annotations

import io

import xlsxwriter

HEADINGS = (
    "序号",
    "楼号",
    "单元",
    "门牌号",
    "姓名",
    "与户主关系",
    "性别",
    "出生日期",
    "身份证号码",
    "联系电话",
    "居住情况",
    "备注",
)


def workbook(rows: list[tuple[str, ...]], title: str = "锦绣社区居民台账（补充）", note: str = "") -> bytes:
    """An .xlsx in the office's form: the title merged over the table, a note under it, then headings and rows."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("台账")
    sheet.merge_range(0, 0, 0, len(HEADINGS) - 1, title)
    sheet.write(1, 0, note or "填表说明：一户一行起，户主在前")
    sheet.write_row(2, 0, HEADINGS)
    for number, row in enumerate(rows):
        sheet.write(3 + number, 0, number + 1)
        sheet.write_row(3 + number, 1, row)
    sheet.write(3 + len(rows), 1, "合计")
    sheet.write(3 + len(rows), 4, str(len(rows)) + "人")
    book.close()
    return out.getvalue()


def supplement(known: tuple[str, ...]) -> bytes:
    """Four rows: one known already, one new, one new with a telephone too short, one that names nobody."""
    return workbook(
        [
            known,
            ("8号楼", "2", "501", "许安然", "其他", "女", "1998-05-06", "", "199 0088 0101", "租住", ""),
            ("8号楼", "2", "502", "高远", "其他", "男", "1991.3.4", "", "1990088", "", "电话待补"),
            ("8号楼", "2", "", "", "子", "男", "2010-01-01", "", "", "", ""),
        ]
    )
