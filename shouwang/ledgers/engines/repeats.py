"""Who and what stands twice on one sheet, and which rows make one household."""

from __future__ import annotations

from dataclasses import replace

from .births import differs
from .headers import Header
from .phones import NONE_WORDS
from .shapes import Issue, RegisterRow

DoorKey = tuple[str, str, str, str]


def mark_repeats(rows: list[RegisterRow], header: Header) -> tuple[list[RegisterRow], list[Issue]]:
    """The rows with household, door's occupancy, ``twice_of`` and doubled ID numbers settled."""
    book = _Book(header)
    occupancies = _occupancies(rows)
    marked = [book.enter(_lived_in(row, occupancies[row.door_key], book)) for row in rows]
    return marked, book.issues


def _occupancies(rows: list[RegisterRow]) -> dict[DoorKey, str]:
    """The first occupancy said at each door: it holds for everybody behind it."""
    said: dict[DoorKey, str] = {}
    for row in rows:
        if not said.get(row.door_key):
            said[row.door_key] = row.occupancy
    return said


def _lived_in(row: RegisterRow, occupancy: str, book: _Book) -> RegisterRow:
    if row.occupancy and row.occupancy != occupancy:
        row = book.warn(row, "occupancy", "occupancy.differs")
    return replace(row, occupancy=occupancy) if row.occupancy != occupancy else row


class _Book:
    """What has stood on the lines so far."""

    def __init__(self, header: Header) -> None:
        self.header = header
        self.issues: list[Issue] = []
        self.by_id: dict[str, RegisterRow] = {}
        self.by_name: dict[tuple[DoorKey, str], list[RegisterRow]] = {}
        self.heads: dict[DoorKey, list[RegisterRow]] = {}
        self.current: dict[DoorKey, str] = {}

    def warn(self, row: RegisterRow, kind: str, code: str, **params: object) -> RegisterRow:
        if kind == "address" and kind not in self.header.columns:
            kind = "door" if "door" in self.header.columns else "building"
        column = self.header.columns.get(kind)
        issue = Issue(row.number, self.header.heading(kind), code, params=params, column_index=column)
        self.issues.append(issue)
        return replace(row, issues=(*row.issues, issue))

    def enter(self, row: RegisterRow) -> RegisterRow:
        row = self._own_id(row)
        first = self._same_person(row)
        if first:
            row = replace(self.warn(row, "name", "person.twice", other=first.number), twice_of=first.number)
        row = self._in_household(row)
        if row.id_number:
            self.by_id.setdefault(row.id_number, row)
        self.by_name.setdefault((row.door_key, row.name), []).append(row)
        return row

    def _own_id(self, row: RegisterRow) -> RegisterRow:
        """A number belongs to the name it stood beside first; beside another name it is set aside."""
        first = self.by_id.get(row.id_number or "")
        if first is None or first.name == row.name:
            return row
        return replace(self.warn(row, "id_number", "id.twice", other=first.number), id_number=None)

    def _same_person(self, row: RegisterRow) -> RegisterRow | None:
        """The same number and name anywhere, or the same name behind the same door without contradiction."""
        if row.id_number and row.id_number in self.by_id:
            return self.by_id[row.id_number]
        return next(
            (other for other in self.by_name.get((row.door_key, row.name), ()) if _may_be(row, other)), None
        )

    def _in_household(self, row: RegisterRow) -> RegisterRow:
        """Each head at a door begins a household; a second head is said so unless the flat is shared."""
        heads = self.heads.setdefault(row.door_key, [])
        if row.relation == "head":
            same = next((head for head in heads if head.name == row.name), None)
            if heads and row.occupancy != "shared":
                row = self.warn(row, "address", "household.twice", other=heads[0].number)
            if same is None:
                heads.append(row)
            number = heads.index(same) + 1 if same else len(heads)
            self.current[row.door_key] = household_of(row.door_key, number)
        household = self.current.setdefault(row.door_key, household_of(row.door_key))
        return row if row.household == household else replace(row, household=household)


def unlisted_heads(rows: list[RegisterRow], header: Header) -> list[Issue]:
    """Heads named in a column of their own beside the members' names, and on no line: said once a door."""
    column = header.columns.get("head_name")
    if column is None:
        return []
    heading = header.headings[column]
    named: dict[DoorKey, set[str]] = {}
    for row in rows:
        named.setdefault(row.door_key, set()).add(row.name)
    issues = []
    for row in rows:
        head = "".join(row.extra.get(heading, "").split())
        if 2 <= len(head) <= 20 and head not in named[row.door_key] and head not in NONE_WORDS:
            named[row.door_key].add(head)
            issues.append(
                Issue(row.number, heading, "members.in_columns", params={"names": head}, column_index=column)
            )
    return issues


def household_of(key: DoorKey, number: int = 1) -> str:
    """The key of the first, second ... household behind a door, within one sheet."""
    place = "-".join(part for part in key if part)
    return place if number == 1 else f"{place}#{number}"


def _may_be(row: RegisterRow, other: RegisterRow) -> bool:
    if row.id_number and other.id_number and row.id_number != other.id_number:
        return False
    if row.birth and other.birth and differs(row.birth, other.birth):
        return False
    return not (row.sex and other.sex and row.sex != other.sex)
