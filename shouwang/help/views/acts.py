"""The steps of a request: each a button or a small form, answered by the request as it is now."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shouwang.core.access import needs, signed_in
from shouwang.core.registry import pages
from shouwang.help import selectors, services
from shouwang.help.forms import AttemptForm, ChangeForm, FinishForm, NoteForm, VerifyForm
from shouwang.help.models import HelpRequest
from shouwang.help.selectors.calls import find_door
from shouwang.help.services.serving import serving_record
from shouwang.help.views.live import filled, once
from shouwang.people.selectors import current_household
from shouwang.volunteers.selectors import volunteer_by_id


def back(request: Any, found: HelpRequest) -> HttpResponse:
    """To where the button was: the emergency page says so itself."""
    if request.POST.get("from") == "emergency":
        return redirect("help:emergency", request_id=found.pk)
    return redirect("help:request", request_id=found.pk)


@needs("help.dispatch")
@require_POST
def offer(request: Any, request_id: UUID) -> HttpResponse:
    """One click: the request is offered to this volunteer."""
    found = selectors.request_for(request.scope, request_id, "help.dispatch")
    volunteer = volunteer_by_id(_uuid(request.POST.get("volunteer")))
    if volunteer is None or volunteer.community_id != found.community_id:
        raise Http404
    why = [code for code in request.POST.get("why", "").split("|") if code]
    once(
        request, "help.offer", lambda: str(services.offer_request(
            request=found, volunteer=volunteer, by=request.user, at=request.at, why=why).pk),
        request=found, volunteer=volunteer,
    )  # fmt: skip
    return back(request, found)


def _uuid(text: str | None) -> UUID:
    try:
        return UUID(text or "")
    except ValueError as fault:
        raise Http404 from fault


@signed_in
@require_POST
def on_my_way(request: Any, request_id: UUID) -> HttpResponse:
    """'I'm on my way': whoever sees an open request may take it on."""
    found = selectors.request_for(request.scope, request_id)

    def take() -> str:
        volunteer = serving_record(request.user, at=request.at)
        return str(
            services.accept_offer(request=found, volunteer=volunteer, by=request.user, at=request.at).pk
        )

    once(request, "help.accept", take, request=found)
    return back(request, found)


@signed_in
@require_POST
def answer(request: Any, assignment_id: UUID, answer: str) -> HttpResponse:
    """Yes, no, or handed back: one's own, or noted by the desk for somebody who said it on the phone."""
    assignment = selectors.assignment_for(request.scope, assignment_id)
    doing: dict[str, Callable[..., Any]] = {
        "accept": services.accept_offer, "decline": services.decline_offer, "release": services.release,
    }  # fmt: skip
    if answer not in doing:
        raise Http404
    once(
        request, f"help.{answer}",
        lambda: str(doing[answer](assignment=assignment, by=request.user, at=request.at).pk),
        assignment=assignment,
    )  # fmt: skip
    return back(request, assignment.request)


def _hands_on(request: Any, request_id: UUID) -> HelpRequest:
    """The request for whoever dispatches there or has it in hand; else 404."""
    found = selectors.request_for(request.scope, request_id)
    mine = selectors.live_assignment_of(found, request.user) is not None
    if not (mine or request.scope.covers("help.dispatch", found)):
        raise Http404
    return found


@signed_in
@require_POST
def act(request: Any, request_id: UUID, act: str) -> HttpResponse:
    """Buttons without a form: set out; right and not right as the resident said on the phone; reopen."""
    need = {"start": "", "right": "help.close", "reopen": "help.close"}
    if act not in need:
        raise Http404
    found = (
        selectors.request_for(request.scope, request_id, need[act])
        if need[act]
        else _hands_on(request, request_id)
    )
    once(request, f"help.{act}", lambda: str(_press(act, found, request).pk), request=found)
    return back(request, found)


def _press(act: str, found: HelpRequest, request: Any) -> HelpRequest:
    who = {"request": found, "by": request.user, "at": request.at}
    if act == "right":
        return services.confirm_request(**who, right=True)
    return services.start_request(**who) if act == "start" else services.reopen_request(**who)


