"""The frame around every page: navigation by what one may do, who one is, what is going on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from shouwang.core.registry import ChipView, NavEntry, chips, nav_entries
from shouwang.places.states import Role


@dataclass(frozen=True)
class NavLine:
    """A line of the navigation as the base template shows it."""

    label: Any
    url: str
    icon: str
    count: int
    tone: str
    current: bool
    under: bool = False


def _line(entry: NavEntry, request: Any) -> NavLine | None:
    try:
        url = reverse(entry.url_name)
    except NoReverseMatch:
        return None
    count = entry.count(request.scope, request.at) if entry.count else 0
    return NavLine(entry.label, url, entry.icon, count, entry.tone, False)


def nav_lines(request: Any) -> list[NavLine]:
    """The lines this user may follow: each in order, and below it those that belong to it."""
    held = [entry for entry in nav_entries if request.scope.can(entry.capability)]
    codes = {entry.code for entry in held}
    first = [entry for entry in held if entry.under not in codes]
    lines = []
    for entry in first:
        below = [other for other in held if other.under == entry.code]
        found = [_line(one, request) for one in (entry, *below)]
        lines += [replace(line, under=number > 0) for number, line in enumerate(found) if line is not None]
    here = _nearest([line.url for line in lines], request.path)
    return [replace(line, current=line.url == here) for line in lines]


def _nearest(urls: list[str], path: str) -> str:
    """The address that the path lies deepest under: of /help/ and /help/directory/ only the second."""
    above = [url for url in urls if path == url or (path.startswith(url) and url.count("/") > 1)]
    best = max(above, key=len, default="")
    return "" if best == reverse("desk:today") and path != best else best


def who_is(request: Any) -> dict[str, str] | None:
    """Name and posts of who is signed in."""
    if not request.user.is_authenticated:
        return None
    held = dict.fromkeys((grant.said, grant.role) for grant in request.scope.grants if grant.said)
    first = [f"{place} · {Role(role).label}" for place, role in list(held)[:2]]
    return {"name": request.user.name, "place": _(", ").join(first)}


def chip_for(request: Any) -> ChipView | None:
    """The first chip that has something to say."""
    shown = (entry.chip(request.scope, request.at) for entry in chips)
    return next((view for view in shown if view is not None), None)


def page_frame(request: HttpRequest) -> dict[str, Any]:
    """What the base templates wait for; worked out only when a template asks."""
    if not hasattr(request, "scope"):
        return {"is_demo": settings.SHOUWANG_DEMO}
    signed_in = request.user.is_authenticated
    return {
        "nav_entries": SimpleLazyObject(lambda: nav_lines(request)),
        "who": SimpleLazyObject(lambda: who_is(request)) if signed_in else None,
        "incident_chip": SimpleLazyObject(lambda: chip_for(request)) if signed_in else None,
        "home_url": "/",
        "account_url": reverse("accounts:account") if signed_in else "",
        "counter_url": reverse("accounts:counter") if signed_in else "",
        "sign_out_url": reverse("accounts:sign_out") if signed_in else "",
        "search_url": reverse("desk:search") if signed_in and request.scope.can("register.see") else "",
        "language_url": reverse("set_language"),
        "is_demo": settings.SHOUWANG_DEMO,
    }
