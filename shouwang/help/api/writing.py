"""Writing requests: each call is one command, which calls the same service as the page does.

Whatever is looked up is looked up inside the command: a replay gets its receipt, even when the caller has
nothing to do with the request any more.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Header, Schema

from shouwang.core.api import KEY, Nothing, Written, once
from shouwang.core.errors import NotAllowed, Refusal
from shouwang.help import selectors, services
from shouwang.help.api.routes import router
from shouwang.help.api.shapes import Answer, AttemptIn, CloseIn, ConfirmIn, Noted, OfferIn, RequestIn
from shouwang.help.models import Assignment, HelpRequest
from shouwang.help.rules import may_act_on
from shouwang.help.states import AssignmentState
from shouwang.people.selectors import household_for, households_at
from shouwang.places.selectors import dwelling_for, find_dwelling, place_for
from shouwang.places.states import Level
from shouwang.volunteers.selectors import volunteer_of, volunteers_for

TAKE_IN = "help.take_in"


def _acting(request: Any) -> dict[str, Any]:
    return {"by": request.user, "at": request.at}


@router.post("/requests", response=Written)
def take_in_request(request: HttpRequest, body: RequestIn, key: UUID = Header(..., alias=KEY)) -> Written:
    """Takes in a request. The number to say on the phone is in the request itself."""

    def do() -> Model:
        values = body.model_dump(exclude={"household_id", "dwelling_id", "door", "place_id"})
        found, _token = services.take_in_request(**values, **_where(request, body), **_acting(request))
        return found

    return once(request, key, "help.take_in_request", body, do)


def _where(request: Any, body: RequestIn) -> dict[str, Any]:
    """The rows that the body names, each within the scope; what is foreign does not exist (404)."""
    scope = request.scope
    household = dwelling = place = None
    if body.household_id:
        household = household_for(scope, body.household_id, TAKE_IN)
        dwelling = household.dwelling
    elif body.dwelling_id:
        dwelling = dwelling_for(scope, body.dwelling_id, TAKE_IN)
    elif body.door:
        dwelling = _said_door(scope, body)
    elif body.place_id:
        place = place_for(scope, body.place_id, TAKE_IN)
    elif place_for(scope, body.community_id, TAKE_IN).level != Level.COMMUNITY:
        raise Http404
    if dwelling is not None and household is None:
        behind = households_at(dwelling)
        household = behind[0] if len(behind) == 1 else None
    known = dwelling or place
    if known is not None and known.community_id != body.community_id:
        raise Refusal(
            "community-differs", _("This place belongs to another community."), field="community_id"
        )
    return {"household": household, "dwelling": dwelling, "place": place}


def _said_door(scope: Any, body: RequestIn) -> Any:
    said = body.door
    found = find_dwelling(body.community_id, said.building, said.stairwell, said.door) if said else None
    if found is None or not scope.covers(TAKE_IN, found):
        raise Refusal(
            "door-unknown",
            _("There is no such door on file. Check building, stairwell and door."),
            field="door",
        )
    return found


@router.post("/requests/{uuid:request_id}/offer", response=Written)
def offer_request(
    request: HttpRequest, request_id: UUID, body: OfferIn, key: UUID = Header(..., alias=KEY)
) -> Written:
    """Asks a volunteer. What comes back is the assignment."""
    scope = request.scope  # type: ignore[attr-defined]

    def do() -> Model:
        row = selectors.request_for(scope, request_id, "help.dispatch")
        volunteer = volunteers_for(scope).filter(pk=body.volunteer_id).first()
        if volunteer is None:
            raise Refusal("volunteer-unknown", _("There is no such volunteer here."), field="volunteer_id")
        return services.offer_request(request=row, volunteer=volunteer, why=body.why, **_acting(request))

    return once(request, key, "help.offer_request", body, do, request_id=request_id)


@router.post("/requests/{uuid:request_id}/accept", response=Written)
def accept_offer(
    request: HttpRequest, request_id: UUID, body: Answer, key: UUID = Header(..., alias=KEY)
) -> Written:
    """Takes it on: one's own yes, or one that the desk notes. What comes back is the assignment."""

    def do() -> Model:
        return services.accept_offer(assignment=_offered(request, request_id, body), **_acting(request))

    return once(request, key, "help.accept_offer", body, do, request_id=request_id)


@router.post("/requests/{uuid:request_id}/decline", response=Written)
def decline_offer(
    request: HttpRequest, request_id: UUID, body: Answer, key: UUID = Header(..., alias=KEY)
) -> Written:
    """Cannot do it now; before taking it on, or after (then it is given back)."""

    def do() -> Model:
        assignment = _offered(request, request_id, body)
        taken = assignment.state == AssignmentState.ACCEPTED
        service = services.release if taken else services.decline_offer
        return service(assignment=assignment, words=body.words, **_acting(request))

    return once(request, key, "help.decline_offer", body, do, request_id=request_id)


