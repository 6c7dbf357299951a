"""Writing the spine: communities, grids, buildings, stairwells, doors, areas."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.audit import audit_entry, write_audit
from shouwang.core.bulk import insert_many
from shouwang.core.errors import Refusal
from shouwang.core.ids import uuid7
from shouwang.core.models import AuditEntry
from shouwang.places.engines.doors import floor_of
from shouwang.places.models import STAMP, Area, AreaPlace, Dwelling, Place
from shouwang.places.selectors import building_name
from shouwang.places.services.posts import recount_coverage
from shouwang.places.states import AreaKind, BuildingKind, Level

DOOR_CODE_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"


def natural_key(text: str) -> str:
    """A key by which 2 comes before 10: runs of digits padded to six."""
    out, digits = [], ""
    for sign in text:
        if sign.isdigit():
            digits += sign
            continue
        out.append(digits.zfill(6) if digits else "")
        digits = ""
        out.append(sign)
    return ("".join(out) + (digits.zfill(6) if digits else ""))[:40]


def new_door_code() -> str:
    """Ten letters that say nothing; 31^10 is enough that guessing one finds none."""
    return "".join(secrets.choice(DOOR_CODE_LETTERS) for _place in range(10))


def _key_above(parent: Place | None, level: str) -> str:
    """People count buildings through the whole community, whatever the grids are called."""
    if parent is None:
        return ""
    if level == Level.BUILDING and parent.level == Level.GRID:
        return parent.sort_key.rpartition("/")[0]
    return parent.sort_key


def _new_place(parent: Place | None, **values: Any) -> Place:
    place = _unplanted(parent, **values)
    if parent is None:
        Place.objects.add_root(instance=place)
    else:
        Place.objects.add_child(parent, instance=place)
    return place


def _unplanted(parent: Place | None, *, level: str, code: str, name: str, **more: object) -> Place:
    """A new place with everything but its position in the tree."""
    pk = uuid7()
    stamp = parent.stamp() if parent else dict.fromkeys(STAMP)
    own = f"{level}_id"
    if own in stamp:
        stamp[own] = pk
    key = f"{_key_above(parent, level)}/{natural_key(code or name)}"[-60:]
    values = {"id": pk, "level": level, "code": code, "name": name, "sort_key": key, **stamp, **more}
    return Place(**values)


def _building_values(code: str, kind: str) -> dict[str, Any]:
    name, key = building_name(kind, code), new_door_code()
    return {"level": Level.BUILDING, "code": code, "name": name, "kind": kind, "door_code": key}


def _stairwell_values(building: Place, code: str) -> dict[str, Any]:
    return {
        "level": Level.STAIRWELL,
        "code": code,
        "name": f"{code}单元",
        "has_lift": building.has_lift,
        "x_m": building.x_m,
        "y_m": building.y_m,
        "door_code": new_door_code(),
    }


@transaction.atomic
def add_office(
    *, level: str, code: str, name: str, parent: Place | None = None, by: Actor, at: datetime | None = None
) -> Place:
    """A district, or a subdistrict of one; the existing one if the code is there already."""
    at = at or clock.now()
    above = parent.path if parent else ""
    found = Place.objects.filter(level=level, code=code, path__startswith=above).first()
    if found:
        return found
    place = _new_place(parent, level=level, code=code, name=name)
    write_audit("places.place.added", by=by, at=at, subject=place, name=name)
    return place


@transaction.atomic
def place_under(*, community: Place, office: Place, by: Actor, at: datetime | None = None) -> Place:
    """A community that was set up alone belongs to a subdistrict or district from now on, with all below it."""
    at = at or clock.now()
    if community.level != Level.COMMUNITY or office.level not in (Level.DISTRICT, Level.SUBDISTRICT):
        raise Refusal("not-above", _("Only a community can be put under a district or subdistrict."))
    if not community.path.startswith(office.path):
        Place.objects.move(community, office, "last-child")
        write_audit("places.place.moved", by=by, at=at, subject=community, placed=community, name=office.name)
    return Place.objects.get(pk=community.pk)


@transaction.atomic
def create_community(
    *,
    code: str,
    name: str,
    by: Actor,
    at: datetime | None = None,
    parent: Place | None = None,
    time_zone: str = "Asia/Shanghai",
) -> Place:
    """A new community. Refusal `community-exists` when the code is taken."""
    at = at or clock.now()
    if Place.objects.filter(level=Level.COMMUNITY, code=code).exists():
        raise Refusal("community-exists", _("A community with this code exists already."), field="code")
    place = _new_place(parent, level=Level.COMMUNITY, code=code, name=name, time_zone=time_zone)
    write_audit("places.community.created", by=by, at=at, subject=place, name=name)
    return place


@transaction.atomic
def add_grid(*, community: Place, code: str, name: str, by: Actor, at: datetime | None = None) -> Place:
    """A grid of the community; the existing one if the code is there already."""
    found = Place.objects.filter(community_id=community.pk, level=Level.GRID, code=code).first()
    if found:
        return found
    place = _new_place(Place.objects.get(pk=community.pk), level=Level.GRID, code=code, name=name)
    write_audit("places.place.added", by=by, at=at or clock.now(), subject=place, name=name)
    return place


@transaction.atomic
def ensure_building(
    *,
    community: Place,
    code: str,
    by: Actor,
    at: datetime | None = None,
    grid: Place | None = None,
    kind: str = BuildingKind.HAO_LOU,
    x_m: float | None = None,
    y_m: float | None = None,
    has_lift: bool = False,
) -> Place:
    """The building of that number, made if it is not there. A building without stairwells is a leaf with a code."""
    at = at or clock.now()
    found = Place.objects.filter(community_id=community.pk, level=Level.BUILDING, code=code).first()
    if found:
        return found
    parent = Place.objects.get(pk=(grid or community).pk)
    place = _new_place(parent, **_building_values(code, kind), x_m=x_m, y_m=y_m, has_lift=has_lift)
    recount_coverage([place], at=at, by=by)
    write_audit("places.place.added", by=by, at=at, subject=place, name=place.name)
    return place


@transaction.atomic
def ensure_stairwell(*, building: Place, code: str, by: Actor, at: datetime | None = None) -> Place:
    """The stairwell of that number, made if it is not there. The building stops being a leaf with its first."""
    at = at or clock.now()
    found = Place.objects.filter(building_id=building.pk, level=Level.STAIRWELL, code=code).first()
    if found:
        return found
    parent = Place.objects.get(pk=building.pk)
    place = _new_place(parent, **_stairwell_values(parent, code))
    recount_coverage([place, parent], at=at, by=by)
    write_audit("places.place.added", by=by, at=at, subject=place, name=f"{parent.name} {place.name}")
    return place


@dataclass(frozen=True)
class WantedLeaf:
    """A leaf as a ledger names it: the building's number, the stairwell's ('' for none), the grid's ('' for none)."""

    building: str
    stairwell: str = ""
    grid: str = ""
    grid_name: str = ""
    kind: str = BuildingKind.HAO_LOU


