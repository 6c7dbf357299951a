"""Rounds that come again every day."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shouwang.core.access import needs
from shouwang.core.forms import press
from shouwang.rounds import selectors, services


@needs("round.lead")
@require_POST
def end_series(request: Any, round_id: UUID) -> HttpResponse:
    """No more turns."""
    series = selectors.round_for(request.scope, round_id, "round.lead").series
    if series is None:
        raise Http404

    def end() -> str:
        services.end_series(series=series, by=request.user, at=request.at)
        return str(series.pk)

    press(request, "rounds.end_series", end, series=series.pk)
    messages.success(request, _("No more turns. The one that goes on goes on."))
    return redirect("rounds:round", round_id)
