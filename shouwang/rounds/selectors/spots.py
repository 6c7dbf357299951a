"""The spots of a community, and the places at which there can be some."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from shouwang.core.scope import Scope
from shouwang.places.models import Place
from shouwang.places.selectors import labels_of, leaf_places
from shouwang.rounds.models import Spot

EACH_STAIRWELL, EACH_BUILDING = "stairwell", "building"


@dataclass(frozen=True)
class SpotsHere:
    """The spots of one stairwell or building."""

    label: str
    spots: list[Spot]


def spots_for(scope: Scope, capability: str = "round.mark") -> QuerySet[Spot]:
    """Spots on the list within the scope, in the order of places."""
    found = Spot.objects.filter(scope.q(capability), until__isnull=True).select_related("place")
    return found.order_by("place__sort_key", "name", "id")


def spots_led(scope: Scope) -> bool:
    """Whether any spot is on the list where the scope leads rounds."""
    return spots_for(scope, "round.lead").exists()


def spot_for(scope: Scope, spot_id: UUID) -> Spot:
    """One that the scope may take off the list, or 404."""
    found = spots_for(scope, "round.lead").filter(pk=spot_id).first()
    if found is None:
        raise Http404
    return found


def spots_by_place(scope: Scope) -> list[SpotsHere]:
    """The same, place by place."""
    spots = list(spots_for(scope))
    labels = labels_of({spot.place_id for spot in spots})
    grouped: dict[UUID, list[Spot]] = {}
    for spot in spots:
        grouped.setdefault(spot.place_id, []).append(spot)
    return [SpotsHere(labels[pk], rows) for pk, rows in grouped.items()]


def places_meant(community_id: UUID, buildings: Sequence[Place], where: str) -> list[Place]:
    """Each of these buildings, or each of their stairwells (of a building without any: itself)."""
    if where == EACH_BUILDING:
        return list(buildings)
    ids = {building.pk for building in buildings}
    return [leaf for leaf in leaf_places(community_id) if leaf.building_id in ids]
