"""Choosing the door at the gate: building, then door; said in one go; or by a resident's code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import Http404

from shouwang.core.scope import Scope
from shouwang.goods.selectors.parcels import GATE
from shouwang.people.engines.codes import CodeStatus
from shouwang.people.models import Household
from shouwang.people.selectors import household_of, person_of_code
from shouwang.places.engines.doors import lenient_door
from shouwang.places.models import Dwelling, Place
from shouwang.places.selectors import (
    buildings_for,
    communities_by_ids,
    doors_by_leaf,
    dwelling_for,
    find_dwelling,
    leaves_by_building,
    places_for,
)


def gate_communities(scope: Scope) -> list[Place]:
    """The communities at whose gate the scope works: by post there, or at a place below."""
    ids = places_for(scope, GATE).order_by().values_list("community_id", flat=True).distinct()
    return list(communities_by_ids(pk for pk in ids if pk is not None))


def gate_community(scope: Scope, community_id: UUID | None = None) -> Place:
    """The community that is meant: the one named, else the first; or 404."""
    found = gate_communities(scope)
    meant = [place for place in found if community_id is None or place.pk == community_id]
    if not meant:
        raise Http404
    return meant[0]


def gate_buildings(scope: Scope) -> list[tuple[Place, list[Place]]]:
    """Buildings to tap, by community."""
    return [(place, buildings_for(scope, place.pk, GATE)) for place in gate_communities(scope)]


@dataclass(frozen=True)
class Stair:
    """A stairwell (or a building without any) with its doors, the top floor first, each floor a row."""

    leaf: Place
    floors: Sequence[tuple[int | None, Sequence[tuple[UUID, str]]]]


def gate_doors(scope: Scope, building_id: UUID) -> tuple[Place, list[Stair]]:
    """The building and its stairwells with their doors, those the scope reaches; or 404."""
    building = places_for(scope, GATE).filter(pk=building_id).first() or _above(scope, building_id)
    doors = doors_by_leaf([building_id])
    reached = set(places_for(scope, GATE).filter(building_id=building_id).values_list("pk", flat=True))
    stairs = []
    for leaf in leaves_by_building([building_id]).get(building_id, []):
        if leaf.pk not in reached:
            continue
        floors: dict[int | None, list[tuple[UUID, str]]] = {}
        for doorway in doors.get(leaf.pk, []):
            floors.setdefault(doorway.floor, []).append((doorway.pk, doorway.door))
        ordered = sorted(floors.items(), key=lambda pair: -(pair[0] if pair[0] is not None else -99))
        stairs.append(Stair(leaf, ordered))
    return building, stairs


def _above(scope: Scope, building_id: UUID) -> Place:
    """A building of which the scope reaches single stairwells only."""
    leaf = places_for(scope, GATE).filter(building_id=building_id).first()
    found = buildings_for(scope, leaf.community_id, GATE, building_id) if leaf and leaf.community_id else []
    if not found:
        raise Http404
    return found[0]


def gate_door(scope: Scope, dwelling_id: UUID) -> Dwelling:
    """The door, or 404."""
    return dwelling_for(scope, dwelling_id, GATE)


def said_door(scope: Scope, said: str) -> Dwelling | None:
    """The one door that is meant by what was said or typed (3-2-501), if it is within the scope."""
    door = lenient_door(said)
    if door is None or not door.door or not door.building:
        return None
    for community in gate_communities(scope):
        found = find_dwelling(community.pk, door.building, door.stairwell, door.door)
        if found is not None and scope.covers(GATE, found):
            return found
    return None


def household_by_code(scope: Scope, text: str, at: datetime) -> Household | None:
    """The household of whoever's code was scanned, if it is one in force and within the scope."""
    read = person_of_code(text, at)
    live = read.person is not None and read.status == CodeStatus.OK
    household = household_of(read.person) if live and read.person is not None else None
    return household if household is not None and scope.covers(GATE, household) else None


def meant_dwelling(scope: Scope, text: str, at: datetime) -> UUID | None:
    """The door that a resident's code or a typed door means, if it is within the scope."""
    household = household_by_code(scope, text, at)
    if household is not None:
        return household.dwelling_id
    dwelling = said_door(scope, text)
    return dwelling.pk if dwelling is not None else None
