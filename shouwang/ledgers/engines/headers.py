"""Where a sheet's headings are, what each column holds, its title and its date.

Offices put a title over the table (often merged), notes under it, headings of one or two lines, and
signatures below. A heading is known by its words, whatever the order of the columns.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shouwang.core.sheets import Cell, Line, Sheet

SEARCHED_LINES = 40

# Column kinds and the headings that mean them, as they stand after `heading_words`.
SYNONYMS: dict[str, str] = {
    "number": "序号 编号 行号 号 no 户号 户编号 户序号",
    "community": "社区 所属社区 社区名称 居委会 村 村名 街道 乡镇",
    "grid": "网格 所属网格 网格号 网格名称 网格编号 所在网格 小组 村民小组",
    "address": "住址 地址 门牌 门牌地址 家庭住址 现住址 现住地址 居住地址 详细地址 详细住址 住所 家庭地址 居住地 现居住地址"
    " 门牌住址 楼号单元门牌号 楼栋单元门牌号 楼栋单元房号 房屋地址 户址 院落 院落门牌 楼栋门牌 address door",
    "lane": "弄 弄号 lane",
    "building": "楼栋 楼号 栋号 楼 栋 幢 幢号 楼栋号 楼幢 号楼 楼幢号 院号 楼宇 几号楼 building",
    "stairwell": "单元 单元号 门栋 梯号 几单元 stairwell",
    "door": "门牌号 房号 室 室号 房间号 门号 户室 房门号 房屋编号 住户号 室户号 门牌号码",
    "floor": "楼层 层 所在楼层 floor",
    "name": "姓名 居民姓名 住户姓名 成员姓名 家庭成员姓名 人员姓名 家庭成员 老人姓名 name",
    "head_name": "户主 户主姓名",
    "relation": "与户主关系 关系 家庭成员关系 与户主的关系 同户主关系 家庭关系 成员关系 relation",
    "sex": "性别 男女 sex",
    "birth": "出生日期 出生年月 出生年月日 生日 出生时间 出生 birthdate",
    "age": "年龄 周岁 年纪 岁数 age",
    "id_number": "身份证号 身份证号码 证件号码 证件号 身份证 公民身份号码 居民身份证号 居民身份证号码 公民身份证号码 身份证件号码"
    " 身份证号证件号 有效证件号码 idnumber",
    "id_kind": "证件类型 证件种类 证件名称",
    "phone": "联系电话 手机 电话 手机号 手机号码 联系方式 电话号码 联系电话1 本人电话 联系手机 移动电话 联系号码 phone",
    "phone2": "备用电话 固定电话 联系电话2 其他电话 家庭电话 座机",
    "occupancy": "房屋性质 居住情况 居住状态 房屋情况 居住性质 房屋使用情况 房屋状态 住房性质 住房情况 房屋用途 入住情况 居住类型 户型性质"
    " 房屋类型 occupancy",
    "care": "特殊情况 人员类别 人员类型 人员分类 重点人群 特殊人群 关爱类别 关爱类型 关爱标记 人群类别 特殊人员类别 重点关爱 困难类型"
    " 服务对象类别 重点人员类别 健康状况 身体状况 健康情况 身体情况 care",
    "remarks": "备注 说明 其他情况 其他 备注说明 情况说明 remarks",
}
_KIND_OF = {word: kind for kind, words in SYNONYMS.items() for word in words.split()}
# Headings that offices make up, known by how they begin or end. A contact's telephone is not the resident's.
_LIKE = (
    ("relation", re.compile(r"与?户主(?:的)?关系")),
    ("id_number", re.compile(r"(?:居民|本人|成员)?(?:身份证|证件号).{0,6}")),
    ("phone", re.compile(r"(?:本人|居民|住户|户主|成员)?(?:联系)?(?:电话|手机).{0,4}")),
    ("birth", re.compile(r"出生.{0,6}")),
    ("name", re.compile(r"(?:居民|住户|成员|人员|老人|对象|被.{2,4})姓名")),
    ("address", re.compile(r".{0,6}(?:地址|住址)|.{0,3}(?:楼|栋|幢).{0,6}(?:门牌|房|室|户)号?|门牌.{0,4}")),
)
_PLACES = {"address", "door", "building"}
_GROUPS = {"address", "name", "phone"}  # headings under which a second line may divide further

_BRACKETS = re.compile(r"[（(【\[].*?[)）】\]]")
_NOT_WORDS = re.compile(r"[\W_]+")
_DATE = re.compile(
    r"(?<!\d)((?:19|20)\d\d)\s*(?:年|[-./])\s*(\d{1,2})\s*(?:月|[-./])\s*(\d{1,2})\s*日?(?!\d)"
    r"|(?<!\d)(20\d\d)(\d\d)(\d\d)(?!\d)"
)
_AS_OF = re.compile(r"截至|截止|填表|填报|制表|更新|统计|登记|报送|as of|updated", re.I)


@dataclass(frozen=True, slots=True)
class Header:
    """The headings found. ``first`` and ``last`` are row numbers; ``columns`` maps a kind to the index of
    its first column (from 0); ``headings`` are all headings as written; ``extra`` the columns of no known
    kind."""

    first: int
    last: int
    columns: dict[str, int]
    headings: tuple[str, ...]
    extra: tuple[int, ...]

    def heading(self, kind: str) -> str:
        """The heading as the sheet has it, for messages."""
        column = self.columns.get(kind)
        return self.headings[column] if column is not None else ""


def plain(cell: Cell) -> str:
    """A cell as trimmed text on one line; whole numbers without '.0'; nothing for a blank."""
    if type(cell) is str:
        return " ".join(cell.split())
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e18:
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    return " ".join(str(cell).split())


def heading_words(cell: Cell) -> str:
    """A heading reduced to its words: full-width folded, no brackets, blanks or marks."""
    text = unicodedata.normalize("NFKC", plain(cell))
    return _NOT_WORDS.sub("", _BRACKETS.sub("", text)).lower()


def kind_of(cell: Cell) -> str | None:
    """The column kind a heading means, or None."""
    words = heading_words(cell)
    if not words or len(words) > 14:
        return _KIND_OF.get(words)
    known = _KIND_OF.get(words) or _KIND_OF.get(words.removesuffix("情况"))
    return known or next((kind for kind, like in _LIKE if like.fullmatch(words)), None)


def find_header(lines: Sequence[Line]) -> Header | None:
    """The heading line or lines among the first 40 filled ones: names and doors must both be there."""
    best: Header | None = None
    for at, line in enumerate(lines[:SEARCHED_LINES]):
        below = lines[at + 1] if at + 1 < len(lines) else None
        for second in (below, None):
            if second is not None and not _divides(line, second):
                continue
            found = _header(line, second)
            if found and (best is None or len(found.columns) > len(best.columns)):
                best = found
    return best


def _divides(line: Line, below: Line) -> bool:
    """Whether the next line carries headings too: only heading words, none over a filled name."""
    if below.number != line.number + 1 or not any(kind_of(cell) for cell in line.cells):
        return False
    filled = [(column, cell) for column, cell in enumerate(below.cells) if plain(cell)]
    known = [column for column, cell in filled if kind_of(cell)]
    texts = all(
        isinstance(cell, str) and len(cell) <= 20 and not any(c.isdigit() for c in cell) for _, cell in filled
    )
    names = [column for column, cell in enumerate(line.cells) if kind_of(cell) == "name"]
    free = all(
        column >= len(below.cells) or not plain(below.cells[column]) or column in known for column in names
    )
    return bool(known) and texts and free


def _header(line: Line, below: Line | None) -> Header | None:
    headings, kinds = _combined(line, below)
    columns: dict[str, int] = {}
    if "lane" in kinds and "building" not in kinds:  # 弄, 号, 室: there the 号 is the building
        kinds = ["building" if heading_words(h) == "号" else k for h, k in zip(headings, kinds, strict=True)]
    for column, kind in enumerate(kinds):
        if kind in ("phone", "phone2", "care") and kind in columns:
            kind = next((k for k in (f"{kind.rstrip('2')}2", "phone3") if k not in columns), "")
        if kind and kind not in columns:
            columns[kind] = column
    if "name" not in columns and "head_name" in columns:
        columns["name"] = columns.pop("head_name")
    if "building" not in columns and "address" not in columns and "door" in columns:
        columns["address"] = columns.pop("door")
    if "name" not in columns or not _PLACES & columns.keys():
        return None
    used = set(columns.values())
    extra = tuple(c for c, heading in enumerate(headings) if heading and c not in used)
    return Header(line.number, below.number if below else line.number, columns, headings, extra)


def _combined(line: Line, below: Line | None) -> tuple[tuple[str, ...], list[str | None]]:
    """Headings and kinds column by column; a heading over several columns goes with each below it."""
    if below is None:
        return tuple(plain(cell) for cell in line.cells), [kind_of(cell) for cell in line.cells]
    headings: list[str] = []
    kinds: list[str | None] = []
    group = ""
    for column in range(max(len(line.cells), len(below.cells))):
        top = plain(line.cells[column]) if column < len(line.cells) else ""
        low = plain(below.cells[column]) if column < len(below.cells) else ""
        group = top or (group if low else "")
        headings.append(low or top)
        kinds.append(_kind_under(group, low) if low else kind_of(top))
    return tuple(headings), kinds


def _kind_under(group: str, low: str) -> str | None:
    kind = kind_of(low)
    if kind is None and kind_of(group) in _GROUPS:
        return None
    return kind or kind_of(group + low)


def score(sheet: Sheet, header: Header | None) -> int:
    """How much a sheet looks like a register: known columns times lines below them."""
    if header is None:
        return 0
    return len(header.columns) * sum(line.number > header.last for line in sheet.lines)


# Title and date


def title_of(lines: Iterable[Line], header: Header) -> str:
    """The first text above the headings that is no note and no date alone; '' if there is none."""
    for line in lines:
        if line.number >= header.first:
            break
        texts = [plain(cell) for cell in line.cells if plain(cell)]
        if (
            texts
            and not re.match(r"注|说明|填表|截[至止]|附件", texts[0])
            and date_in(texts[0], whole=True) is None
        ):
            return texts[0]
    return ""


def date_of(lines: Sequence[Line], header: Header, filename: str) -> dt.date | None:
    """The day the sheet speaks of: one that is named as such, else one above the headings, else the file's."""
    outside = [line for line in lines if line.number < header.first] + _closing(lines, header)
    bare: list[dt.date] = []
    for line in outside:
        labelled = False
        for cell in line.cells:
            found = cell_date(cell)
            labelled = labelled or bool(_AS_OF.search(plain(cell)))
            if found and labelled:
                return found
            if found and line.number < header.first:
                bare.append(found)
    return bare[0] if bare else date_in(filename)


def _closing(lines: Sequence[Line], header: Header) -> list[Line]:
    """Up to ten lines at the end without a name: totals, signatures, the day of filling in."""
    name = header.columns["name"]
    return [
        line
        for line in lines[-10:]
        if line.number > header.last and (name >= len(line.cells) or not plain(line.cells[name]) or name == 0)
    ]


def cell_date(cell: Cell) -> dt.date | None:
    """A date cell's day, or the first full date in its text."""
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    return date_in(cell) if isinstance(cell, str) else None


def date_in(text: str, *, whole: bool = False) -> dt.date | None:
    """The first full date in a text (2022年2月19日, 2022.2.19, 20220219), or only if the text is no more."""
    folded = unicodedata.normalize("NFKC", text)
    for found in _DATE.finditer(folded):
        year, month, day = (int(part) for part in found.groups() if part)
        try:
            date = dt.date(year, month, day)
        except ValueError:
            continue
        if not whole or not _NOT_WORDS.sub("", folded.replace(found[0], "")):
            return date
    return None