@transaction.atomic
def ensure_leaves(
    *, community: Place, wanted: Iterable[WantedLeaf], by: Actor, at: datetime | None = None
) -> dict[tuple[str, str], Place]:
    """Many leaves at once as {(building, stairwell): place}; what is not there is made, with its grid and building.

    The same as one by one, but the coverage is counted once, when all of them stand. Of two lines that name one
    building the first says its grid and kind.
    """
    at = at or clock.now()
    tree = _Standing(community, by, at)
    found: dict[tuple[str, str], Place] = {}
    for leaf in wanted:
        if (leaf.building, leaf.stairwell) not in found:
            found[(leaf.building, leaf.stairwell)] = tree.leaf(leaf)
    tree.write()
    if tree.fresh:
        above = {place.building_id for place in tree.fresh if place.level == Level.STAIRWELL}
        touched = [*tree.fresh, *(place for place in tree.buildings.values() if place.pk in above)]
        recount_coverage(touched, at=at, by=by)
    return found


class _Standing:
    """The places of a community by what people call them, and those that have to be made.

    New ones are planted here, below parents that stay locked, and written in one go: `add_child` for each asks the
    database five times.
    """

    def __init__(self, community: Place, by: Actor, at: datetime) -> None:
        self.by, self.at = by, at
        # Doors may be added below meanwhile, other places not.
        held = Place.objects.select_for_update(no_key=True).filter(community_id=community.pk)
        places = list(held.order_by("sort_key"))
        self.community = next(place for place in places if place.pk == community.pk)
        self.grids = {place.code: place for place in places if place.level == Level.GRID}
        self.buildings = {place.code: place for place in places if place.level == Level.BUILDING}
        self.stairwells = {
            (place.building_id, place.code): place for place in places if place.level == Level.STAIRWELL
        }
        self.fresh: list[Place] = []
        self.planted: list[Place] = []
        self.acts: list[AuditEntry] = []
        self.grown: dict[UUID, Place] = {}
        self.last: dict[str, Place] = {}
        for place in places:
            self._note_last(place)

    def write(self) -> None:
        """Writes what was planted, how many children each parent has now, and the record of it."""
        insert_many(self.planted)
        known = [place for place in self.grown.values() if place not in self.planted]
        Place.objects.bulk_update(known, ["numchild"])
        insert_many(self.acts)

    def _plant(self, parent: Place, values: dict[str, Any]) -> Place:
        place = _unplanted(parent, **values)
        before = self.last.get(parent.path)
        place.depth = parent.depth + 1
        place.path = before._inc_path() if before else Place._get_path(parent.path, place.depth, 1)
        parent.numchild += 1
        self.grown[parent.pk] = parent
        self.planted.append(place)
        self._note_last(place)
        return place

    def _note_last(self, place: Place) -> None:
        above = Place._get_parent_path_from_path(place.path)
        if above not in self.last or self.last[above].path < place.path:
            self.last[above] = place

    def leaf(self, wanted: WantedLeaf) -> Place:
        building = self.buildings.get(wanted.building)
        if building is None:
            building = self.buildings[wanted.building] = self._building(wanted)
        if not wanted.stairwell:
            return building
        key = (building.pk, wanted.stairwell)
        if key not in self.stairwells:
            stairwell = self._plant(building, _stairwell_values(building, wanted.stairwell))
            self.stairwells[key] = self._added(stairwell, above=building.name)
        return self.stairwells[key]

    def _building(self, wanted: WantedLeaf) -> Place:
        above = self._grid(wanted) or self.community
        return self._added(self._plant(above, _building_values(wanted.building, wanted.kind)))

    def _grid(self, wanted: WantedLeaf) -> Place | None:
        if wanted.grid and wanted.grid not in self.grids:
            name = wanted.grid_name or wanted.grid
            grid = self._plant(self.community, {"level": Level.GRID, "code": wanted.grid, "name": name})
            self.grids[wanted.grid] = self._added(grid, leaf=False)
        return self.grids.get(wanted.grid)

    def _added(self, place: Place, *, above: str = "", leaf: bool = True) -> Place:
        if leaf:
            self.fresh.append(place)
        name = f"{above} {place.name}".strip()
        self.acts.append(audit_entry("places.place.added", by=self.by, at=self.at, subject=place, name=name))
        return place


