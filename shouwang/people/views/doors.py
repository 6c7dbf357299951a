"""Doors: what they are, and those that nobody knows."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouwang.core.access import needs
from shouwang.people import selectors, services
from shouwang.people.forms import DoorForm
from shouwang.people.rules import may_edit_register
from shouwang.people.selectors.finding import household_url
from shouwang.people.selectors.listing import pager_of
from shouwang.people.states import Occupancy
from shouwang.people.views.shared import file_url, press
from shouwang.places.models import Dwelling
from shouwang.places.selectors import door_label, door_labels, dwelling_for

DOORS_A_PAGE = 60


@needs("register.see")
@require_GET
def unknown_doors(request: Any) -> HttpResponse:
    """Doors of which nobody knows whether somebody lives there."""
    page = Paginator(selectors.unknown_doors(request.scope), DOORS_A_PAGE).get_page(request.GET.get("page"))
    labels = door_labels(list(page))
    rows = [(door, labels[door.pk]) for door in page]
    return render(request, "people/unknown_doors.html", {"rows": rows, "page": pager_of(page, request.GET)})


@needs("register.see")
@require_http_methods(["GET", "POST"])
def door(request: Any, dwelling_id: UUID) -> HttpResponse:
    """One door: who lives there, what it is, and entering that."""
    dwelling = dwelling_for(
        request.scope, dwelling_id, "register.see" if request.method == "GET" else "register.edit"
    )
    form = DoorForm(request.POST or None, initial=_known(dwelling))
    if request.method == "POST" and form.apply(
        request,
        "people.set_occupancy",
        lambda: _state(dwelling, form, request),
        also={"dwelling": dwelling_id},
    ):
        home = selectors.current_household(dwelling)
        return redirect(file_url(home.pk)) if home else redirect("people:door", dwelling_id=dwelling_id)
    return render(request, "people/door.html", _door_context(request, dwelling, form), status=form.status)


def _known(dwelling: Dwelling) -> dict[str, Any]:
    state = selectors.door_state_of(dwelling)
    return {"occupancy": state.occupancy if state else Occupancy.UNKNOWN}


def _door_context(request: Any, dwelling: Dwelling, form: DoorForm) -> dict[str, Any]:
    homes = [
        (home, selectors.household_title(home), household_url(home.pk))
        for home in selectors.households_at(dwelling)
    ]
    return {
        "dwelling": dwelling,
        "label": door_label(dwelling),
        "state": selectors.door_state_of(dwelling),
        "form": form,
        "homes": homes,
        "may_edit": may_edit_register(request.scope, dwelling),
    }


def _state(dwelling: Dwelling, form: DoorForm, request: Any) -> dict[str, str]:
    said = form.cleaned_data
    row = services.set_occupancy(
        dwelling=dwelling,
        occupancy=said["occupancy"],
        source=said["source"] or request.user.name,
        as_of=said["as_of"],
        by=request.user,
        at=request.at,
    )
    return {"dwelling": str(row.pk)}


@needs("register.edit")
@require_POST
def open_household(request: Any, dwelling_id: UUID) -> HttpResponse:
    """Somebody lives here: opens a household and goes on to its first person."""
    dwelling = dwelling_for(request.scope, dwelling_id, "register.edit")
    opened: list[UUID] = []

    def begin() -> dict[str, str]:
        opened.append(services.open_household(dwelling=dwelling, by=request.user, at=request.at).pk)
        return {"household": str(opened[0])}

    if press(request, "people.open_household", begin, also={"dwelling": dwelling_id}) and opened:
        return redirect("people:add_person", household_id=opened[0])
    return redirect("people:door", dwelling_id=dwelling_id)


@needs("register.edit")
@require_GET
def change_door(request: Any, household_id: UUID) -> HttpResponse:
    """From a household to its door."""
    household = selectors.household_for(request.scope, household_id, "register.edit")
    return redirect("people:door", dwelling_id=household.dwelling_id)
