"""A sheet as it waits for confirmation: what was read, as JSON, sealed."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from typing import Any

from shouwang.ledgers.engines.shapes import DoorRow, Issue, RefusedRow, RegisterRow, RegisterSheet

# Read here and not by dataclasses.asdict, which copies every cell on its way: half the time of staging.
FIELDS = {
    shape: tuple(field.name for field in dataclasses.fields(shape))
    for shape in (RegisterSheet, RegisterRow, DoorRow, RefusedRow, Issue)
}


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, RegisterSheet | RegisterRow | DoorRow | RefusedRow | Issue):
        return {name: getattr(value, name) for name in FIELDS[type(value)]}
    return str(value)


def to_text(sheet: RegisterSheet) -> str:
    """The whole sheet as JSON text."""
    return json.dumps(sheet, ensure_ascii=False, default=_plain, separators=(",", ":"))


def _issues(rows: list[dict[str, Any]]) -> tuple[Issue, ...]:
    return tuple(Issue(**row) for row in rows)


def _row(fields: dict[str, Any]) -> RegisterRow:
    birth = fields["birth"]
    fixed = {
        "birth": tuple(birth) if birth else None,
        "phones": tuple(fields["phones"]),
        "care": tuple(fields["care"]),
        "cells": tuple(fields["cells"]),
        "issues": _issues(fields["issues"]),
    }
    return RegisterRow(**{**fields, **fixed})


def from_text(text: str) -> RegisterSheet:
    """The sheet that `to_text` wrote."""
    read = json.loads(text)
    return RegisterSheet(
        title=read["title"],
        sheet_date=dt.date.fromisoformat(read["sheet_date"]) if read["sheet_date"] else None,
        sheet_name=read["sheet_name"],
        headings=tuple(read["headings"]),
        rows=[_row(fields) for fields in read["rows"]],
        doors=[
            DoorRow(**{**fields, "phones": tuple(fields["phones"]), "issues": _issues(fields["issues"])})
            for fields in read["doors"]
        ],
        refused=[
            RefusedRow(fields["number"], tuple(fields["cells"]), _issues(fields["issues"]))
            for fields in read["refused"]
        ],
        issues=list(_issues(read["issues"])),
        ignored_lines=tuple(read["ignored_lines"]),
    )
