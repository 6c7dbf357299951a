"""Confirming a staged sheet: everything in one transaction, or nothing."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction

from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.audit import write_audit
from shouwang.core.moves import move
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


def confirm_register(
    *, register_import: RegisterImport, by: Actor, at: dt.datetime | None = None
) -> RegisterImport:
    """Writes the staged sheet into the register. Conflict when it was confirmed or dropped meanwhile.

    New people are added, known ones merged, absent ones left alone; doors get their state. The staged text stays
    for the list of doubts until its days are over.
    """
    at = at or clock.now()
    with transaction.atomic():
        sheet = from_text(register_import.staged)
        community = places.community_by_id(register_import.community_id)
        day = register_import.sheet_date or clock.local_day(at, community.time_zone)
        doors = _ensure_doors(community, sheet, by=by, at=at)
        plan = plan_import(community.pk, sheet, day, doors)
        # What a door is comes first: people are then written at doors that are counted already.
        _write_doors(sheet, doors, day, community.pk, by=by, at=at)
        _write_people(plan, by=by, at=at)
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


def _write_people(plan: Plan, *, by: Actor, at: dt.datetime) -> None:
    people.add_people_in_bulk(rows=[values for _row, values in plan.new], by=by, at=at)
    people.merge_register_rows(
        rows=[{**values, "person_id": match.person_id} for _row, values, match in plan.known], by=by, at=at
    )


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
