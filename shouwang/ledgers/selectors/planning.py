"""What confirming a sheet would do to the register, worked out without writing anything."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from shouwang.ledgers.engines.shapes import Issue, RegisterRow, RegisterSheet
from shouwang.ledgers.rules import EXTRA_ISSUES
from shouwang.people import selectors as people
from shouwang.people.selectors import Match, RegisterEntry
from shouwang.places import selectors as places

SOURCE = "register"
DoorKey = tuple[str, str, str]


@dataclass(frozen=True)
class Plan:
    """`new` and `known` are (sheet row, row for people, match); `absent` are people whom the sheet does not name."""

    new: list[tuple[RegisterRow, dict[str, Any]]]
    known: list[tuple[RegisterRow, dict[str, Any], Match]]
    repeated: list[RegisterRow]
    absent: list[RegisterEntry]
    issues: list[Issue]

    @property
    def counts(self) -> dict[str, int]:
        """New people, and those already there (repeated lines and unchanged ones too)."""
        return {
            "taken": len(self.new),
            "merged": len(self.known) + len(self.repeated),
            "absent": len(self.absent),
        }


def door_of(row: Any) -> DoorKey:
    """Building, stairwell and door of a sheet's row; '' for none."""
    return row.building, row.stairwell, row.door


def known_doors(community_id: UUID) -> dict[DoorKey, UUID]:
    """Every door on file by what people call it."""
    found = {}
    dwellings = list(places.dwellings_in(community_id))
    codes = places.codes_of(community_id)
    for dwelling in dwellings:
        building, stairwell = codes[dwelling.place_id]
        found[(building, stairwell, dwelling.door)] = dwelling.pk
    return found


def row_for_people(row: RegisterRow, dwelling_id: UUID, as_of: dt.date) -> dict[str, Any]:
    """A sheet's row in the form the people room takes."""
    extra = dict(row.extra)
    if len(row.phones) > 1:
        extra["其他电话"] = " ".join(row.phones[1:])
    if row.remarks:
        extra["备注"] = row.remarks
    birth = row.birth or ((as_of.year - row.age, None, None) if row.age is not None else None)
    return {
        "dwelling_id": dwelling_id,
        "household_id": None,
        "household_key": row.household,
        "name": row.name,
        "relation": row.relation,
        "sex": row.sex,
        "birth": birth,
        "phone": row.phones[0] if row.phones else "",
        "id_kind": row.id_kind,
        "id_number": row.id_number or "",
        "extra": extra,
        "flags": [(code, "") for code in row.care],
        "register_as_of": as_of,
        "source": SOURCE,
    }


def plan_import(
    community_id: UUID, sheet: RegisterSheet, as_of: dt.date, doors: Mapping[DoorKey, UUID]
) -> Plan:
    """Matches every line with the register. A door that is not on file yet gets a stand-in id, which matches nobody."""
    kept = [row for row in sheet.rows if row.twice_of is None]
    rows = [row_for_people(row, doors.get(door_of(row)) or _stand_in(row), as_of) for row in kept]
    matches = people.match_register(community_id, rows)
    on_file = {entry.person_id: entry for entry in people.register_snapshot(community_id)}
    new, known, issues = [], [], []
    for row, values, match in zip(kept, rows, matches, strict=True):
        entry = on_file.get(match.person_id) if match.person_id else None
        if match.person_id:
            known.append((row, values, match))
        else:
            new.append((row, values))
        issues += _said_of(row, match, entry, values, as_of)
    named = {match.person_id for _row, _values, match in known}
    absent = [entry for person_id, entry in on_file.items() if person_id not in named]
    repeated = [row for row in sheet.rows if row.twice_of is not None]
    return Plan(new, known, repeated, absent, issues)


def _stand_in(row: RegisterRow) -> UUID:
    return uuid5(UUID(int=0), "/".join(door_of(row)))


def _said_of(
    row: RegisterRow, match: Match, entry: RegisterEntry | None, values: Mapping[str, Any], as_of: dt.date
) -> list[Issue]:
    """What the register has to say about a line: somebody elsewhere, perhaps somebody known, a later edit that wins."""
    codes = []
    if match.moved:
        codes.append("person.elsewhere")
    if match.proposed and not match.person_id:
        codes.append("person.perhaps")
    if entry is not None and people.knows_later(entry, as_of) and _differs(entry, values):
        codes.append("edited.later")
    return [RegisterIssue(row.number, "", code) for code in codes]


def _differs(entry: RegisterEntry, values: Mapping[str, Any]) -> bool:
    """Whether the sheet says something that the register has otherwise; an empty cell says nothing."""
    said = {"phone": entry.phone, "id_number": entry.id_number, "birth": entry.birth, "sex": entry.sex}
    return values["name"] != entry.name or any(
        values[key] and values[key] != has for key, has in said.items()
    )


class RegisterIssue(Issue):
    """An issue that comes from the register, not from the sheet."""

    @property
    def message(self) -> str:
        return EXTRA_ISSUES[self.code]
