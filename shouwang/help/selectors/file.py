"""Everything the page of one request shows, for one reader."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from shouwang.core.personal import HEALTH, NAME, PHONE, WISH
from shouwang.core.scope import Scope
from shouwang.help.models import HelpRequest
from shouwang.help.rules import CONFIDED, is_named, may_act_on, may_be_offered
from shouwang.help.selectors.emergency import directory_of, green_channel, who_to_ring
from shouwang.help.selectors.labels import door_of
from shouwang.help.selectors.orders import ORDERED, SHOP, order_of
from shouwang.help.selectors.requests import KIND, assignments_on, live_assignment_of, may_move_to
from shouwang.help.selectors.suggestions import suggestions_for
from shouwang.help.selectors.timeline import bare_timeline, timeline_of
from shouwang.help.states import (
    IN_HAND_STATES,
    UNTAKEN_STATES,
    AssignmentState,
    RequestState,
    Urgency,
    Verified,
)
from shouwang.people.selectors import instructions_for


def request_file(scope: Scope, request: HelpRequest, at: datetime) -> dict[str, Any]:
    """The request with its people, what may be done next, and its timeline; by the reader's field classes."""
    classes = scope.classes_for(request, KIND, request.pk)
    if request.confidential and is_named(scope, request):
        classes |= CONFIDED
    dispatch = may_act_on(scope, request)
    life = request.urgency == Urgency.LIFE and request.is_open()
    shown = {
        "file": request,
        "door": door_of(request),
        "lines": list(request.lines.order_by("order")) if WISH in classes else [],
        "instructions": list(instructions_for(request.household)) if request.household is not None else [],
        "sees_name": NAME in classes,
        "sees_phone": PHONE in classes,
        "sees_words": HEALTH in classes,
        "assignments": list(assignments_on(request)),
        "mine": live_assignment_of(request, scope.user),
        "list": order_of(scope, request) if request.category in ORDERED else None,
        "to_be_read": request.category in ORDERED
        and request.is_open()
        and not request.confidential
        and scope.covers(SHOP, request),
        "timeline": bare_timeline(request) if scope.counter else timeline_of(request),
        "may": allowed(scope, request, dispatch),
        "life": life,
        "now": at,
    }
    if dispatch and may_be_offered(request):
        shown["suggestions"] = suggestions_for(request, at)
    if request.rung_out_at is not None:
        shown |= ringing(scope, request, at)
    return shown


def ringing(scope: Scope, request: HelpRequest, at: datetime) -> dict[str, Any]:
    """Whom to ring: those who answer for the place, and the directory."""
    directory = directory_of(request.community_id) if request.community_id else []
    return {"to_ring": who_to_ring(request, at), "directory": list(directory)}


def emergency_file(scope: Scope, request: HelpRequest, at: datetime) -> dict[str, Any]:
    """The page of a danger to life: the same, with the checklist and whom to ring in any case."""
    steps = green_channel(request)
    done = {row.step: row.done for row in steps if row.done is not None}
    beside = done.get("with_person")
    return {
        **request_file(scope, request, at),
        **ringing(scope, request, at),
        "steps": steps,
        "called": done.get("called_120"),
        "beside": beside.with_person if beside is not None else None,
        "beside_since": beside.at if beside is not None else None,
    }


def allowed(scope: Scope, request: HelpRequest, dispatch: bool) -> dict[str, bool]:
    """Which buttons are there: by the table of moves and by what the reader may do."""
    opened = request.is_open()
    close = may_act_on(scope, request, "help.close")
    mine = live_assignment_of(request, scope.user)
    taken = mine is not None
    hands_on = dispatch or taken
    return {
        "dispatch": dispatch and may_be_offered(request),
        "go": may_be_offered(request) and not request.confidential and not taken,
        "verify": opened and request.verified == Verified.NO and may_act_on(scope, request, "help.take_in"),
        "change": opened and request.state != RequestState.DONE and dispatch,
        "start": hands_on
        and may_move_to(request, RequestState.UNDER_WAY)
        and request.state in IN_HAND_STATES,
        # A card, a key, cash of the household, by whoever goes for it.
        "take_over": opened
        and request.household_id is not None
        and mine is not None
        and mine.state == AssignmentState.ACCEPTED,
        "attempt": hands_on and opened and request.state != RequestState.DONE,
        "finish": hands_on and may_move_to(request, RequestState.DONE),
        "confirm": close and request.state == RequestState.DONE,
        "close": close and opened and request.state != RequestState.DONE,
        "reopen": close and request.state == RequestState.CLOSED,
        "note": hands_on
        or request.confidential
        and is_named(scope, request)
        or may_act_on(scope, request, "help.take_in"),
        "link": dispatch and opened,
        "step": opened and (hands_on or request.state in UNTAKEN_STATES),
        "ring": opened and hands_on,
    }
