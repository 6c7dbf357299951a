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
from shouwang.volunteers.views.volunteer import editable


@signed_in
@require_http_methods(["GET", "POST"])
def stand_down(request: Any, volunteer_id: UUID) -> HttpResponse:
    """Asks for the reason, says what follows, and takes the volunteer off duty."""
    record = editable(request, volunteer_id)
    form = StandDownForm(request.POST or None)

    def do() -> str:
        reason, until_at = form.cleaned_data["reason"], form.until_at()
        return str(
            services.stand_down(
                volunteer=record, reason=reason, until_at=until_at, by=request.user, at=request.at
            ).pk
        )

    if form.is_bound and form.apply(
        request, "volunteers.stand_down", do, also={"volunteer_id": volunteer_id}
    ):
        messages.success(request, _("Stood down. What was in hand is being offered again."))
        return redirect("volunteers:volunteer", record.pk)
    frame = {"form": form, "volunteer": record, "checklist": selectors.checklist_for(request.scope, record)}
    posts = selectors.posts_of_all(record, request.at)
    return render(request, "volunteers/stand_down.html", {**frame, "posts": posts}, status=form.status)


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
