"""The particulars of one named line."""

from __future__ import annotations

import datetime as dt
import re

from .addresses import Address
from .births import PartialDate, differs, read_age, read_birth
from .care import read_care
from .headers import heading_words, plain
from .identity import Identity, read_identity
from .lines import Cells, is_name
from .phones import NONE_WORDS, read_phones
from .repeats import household_of
from .residence import occupancy_among, read_occupancy, read_sex, relation_of
from .shapes import Issue, RegisterRow

LONGEST_TEXT = 500
_MEMBER_COLUMN = re.compile(
    r"(?:家庭)?成员\d*(?:姓名)?\d*|姓名\d*|(?:配偶|妻子?|丈夫|爱人|老伴|子女|儿女|儿子|女儿|长子|次子|长女|次女|孩子|父母|父亲?|母亲?|"
    r"公婆|岳父母|同住人|共同居住人|同住人员|共同居住人员|其他成员|租客|保姆)(?:[一二三四五六\d]*)(?:姓名)?(?:[一二三四五六\d]*)"
)
_SEVERAL = re.compile(r"[\u4e00-\u9fff]{2,4}(?:\s?[、，,/和;；]\s?[\u4e00-\u9fff]{2,4})+")
_IN_BRACKETS = re.compile(r"[（(]([^（()）]*)[)）]")


class _Notes:
    """Collects issues of one line, each at its column, and words that belong to no field."""

    def __init__(self, cells: Cells) -> None:
        self.cells = cells
        self.issues: list[Issue] = []
        self.words: list[str] = []

    def warn(self, kind: str, problem: tuple[str, dict[str, object]] | None) -> None:
        if problem:
            code, params = problem
            header = self.cells.header
            self.issues.append(
                Issue(
                    self.cells.line.number,
                    header.heading(kind),
                    code,
                    params=params,
                    column_index=header.columns.get(kind),
                )
            )

    def keep(self, text: str) -> None:
        """Adds words unless they were said already; a longer text takes the place of its part."""
        if text and not any(text in said for said in self.words):
            self.words = [said for said in self.words if said not in text] + [text]


def read_person(
    cells: Cells, address: Address, grid: str, *, carried: bool, today: dt.date
) -> tuple[RegisterRow, list[Issue]]:
    """The row of a named line whose door is known, and everything doubtful on it."""
    notes = _Notes(cells)
    name, relation_text = _name_and_relation(cells, notes)
    identity = read_identity(cells.raw("id_number"), today=today)
    notes.warn("id_number", identity.problem)
    birth = _birth(cells, identity, notes, today)
    age, problem = read_age(cells.raw("age"))
    notes.warn("age", problem)
    phones = _phones(cells, notes)
    occupancy = _occupancy(cells, notes)
    care = _care(cells, notes)
    _other_people(cells, name, notes)
    row = RegisterRow(
        number=cells.line.number,
        name=name,
        building=address.building,
        stairwell=address.stairwell,
        door=address.door,
        lane=address.lane,
        is_yard=address.is_yard,
        floor=address.floor,
        grid=grid,
        household=household_of((address.lane, address.building, address.stairwell, address.door)),
        relation=relation_of(relation_text),
        relation_text=relation_text[:30],
        sex=_sex(cells, identity, notes),
        birth=birth,
        age=age,
        id_number=identity.number,
        id_kind=identity.kind,
        phones=phones,
        occupancy=occupancy,
        care=care,
        remarks=_cut("，".join(notes.words), notes),
        extra=_extra(cells),
        carried=carried,
        issues=tuple(notes.issues),
        cells=cells.line.cells,
    )
    return row, notes.issues


def _other_people(cells: Cells, name: str, notes: _Notes) -> None:
    """Members named in columns of their own, or several in one cell: said, so that nobody is lost unseen."""
    if _SEVERAL.fullmatch(name):
        notes.warn("name", ("name.several", {}))
    header, line = cells.header, cells.line
    for column in header.extra:
        said = plain(line.cells[column]) if column < len(line.cells) else ""
        if not _MEMBER_COLUMN.fullmatch(heading_words(header.headings[column])) or not is_name(said):
            continue
        if said.lower() not in NONE_WORDS and said != name:
            params: dict[str, object] = {"names": said[:60]}
            notes.issues.append(
                Issue(
                    line.number,
                    header.headings[column],
                    "members.in_columns",
                    params=params,
                    column_index=column,
                )
            )


def _name_and_relation(cells: Cells, notes: _Notes) -> tuple[str, str]:
    """'王芳（户主）' names a relation too; other words in brackets are kept as remarks."""
    name, relation = cells.name, cells.text("relation")
    for words in _IN_BRACKETS.findall(name):
        if not relation and relation_of(words) not in ("", "other"):
            relation = words
        else:
            notes.keep(words.strip())
    bare = _IN_BRACKETS.sub("", name).strip()
    if (
        not relation
        and "relation" not in cells.header.columns
        and heading_words(cells.header.heading("name")).startswith("户主")
    ):
        relation = "户主"
    return bare or name, relation


def _birth(cells: Cells, identity: Identity, notes: _Notes, today: dt.date) -> PartialDate | None:
    said, problem = read_birth(cells.raw("birth"), today=today)
    notes.warn("birth", problem)
    if said and identity.birth and differs(said, identity.birth):
        notes.warn("birth", ("date.differs", {}))
    return identity.birth or said


def _sex(cells: Cells, identity: Identity, notes: _Notes) -> str:
    said = read_sex(cells.raw("sex"))
    if said is None:
        notes.warn("sex", ("sex.unreadable", {}))
    elif said and identity.sex and said != identity.sex:
        notes.warn("sex", ("sex.differs", {}))
    return identity.sex or said or ""


def _phones(cells: Cells, notes: _Notes) -> tuple[str, ...]:
    numbers: list[str] = []
    for kind in ("phone", "phone2", "phone3"):
        found = read_phones(cells.raw(kind))
        numbers += [number for number in found.numbers if number not in numbers]
        for problem in found.problems:
            notes.warn(kind, problem)
        if found.words and found.numbers:
            notes.keep(f"{cells.header.heading(kind)}：{found.words}")
    return tuple(numbers)


def _occupancy(cells: Cells, notes: _Notes) -> str:
    code = read_occupancy(cells.raw("occupancy"))
    if code is None:
        notes.warn("occupancy", ("occupancy.unreadable", {}))
        notes.keep(cells.text("occupancy"))
    return code or occupancy_among(cells.text("care")) or occupancy_among(cells.text("remarks"))


def _care(cells: Cells, notes: _Notes) -> tuple[str, ...]:
    """Flags of the special column and of the remarks; what says more than a flag stays in words."""
    flags: list[str] = []
    for kind, longest in (("care", 24), ("care2", 24), ("remarks", 16)):
        found, rest = read_care(cells.text(kind), longest)
        flags += [code for code in found if code not in flags]
        notes.keep(rest)
    return tuple(flags)


def _cut(text: str, notes: _Notes) -> str:
    if len(text) > LONGEST_TEXT:
        notes.warn("remarks", ("text.cut", {"limit": LONGEST_TEXT}))
    return text[:LONGEST_TEXT]


def _extra(cells: Cells) -> dict[str, str]:
    """Columns of no kind known here, under their own headings (origin, employer ...)."""
    header, line = cells.header, cells.line
    columns = [
        *header.extra,
        *(header.columns[kind] for kind in ("head_name", "id_kind") if kind in header.columns),
    ]
    found = {header.headings[c]: plain(line.cells[c])[:200] for c in columns if c < len(line.cells)}
    return {heading: text for heading, text in found.items() if text}
