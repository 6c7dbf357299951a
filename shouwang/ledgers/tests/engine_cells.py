"""Small sheets out of a few cells, for the tests of the readers."""

import datetime as dt
import io

import xlsxwriter

from shouwang.ledgers.engines.rows import read_register

HEAD = ["序号", "住址", "姓名", "与户主关系", "性别", "身份证号", "联系电话", "居住情况", "特殊情况", "备注"]
ID = "150199195803041221"
OTHER_ID = "150199196001010014"


def read(*lines, head=HEAD, above=()):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for at, line in enumerate([*above, head, *lines]):
            sheet.write_row(at, 0, line)
    return read_register(out.getvalue(), "x.xlsx", today=dt.date(2022, 3, 1))


def person(
    address="3-2-501", name="王芳", relation="", sex="", id_number="", phone="", lived="", care="", remarks=""
):
    return [1, address, name, relation, sex, id_number, phone, lived, care, remarks]


def codes(sheet):
    return [issue.code for issue in sheet.issues if issue.row]
