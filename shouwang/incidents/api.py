"""Incidents for programs: opening one, moving its line, suspending and resuming it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.http import Http404, HttpRequest
from ninja import Field, Header, Query, Router, Schema

from shouwang.core.api import KEY, Nothing, Page, Window, Words, Written, once, page_of
from shouwang.incidents import selectors, services
from shouwang.incidents.states import IncidentState, Protocol
from shouwang.places.models import Place
from shouwang.places.selectors import place_for
from shouwang.places.states import Level

router = Router(tags=["incidents"])
LEAD = "incident.lead"
MOST_PLACES = 200


class IncidentOut(Schema):
    id: UUID
    community_id: UUID
    name: str
    protocol: Protocol
    state: IncidentState
    opened_at: datetime


class IncidentPage(Page):
    items: list[IncidentOut]


class IncidentDetail(IncidentOut):
    inside: list[UUID] = Field(description="places inside the line now")


class IncidentIn(Schema):
    community_id: UUID
    name: Words = Field(min_length=1, max_length=80)
    protocol: Protocol
    place_ids: list[UUID] = Field(max_length=MOST_PLACES)


class LineIn(Schema):
    add: list[UUID] = Field(default_factory=list, max_length=MOST_PLACES)
    remove: list[UUID] = Field(default_factory=list, max_length=MOST_PLACES)


class IncidentWindow(Window):
    community_id: UUID | None = None
    state: IncidentState | None = None


@router.get("/incidents", response=IncidentPage)
def list_incidents(request: HttpRequest, window: Query[IncidentWindow]) -> dict[str, Any]:
    """Incidents of your communities."""
    found = selectors.incidents_for(request.scope)  # type: ignore[attr-defined]
    if window.community_id:
        found = found.filter(community_id=window.community_id)
    if window.state:
        found = found.filter(state=window.state)
    items, following = page_of(found, window)
    return {"items": items, "next": following}


@router.get("/incidents/{uuid:incident_id}", response=IncidentDetail)
def get_incident(request: HttpRequest, incident_id: UUID) -> dict[str, Any]:
    """One incident with its line as it runs now."""
    scope = request.scope  # type: ignore[attr-defined]
    row = selectors.incident_for(scope, incident_id)
    shown = {name: getattr(row, name) for name in IncidentOut.model_fields}
    return {**shown, "inside": sorted(selectors.inside_ids(row, scope.at))}


def _places(scope: Any, ids: list[UUID]) -> list[Place]:
    return [place_for(scope, place_id, LEAD) for place_id in dict.fromkeys(ids)]


@router.post("/incidents", response=Written)
def open_incident(request: HttpRequest, body: IncidentIn, key: UUID = Header(..., alias=KEY)) -> Written:
    """Opens an incident over places; everyone inside falls under it."""
    scope = request.scope  # type: ignore[attr-defined]

    def do() -> Model:
        community = place_for(scope, body.community_id, LEAD)
        if community.level != Level.COMMUNITY:
            raise Http404
        return services.open_incident(
            community=community,
            name=body.name,
            protocol=body.protocol,
            places=_places(scope, body.place_ids),
            by=request.user,  # type: ignore[arg-type]
            at=scope.at,
        )

    return once(request, key, "incidents.open_incident", body, do)


@router.post("/incidents/{uuid:incident_id}/line", response=Written)
def move_line(
    request: HttpRequest, incident_id: UUID, body: LineIn, key: UUID = Header(..., alias=KEY)
) -> Written:
    """Moves the line: these places come inside, those leave."""
    scope = request.scope  # type: ignore[attr-defined]

    def do() -> Model:
        row = selectors.incident_for(scope, incident_id, LEAD)
        add, remove = _places(scope, body.add), _places(scope, body.remove)
        services.move_line(incident=row, add=add, remove=remove, by=request.user, at=scope.at)  # type: ignore[arg-type]
        return row

    return once(request, key, "incidents.move_line", body, do, incident_id=incident_id)


@router.post("/incidents/{uuid:incident_id}/suspend", response=Written)
def suspend_incident(
    request: HttpRequest, incident_id: UUID, body: Nothing, key: UUID = Header(..., alias=KEY)
) -> Written:
    """Suspends it: its targets no longer count, its line stays on record."""
    scope = request.scope  # type: ignore[attr-defined]

    def do() -> Model:
        row = selectors.incident_for(scope, incident_id, LEAD)
        return services.suspend_incident(incident=row, by=request.user, at=scope.at)  # type: ignore[arg-type]

    return once(request, key, "incidents.suspend_incident", body, do, incident_id=incident_id)


@router.post("/incidents/{uuid:incident_id}/resume", response=Written)
def resume_incident(
    request: HttpRequest, incident_id: UUID, body: Nothing, key: UUID = Header(..., alias=KEY)
) -> Written:
    """Takes it up again."""
    scope = request.scope  # type: ignore[attr-defined]

    def do() -> Model:
        row = selectors.incident_for(scope, incident_id, LEAD)
        return services.resume_incident(incident=row, by=request.user, at=scope.at)  # type: ignore[arg-type]

    return once(request, key, "incidents.resume_incident", body, do, incident_id=incident_id)
