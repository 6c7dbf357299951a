"""The register out, as the same sheet that comes in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db import transaction

from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.audit import write_audit
from shouwang.core.bulk import many_objects
from shouwang.core.personal import BIRTH, FIELD_CLASSES, ID_NUMBER, NAME, NOTE, PHONE
from shouwang.ledgers.engines.shapes import DoorRow, RegisterRow
from shouwang.ledgers.engines.writing import write_register
from shouwang.people import selectors as people
from shouwang.people.rules import may_read_flag
from shouwang.people.selectors import RegisterEntry
from shouwang.people.selectors.doors import occupancies_of
from shouwang.places import selectors as places
from shouwang.places.models import Place
from shouwang.places.states import BuildingKind


@many_objects()
def export_register(
    *,
    community: Place,
    by: Actor,
    at: dt.datetime | None = None,
    classes: Collection[str] = FIELD_CLASSES,
) -> bytes:
    """Everybody on file and every door without anybody, as .xlsx; that it left the house is on record.

    `classes`: the field classes that whoever takes it out may read here. What they may not read on a page stands
    empty in the sheet; read in again, an empty cell takes nothing away.
    """
    at = at or clock.now()
    entries = people.register_snapshot(community.pk)
    codes = places.codes_of(community.pk)
    kinds = places.kinds_of(community.pk)
    grids = places.grid_codes_of(community.pk)
    rows = [_row(number, entry, classes, codes, kinds, grids) for number, entry in enumerate(entries, 1)]
    lived_in = {entry.dwelling.pk for entry in entries}
    doors = _bare_doors(community, lived_in, codes, kinds, grids)
    extra = list(dict.fromkeys(name for row in rows for name in row.extra if name != "备注"))
    with transaction.atomic():
        write_audit("ledgers.register.exported", by=by, at=at, subject=community, people=len(rows))
    return write_register(
        rows,
        doors,
        title=f"{community.name}居民登记表",
        as_of=clock.local_day(at, community.time_zone),
        extra=extra,
    )


def _place(dwelling: Any, codes: Any, kinds: Any, grids: Any) -> dict[str, Any]:
    building, stairwell = codes[dwelling.place_id]
    return {
        "building": building,
        "stairwell": stairwell,
        "door": dwelling.door,
        "floor": dwelling.floor,
        "grid": grids.get(dwelling.grid_id, ""),
        "is_yard": kinds.get(dwelling.building_id) == BuildingKind.YARD,
    }


def _row(
    number: int, entry: RegisterEntry, classes: Collection[str], codes: Any, kinds: Any, grids: Any
) -> RegisterRow:
    extra = {str(key): str(value) for key, value in entry.extra.items()} if NOTE in classes else {}
    numbered = ID_NUMBER in classes
    return RegisterRow(
        number=number,
        name=entry.name if NAME in classes else "",
        relation=entry.relation,
        sex=entry.sex if BIRTH in classes else "",
        birth=entry.birth if BIRTH in classes else None,
        phones=(entry.phone,) if entry.phone and PHONE in classes else (),
        id_number=(entry.id_number or None) if numbered else None,
        id_kind=entry.id_kind if numbered else "",
        occupancy=entry.occupancy if entry.occupancy != "unknown" else "",
        care=tuple(kind for kind in entry.flags if may_read_flag(kind, classes)),
        remarks=extra.pop("备注", ""),
        extra=extra,
        household=str(entry.household_id),
        **_place(entry.dwelling, codes, kinds, grids),
    )


def _bare_doors(community: Place, lived_in: set[Any], codes: Any, kinds: Any, grids: Any) -> list[DoorRow]:
    states = occupancies_of(community.pk)
    return [
        DoorRow(
            number=0, occupancy=states.get(dwelling.pk, "unknown"), **_place(dwelling, codes, kinds, grids)
        )
        for dwelling in places.dwellings_in(community.pk).order_by("place__sort_key", "sort_key")
        if dwelling.pk not in lived_in
    ]
