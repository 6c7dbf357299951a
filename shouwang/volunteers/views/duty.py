"""Standing down and coming back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shouwang.core.access import signed_in
from shouwang.core.forms import press
from shouwang.volunteers import selectors, services
from shouwang.volunteers.forms import StandDownForm
from shouwang.volunteers.models import Volunteer
from shouwang.volunteers.selectors.held import held_things
from shouwang.volunteers.views.volunteer import editable


@signed_in
@require_http_methods(["GET", "POST"])
def stand_down(request: Any, volunteer_id: UUID) -> HttpResponse:
    """Asks for the reason, says what follows, and takes the volunteer off duty."""
    record = editable(request, volunteer_id)
    form = StandDownForm(request.POST or None)
    about = {"volunteer_id": volunteer_id}
    if form.is_bound and form.apply(
        request, "volunteers.stand_down", lambda: down(request, record, form), also=about
    ):
        messages.success(request, _("Stood down. What was in hand is being offered again."))
        return redirect("volunteers:volunteer", record.pk)
    frame = {"form": form, "volunteer": record, **what_follows(request, record)}
    return render(request, "volunteers/stand_down.html", frame, status=form.status)


def what_follows(request: Any, record: Volunteer) -> dict[str, Any]:
    """What standing down will suspend and hand on, shown before it is done."""
    return {
        "checklist": selectors.checklist_for(request.scope, record),
        "held": held_things(request.scope, record),
        "posts": selectors.posts_of_all(record, request.at),
    }


def down(request: Any, record: Volunteer, form: StandDownForm) -> str:
    """Does what the form says; the id of the stand-down."""
    row = services.stand_down(
        volunteer=record,
        reason=form.cleaned_data["reason"],
        until_at=form.until_at(),
        by=request.user,
        at=request.at,
    )
    return str(row.pk)


@signed_in
@require_POST
def come_back(request: Any, volunteer_id: UUID) -> HttpResponse:
    """Puts the volunteer on duty again."""
    record = editable(request, volunteer_id)
    press(
        request,
        "volunteers.come_back",
        lambda: str(services.come_back(volunteer=record, by=request.user, at=request.at).pk),
        volunteer_id=volunteer_id,
    )
    messages.success(request, _("On duty again. The posts are answered for as before."))
    return redirect("volunteers:volunteer", record.pk)