def _offered(request: Any, request_id: UUID, body: Answer) -> Assignment:
    """What the caller (or, for the desk, this volunteer) was asked or has taken on."""
    mine = volunteer_of(request.user)
    if body.volunteer_id and (mine is None or body.volunteer_id != mine.pk):
        selectors.request_for(request.scope, request_id, "help.dispatch")
        found = selectors.live_assignment_to(request_id, body.volunteer_id)
    else:
        found = selectors.live_assignment_to(request_id, mine.pk) if mine else None
    if found is None:
        raise Http404
    return found


def _in_hand(request: Any, request_id: UUID) -> HelpRequest:
    """The request, if the caller has it in hand or dispatches it; another's is not allowed, a foreign one is a 404."""
    row = selectors.request_for(request.scope, request_id)
    if not may_act_on(request.scope, row) and selectors.live_assignment_of(row, request.user) is None:
        raise NotAllowed("not-yours", _("Somebody else has this in hand."))
    return row


Find = Callable[[Any, UUID], HelpRequest]


def _write(
    request: HttpRequest, key: UUID, verb: str, find: Find, request_id: UUID, body: Schema, **values: Any
) -> Written:
    def do() -> Model:
        row = find(request, request_id)
        done = getattr(services, verb)(request=row, **values, **_acting(request))
        return done if isinstance(done, HelpRequest) else row

    return once(request, key, f"help.{verb}", body, do, request_id=request_id)


@router.post("/requests/{uuid:request_id}/start", response=Written)
def start_request(
    request: HttpRequest, request_id: UUID, body: Nothing, key: UUID = Header(..., alias=KEY)
) -> Written:
    """Sets out."""
    return _write(request, key, "start_request", _in_hand, request_id, body)


@router.post("/requests/{uuid:request_id}/attempts", response=Written)
def record_attempt(
    request: HttpRequest, request_id: UUID, body: AttemptIn, key: UUID = Header(..., alias=KEY)
) -> Written:
    """Something was tried. A refusal is an outcome, not a mark."""
    return _write(
        request, key, "record_attempt", _in_hand, request_id, body, outcome=body.outcome, note=body.note
    )


@router.post("/requests/{uuid:request_id}/notes", response=Written)
def add_note(
    request: HttpRequest, request_id: UUID, body: Noted, key: UUID = Header(..., alias=KEY)
) -> Written:
    """Writes a note into the timeline; residents do not see it."""
    return _write(request, key, "add_note", _in_hand, request_id, body, text=body.note)


@router.post("/requests/{uuid:request_id}/finish", response=Written)
def finish_request(
    request: HttpRequest, request_id: UUID, body: Noted, key: UUID = Header(..., alias=KEY)
) -> Written:
    """It is done; the resident is asked whether it is right."""
    return _write(request, key, "finish_request", _in_hand, request_id, body, note=body.note)


def _to_close(request: Any, request_id: UUID) -> HelpRequest:
    return selectors.request_for(request.scope, request_id, "help.close")


@router.post("/requests/{uuid:request_id}/confirm", response=Written)
def confirm_request(
    request: HttpRequest, request_id: UUID, body: ConfirmIn, key: UUID = Header(..., alias=KEY)
) -> Written:
    """What the resident said: it is right and so over, or something is not and it opens again."""
    return _write(
        request, key, "confirm_request", _to_close, request_id, body, right=body.right, words=body.words
    )


@router.post("/requests/{uuid:request_id}/close", response=Written)
def close_request(
    request: HttpRequest, request_id: UUID, body: CloseIn, key: UUID = Header(..., alias=KEY)
) -> Written:
    """The desk closes it, before it is done with a reason."""
    return _write(request, key, "close_request", _to_close, request_id, body, reason=body.reason)


@router.post("/requests/{uuid:request_id}/withdraw", response=Written)
def withdraw_request(
    request: HttpRequest, request_id: UUID, body: Noted, key: UUID = Header(..., alias=KEY)
) -> Written:
    """It is not needed any more, the asker says."""
    return _write(request, key, "withdraw_request", _to_close, request_id, body, words=body.note)


@router.post("/requests/{uuid:request_id}/reopen", response=Written)
def reopen_request(
    request: HttpRequest, request_id: UUID, body: CloseIn, key: UUID = Header(..., alias=KEY)
) -> Written:
    """It is not over after all."""
    return _write(request, key, "reopen_request", _to_close, request_id, body, reason=body.reason)
