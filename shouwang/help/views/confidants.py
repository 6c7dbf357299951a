"""Who may know of a confidential request: named and ended by those who are."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from shouwang.core.access import signed_in
from shouwang.help import selectors, services
from shouwang.help.forms import ConfidantForm
from shouwang.help.views.acts import back
from shouwang.help.views.live import filled, once


@signed_in
@require_POST
def confidant(request: Any, request_id: UUID) -> HttpResponse:
    """One more who may know of it."""
    found = selectors.named_request_for(request.scope, request_id)
    form = ConfidantForm(request.POST, users=selectors.who_may_be_named(found, request.at))
    user = filled(form)["user"]
    once(
        request, "help.name_confidant", lambda: str(services.name_confidant(
            request=found, user=user, by=request.user, at=request.at).pk), request=found, user=user,
    )  # fmt: skip
    return back(request, found)


@signed_in
@require_POST
def end_confidant(request: Any, confidant_id: UUID) -> HttpResponse:
    """One less. Whoever ends their own goes back to the board."""
    found = selectors.confidant_for(request.scope, confidant_id)
    once(
        request, "help.end_confidant", lambda: str(services.end_confidant(
            confidant=found, by=request.user, at=request.at).pk), confidant=found,
    )  # fmt: skip
    return redirect("help:board") if found.user_id == request.user.pk else back(request, found.request)