@transaction.atomic
def ensure_dwelling(
    *, leaf: Place, door: str, by: Actor, at: datetime | None = None, floor: int | None = None
) -> Dwelling:
    """The door, made if it is not there."""
    return ensure_dwellings(wanted=[(leaf, door, floor)], by=by, at=at)[(leaf.pk, door)]


@transaction.atomic
def ensure_dwellings(
    *, wanted: Iterable[tuple[Place, str, int | None]], by: Actor, at: datetime | None = None
) -> dict[tuple[UUID, str], Dwelling]:
    """Many doors at once as {(leaf id, door): dwelling}; one audit row for those that are new."""
    asked = list(wanted)
    leaves = {leaf.pk: leaf for leaf, _door, _floor in asked}
    there = {
        (d.place_id, d.door): d
        for d in Dwelling.objects.filter(place_id__in=leaves, until__isnull=True).select_related("place")
    }
    fresh: dict[tuple[UUID, str], Dwelling] = {}
    for leaf, door, floor in asked:
        if (leaf.pk, door) not in there:
            fresh[(leaf.pk, door)] = Dwelling(
                place=leaf,
                door=door,
                floor=floor if floor is not None else floor_of(door),
                sort_key=natural_key(door),
                lift=leaf.has_lift,
                **leaf.stamp(),
            )
    if fresh:
        insert_many(list(fresh.values()))
        first = next(iter(fresh.values()))
        write_audit(
            "places.doors.added",
            by=by,
            at=at or clock.now(),
            subject=first.community_id,
            placed=None,
            doors=len(fresh),
        )
    return there | fresh


@transaction.atomic
def make_area(
    *, community: Place, kind: str, name: str, places: Sequence[Place], by: Actor, at: datetime | None = None
) -> Area:
    """A named set of places: a compound, a patch, a zone."""
    at = at or clock.now()
    area = Area.objects.create(community_id=community.pk, kind=AreaKind(kind), name=name)
    AreaPlace.objects.bulk_create([AreaPlace(area=area, place=place, from_at=at) for place in places])
    write_audit(
        "places.area.made", by=by, at=at, subject=area, placed=community, name=name, places=len(places)
    )
    return area
