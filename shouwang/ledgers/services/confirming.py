"""Confirming a staged sheet: everything in one transaction, or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from django.db import transaction

from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.audit import write_audit
from shouwang.core.bulk import many_objects
from shouwang.core.due import schedule
from shouwang.core.moves import move
from shouwang.core.progress import ask_to_stop, clear
from shouwang.ledgers.engines.shapes import DoorRow, RegisterRow, RegisterSheet
from shouwang.ledgers.models import RegisterImport
from shouwang.ledgers.selectors.planning import SOURCE, DoorKey, Plan, door_of, plan_import
from shouwang.ledgers.selectors.staged import from_text
from shouwang.ledgers.states import IMPORT_MOVES, ImportState
from shouwang.people import services as people
from shouwang.places import selectors as places
from shouwang.places import services as places_services
from shouwang.places.models import Place
from shouwang.places.states import BuildingKind

# A larger sheet is the worker's, with a bar that says how far it is.
MOST_AT_ONCE = 2000
A_STEP = 1000
Row = dict[str, Any]
Told = Callable[[int, int], None]


def _nobody(done: int, total: int) -> None:
    """Nobody waits for it."""


def begin_confirming(
    *, register_import: RegisterImport, by: Actor, at: dt.datetime | None = None
) -> RegisterImport:
    """Takes the sheet in at once, or, when it has more than MOST_AT_ONCE rows, hands it to the worker and answers it
    as being taken in; `core.progress` says how far that is. Conflict when it is confirmed, dropped or under way."""
    at = at or clock.now()
    if register_import.counts.get("rows", 0) <= MOST_AT_ONCE:
        return confirm_register(register_import=register_import, by=by, at=at)
    with transaction.atomic():
        clear(register_import.pk)
        moved = move(register_import, ImportState.CONFIRMING, table=IMPORT_MOVES)
        schedule(
            "ledgers.confirm",
            at=at,
            subject_id=moved.pk,
            payload={"by": str(by.pk) if by.actor_kind == "user" else None},
        )
        write_audit("ledgers.register.begun", by=by, at=at, subject=moved, rows=moved.counts["rows"])
    return moved


def stop_confirming(*, register_import: RegisterImport, by: Actor, at: dt.datetime | None = None) -> None:
    """Asks the worker to stop and take back what it did: the sheet is staged as before. Too late is no error."""
    if register_import.state == ImportState.CONFIRMING:
        ask_to_stop(register_import.pk)


def back_to_staged(
    *, register_import: RegisterImport, by: Actor, why: str, at: dt.datetime | None = None
) -> RegisterImport:
    """A sheet that was being taken in waits again; nothing of it was written. `why`: stopped or failed."""
    at = at or clock.now()
    with transaction.atomic():
        moved = move(register_import, ImportState.STAGED, table=IMPORT_MOVES)
        write_audit("ledgers.register.not_taken", by=by, at=at, subject=moved, why=why)
    return moved


def confirm_register(
    *, register_import: RegisterImport, by: Actor, at: dt.datetime | None = None, tell: Told = _nobody
) -> RegisterImport:
    """Writes the staged sheet into the register. Conflict when it was confirmed or dropped meanwhile.

    New people are added, known ones merged, absent ones left alone; doors get their state. The staged text stays
    for the list of doubts until its days are over. `tell` hears (done, total) rows as it goes on; what it raises
    takes everything back.
    """
    at = at or clock.now()
    with many_objects(), transaction.atomic():
        # Held until the end: whoever else would take in the same sheet waits, and then finds it done.
        RegisterImport.objects.select_for_update().get(pk=register_import.pk)
        sheet = from_text(register_import.staged)
        community = places.community_by_id(register_import.community_id)
        day = register_import.sheet_date or clock.local_day(at, community.time_zone)
        doors = _ensure_doors(community, sheet, by=by, at=at)
        plan = plan_import(community.pk, sheet, day, doors)
        # What a door is comes first: people are then written at doors that are counted already.
        _write_doors(sheet, doors, day, community.pk, by=by, at=at)
        _write_people(plan, by=by, at=at, tell=tell)
        counts = {**register_import.counts, **plan.counts}
        moved = move(
            register_import,
            ImportState.CONFIRMED,
            table=IMPORT_MOVES,
            confirmed_at=at,
            counts=counts,
        )
        write_audit(
            "ledgers.register.confirmed",
            by=by,
            at=at,
            subject=moved,
            taken=len(plan.new),
            merged=plan.counts["merged"],
            absent=len(plan.absent),
        )
    return moved


def drop_register(
    *, register_import: RegisterImport, by: Actor, at: dt.datetime | None = None
) -> RegisterImport:
    """Throws a staged sheet away; its text is erased at once."""
    at = at or clock.now()
    with transaction.atomic():
        moved = move(register_import, ImportState.DROPPED, table=IMPORT_MOVES, staged="", file_name="")
        write_audit("ledgers.register.dropped", by=by, at=at, subject=moved)
    return moved


def _write_people(plan: Plan, *, by: Actor, at: dt.datetime, tell: Told) -> None:
    new = [values for _row, values in plan.new]
    known = [{**values, "person_id": match.person_id} for _row, values, match in plan.known]
    # Doors were a part of the work as well: as much as a tenth of the people.
    total, done = len(new) + len(known) + (len(new) + len(known)) // 10, (len(new) + len(known)) // 10
    for write, rows in ((people.add_people_in_bulk, new), (people.merge_register_rows, known)):
        for step in _steps(rows):
            tell(done, total)
            write(rows=step, by=by, at=at)
            done += len(step)
    tell(total, total)


def _steps(rows: list[Row]) -> Iterator[list[Row]]:
    """The rows in steps of about A_STEP, those of one door never apart: they share a household."""
    by_door: dict[UUID, list[Row]] = {}
    for row in rows:
        by_door.setdefault(row["dwelling_id"], []).append(row)
    step: list[Row] = []
    for behind in by_door.values():
        step += behind
        if len(step) >= A_STEP:
            yield step
            step = []
    if step:
        yield step


def _write_doors(
    sheet: RegisterSheet,
    doors: dict[DoorKey, UUID],
    day: dt.date,
    community_id: UUID,
    *,
    by: Actor,
    at: dt.datetime,
) -> None:
    said: dict[UUID, str] = {}
    lines: list[RegisterRow | DoorRow] = [*sheet.rows, *sheet.doors]
    for row in lines:
        if row.occupancy and row.occupancy != "unknown":
            said.setdefault(doors[door_of(row)], row.occupancy)
    people.set_occupancies_in_bulk(
        rows=[
            {"dwelling_id": pk, "occupancy": occupancy, "source": SOURCE, "as_of": day}
            for pk, occupancy in said.items()
        ],
        by=by,
        at=at,
    )
    people.register_doors(community_id=community_id, by=by, at=at)


def _ensure_doors(
    community: Place, sheet: RegisterSheet, *, by: Actor, at: dt.datetime
) -> dict[DoorKey, UUID]:
    """Makes the grids, buildings, stairwells and doors that the sheet names and the register lacks."""
    rows: list[RegisterRow | DoorRow] = [*sheet.rows, *sheet.doors]
    leaves = places_services.ensure_leaves(
        community=community, wanted=[_wanted_leaf(row) for row in rows], by=by, at=at
    )
    wanted = {door_of(row): (leaves[(row.building, row.stairwell)], row.door, row.floor) for row in rows}
    made = places_services.ensure_dwellings(wanted=wanted.values(), by=by, at=at)
    return {key: made[(leaf.pk, door)].pk for key, (leaf, door, _floor) in wanted.items()}


def _wanted_leaf(row: RegisterRow | DoorRow) -> places_services.WantedLeaf:
    kind = (
        BuildingKind.YARD if row.is_yard else BuildingKind.LANE_NUMBER if row.lane else BuildingKind.HAO_LOU
    )
    grid = grid_name(row.grid) if row.grid else ""
    return places_services.WantedLeaf(row.building, row.stairwell, row.grid, grid, kind)


def grid_name(code: str) -> str:
    """第一网格 stays; 1 becomes 第1网格."""
    return code if "网格" in code else f"第{code}网格"