@needs("help.take_in")
@require_POST
def verify(request: Any, request_id: UUID) -> HttpResponse:
    """Verified by call or visit, with the door if it is known now."""
    found = selectors.request_for(request.scope, request_id, "help.take_in")
    values = filled(VerifyForm(request.POST))
    dwelling = find_door(request.scope, values["door"]) if values["door"] else None
    household = current_household(dwelling) if dwelling is not None else None
    once(
        request, "help.verify", lambda: str(services.verify_request(
            request=found, how=values["how"], by=request.user, at=request.at, dwelling=dwelling,
            household=household).pk), request=found, **values,
    )  # fmt: skip
    if values["door"] and dwelling is None:
        messages.warning(request, _("No such door is on file. It is verified, but still without a door."))
    return back(request, found)


@needs("help.dispatch")
@require_POST
def change(request: Any, request_id: UUID) -> HttpResponse:
    """What it is and how urgent."""
    found = selectors.request_for(request.scope, request_id, "help.dispatch")
    values = filled(ChangeForm(request.POST))
    once(
        request, "help.change", lambda: str(services.change_request(
            request=found, by=request.user, at=request.at, **values).pk), request=found, **values,
    )  # fmt: skip
    return back(request, found)


@signed_in
@require_POST
def attempt(request: Any, request_id: UUID) -> HttpResponse:
    """What was tried."""
    found = _hands_on(request, request_id)
    values = filled(AttemptForm(request.POST))
    once(
        request, "help.attempt", lambda: str(services.record_attempt(
            request=found, by=request.user, at=request.at, **values).pk), request=found, **values,
    )  # fmt: skip
    return back(request, found)


@signed_in
@require_POST
def note(request: Any, request_id: UUID) -> HttpResponse:
    """A note in the timeline."""
    found = selectors.request_for(request.scope, request_id)
    values = filled(NoteForm(request.POST))
    once(
        request, "help.note", lambda: services.add_note(
            request=found, text=values["text"], by=request.user, at=request.at), request=found, **values,
    )  # fmt: skip
    return back(request, found)


@signed_in
@require_POST
def finish(request: Any, request_id: UUID) -> HttpResponse:
    """Done, with a note or a photo."""
    found = _hands_on(request, request_id)
    values = filled(FinishForm(request.POST, request.FILES))
    once(
        request, "help.finish", lambda: str(services.finish_request(
            request=found, by=request.user, at=request.at, note=values["text"], photo=values["photo"]).pk),
        request=found, **values,
    )  # fmt: skip
    return back(request, found)


@needs("help.close")
@require_POST
def close(request: Any, request_id: UUID) -> HttpResponse:
    """Closed with a reason; withdrawn as the asker wishes; or not right, in the resident's words."""
    found = selectors.request_for(request.scope, request_id, "help.close")
    words = filled(NoteForm(request.POST))["text"]
    by, at = request.user, request.at
    doing: dict[str, Callable[[], Any]] = {
        "withdraw": lambda: services.withdraw_request(request=found, by=by, at=at, words=words),
        "not_right": lambda: services.confirm_request(request=found, by=by, at=at, right=False, words=words),
    }
    how = request.POST.get("how", "")
    do = doing.get(how, lambda: services.close_request(request=found, by=by, at=at, reason=words))
    once(request, "help.close", lambda: str(do().pk), request=found, words=words, how=how)
    return back(request, found)


@needs("help.dispatch")
@require_POST
def link(request: Any, request_id: UUID) -> HttpResponse:
    """A new private link, shown once to be read out or copied."""
    found = selectors.request_for(request.scope, request_id, "help.dispatch")
    token = services.renew_link(request=found, by=request.user, at=request.at)
    entry = pages.find("portal.follow")
    address = request.build_absolute_uri(reverse(entry.url_name, kwargs={"token": token})) if entry else ""
    return render(request, "help/link.html", {"file": found, "address": address})
