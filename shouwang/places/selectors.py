"""Reads of places, doors, posts and coverage. Whatever takes a scope answers 404 for a foreign object."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from shouwang.core.scope import NOTHING, Scope
from shouwang.places.models import Area, AreaPlace, Coverage, Dwelling, Place, Post
from shouwang.places.rules import COMMUNITY_ROLES
from shouwang.places.states import BuildingKind, Cover, Level, Role


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
    ids = set(places_for(scope, capability).values_list("community_id", flat=True))
    return list(Place.objects.filter(pk__in=ids).order_by("sort_key"))


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


def find_leaf(community_id: UUID, building_code: str, stairwell_code: str | None) -> Place | None:
    """The stairwell (or the building without stairwells) that people mean by these numbers."""
    here = Place.objects.filter(community_id=community_id, until__isnull=True)
    building = here.filter(level=Level.BUILDING, code=building_code).first()
    if building is None:
        return None
    if stairwell_code is None:
        return building if building.is_leaf() else None
    return here.filter(level=Level.STAIRWELL, building_id=building.pk, code=stairwell_code).first()


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


def place_by_door_code(code: str) -> Place | None:
    """The leaf whose QR code says this."""
    return Place.objects.filter(door_code=code, until__isnull=True).first() if code else None


def label_of(place: Place) -> str:
    """A place as people say it: 8号楼 2单元; a lane number; a yard."""
    if place.level != Level.STAIRWELL:
        return place.name
    building = Place.objects.get_parent(place)
    return f"{building.name} {place.name}" if building else place.name


def labels_of(place_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Labels of many places with two queries."""
    places = {place.pk: place for place in Place.objects.filter(pk__in=set(place_ids))}
    above = {p.building_id for p in places.values() if p.level == Level.STAIRWELL}
    buildings: dict[UUID | None, str] = dict(Place.objects.filter(pk__in=above).values_list("pk", "name"))
    return {
        pk: f"{buildings.get(p.building_id, '')} {p.name}".strip() if p.level == Level.STAIRWELL else p.name
        for pk, p in places.items()
    }


def door_label(dwelling: Dwelling) -> str:
    """A door as people say it: 8号楼 2单元 501."""
    return f"{label_of(dwelling.place)} {dwelling.door}"


def door_labels(dwellings: Sequence[Dwelling]) -> dict[UUID, str]:
    """Labels of many doors with two queries."""
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


def live_posts(at: datetime) -> QuerySet[Post]:
    """Posts whose holders answer for their place at `at`."""
    return Post.objects.filter(
        Q(until_at__isnull=True) | Q(until_at__gt=at), from_at__lte=at, suspended_at__isnull=True
    ).select_related("holder")


def holders_at(place: Place, at: datetime, roles: Sequence[str] | None = None) -> list[Post]:
    """Live posts on this very place (or on an area that holds it), in the order they are rung."""
    areas = AreaPlace.objects.filter(place=place, until_at__isnull=True).values("area_id")
    found = live_posts(at).filter(Q(place=place) | Q(area_id__in=areas))
    if roles is not None:
        found = found.filter(role__in=roles)
    return list(found.order_by("order", "from_at"))


@dataclass(frozen=True)
class Rung:
    """One level of the tree on the way up, with those who answer there now."""

    level: str
    place: Place
    posts: tuple[Post, ...]


def rungs_above(place: Place, at: datetime) -> list[Rung]:
    """From the leaf upwards to the community: live holders at each level; levels without any are left out.

    At the community the one on call comes first, then secretary and clerk; subdistrict officers see
    counts and are not rung.
    """
    chain = [place, *reversed(list(Place.objects.get_ancestors(place)))]
    rungs = []
    for node in chain:
        if node.level in (Level.DISTRICT, Level.SUBDISTRICT):
            continue
        posts = holders_at(node, at)
        if node.level == Level.COMMUNITY:
            rank: dict[str, int] = {role: order for order, role in enumerate(COMMUNITY_ROLES)}
            posts = sorted((p for p in posts if p.role in rank), key=lambda p: (rank[p.role], p.order))
        if posts:
            rungs.append(Rung(node.level, node, tuple(posts)))
    return rungs


