"""Communities, places, doors, coverage and posts for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Header, Query, Router, Schema

from shouwang.accounts.selectors import user_named
from shouwang.core.api import KEY, Instant, Nothing, Page, Window, Written, once, page_of
from shouwang.core.errors import Refusal
from shouwang.core.personal import DOOR, NAME
from shouwang.places import selectors, services
from shouwang.places.models import Coverage, Dwelling, Place, Post
from shouwang.places.states import Cover, Level, Role

router = Router(tags=["places"])


class CommunityOut(Schema):
    id: UUID
    code: str
    name: str
    time_zone: str


class PlaceOut(Schema):
    id: UUID
    level: Level
    code: str = Field(description="number within the place above, as people say it")
    name: str
    community_id: UUID | None
    grid_id: UUID | None
    building_id: UUID | None
    stairwell_id: UUID | None
    has_lift: bool
    x_m: float | None
    y_m: float | None


class PlacePage(Page):
    items: list[PlaceOut]


class DwellingOut(Schema):
    id: UUID
    place_id: UUID
    door: str | None = Field(description="null when your posts do not show doors")
    floor: int | None


class DwellingPage(Page):
    items: list[DwellingOut]


class CoverageOut(Schema):
    place_id: UUID
    state: Cover
    online_only: bool
    since: datetime
    told_at: datetime | None


class CoveragePage(Page):
    items: list[CoverageOut]


class PostOut(Schema):
    id: UUID
    place_id: UUID | None
    role: Role
    holder_id: UUID
    holder_name: str | None
    order: int
    online_only: bool
    from_at: datetime
    until_at: datetime | None
    is_live: bool


class Appointment(Schema):
    place_id: UUID
    role: Role
    holder_id: UUID = Field(description="the user who is to answer for the place")
    order: int | None = Field(None, ge=1, le=99)
    online_only: bool = False
    until_at: Instant | None = None


class PlaceWindow(Window):
    community_id: UUID | None = None
    level: Level | None = None


class LeafWindow(Window):
    place_id: UUID | None = None


class CoverWindow(Window):
    community_id: UUID | None = None
    state: Cover | None = None


@router.get("/communities", response=list[CommunityOut])
def list_communities(request: HttpRequest) -> list[Place]:
    """The communities in which you may see something."""
    return selectors.communities_for(request.scope, "place.see")  # type: ignore[attr-defined]


@router.get("/places", response=PlacePage)
def list_places(request: HttpRequest, window: Query[PlaceWindow]) -> dict[str, Any]:
    """Places of your posts."""
    found = selectors.places_for(request.scope, level=window.level)  # type: ignore[attr-defined]
    if window.community_id:
        found = found.filter(community_id=window.community_id)
    items, following = page_of(found, window)
    return {"items": items, "next": following}


@router.get("/places/{uuid:place_id}", response=PlaceOut)
def get_place(request: HttpRequest, place_id: UUID) -> Place:
    """One place."""
    return selectors.place_for(request.scope, place_id)  # type: ignore[attr-defined]


@router.get("/dwellings", response=DwellingPage)
def list_dwellings(request: HttpRequest, window: Query[LeafWindow]) -> dict[str, Any]:
    """Doors of your posts."""
    scope = request.scope  # type: ignore[attr-defined]
    found = selectors.dwellings_for(scope)
    if window.place_id:
        found = found.filter(place_id=window.place_id)
    items, following = page_of(found, window)
    return {"items": [_dwelling(row, scope) for row in items], "next": following}


def _dwelling(row: Dwelling, scope: Any) -> dict[str, Any]:
    door = row.door if DOOR in scope.classes_for(row) else None
    return {"id": row.pk, "place_id": row.place_id, "door": door, "floor": row.floor}


@router.get("/coverage", response=CoveragePage)
def list_coverage(request: HttpRequest, window: Query[CoverWindow]) -> dict[str, Any]:
    """Who is covered how: one row for each stairwell, and each building or yard without any."""
    found = selectors.coverage_for(request.scope)  # type: ignore[attr-defined]
    if window.community_id:
        found = found.filter(community_id=window.community_id)
    if window.state:
        found = found.filter(state=window.state)
    items, following = page_of(found, window)
    return {"items": [_coverage(row) for row in items], "next": following}


def _coverage(row: Coverage) -> dict[str, Any]:
    return {
        "place_id": row.place_id,
        "state": row.state,
        "online_only": row.online_only,
        "since": row.since,
        "told_at": row.told_at,
    }


@router.get("/places/{uuid:place_id}/posts", response=list[PostOut])
def list_posts(request: HttpRequest, place_id: UUID) -> list[dict[str, Any]]:
    """The posts of a place that have not ended."""
    scope = request.scope  # type: ignore[attr-defined]
    place = selectors.place_for(scope, place_id)
    named = NAME in scope.classes_for(place)
    return [_post(post, named, scope.at) for post in selectors.posts_on(place, scope.at)]


def _post(post: Post, named: bool, at: datetime) -> dict[str, Any]:
    return {
        "id": post.pk,
        "place_id": post.place_id,
        "role": post.role,
        "holder_id": post.holder_id,
        "holder_name": post.holder.name if named else None,
        "order": post.order,
        "online_only": post.online_only,
        "from_at": post.from_at,
        "until_at": post.until_at,
        "is_live": post.is_live(at),
    }


@router.post("/posts", response=Written)
def appoint(request: HttpRequest, body: Appointment, key: UUID = Header(..., alias=KEY)) -> Written:
    """Puts somebody in charge of a place."""
    return once(request, key, "places.appoint", body, lambda: _appoint(request, body))


def _appoint(request: HttpRequest, body: Appointment) -> Post:
    place = selectors.place_for(request.scope, body.place_id, "post.fill")  # type: ignore[attr-defined]
    holder = user_named(body.holder_id)
    if holder is None or not holder.is_active:
        raise Refusal("holder-unknown", _("There is no such user."), field="holder_id")
    return services.appoint(
        place=place,
        role=body.role,
        holder=holder,
        by=request.user,  # type: ignore[arg-type]
        at=request.at,  # type: ignore[attr-defined]
        order=body.order,
        online_only=body.online_only,
        until_at=body.until_at,
    )


@router.post("/posts/{uuid:post_id}/end", response=Written)
def end_post(
    request: HttpRequest, post_id: UUID, body: Nothing, key: UUID = Header(..., alias=KEY)
) -> Written:
    """Ends a post; the gap that it leaves is told."""
    scope = request.scope  # type: ignore[attr-defined]

    def do() -> Post:
        post = selectors.post_for(scope, post_id)
        return services.end_post(post=post, by=request.user, at=scope.at)  # type: ignore[arg-type]

    return once(request, key, "places.end_post", body, do, post_id=post_id)
