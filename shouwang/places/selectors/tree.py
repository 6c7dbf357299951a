"""The spine: communities, grids, buildings, stairwells, areas; scoped where a scope is given."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from shouwang.core.scope import NOTHING, Scope
from shouwang.places.engines.doors import canonical
from shouwang.places.models import Area, Place
from shouwang.places.states import Level


def _place_q(scope: Scope, capability: str) -> Q:
    columns: dict[str, set[UUID]] = defaultdict(set)
    for grant in scope.grants:
        if capability in grant.capabilities:
            columns[grant.column].add(grant.place_id)
    answer = Q()
    for column, ids in columns.items():
        answer |= Q(**{f"{column}__in": ids})
    return answer if columns else NOTHING


def places_for(scope: Scope, capability: str = "place.see", level: str | None = None) -> QuerySet[Place]:
    """Places within the scope, in the order people count them."""
    found = Place.objects.filter(_place_q(scope, capability), until__isnull=True)
    if level:
        found = found.filter(level=level)
    return found.order_by("sort_key")


def place_for(scope: Scope, place_id: UUID, capability: str = "place.see") -> Place:
    """The place, or 404."""
    place = places_for(scope, capability).filter(pk=place_id).first()
    if place is None:
        raise Http404
    return place


def communities_for(scope: Scope, capability: str = "today.see") -> list[Place]:
    """Communities in which the capability is held anywhere."""

    def ask() -> list[Place]:
        held = places_for(scope, capability).order_by().values("community_id")
        return list(Place.objects.filter(pk__in=held).order_by("sort_key"))

    return scope.once(f"places.communities:{capability}", ask)


def all_communities() -> list[Place]:
    """Every community of this machine; for the command line and the clock, never for a page."""
    return list(Place.objects.filter(level=Level.COMMUNITY, until__isnull=True).order_by("code"))


def community_by_code(code: str) -> Place | None:
    """The community with this code."""
    return Place.objects.filter(level=Level.COMMUNITY, code=code).first()


def community_of(place_id: UUID) -> UUID | None:
    """The id of the community a place belongs to."""
    return Place.objects.filter(pk=place_id).values_list("community_id", flat=True).first()


def buildings_in(community_id: UUID) -> list[Place]:
    """Buildings (and yards) of a community, in the order people count them."""
    return list(
        Place.objects.filter(community_id=community_id, level=Level.BUILDING, until__isnull=True).order_by(
            "sort_key"
        )
    )


def buildings_of_grids(grid_ids: Iterable[UUID]) -> QuerySet[Place]:
    """Buildings (and yards) of these grids; for a filter."""
    return Place.objects.filter(grid_id__in=set(grid_ids), level=Level.BUILDING)


def stairwells_in(community_id: UUID) -> list[Place]:
    """Stairwells of a community, in order."""
    return list(
        Place.objects.filter(community_id=community_id, level=Level.STAIRWELL, until__isnull=True).order_by(
            "sort_key"
        )
    )


def leaf_places(community_id: UUID) -> list[Place]:
    """The places by which coverage counts: stairwells, and buildings or yards without any."""
    return list(leaves(Place.objects.filter(community_id=community_id)))


def leaves(places: QuerySet[Place]) -> QuerySet[Place]:
    """Of these places, the leaves."""
    return places.filter(
        Q(level=Level.STAIRWELL) | Q(level=Level.BUILDING, numchild=0), until__isnull=True
    ).order_by("sort_key")


def leaves_under(place: Place) -> list[Place]:
    """The leaf places at or below a place."""
    return list(leaves(Place.objects.filter(path__startswith=place.path)))


def find_leaf(community_id: UUID, building_code: str, stairwell_code: str | None) -> Place | None:
    """The stairwell (or the building without stairwells) that people mean by these numbers."""
    here = Place.objects.filter(community_id=community_id, until__isnull=True)
    building = here.filter(level=Level.BUILDING, code=building_code).first()
    if building is None:
        return None
    if stairwell_code is None:
        return building if building.is_leaf() else None
    return here.filter(level=Level.STAIRWELL, building_id=building.pk, code=stairwell_code).first()


def leaves_meant(
    scope: Scope, building_code: str | None, stairwell_code: str | None, capability: str = "register.see"
) -> list[Place]:
    """Leaf places within the scope that these numbers can mean; without a stairwell every one of the building."""
    building, stairwell = canonical(building_code), canonical(stairwell_code)
    houses = {
        place.pk: place
        for place in Place.objects.filter(
            _place_or_above(scope, capability), level=Level.BUILDING, until__isnull=True
        )
        if canonical(place.code) == building
    }
    stairs = Place.objects.filter(
        _place_q(scope, capability), building_id__in=houses, level=Level.STAIRWELL, until__isnull=True
    )
    found = [place for place in stairs if stairwell in (None, canonical(place.code))]
    return found if stairwell is not None else [*found, *houses.values()]


def _place_or_above(scope: Scope, capability: str) -> Q:
    """The scope's places, and the buildings around those of its stairwells."""
    stairs = scope.ids(capability, "stairwell_id")
    around = Place.objects.filter(pk__in=stairs).values("building_id") if stairs else []
    return _place_q(scope, capability) | Q(pk__in=around)


