"""Reading requests."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query

from shouwang.core.api import page_of
from shouwang.core.personal import DOOR, HEALTH, NAME, PHONE, WISH
from shouwang.core.scope import Scope
from shouwang.help import selectors
from shouwang.help.api.routes import router
from shouwang.help.api.shapes import RequestDetail, RequestPage, RequestWindow, SuggestionOut
from shouwang.help.models import HelpRequest
from shouwang.help.rules import CONFIDED, is_named

PLAIN = (
    "community_id", "place_id", "household_id", "category", "urgency", "source", "state", "verified", "confidential",
    "no_ring_back",
    "received_at", "accept_due_at", "finish_due_at", "seen_at", "done_at", "closed_at",
)  # fmt: skip
FILTERS = ("community_id", "household_id", "state", "urgency", "category")


@router.get("/requests", response=RequestPage)
def list_requests(request: HttpRequest, window: Query[RequestWindow]) -> dict[str, Any]:
    """Requests within your posts and commitments; confidential ones only for whoever may see them."""
    scope = request.scope  # type: ignore[attr-defined]
    wanted = {name: getattr(window, name) for name in FILTERS if getattr(window, name) is not None}
    rows, following = page_of(selectors.requests_for(scope).filter(**wanted), window)
    doors = selectors.doors_of(rows)
    return {"items": [_request(row, doors[row.pk], readable(scope, row)) for row in rows], "next": following}


@router.get("/requests/{uuid:request_id}", response=RequestDetail)
def get_request(request: HttpRequest, request_id: UUID) -> dict[str, Any]:
    """One request with what was asked for, who is on it, and what happened when."""
    scope = request.scope  # type: ignore[attr-defined]
    row = selectors.request_for(scope, request_id)
    classes = readable(scope, row)
    moments = selectors.timeline_of(row)
    return {
        **_request(row, selectors.door_of(row), classes),
        "words": row.words if HEALTH in classes else None,
        "lines": [_line(line) for line in row.lines.order_by("order")] if WISH in classes else [],
        "assignments": [_assignment(one) for one in selectors.assignments_on(row)],
        "timeline": [
            {"at": m.at, "kind": m.kind, "sentence": str(m.sentence), "who": str(m.who)} for m in moments
        ],
    }


@router.get("/requests/{uuid:request_id}/suggestions", response=list[SuggestionOut])
def list_suggestions(request: HttpRequest, request_id: UUID) -> list[dict[str, Any]]:
    """Whom to ask, best first, with reasons; after them who is near and can't be asked, with why not."""
    scope = request.scope  # type: ignore[attr-defined]
    row = selectors.request_for(scope, request_id, "help.dispatch")
    return [
        {
            "volunteer_id": one.volunteer.pk,
            "name": one.volunteer.user.name,
            "possible": one.possible,
            "score": one.score,
            "why": one.why,
            "reasons": [str(reason) for reason in one.reasons],
        }
        for one in selectors.suggestions_for(row, scope.at)
    ]


def readable(scope: Scope, row: HelpRequest) -> frozenset[str]:
    """The field classes that the scope may read of this request; whoever has it in hand knows what is wanted, and who
    is named to know of a confidential one what it says."""
    classes = scope.classes_for(row, "help.request", row.pk)
    if row.confidential and is_named(scope, row):
        classes |= CONFIDED
    return classes | {WISH} if row.pk in scope.object_ids("help.request") else classes


def _request(row: HelpRequest, door: str, classes: Collection[str]) -> dict[str, Any]:
    return {
        "id": row.pk,
        "number": row.spoken_number,
        "door": door if DOOR in classes else None,
        "title": row.title if WISH in classes else None,
        "asker_name": row.asker_name if NAME in classes else None,
        "asker_phone": row.asker_phone if PHONE in classes and not row.no_ring_back else None,
        **{name: getattr(row, name) for name in PLAIN},
    }


def _line(line: Any) -> dict[str, Any]:
    quantity = None if line.quantity is None else f"{line.quantity.normalize():f}"
    return {"name": line.name, "quantity": quantity, "unit": line.unit, "note": line.note}


def _assignment(one: Any) -> dict[str, Any]:
    return {
        "id": one.pk,
        "volunteer_id": one.volunteer_id,
        "name": one.volunteer.user.name,
        "state": one.state,
        "offered_at": one.offered_at,
        "accepted_at": one.accepted_at,
    }
