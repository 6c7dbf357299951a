"""What a reader of registers hands over: rows, doors, refused rows, and what it has to say about them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from shouwang.core.sheets import Cell

from .births import PartialDate
from .sentences import ISSUES

WARNING = "warning"
ERROR = "error"


@dataclass(frozen=True, slots=True)
class Issue:
    """One remark on one cell. ``row`` as Excel shows it (0: the whole sheet), ``column`` the heading as
    written, ``column_index`` from 0 or None, ``code`` stable, ``params`` for the sentence."""

    row: int
    column: str
    code: str
    level: str = WARNING
    params: dict[str, object] = field(default_factory=dict)
    column_index: int | None = None

    @property
    def message(self) -> str:
        """The English msgid, parameters not yet filled in."""
        return ISSUES[self.code]


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One named person at one door.

    Codes are those of the people room: ``relation``, ``occupancy``, ``care``; ``sex`` is m, f or ''. ``birth`` is (year, month or None, day or None). ``id_number`` is None unless beyond doubt.
    ``is_yard``: the building is a village yard (3号院). ``household`` is equal for all rows of one household on the sheet. ``twice_of`` is the line on which
    the same person stands first. ``carried`` says that the door was carried down from a line above.
    """

    number: int
    name: str
    building: str
    stairwell: str = ""
    door: str = ""
    lane: str = ""
    is_yard: bool = False
    floor: int | None = None
    grid: str = ""
    household: str = ""
    relation: str = ""
    relation_text: str = ""
    sex: str = ""
    birth: PartialDate | None = None
    age: int | None = None
    id_number: str | None = None
    id_kind: str = ""
    phones: tuple[str, ...] = ()
    occupancy: str = ""
    care: tuple[str, ...] = ()
    remarks: str = ""
    extra: dict[str, str] = field(default_factory=dict)
    carried: bool = False
    twice_of: int | None = None
    issues: tuple[Issue, ...] = ()
    cells: tuple[Cell, ...] = ()

    @property
    def door_key(self) -> tuple[str, str, str, str]:
        """(lane, building, stairwell, door)."""
        return self.lane, self.building, self.stairwell, self.door


@dataclass(frozen=True, slots=True)
class DoorRow:
    """A line that names nobody but says how a door is lived in (空置, 商铺 ...); 'unknown' if it says nothing."""

    number: int
    building: str
    stairwell: str = ""
    door: str = ""
    lane: str = ""
    is_yard: bool = False
    floor: int | None = None
    grid: str = ""
    occupancy: str = "unknown"
    phones: tuple[str, ...] = ()
    remarks: str = ""
    issues: tuple[Issue, ...] = ()

    @property
    def door_key(self) -> tuple[str, str, str, str]:
        """(lane, building, stairwell, door)."""
        return self.lane, self.building, self.stairwell, self.door


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A line that tries to name a person and cannot be taken; its issues say why."""

    number: int
    cells: tuple[Cell, ...]
    issues: tuple[Issue, ...]


@dataclass(frozen=True, slots=True)
class RegisterSheet:
    """A register as read. ``counted`` lines = rows + refused; doors and ignored lines are not among them."""

    title: str
    sheet_date: dt.date | None
    sheet_name: str
    headings: tuple[str, ...]
    rows: list[RegisterRow]
    doors: list[DoorRow]
    refused: list[RefusedRow]
    issues: list[Issue]
    ignored_lines: tuple[int, ...]

    @property
    def counted(self) -> int:
        """Lines that name a person or try to."""
        return len(self.rows) + len(self.refused)

    @property
    def households(self) -> int:
        """Households with at least one person taken."""
        return len({row.household for row in self.rows})

    @property
    def errors(self) -> list[Issue]:
        return [issue for issue in self.issues if issue.level == ERROR]

    @property
    def warnings(self) -> list[Issue]:
        return [issue for issue in self.issues if issue.level == WARNING]
