"""Every route declares who may enter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, include, path

from shouwang.core.access import public, signed_in
from tests.guards.reading import told


def all_routes(patterns: Iterable[Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """(route, view) of every route below, as written in the URL configuration."""
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from all_routes(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route, pattern.callback


def undeclared_routes(patterns: Iterable[Any]) -> list[str]:
    return [route for route, view in all_routes(patterns) if not is_declared(view)]


def is_declared(view: Any) -> bool:
    if operations := operations_of(view):
        return all(guarded(operation) for operation in operations)
    return bool(getattr(view, "access", ""))


def operations_of(view: Any) -> list[Any]:
    """The operations of a route of the API, which share one view; none for a page."""
    owner = getattr(view, "__self__", None) or getattr(view, "path_view", None)
    for cell in getattr(view, "__closure__", None) or ():
        owner = owner or (cell.cell_contents if hasattr(cell.cell_contents, "operations") else None)
    return list(getattr(owner, "operations", []))


def guarded(operation: Any) -> bool:
    """By a token or a declared reason to need none; cookies would open the API to forged requests."""
    return bool(operation.auth_callbacks) or bool(getattr(operation.view_func, "access", ""))


def test_every_route_declares_its_access() -> None:
    found = undeclared_routes(get_resolver().url_patterns)
    assert not found, told(found)


def test_an_open_door_is_noticed() -> None:
    def bare(request: Any) -> HttpResponse:
        return HttpResponse()

    routes = [
        path("open/", bare),
        path("said/", public("a page for everybody")(lambda request: HttpResponse())),
        path("in/", signed_in(lambda request: HttpResponse())),
        path("deep/", include([path("er/", bare)])),
    ]
    assert undeclared_routes(routes) == ["open/", "deep/er/"]


def test_an_open_door_of_the_api_is_noticed() -> None:
    from ninja import NinjaAPI
    from ninja.security import HttpBearer

    class Anybody(HttpBearer):
        def authenticate(self, request: Any, token: str) -> str:
            return token

    api = NinjaAPI(urls_namespace="guards", openapi_url=None, docs_url=None)

    @api.get("/open")
    def see(request: Any) -> int:
        return 1

    @api.get("/shut", auth=Anybody())
    def see_more(request: Any) -> int:
        return 2

    found = undeclared_routes([path("api/", api.urls)])
    assert "api/open" in found
    assert "api/shut" not in found
