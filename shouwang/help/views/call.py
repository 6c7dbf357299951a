"""Noting a call: the number opens the file, notes are taken while talking, one page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shouwang.core.access import needs
from shouwang.core.errors import NotAllowed, Refusal
from shouwang.core.forms import typed
from shouwang.core.scope import Scope
from shouwang.help import services
from shouwang.help.forms import CallForm, lines_of
from shouwang.help.models import HelpRequest
from shouwang.help.selectors import requests_for
from shouwang.help.selectors.calls import caller_of, callers_by_phone, doors_like, find_door, household_choice
from shouwang.help.states import Source, Verified
from shouwang.people.models import Household
from shouwang.people.selectors import current_household
from shouwang.people.services import record_file_read
from shouwang.places.selectors import communities_for

AS_TYPED = (
    "category", "urgency", "source", "title", "words", "asker_name", "confidential", "no_ring_back", "needs_skills",
)  # fmt: skip
# A whole number opens the file; each opening is on record.
WHOLE_NUMBER = 7


@needs("help.take_in")
@require_http_methods(["GET", "POST"])
def new(request: Any, household_id: UUID | None = None) -> HttpResponse:
    """One page for a call, a visit, somebody speaking for another."""
    chosen = household_choice(request.scope, household_id) if household_id else None
    form = CallForm(request.POST or None, initial=_start(request, chosen))
    if request.method == "POST":
        receipt = form.apply(request, "help.take_in", lambda: _take_in(request, form))
        if receipt:
            return _after(request, UUID(receipt.answer))
    callers = [caller_of(request.scope, chosen)] if chosen else _callers(request)
    context = {"form": form, "callers": callers, "chosen": str(chosen.pk) if chosen else _picked(request)}
    return render(request, "help/call.html", {**context, "now": request.at}, status=form.status)


def _start(request: Any, chosen: Household | None) -> dict[str, Any]:
    communities = communities_for(request.scope, "help.take_in")
    community = chosen.community_id if chosen else communities[0].pk if communities else None
    return {"community": community}


def _picked(request: Any) -> str:
    return str(request.POST.get("household", ""))


def _callers(request: Any) -> list[Any]:
    """When the form comes back, the file that was open beside it is there again."""
    picked = _picked(request)
    try:
        return [caller_of(request.scope, household_choice(request.scope, UUID(picked)))] if picked else []
    except ValueError:
        return []


def _take_in(request: Any, form: CallForm) -> str:
    values = form.cleaned_data
    scope = request.scope
    household = household_choice(scope, values["household"]) if values["household"] else None
    dwelling = household.dwelling if household else None
    if dwelling is None and values["door"]:
        dwelling = find_door(scope, values["door"])
        household = current_household(dwelling) if dwelling is not None else None
    if dwelling is not None and not scope.covers("help.take_in", dwelling):
        raise NotAllowed("not-allowed", _("Your posts do not reach this door."))
    made, _token = services.take_in_request(
        community_id=dwelling.community_id if dwelling is not None else community_of(scope, values["community"]),
        place=None,
        dwelling=dwelling,
        household=household,
        door_said="" if dwelling is not None else values["door"],
        asker_phone=values["phone"],
        verified=verified_by(scope, household, values),
        lines=lines_of(values["lines"]),
        weight_kg=values["weight_kg"] or 0,
        by=request.user,
        at=request.at,
        **{name: values[name] for name in AS_TYPED},
    )  # fmt: skip
    return str(made.pk)


def community_of(scope: Scope, said: UUID | None) -> UUID:
    """The community that the form names, if requests may be taken in there; else the only one."""
    mine = [place.pk for place in communities_for(scope, "help.take_in")]
    if said is None and len(mine) == 1:
        return mine[0]
    if said in mine:
        return said  # type: ignore[return-value]
    raise Refusal("community-missing", _("Say which community it is for."), field="door")


def verified_by(scope: Scope, household: Household | None, values: dict[str, Any]) -> str:
    """A known number of this household verifies by itself; at the door the visit does; a call has been talked to."""
    if values["source"] == Source.VISIT:
        return Verified.VISIT
    if household is None or not values["phone"]:
        return Verified.NO
    known = callers_by_phone(scope, household.community_id, values["phone"])
    if any(caller.household.pk == household.pk for caller in known):
        return Verified.KNOWN
    return Verified.CALL if values["source"] == Source.PHONE else Verified.NO


def _after(request: Any, request_id: UUID) -> HttpResponse:
    """To the request; or to the board with its number, when the taker's posts don't reach it."""
    found = requests_for(request.scope).filter(pk=request_id).first()
    if found is not None:
        messages.success(request, _("Taken in as %(number)s.") % {"number": found.spoken_number})
        return redirect("help:emergency" if is_life(found) else "help:request", request_id=request_id)
    messages.success(request, _("Taken in. It goes to the community's desk."))
    return redirect("help:board")


def is_life(found: HelpRequest) -> bool:
    return found.urgency == "life"


@needs("help.take_in")
@require_POST
def lookup(request: Any) -> HttpResponse:
    """Who is calling, as the number is typed; or which door is meant. By POST, so that it is in no log."""
    phone, said = typed(request.POST, "phone"), typed(request.POST, "door")
    callers = _speaking_for(request, phone) if len(phone) >= WHOLE_NUMBER else []
    doors = doors_like(request.scope, said) if said and not callers else []
    if len(doors) == 1 and doors[0][1] is not None and request.scope.covers("register.see", doors[0][1]):
        callers, doors = [caller_of(request.scope, doors[0][1])], []
    context = {
        "callers": callers, "doors": doors, "asked": phone or said, "phone": phone, "now": request.at,
        "chosen": str(callers[0].household.pk) if len(callers) == 1 else "",
    }  # fmt: skip
    return render(request, "help/caller.html", context)


def _speaking_for(request: Any, phone: str) -> list[Any]:
    """Households that this number speaks for; each opening of a file is on record."""
    callers = []
    for place in communities_for(request.scope, "help.take_in"):
        callers += callers_by_phone(request.scope, place.pk, phone)
    for caller in callers:
        record_file_read(household=caller.household, by=request.user, at=request.at, why="call")
    return callers
