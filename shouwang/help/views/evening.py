"""The evening page: the day's count, who is left, and the name under it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from shouwang.core.access import needs
from shouwang.help import services
from shouwang.help.forms import EveningForm
from shouwang.help.selectors.evening import evening_of, last_sign_off, past_evenings
from shouwang.places.models import Place
from shouwang.places.selectors import communities_for


@needs("help.sign_off")
@require_http_methods(["GET", "POST"])
def evening(request: Any) -> HttpResponse:
    """Today, counted now; signed off by name. Days before are below with what stood then."""
    community = _community(request)
    form = EveningForm(request.POST or None)
    if request.method == "POST" and form.apply(
        request,
        "help.evening.sign",
        lambda: _sign(request, community, form),
        also={"community": community.pk},
    ):
        return redirect(f"{reverse('help:evening')}?community={community.pk}")
    return render(request, "help/evening.html", _context(request, community, form), status=form.status)


def _context(request: Any, community: Place, form: EveningForm) -> dict[str, Any]:
    counted = evening_of(request.scope, community, request.at)
    return {
        "community": community, "evening": counted, "form": form, "now": request.at,
        "signed": last_sign_off(community.pk, counted.day), "past": past_evenings(community.pk, counted.day),
        "others": [place for place in communities_for(request.scope, "help.sign_off") if place != community],
    }  # fmt: skip


def _community(request: Any) -> Place:
    """The one asked for, else the first of the reader's; another one is not found."""
    offered = communities_for(request.scope, "help.sign_off")
    asked = request.GET.get("community", "")
    chosen = [place for place in offered if not asked or str(place.pk) == asked]
    if not chosen:
        raise Http404
    return chosen[0]


def _sign(request: Any, community: Place, form: EveningForm) -> str:
    signed = services.sign_off_evening(
        scope=request.scope, community=community, remark=form.cleaned_data["remark"], by=request.user,
        at=request.at,
    )  # fmt: skip
    return str(signed.pk)
