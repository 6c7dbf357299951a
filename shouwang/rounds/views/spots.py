"""The list of spots: lifts, bins, handles."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from shouwang.core.access import needs
from shouwang.core.forms import press
from shouwang.rounds import selectors, services
from shouwang.rounds.forms.spots import SpotsForm
from shouwang.rounds.selectors.spots import spot_for, spots_by_place


@needs("round.lead")
@require_http_methods(["GET", "POST"])
def spot_list(request: Any) -> HttpResponse:
    """Every spot, place by place; puts one on the list at many places at once."""
    communities, buildings = selectors.choices_for(request.scope)
    form = SpotsForm(request.POST or None, communities=communities, buildings=buildings)
    receipt = form.apply(request, "rounds.spots", lambda: added(request, form)) if form.is_bound else None
    if receipt is not None:
        number = receipt.answer
        messages.success(request, ngettext("%(n)s spot added.", "%(n)s spots added.", number) % {"n": number})
        return redirect("rounds:spots")
    context = {"form": form, "places": spots_by_place(request.scope)}
    return render(request, "rounds/spots.html", context, status=form.status)


def added(request: Any, form: SpotsForm) -> int:
    return len(services.add_spots(**form.adds(), by=request.user, at=request.at))


@needs("round.lead")
@require_POST
def end_spot(request: Any, spot_id: UUID) -> HttpResponse:
    """Takes one off the list."""
    found = spot_for(request.scope, spot_id)

    def do() -> str:
        services.end_spot(spot=found, by=request.user, at=request.at)
        return str(found.pk)

    press(request, "rounds.end_spot", do, spot=found.pk)
    messages.success(request, _("“%(name)s” is off the list.") % {"name": found.name})
    return redirect("rounds:spots")
