"""The coordinators' pages: Today, the wall, a door's file, a place, the record, the promise."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouwang.core.access import needs, signed_in
from shouwang.core.audit import position_now
from shouwang.core.forms import typed
from shouwang.core.live import asks_again, changed_since
from shouwang.core.registry import (
    household_actions,
    household_sections,
    place_sections,
    purposes,
    search_sources,
)
from shouwang.desk import selectors
from shouwang.people import selectors as people
from shouwang.people import services as people_services
from shouwang.places import selectors as places
from shouwang.places.models import Place

NOTHING_NEW = 204


def _community(request: Any, capability: str = "today.see") -> Place:
    """The community the page is about: the one asked for, else the first within the scope."""
    offered = places.communities_for(request.scope, capability)
    asked = request.GET.get("community")
    chosen = next((place for place in offered if str(place.pk) == asked), None) or next(iter(offered), None)
    if chosen is None:
        raise Http404
    return chosen


def _nothing_new(request: Any, rooms: tuple[str, ...] = ()) -> bool:
    after = request.GET.get("after", "")
    return after.isdigit() and not changed_since(request.scope, int(after), rooms)


def _live(request: Any, template: str, context: dict[str, Any]) -> HttpResponse:
    """The page, or only its live part with the position it stands at."""
    position = position_now()
    part = f"{template}#live" if "after" in request.GET else template
    response = render(request, part, {**context, "position": position, "now": request.at})
    response.headers["X-After"] = str(position)
    return response


@asks_again()
@needs("today.see")
@require_GET
def today(request: Any) -> HttpResponse:
    """What needs me now."""
    if _nothing_new(request):
        return HttpResponse(status=NOTHING_NEW)
    items = selectors.today_items(request.scope, request.at)
    community = _community(request)
    context = {
        "items": items,
        "figures": selectors.figures_for(request.scope, request.at),
        "community": community,
    }
    context["wall"] = selectors.wall_for(request.scope, community, request.at, stay=True, **_lens(request))
    return _live(request, "desk/today.html", context)


@asks_again()
@needs("wall.see")
@require_GET
def wall(request: Any) -> HttpResponse:
    """The whole compound; a building is the target."""
    if _nothing_new(request):
        return HttpResponse(status=NOTHING_NEW)
    community = _community(request, "wall.see")
    drawn = selectors.wall_for(request.scope, community, request.at, **_lens(request))
    return _live(request, "desk/wall.html", {"wall": drawn, "community": community})


def _lens(request: Any) -> dict[str, Any]:
    """The lens that the address names, and what it looks at."""
    return {"lens_code": request.GET.get("lens", ""), "of": request.GET.get("of", "")}


@needs("wall.see")
@require_GET
def wall_sheet(request: Any) -> HttpResponse:
    """The wall on one A3 sheet: who is in charge where; no illness is ever printed."""
    community = _community(request, "wall.see")
    drawn = selectors.wall_for(request.scope, community, request.at, lens_code="coverage")
    return render(request, "desk/wall_sheet.html", {"wall": {**drawn, "lenses": []}, "community": community})


@needs("wall.see")
@require_GET
def building(request: Any, building_id: UUID) -> HttpResponse:
    """One building, a door the target; the file opens beside it."""
    place = selectors.building_reached(request.scope, building_id)
    community = places.community_by_id(place.community_id)
    drawn = selectors.wall_for(
        request.scope,
        community,
        request.at,
        building_id=place.building_id,
        selected=request.GET.get("door", ""),
        **_lens(request),
    )
    context = {"wall": drawn, "building": place, "community": community}
    context["may_see_place"] = request.scope.covers("place.see", place)
    return _live(request, "desk/building.html", context)


@needs("register.see")
@require_GET
def door(request: Any, dwelling_id: UUID) -> HttpResponse:
    """A door: the file of the household behind it, or what is known of an empty one."""
    dwelling = places.dwelling_for(request.scope, dwelling_id)
    home = people.current_household(dwelling)
    if home is not None and not request.htmx:
        return redirect("desk:household", household_id=home.pk)
    context = _file_context(request, home) if home else {}
    template = "desk/door.html#beside" if request.htmx else "desk/door.html"
    return render(request, template, {**context, "dwelling": dwelling, "title": places.door_label(dwelling)})


@needs("register.see")
@require_GET
def household(request: Any, household_id: UUID) -> HttpResponse:
    """One file a household, composed of every room's section; opening it is on record."""
    home = people.file_household(request.scope, household_id)
    context = _file_context(request, home)
    return render(request, "desk/household.html", {**context, "title": places.door_label(home.dwelling)})


def _file_context(request: Any, home: Any) -> dict[str, Any]:
    people_services.record_file_read(household=home, by=request.user, at=request.at, why="opened")
    return {
        "household": home,
        "columns": selectors.sections_for(household_sections, home.pk, request.scope, request.at),
        "household_actions": [entry for entry in household_actions if request.scope.can(entry.capability)],
    }


@needs("register.copy")
@require_http_methods(["GET", "POST"])
def own_copy(request: Any, household_id: UUID, person_id: UUID) -> HttpResponse:
    """All that is kept about a person, to be printed and handed over: asks first, and is on record."""
    home = people.household_for(request.scope, household_id, "register.copy")
    person = people.person_in(home, person_id)
    shown = {"person": person, "household": home, "title": places.door_label(home.dwelling)}
    if request.method == "GET":
        return render(request, "desk/own_copy_ask.html", shown)
    people_services.record_file_read(household=home, by=request.user, at=request.at, why="copy")
    shown |= {"parts": selectors.copy_of(person.pk, request.at), "purposes": list(purposes)}
    return render(request, "desk/own_copy.html", shown)


@needs("place.see")
@require_GET
def place(request: Any, place_id: UUID) -> HttpResponse:
    """A place: who answers for it, what goes on there, the places and doors below."""
    found = places.place_for(request.scope, place_id)
    context = {
        "place": found,
        "title": places.label_of(found),
        "parents": places.parents_for(request.scope, found),
        "children": places.children_for(request.scope, found),
        "columns": selectors.sections_for(place_sections, found.pk, request.scope, request.at),
    }
    return render(request, "desk/place.html", context)


@needs("audit.see")
@require_GET
def audit(request: Any) -> HttpResponse:
    """The record of acts, newest first."""
    before = request.GET.get("before", "")
    room = request.GET.get("room", "")
    lines, more = selectors.audit_lines(
        request.scope, before=int(before) if before.isdigit() else None, room=room
    )
    return render(
        request, "desk/audit.html", {"lines": lines, "more": more, "room": room, "rooms": selectors.ROOMS}
    )


@needs("promise.see")
@require_GET
def promise(request: Any) -> HttpResponse:
    """Nobody is missed, as of now; or who is."""
    community = _community(request, "promise.see")
    lines = selectors.promise_lines(request.at, community.pk)
    broken = [line for line in lines if not line.checked.holds]
    return render(
        request,
        "desk/promise.html",
        {"lines": lines, "broken": broken, "community": community, "now": request.at},
    )


@signed_in
@require_POST
def search(request: Any) -> HttpResponse:
    """Names, initials, phones, doors and numbers, within the scope; never in an address or a log."""
    text = typed(request.POST, "q")
    sources = search_sources if text else ()
    hits = [hit for source in sources for hit in source.search(request.scope, text, request.at)]
    return render(request, "desk/search.html", {"hits": hits[:40], "q": text})
