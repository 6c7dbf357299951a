"""Who may act on a request, and who may hear of it."""

from __future__ import annotations

from typing import Any

from shouwang.core.personal import DOOR, HEALTH, NAME, PHONE, WISH
from shouwang.core.scope import Scope
from shouwang.help.models import Assignment, HelpRequest
from shouwang.help.states import LIVE_ASSIGNMENTS, RequestState
from shouwang.places.rules import ROLE_RIGHTS
from shouwang.volunteers.models import Volunteer

# Whoever is named to know of a confidential request knows what it says.
CONFIDED = frozenset({NAME, DOOR, PHONE, WISH, HEALTH})


def may_act_on(scope: Scope, request: HelpRequest, capability: str = "help.dispatch") -> bool:
    """Whether the scope holds the capability over the request; for a confidential one its user must be named too."""
    if not scope.covers(capability, request):
        return False
    return not request.confidential or is_named(scope, request)


def is_named(scope: Scope, request: HelpRequest) -> bool:
    """Whether the scope's user is named to know of a confidential request."""
    if scope.user is None:
        return False
    return request.confidants.filter(user=scope.user, until_at__isnull=True).exists()


def may_answer_for(by: Any, volunteer: Volunteer, request: HelpRequest, scope: Scope) -> bool:
    """Whether `by` may say yes or no for this volunteer: it is their own answer, or the desk notes it for them."""
    if by.actor_kind != "user":
        return bool(by.actor_kind in ("operator", "clock"))
    return volunteer.user_id == by.pk or may_act_on(scope, request)


def may_be_offered(request: HelpRequest) -> bool:
    """Whether somebody more can be asked: until it is over, several may be on it."""
    return request.is_open() and request.state != RequestState.DONE


def may_hear_of(role: str, confidential: bool) -> bool:
    """Whether the holder of a post with this role is named at first, and told when nobody named is left."""
    return not confidential or "help.see_confidential" in ROLE_RIGHTS[role].capabilities


def is_live(assignment: Assignment) -> bool:
    """Whether somebody still has it in hand or was asked and has not answered."""
    return assignment.state in LIVE_ASSIGNMENTS
