"""Volunteers for programs: who can be asked, who is off duty (never why), standing down and coming back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Model
from django.http import HttpRequest
from ninja import Field, Header, Query, Router, Schema

from shouwang.core.api import KEY, Instant, Nothing, Page, Window, Written, once, page_of
from shouwang.volunteers import selectors, services
from shouwang.volunteers.models import Volunteer
from shouwang.volunteers.states import Skill, StandDownReason

router = Router(tags=["volunteers"])


class VolunteerOut(Schema):
    id: UUID
    user_id: UUID
    name: str
    home_id: UUID | None
    skills: list[Skill]
    carries_kg: int
    at_most: int = Field(description="how much may be in hand at a time")
    load: int = Field(description="how much is")
    second_line: bool
    by_phone_only: bool
    stood_down: bool


class VolunteerPage(Page):
    items: list[VolunteerOut]


class StandDownIn(Schema):
    reason: StandDownReason = Field(description="seen by those who answer for the community, by nobody else")
    until_at: Instant | None = None


class VolunteerWindow(Window):
    community_id: UUID | None = None


@router.get("/volunteers", response=VolunteerPage)
def list_volunteers(request: HttpRequest, window: Query[VolunteerWindow]) -> dict[str, Any]:
    """Volunteers of your places."""
    found = selectors.volunteers_for(request.scope)  # type: ignore[attr-defined]
    if window.community_id:
        found = found.filter(community_id=window.community_id)
    rows, following = page_of(found, window)
    loads = selectors.loads(row.pk for row in rows)
    return {"items": [_volunteer(row, loads[row.pk]) for row in rows], "next": following}


@router.get("/volunteers/{uuid:volunteer_id}", response=VolunteerOut)
def get_volunteer(request: HttpRequest, volunteer_id: UUID) -> dict[str, Any]:
    """One volunteer; one's own record is always there."""
    row = selectors.volunteer_for(request.scope, volunteer_id)  # type: ignore[attr-defined]
    return _volunteer(row, selectors.loads([row.pk])[row.pk])


def _volunteer(row: Volunteer, load: int) -> dict[str, Any]:
    return {
        "id": row.pk,
        "user_id": row.user_id,
        "name": row.user.name,
        "home_id": row.home_id,
        "skills": row.skills,
        "carries_kg": row.carries_kg,
        "at_most": row.at_most,
        "load": load,
        "second_line": row.second_line,
        "by_phone_only": row.by_phone_only,
        "stood_down": bool(getattr(row, "stood_down", False)),
    }


@router.post("/volunteers/{uuid:volunteer_id}/stand-down", response=Written)
def stand_down(
    request: HttpRequest, volunteer_id: UUID, body: StandDownIn, key: UUID = Header(..., alias=KEY)
) -> Written:
    """Off duty: posts are suspended, and what is in hand is offered to others."""
    scope = request.scope  # type: ignore[attr-defined]

    def do() -> Model:
        row = selectors.volunteer_for(scope, volunteer_id, "volunteer.edit")
        services.stand_down(
            volunteer=row,
            reason=body.reason,
            until_at=body.until_at,
            by=request.user,  # type: ignore[arg-type]
            at=scope.at,
        )
        return row

    return once(request, key, "volunteers.stand_down", body, do, volunteer_id=volunteer_id)


@router.post("/volunteers/{uuid:volunteer_id}/come-back", response=Written)
def come_back(
    request: HttpRequest, volunteer_id: UUID, body: Nothing, key: UUID = Header(..., alias=KEY)
) -> Written:
    """On duty again: posts are resumed."""
    scope = request.scope  # type: ignore[attr-defined]

    def do() -> Model:
        row = selectors.volunteer_for(scope, volunteer_id, "volunteer.edit")
        return services.come_back(volunteer=row, by=request.user, at=scope.at)  # type: ignore[arg-type]

    return once(request, key, "volunteers.come_back", body, do, volunteer_id=volunteer_id)
