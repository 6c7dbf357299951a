"""Writing the spine: communities, grids, buildings, stairwells, doors, areas."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.audit import write_audit
from shouwang.core.errors import Refusal
from shouwang.core.ids import uuid7
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


def _new_place(parent: Place | None, *, level: str, code: str, name: str, **more: object) -> Place:
    pk = uuid7()
    stamp = parent.stamp() if parent else dict.fromkeys(STAMP)
    own = f"{level}_id"
    if own in stamp:
        stamp[own] = pk
    key = f"{_key_above(parent, level)}/{natural_key(code or name)}"[-60:]
    values = {"id": pk, "level": level, "code": code, "name": name, "sort_key": key, **stamp, **more}
    place = Place(**values)
    if parent is None:
        Place.objects.add_root(instance=place)
    else:
        Place.objects.add_child(parent, instance=place)
    return place


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
    place = _new_place(
        parent,
        level=Level.BUILDING,
        code=code,
        name=building_name(kind, code),
        kind=kind,
        x_m=x_m,
        y_m=y_m,
        has_lift=has_lift,
        door_code=new_door_code(),
    )
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
    place = _new_place(
        parent,
        level=Level.STAIRWELL,
        code=code,
        name=f"{code}单元",
        has_lift=building.has_lift,
        x_m=building.x_m,
        y_m=building.y_m,
        door_code=new_door_code(),
    )
    recount_coverage([place, parent], at=at, by=by)
    write_audit("places.place.added", by=by, at=at, subject=place, name=f"{parent.name} {place.name}")
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
        Dwelling.objects.bulk_create(fresh.values(), batch_size=500)
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
