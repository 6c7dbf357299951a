"""What sort of line a line is: a person, a door, a refused attempt, or none of the register's business."""

from __future__ import annotations

import re

from shouwang.core.sheets import Cell, Line

from .addresses import AddressCells
from .headers import Header, plain
from .phones import DITTO, NONE_WORDS
from .residence import occupancy_among, read_occupancy

_CLOSING = re.compile(
    r"^[（(]?(?:合\s*计|总\s*计|小\s*计|共\s*计|累\s*计|本页|以上|以下空白|填表|制表|审核|审批|负责人|经办|联系人[:：]|"
    r"注\s*[:：\d]|备注\s*[:：]|说明\s*[:：]|填报|填写|单位[:：]|签字|签名|盖章|第\s*\d+\s*页|共\s*\d+\s*[人户页])"
)
_NOT_A_NAME = re.compile(r"[<>={}\[\]|\\\"^~$%&;@]|https?:|www\.")
_LETTER = re.compile(r"[^\W\d_]")
_CJK_BLANK = re.compile(r"(?<=[一-鿿㐀-䶿])\s+(?=[一-鿿㐀-䶿])")
LONGEST_NAME = 40

_EMPTY_FLAT = frozenset(
    "空置 空户 空房 空关 空关户 空挂 空挂户 商铺 无人居住 群租 租户 拒绝登记 拒登 拒访 拒绝入户 敲门无人 无人应答 联系不上 未入住"
    " 闲置 待租 待售 店铺 门面 毛坯 毛坯房 人户分离 无人 家中无人".split()
)
PERSONAL = ("id_number", "relation", "sex", "birth", "age")


class Cells:
    """A line seen through its header: cells by kind of column."""

    def __init__(self, line: Line, header: Header) -> None:
        self.line = line
        self.header = header
        self.texts = [plain(cell) if cell != "" else "" for cell in line.cells]
        self.name = self._name()
        self.address = AddressCells(
            *(self._said(kind) for kind in ("address", "building", "stairwell", "door", "lane"))
        )

    def raw(self, kind: str) -> Cell:
        """The cell as it stands; '' where the column is absent."""
        column = self.header.columns.get(kind)
        return self.line.cells[column] if column is not None and column < len(self.texts) else ""

    def text(self, kind: str) -> str:
        """The cell as trimmed text; '' where the column is absent."""
        column = self.header.columns.get(kind)
        return self.texts[column] if column is not None and column < len(self.texts) else ""

    def _said(self, kind: str) -> str:
        text = self.text(kind)
        return "" if text in {"-", "/", "—", "无"} or text in DITTO else text

    @property
    def is_ditto(self) -> bool:
        """The door is said to be that of the line above: 同上, 〃, 同户主."""
        return any(self.text(kind) in DITTO for kind in ("address", "building", "door"))

    def _name(self) -> str:
        """The name without blanks inside; '' where the cell says that nobody is named."""
        text = self.text("name")
        if text.lower() in NONE_WORDS or self.is_empty_flat:
            return ""
        return _CJK_BLANK.sub("", text)

    @property
    def is_empty_flat(self) -> bool:
        """Offices write 空置 or 空户 where the name would stand."""
        return self.text("name") in _EMPTY_FLAT

    def filled(self) -> list[tuple[int, str]]:
        """(column, text) of every cell that says something."""
        return [(column, text) for column, text in enumerate(self.texts) if text]


def is_name(text: str) -> bool:
    """Whether a text can be a person's name: letters, no markup, at most 40 characters."""
    return bool(_LETTER.search(text)) and len(text) <= LONGEST_NAME and not _NOT_A_NAME.search(text)


def is_closing(cells: Cells) -> bool:
    """Totals, notes and signatures, known by their first words."""
    first = next((text for text in cells.texts if text), "")
    return bool(_CLOSING.match(first) or _CLOSING.match(cells.text("name")))


def is_heading_again(cells: Cells) -> bool:
    """The headings repeated, as on every printed page."""
    said, heading = cells.text("name"), cells.header.heading("name")
    return bool(said) and said.split() == heading.split() and len(cells.filled()) > 1


def is_note(cells: Cells) -> bool:
    """A line of one long text, wherever it stands, is a note and no address."""
    filled = [text for column, text in cells.filled() if column != cells.header.columns.get("number")]
    return not filled or (len(filled) == 1 and len(filled[0]) > 20)


def tries_to_name(cells: Cells) -> bool:
    """Whether a line without a name is about a person: it has an ID number, a relation, a sex, an age;
    or a telephone number without saying that the flat is empty or a shop."""
    if any(cells.text(kind) and cells.text(kind) not in NONE_WORDS for kind in PERSONAL):
        return True
    return bool(cells.text("phone") or cells.text("care")) and not occupancy_said(cells)


def occupancy_said(cells: Cells) -> str:
    """The occupancy code of a line, from its own column or from the name's; '' if none."""
    said = read_occupancy(cells.raw("occupancy"))
    if not said and cells.is_empty_flat:
        said = read_occupancy(cells.raw("name"))
    return said or occupancy_among(cells.text("care")) or occupancy_among(cells.text("remarks"))