def post_holders(community_id: UUID, at: datetime, roles: Sequence[str]) -> list[Post]:
    """Live posts of these roles anywhere in the community."""
    return list(live_posts(at).filter(community_id=community_id, role__in=roles).order_by("order", "from_at"))


def posts_of(user: Any, at: datetime) -> list[Post]:
    """The live posts of a user."""
    return list(live_posts(at).filter(holder=user).select_related("place", "area"))


def posts_on(place: Place) -> list[Post]:
    """Every post on a place that has not ended, suspended ones too."""
    return list(
        Post.objects.filter(place=place, until_at__isnull=True)
        .select_related("holder")
        .order_by("role", "order")
    )


def post_for(scope: Scope, post_id: UUID, capability: str = "post.fill") -> Post:
    """The post, or 404."""
    post = Post.objects.select_related("place", "holder").filter(scope.q(capability), pk=post_id).first()
    if post is None:
        raise Http404
    return post


def coverage_of(community_id: UUID) -> dict[UUID, Coverage]:
    """Coverage by leaf place."""
    return {row.place_id: row for row in Coverage.objects.filter(community_id=community_id)}


def gaps_for(scope: Scope, capability: str = "place.see") -> QuerySet[Coverage]:
    """Leaf places without a live head, within the scope; longest first."""
    return (
        Coverage.objects.filter(scope.q(capability), state=Cover.NONE, place__until__isnull=True)
        .select_related("place")
        .order_by("since")
    )


def heads_of_leaves(community_id: UUID, at: datetime) -> dict[UUID | None, list[Post]]:
    """Live heads of every stairwell and building of a community, by place id."""
    found: dict[UUID | None, list[Post]] = defaultdict(list)
    for post in (
        live_posts(at)
        .filter(
            community_id=community_id, role__in=[Role.STAIRWELL_HEAD, Role.BUILDING_HEAD], place__isnull=False
        )
        .order_by("order", "from_at")
    ):
        found[post.place_id].append(post)
    return found


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


def cover_words(state: str) -> str:
    """A state of coverage in words."""
    return {
        Cover.TWO: _("two heads"),
        Cover.ONE: _("one head"),
        Cover.BUILDING: _("covered from the building"),
    }.get(Cover(state), _("nobody"))


def parents_for(scope: Scope, place: Place) -> list[Place]:
    """The places above that the scope reaches, from the top."""
    above = [node.pk for node in Place.objects.get_ancestors(place)]
    return list(places_for(scope).filter(pk__in=above))


def children_for(scope: Scope, place: Place) -> list[tuple[Place, Coverage | None, list[Post]]]:
    """The places right below with their coverage and live heads."""
    below = list(places_for(scope).filter(path__startswith=place.path, depth=place.depth + 1))
    coverage = {row.place_id: row for row in Coverage.objects.filter(place__in=below)}
    posts: dict[UUID | None, list[Post]] = defaultdict(list)
    for post in live_posts(scope.at).filter(place__in=below).order_by("order"):
        posts[post.place_id].append(post)
    return [(child, coverage.get(child.pk), posts[child.pk]) for child in below]


def doors_at(place: Place) -> QuerySet[Dwelling]:
    """The doors of a leaf place."""
    return Dwelling.objects.filter(place=place, until__isnull=True).select_related("place")


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


def coverage_for(scope: Scope, capability: str = "place.see") -> QuerySet[Coverage]:
    """Coverage rows within the scope."""
    return Coverage.objects.filter(scope.q(capability), place__until__isnull=True)


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


def doors_by_leaf(building_ids: Iterable[UUID]) -> dict[UUID, list[Dwelling]]:
    """The doors of each leaf of these buildings, in order."""
    found: dict[UUID, list[Dwelling]] = defaultdict(list)
    for dwelling in Dwelling.objects.filter(building_id__in=set(building_ids), until__isnull=True).order_by(
        "sort_key"
    ):
        found[dwelling.place_id].append(dwelling)
    return found
