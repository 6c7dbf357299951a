"""Posts, who is told in which order, and coverage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from shouwang.core.scope import Scope
from shouwang.places.models import AreaPlace, Coverage, Place, Post
from shouwang.places.rules import COMMUNITY_ROLES
from shouwang.places.selectors.tree import places_for
from shouwang.places.states import Cover, Level, Role


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


def holders_in(community_id: UUID) -> set[UUID]:
    """Ids of the users who hold a post in the community, or have held one."""
    return set(Post.objects.filter(community_id=community_id).values_list("holder_id", flat=True))


def community_of_holder(user: Any) -> UUID | None:
    """The community of the user's latest post, ended or not; None for somebody who never held one in a community."""
    posts = Post.objects.filter(holder=user, community_id__isnull=False).order_by("-from_at", "-pk")
    return posts.values_list("community_id", flat=True).first()


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
    found = _holders_by_place(chain, at)
    rungs = []
    for node in chain:
        if node.level in (Level.DISTRICT, Level.SUBDISTRICT):
            continue
        posts = found[node.pk]
        if node.level == Level.COMMUNITY:
            rank: dict[str, int] = {role: order for order, role in enumerate(COMMUNITY_ROLES)}
            posts = sorted((p for p in posts if p.role in rank), key=lambda p: (rank[p.role], p.order))
        if posts:
            rungs.append(Rung(node.level, node, tuple(posts)))
    return rungs


def _holders_by_place(places: Sequence[Place], at: datetime) -> dict[UUID | None, list[Post]]:
    """`holders_at` for several places with two queries."""
    rows = AreaPlace.objects.filter(place__in=places, until_at__isnull=True)
    held: dict[UUID | None, list[UUID | None]] = defaultdict(list)
    for area_id, place_id in rows.values_list("area_id", "place_id"):
        held[area_id].append(place_id)
    found: dict[UUID | None, list[Post]] = defaultdict(list)
    posts = live_posts(at).filter(Q(place__in=places) | Q(area_id__in=list(held)))
    for post in posts.order_by("order", "from_at"):
        for held_id in held[post.area_id] if post.area_id else [post.place_id]:
            found[held_id].append(post)
    return found


def post_holders(community_id: UUID, at: datetime, roles: Sequence[str]) -> list[Post]:
    """Live posts of these roles anywhere in the community."""
    return list(live_posts(at).filter(community_id=community_id, role__in=roles).order_by("order", "from_at"))


def posts_of(user: Any, at: datetime) -> list[Post]:
    """The live posts of a user."""
    return list(live_posts(at).filter(holder=user).select_related("place", "area"))


def posts_on(place: Place, at: datetime) -> list[Post]:
    """Every post on a place that has not ended at `at`, suspended ones too."""
    return list(
        Post.objects.filter(Q(until_at__isnull=True) | Q(until_at__gt=at), place=place)
        .select_related("holder", "stands_in_for__holder")
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


def cover_words(state: str) -> str:
    """A state of coverage in words."""
    return {
        Cover.TWO: _("two heads"),
        Cover.ONE: _("one head"),
        Cover.BUILDING: _("covered from the building"),
    }.get(Cover(state), _("nobody"))


def children_for(scope: Scope, place: Place) -> list[tuple[Place, Coverage | None, list[Post]]]:
    """The places right below with their coverage and live heads."""
    below = list(places_for(scope).filter(path__startswith=place.path, depth=place.depth + 1))
    coverage = {row.place_id: row for row in Coverage.objects.filter(place__in=below)}
    posts: dict[UUID | None, list[Post]] = defaultdict(list)
    for post in live_posts(scope.at).filter(place__in=below).order_by("order"):
        posts[post.place_id].append(post)
    return [(child, coverage.get(child.pk), posts[child.pk]) for child in below]


def coverage_for(scope: Scope, capability: str = "place.see") -> QuerySet[Coverage]:
    """Coverage rows within the scope."""
    return Coverage.objects.filter(scope.q(capability), place__until__isnull=True)
