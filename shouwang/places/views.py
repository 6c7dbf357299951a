"""Pages of places: filling and ending posts, the sheet for the door."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import segno
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouwang.core.access import needs
from shouwang.core.forms import CommandForm, press
from shouwang.core.links import page_url
from shouwang.core.registry import candidate_sources
from shouwang.places import selectors, services
from shouwang.places.forms import GlassForm, PostForm
from shouwang.places.models import Place
from shouwang.places.states import Level, Role


def usual_role(place: Place) -> str:
    """The post most often filled at a place of this level."""
    return {
        Level.STAIRWELL: Role.STAIRWELL_HEAD,
        Level.BUILDING: Role.BUILDING_HEAD,
        Level.GRID: Role.GRID_HEAD,
    }.get(Level(place.level), Role.CLERK).value


def known_at(place: Place) -> set[UUID]:
    """Ids of the users of the place's community: who holds or held a post in it, and who serves in it."""
    if place.community_id is None:
        return set()
    found = selectors.holders_in(place.community_id)
    return found.union(*(source.known(place.community_id) for source in candidate_sources))


@needs("post.fill")
@require_http_methods(["GET", "POST"])
def fill_post(request: Any, place_id: UUID) -> HttpResponse:
    """Suggests who is near, or takes anybody with an account."""
    place = selectors.place_for(request.scope, place_id, "post.fill")
    start = {"role": usual_role(place)}
    form = PostForm(request.POST or None, place=place, known=known_at(place), at=request.at, initial=start)
    if request.method == "POST" and form.apply(
        request, "places.appoint", lambda: _appoint(place, form, request), also={"place": place.pk}
    ):
        return redirect(page_url("places.place", place_id=place.pk) or "/")
    context = {"form": form, "place": place, "label": selectors.label_of(place), "role": usual_role(place)}
    context["candidates"] = [
        c for source in candidate_sources for c in source.candidates(place, request.scope, request.at)
    ]
    context["role_label"] = Role(usual_role(place)).label
    return render(request, "places/fill_post.html", context, status=form.status)


def _appoint(place: Place, form: PostForm, request: Any) -> dict[str, str]:
    names = ("role", "holder", "online_only", "order", "stands_in_for")
    values = {name: form.cleaned_data[name] for name in names}
    post = services.appoint(place=place, by=request.user, at=request.at, until_at=form.until_at(), **values)
    return {"post": str(post.pk)}


@needs("post.fill")
@require_POST
def end_post(request: Any, post_id: UUID) -> HttpResponse:
    """Ends a post; the gap this may open is told by itself."""
    post = selectors.post_for(request.scope, post_id)
    form = CommandForm(request.POST)
    form.apply(
        request,
        "places.end_post",
        lambda: {"post": str(services.end_post(post=post, by=request.user, at=request.at).pk)},
        also={"post": post.pk},
    )
    return redirect(page_url("places.place", place_id=post.place_id) or "/")


@needs("place.see")
@require_GET
def door_sheet(request: Any, place_id: UUID) -> HttpResponse:
    """The sheet that hangs at the stairwell door: its code, and who is in charge."""
    place = selectors.place_for(request.scope, place_id)
    address = settings.SHOUWANG_BASE_URL + page_url("portal.ask", door_code=place.door_code)
    drawing = segno.make(address, error="m").svg_inline(scale=8, border=2)
    context = {
        "label": selectors.label_of(place),
        "qr": mark_safe(drawing),  # noqa: S308  (drawn here from an address of our own)
        "address": address,
        "heads": selectors.holders_at(place, request.at, [Role.STAIRWELL_HEAD, Role.BUILDING_HEAD]),
    }
    return render(request, "places/door_sheet.html", context)


@needs("today.see")
@require_http_methods(["GET", "POST"])
def glass(request: Any) -> HttpResponse:
    """In an emergency: seeing a building that is not one's own; and who saw one's own."""
    choices = selectors.glass_places(request.scope)
    form = GlassForm(request.POST or None, places=choices)
    if request.method == "POST" and form.apply(request, "places.break_glass", lambda: _break(form, request)):
        return redirect(page_url("places.place", place_id=form.cleaned_data["place"].pk) or "places:glass")
    shown = {"form": form, "choices": choices, **selectors.glass_rows(request.scope, request.at)}
    return render(request, "places/glass.html", shown, status=form.status)


def _break(form: GlassForm, request: Any) -> dict[str, str]:
    said = {name: form.cleaned_data[name] for name in ("place", "reason", "minutes")}
    return {"glass": str(services.break_glass(by=request.user, at=request.at, **said).pk)}


@needs("today.see")
@require_POST
def end_glass(request: Any, glass_id: UUID) -> HttpResponse:
    """Not needed any more, before its time is over."""
    row = selectors.own_glass(request.scope, glass_id)

    def end() -> dict[str, str]:
        return {"glass": str(services.end_glass(glass=row, by=request.user, at=request.at).pk)}

    press(request, "places.end_glass", end, glass=glass_id)
    return redirect("places:glass")


@needs("today.see")
@require_POST
def see_glass(request: Any, glass_id: UUID) -> HttpResponse:
    """Whoever answers for the place has read of it."""
    row = selectors.glass_for(request.scope, glass_id)

    def see() -> dict[str, str]:
        return {"glass": str(services.mark_glass_seen(glass=row, by=request.user, at=request.at).pk)}

    press(request, "places.see_glass", see, glass=glass_id)
    return redirect("places:glass")
