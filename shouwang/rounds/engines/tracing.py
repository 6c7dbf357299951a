"""A list of people to be found, as offices send them: by its headings, or where there are none by what the cells hold."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shouwang.people.engines.births import Birth, read_birth
from shouwang.people.engines.numbers import clean_id, clean_phone

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "name": ("姓名", "人员姓名", "名字", "name"),
    "id_number": (
        "身份证号码", "身份证号", "身份证", "证件号码", "证件号", "公民身份号码", "公民身份证号码", "id number",
    ),
    "phone": (
        "联系电话", "手机号码", "手机号", "电话", "联系方式", "手机", "电话号码", "联系号码", "phone",
    ),
    "door": (
        "现住址", "居住地址", "家庭住址", "详细地址", "现居住地", "地址", "住址", "居住地", "现住地址", "户籍地址",
        "address",
    ),
    "birth": ("出生日期", "出生年月", "生日", "birth date"),
    "asked": (
        "核查内容", "协查内容", "协查事由", "事由", "需核实内容", "核实内容", "涉及场所", "人员类别", "类别", "风险类型",
        "轨迹", "要求", "备注", "说明", "what is asked",
    ),
    "number": ("序号", "编号", "no", "no."),
}  # fmt: skip
_KNOWN = {heading: field for field, headings in HEADINGS.items() for heading in headings}
HEADING_ROWS = 10
_NAME = re.compile(r"[\u3400-\u9fff·]{2,12}|[A-Za-z][A-Za-z .'\-]{1,38}")


@dataclass(frozen=True)
class Traced:
    """One line as the sheet says. `number` counts lines from 1; `asked` joins all that was asked or noted."""

    number: int
    name: str = ""
    phone: str = ""
    id_number: str = ""
    door: str = ""
    asked: str = ""
    birth: Birth | None = None


def read_lines(rows: Sequence[Sequence[str]]) -> tuple[list[Traced], list[int]]:
    """The lines of a sheet, and the numbers of those that name nobody: without a name, a number and a phone."""
    start, columns = _heading(rows)
    lines, nobody = [], []
    for number, row in enumerate(rows[start:], 1):
        line = _by_heading(number, row, columns) if columns else _by_look(number, row)
        lines.append(line)
        if not (line.name or line.id_number or line.phone):
            nobody.append(number)
    return lines, nobody


def _heading(rows: Sequence[Sequence[str]]) -> tuple[int, dict[int, str]]:
    """The row after the headings, and which column says what; no columns when there are no headings."""
    for place, row in enumerate(rows[:HEADING_ROWS]):
        found = {column: _field(cell) for column, cell in enumerate(row) if _field(cell)}
        named = set(found.values())
        if len(named) >= 2 and named & {"name", "id_number", "phone"}:
            return place + 1, found
    return 0, {}


def _field(cell: str) -> str:
    """The field that a heading names; brackets and stars around it do not matter."""
    plain = re.sub(r"[（(【\[].*?[）)】\]]|[*＊:：]", "", cell)
    plain = re.sub(r"\s+", "", plain) if re.search(r"[\u3400-\u9fff]", plain) else plain.strip().lower()
    return _KNOWN.get(plain, "")


def _by_heading(number: int, row: Sequence[str], columns: Mapping[int, str]) -> Traced:
    said: dict[str, list[str]] = {}
    for column, field in columns.items():
        if column < len(row) and row[column]:
            said.setdefault(field, []).append(row[column])
    first = {field: values[0] for field, values in said.items()}
    return Traced(
        number,
        name=first.get("name", "")[:60],
        phone=clean_phone(first.get("phone", ""))[:20],
        id_number=clean_id(first.get("id_number", ""))[:30],
        door=" ".join(said.get("door", ()))[:200],
        asked="；".join(said.get("asked", ()))[:1000],
        birth=read_birth(first.get("birth", "")) or _birth_of(first.get("id_number", "")),
    )


def _by_look(number: int, row: Sequence[str]) -> Traced:
    """Without headings: what looks like a number, a phone or a name is one; the longest of the rest is the address."""
    found: dict[str, str] = {}
    rest = []
    for place, cell in enumerate(row):
        plain, phone = clean_id(cell), clean_phone(cell)
        if re.fullmatch(r"\d{17}[\dX]", plain) and "id_number" not in found:
            found["id_number"] = plain
        elif re.fullmatch(r"1\d{10}|0\d{9,11}", phone) and "phone" not in found:
            found["phone"] = phone
        elif _NAME.fullmatch(cell) and "name" not in found:
            found["name"] = cell
        elif cell and not (place == 0 and cell.isdigit()):
            rest.append(cell)
    door = next((cell for cell in rest if re.search(r"\d|[楼号室栋弄路]", cell)), "")
    asked = "；".join(cell for cell in rest if cell != door)
    return Traced(
        number, door=door[:200], asked=asked[:1000], birth=_birth_of(found.get("id_number", "")), **found
    )


def _birth_of(id_number: str) -> Birth | None:
    plain = clean_id(id_number)
    return read_birth(plain[6:14]) if re.fullmatch(r"\d{17}[\dX]", plain) else None