def place_by_door_code(code: str) -> Place | None:
    """The leaf whose QR code says this."""
    return Place.objects.filter(door_code=code, until__isnull=True).first() if code else None


def areas_in(community_id: UUID) -> list[Area]:
    """Compounds, patches and zones of a community."""
    return list(Area.objects.filter(community_id=community_id, until__isnull=True).order_by("name"))


def places_of(area: Area) -> list[Place]:
    """Places that belong to an area now."""
    return list(
        Place.objects.filter(pk__in=area.places.filter(until_at__isnull=True).values("place_id")).order_by(
            "sort_key"
        )
    )


def parents_for(scope: Scope, place: Place) -> list[Place]:
    """The places above that the scope reaches, from the top."""
    above = [node.pk for node in Place.objects.get_ancestors(place)]
    return list(places_for(scope).filter(pk__in=above).order_by("depth"))


def community_by_id(community_id: UUID) -> Place:
    """The community with this id."""
    return Place.objects.get(pk=community_id, level=Level.COMMUNITY)


def codes_of(community_id: UUID) -> dict[UUID, tuple[str, str]]:
    """(building, stairwell or '') as people number them, by leaf place id."""
    places = Place.objects.filter(community_id=community_id, level__in=[Level.BUILDING, Level.STAIRWELL])
    rows = list(places.values_list("pk", "level", "code", "building_id"))
    buildings: dict[UUID | None, str] = {
        pk: code for pk, level, code, _above in rows if level == Level.BUILDING
    }
    return {
        pk: (code, "") if level == Level.BUILDING else (buildings.get(above, ""), code)
        for pk, level, code, above in rows
    }


def kinds_of(community_id: UUID) -> dict[UUID, str]:
    """The kind of each building."""
    return dict(
        Place.objects.filter(community_id=community_id, level=Level.BUILDING).values_list("pk", "kind")
    )


def grid_codes_of(community_id: UUID) -> dict[UUID, str]:
    """The code of each grid."""
    return dict(Place.objects.filter(community_id=community_id, level=Level.GRID).values_list("pk", "code"))


def grids_in(community_id: UUID) -> list[Place]:
    """Grids of a community, in order."""
    return list(
        Place.objects.filter(community_id=community_id, level=Level.GRID, until__isnull=True).order_by(
            "sort_key"
        )
    )


def communities_by_ids(ids: Iterable[UUID]) -> QuerySet[Place]:
    """These communities, for a form that has asked the scope before."""
    return Place.objects.filter(pk__in=set(ids), level=Level.COMMUNITY).order_by("sort_key")


def buildings_for(
    scope: Scope, community_id: UUID, capability: str = "wall.see", building_id: UUID | None = None
) -> list[Place]:
    """Buildings of which the scope reaches at least a stairwell, in the order people count them."""
    reached = places_for(scope, capability).filter(community_id=community_id, building_id__isnull=False)
    if building_id:
        reached = reached.filter(building_id=building_id)
    return list(
        Place.objects.filter(
            pk__in=reached.order_by().values("building_id"), level=Level.BUILDING, until__isnull=True
        ).order_by("sort_key")
    )


def leaves_by_building(building_ids: Iterable[UUID]) -> dict[UUID, list[Place]]:
    """The leaf places of each building, in order."""
    found: dict[UUID, list[Place]] = defaultdict(list)
    for leaf in leaves(Place.objects.filter(building_id__in=set(building_ids))):
        found[leaf.building_id or leaf.pk].append(leaf)
    return found


def offices_for(scope: Scope, capability: str) -> list[Place]:
    """The districts and subdistricts at which the capability is held by a post."""
    ids = {grant.place_id for grant in scope.grants if capability in grant.capabilities}
    above = [Level.DISTRICT, Level.SUBDISTRICT]
    return list(Place.objects.filter(pk__in=ids, level__in=above, until__isnull=True).order_by("path"))


def communities_below(place: Place) -> QuerySet[Place]:
    """The communities of a district or subdistrict; a community is its own."""
    rows = Place.objects.filter(path__startswith=place.path, level=Level.COMMUNITY, until__isnull=True)
    return rows.order_by("sort_key")


def communities_counted(scope: Scope, capability: str) -> list[Place]:
    """Communities over the whole of which the capability is held, by a post there or above."""
    answer = Q(pk__in=scope.ids(capability, "community_id"))
    for office in offices_for(scope, capability):
        answer |= Q(path__startswith=office.path)
    rows = Place.objects.filter(answer, level=Level.COMMUNITY, until__isnull=True)
    return list(rows.order_by("sort_key"))


def parents_of(places: Iterable[Place]) -> list[Place]:
    """The places right above these, each once."""
    paths = {place.path[: -Place.steplen] for place in places} - {""}
    return list(Place.objects.filter(path__in=paths))


def office_by_code(code: str) -> Place | None:
    """The district or subdistrict with this code; for the command line."""
    return Place.objects.filter(level__in=[Level.DISTRICT, Level.SUBDISTRICT], code=code).first()
