"""A roster by building, stairwell and floor, and everybody of a stairwell."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods

from shouwang.core.access import needs
from shouwang.core.forms import typed
from shouwang.people.selectors.listing import pager_of
from shouwang.places.selectors import label_of
from shouwang.rounds import selectors, services
from shouwang.rounds.selectors import doors


@needs("round.mark")
@require_GET
def building(request: Any, round_id: UUID, place_id: UUID) -> HttpResponse:
    """How far a round is in one building: by stairwell and floor."""
    found = selectors.round_for(request.scope, round_id)
    place = doors.building_for(request.scope, found, place_id)
    rows = doors.stairwells_of(request.scope, found, place)
    return render(request, "rounds/building.html", {"round": found, "building": place, "rows": rows})


@needs("round.mark")
@require_http_methods(["GET", "POST"])
def stairwell(request: Any, round_id: UUID, place_id: UUID) -> HttpResponse:
    """Everybody of a stairwell, settled or not, so that a wrong mark is found and taken back; opening is on record."""
    found = selectors.round_for(request.scope, round_id)
    place = doors.leaf_for(request.scope, found, place_id)
    asked = {"group": request.GET.get("group", ""), "words": typed(request.POST, "words", 40)}
    rows, page = doors.entries_at(request.scope, found, place, page=request.GET.get("page", "1"), **asked)
    services.record_roster_read(round_=found, place=place, by=request.user, entries=len(rows), at=request.at)
    context = {
        **asked, "round": found, "place": place, "label": label_of(place), "rows": rows, "total": page.paginator.count,
        "page": pager_of(page, request.GET), "chips": chips_of(asked["group"]),
    }  # fmt: skip
    return render(request, "rounds/entries.html", context)


def chips_of(chosen: str) -> list[dict[str, Any]]:
    """The groups that can be looked at."""
    labels = {
        "": _("All"), "open": _("Still missing"), "done": pgettext("round", "done").capitalize(),
        "otherwise": _("Settled otherwise"),
    }  # fmt: skip
    return [
        {"label": label, "url": f"?group={code}", "current": code == chosen} for code, label in labels.items()
    ]
