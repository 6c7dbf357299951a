"""The page of a danger to life."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from shouwang.accounts.models import User
from shouwang.core.access import needs
from shouwang.help import selectors, services
from shouwang.help.forms import RingForm, StepForm
from shouwang.help.models import HelpRequest
from shouwang.help.selectors.emergency import entry_of, who_to_ring
from shouwang.help.selectors.file import emergency_file
from shouwang.help.views.acts import back
from shouwang.help.views.detail import confidence, note_reading, small_forms
from shouwang.help.views.live import filled, nothing_new, once, render_live


@needs("help.see")
@require_GET
def emergency(request: Any, request_id: UUID) -> HttpResponse:
    """The green channel: who is with the person, 120 since when, whom to ring, what happened."""
    found = selectors.request_for(request.scope, request_id)
    if not nothing_new(request):
        note_reading(request, found)

    def context() -> dict[str, Any]:
        return {
            **emergency_file(request.scope, found, request.at),
            "live_url": reverse("help:emergency", args=[found.pk]),
            "forms": small_forms(found),
            **confidence(request, found),
        }

    return render_live(request, "help/emergency.html", "file", context)


@needs("help.see")
@require_POST
def step(request: Any, request_id: UUID) -> HttpResponse:
    """A step is done. 'Somebody is with the person': whoever says so, or somebody who has it in hand."""
    found = selectors.request_for(request.scope, request_id)
    values = filled(StepForm(request.POST))
    companion = _on_it(found, request.POST.get("with", ""))
    once(
        request, "help.step", lambda: str(services.tick_green_step(
            request=found, step=values["step"], by=request.user, at=request.at, with_person=companion).pk),
        request=found, **values,
    )  # fmt: skip
    return back(request, found)


def _on_it(found: HelpRequest, said: str) -> User | None:
    """Of those who have the request in hand, the one whose id was sent."""
    users = [row.volunteer.user for row in selectors.assignments_on(found)]
    return next((user for user in users if str(user.pk) == said), None)


@needs("help.see")
@require_POST
def ring(request: Any, request_id: UUID) -> HttpResponse:
    """Somebody was rung: on record with how it went."""
    found = selectors.request_for(request.scope, request_id)
    values = filled(RingForm(request.POST))
    rung = {row.user.pk: row.user for row in who_to_ring(found, request.at)}
    entry = entry_of(found, values["entry"]) if values["entry"] else None
    once(
        request, "help.ring", lambda: str(services.record_ring(
            request=found, whom=rung.get(values["whom"]), entry=entry, outcome=values["outcome"], by=request.user,
            at=request.at).pk), request=found, **values,
    )  # fmt: skip
    return back(request, found)
