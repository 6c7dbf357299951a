"""Dwellings, and what places and doors are called."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.http import Http404

from shouwang.core.scope import Scope
from shouwang.places.models import Dwelling, Place
from shouwang.places.selectors.tree import find_leaf
from shouwang.places.states import BuildingKind, Level


def dwellings_for(scope: Scope, capability: str = "register.see") -> QuerySet[Dwelling]:
    """Doors within the scope."""
    return Dwelling.objects.filter(scope.q(capability), until__isnull=True).select_related("place")


def dwelling_for(scope: Scope, dwelling_id: UUID, capability: str = "register.see") -> Dwelling:
    """The door, or 404."""
    dwelling = dwellings_for(scope, capability).filter(pk=dwelling_id).first()
    if dwelling is None:
        raise Http404
    return dwelling


def dwellings_in(community_id: UUID) -> QuerySet[Dwelling]:
    """Every door of a community."""
    return Dwelling.objects.filter(community_id=community_id, until__isnull=True).select_related("place")


def dwellings_by_id(ids: Iterable[UUID]) -> dict[UUID, Dwelling]:
    """Doors by their ids, whatever the scope: for services that were handed the ids."""
    return {row.pk: row for row in Dwelling.objects.filter(pk__in=set(ids)).select_related("place")}


def find_dwelling(
    community_id: UUID, building_code: str, stairwell_code: str | None, door: str
) -> Dwelling | None:
    """The door that people mean. Without a stairwell the door must be the only one of that name in the building."""
    found = Dwelling.objects.select_related("place").filter(
        community_id=community_id, place__until__isnull=True, until__isnull=True, door=door
    )
    if stairwell_code is not None:
        leaf = find_leaf(community_id, building_code, stairwell_code)
        return found.filter(place=leaf).first() if leaf else None
    building = Place.objects.filter(
        community_id=community_id, level=Level.BUILDING, code=building_code, until__isnull=True
    ).first()
    matches = list(found.filter(building_id=building.pk)[:2]) if building else []
    return matches[0] if len(matches) == 1 else None


def label_of(place: Place) -> str:
    """A place as people say it: 8号楼 2单元; a lane number; a yard."""
    if place.level != Level.STAIRWELL:
        return place.name
    building = Place.objects.get_parent(place)
    return f"{building.name} {place.name}" if building else place.name


def label_columns(dwelling: str) -> tuple[F | Subquery, ...]:
    """What `label_from` makes a door's label of, as columns of a query; `dwelling` leads to the door, with its __."""
    above = Place.objects.filter(pk=OuterRef(f"{dwelling}building_id")).order_by().values("name")[:1]
    return F(f"{dwelling}place__level"), Subquery(above), F(f"{dwelling}place__name"), F(f"{dwelling}door")


def label_from(level: str, building: str | None, name: str, door: str) -> str:
    """A door as people say it, from the columns of `label_columns`."""
    return f"{building or ''} {name} {door}".strip() if level == Level.STAIRWELL else f"{name} {door}"


def labels_of(place_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Labels of many places with one query."""
    above = Place.objects.filter(pk=OuterRef("building_id")).order_by().values("name")[:1]
    found = Place.objects.filter(pk__in=set(place_ids)).order_by().annotate(above=Subquery(above))
    return {
        pk: f"{building or ''} {name}".strip() if level == Level.STAIRWELL else name
        for pk, name, level, building in found.values_list("pk", "name", "level", "above")
    }


def door_label(dwelling: Dwelling) -> str:
    """A door as people say it: 8号楼 2单元 501."""
    return f"{label_of(dwelling.place)} {dwelling.door}"


def door_labels(dwellings: Sequence[Dwelling]) -> dict[UUID, str]:
    """Labels of many doors with one query."""
    labels = labels_of(dwelling.place_id for dwelling in dwellings)
    return {dwelling.pk: f"{labels.get(dwelling.place_id, '')} {dwelling.door}" for dwelling in dwellings}


def short_door(dwelling: Dwelling) -> str:
    """A door in its shortest form: 8-2-501, or 5-1202 where there is no stairwell."""
    place = dwelling.place
    if place.level == Level.STAIRWELL:
        building = Place.objects.get_parent(place)
        return f"{building.code}-{place.code}-{dwelling.door}"
    return f"{place.code}-{dwelling.door}"


def building_name(kind: str, code: str) -> str:
    """How a building of this kind and number is called."""
    endings: dict[str, str] = {BuildingKind.LANE_NUMBER: "号", BuildingKind.YARD: "号院"}
    return code + endings.get(kind, "号楼")


def doors_at(place: Place) -> QuerySet[Dwelling]:
    """The doors of a leaf place."""
    return Dwelling.objects.filter(place=place, until__isnull=True).select_related("place")


class Doorway(NamedTuple):
    """A door as the wall draws it: a wall has over a thousand, and needs no more of them."""

    pk: UUID
    door: str
    floor: int | None


def doors_by_leaf(building_ids: Iterable[UUID]) -> dict[UUID, list[Doorway]]:
    """The doors of each leaf of these buildings, in order."""
    found: dict[UUID, list[Doorway]] = defaultdict(list)
    rows = Dwelling.objects.filter(building_id__in=set(building_ids), until__isnull=True).order_by("sort_key")
    for pk, place_id, door, floor in rows.values_list("pk", "place_id", "door", "floor"):
        found[place_id].append(Doorway(pk, door, floor))
    return found
