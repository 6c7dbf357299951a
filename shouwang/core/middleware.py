"""What every request gets: where it comes from, its scope, its security headers, refusals as pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject

from shouwang.core import clock
from shouwang.core.actors import acting_from
from shouwang.core.errors import Refusal
from shouwang.core.scope import scope_for

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

Answer = Callable[[HttpRequest], HttpResponse]


class RequestMiddleware:
    """Sets `request.at`, `request.scope` (lazy) and the source of audit rows; adds headers to the answer."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        at: datetime = clock.now()
        request.at = at  # type: ignore[attr-defined]
        request.scope = SimpleLazyObject(lambda: scope_for(request.user, at))  # type: ignore[attr-defined]
        with acting_from("api" if request.path.startswith("/api/") else "web"):
            response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(self), geolocation=(), microphone=(self)")
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        if not isinstance(fault, Refusal) or request.path.startswith("/api/"):
            return None
        return refusal_page(request, fault)


def refusal_page(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The refusal in the user's words: on the page it came from for htmx, else as a page with a way back."""
    if request.headers.get("HX-Request"):
        messages.error(request, refusal.sentence())
        response = render(request, "ui/flash.html", {"refusal": refusal}, status=refusal.status)
        response.headers["HX-Retarget"] = "#flash"
        response.headers["HX-Reswap"] = "innerHTML"
        return response
    back = request.headers.get("Referer", "/")
    safe = back if back.startswith(f"{request.scheme}://{request.get_host()}/") else "/"
    return render(request, "ui/refused.html", {"refusal": refusal, "back": safe}, status=refusal.status)
