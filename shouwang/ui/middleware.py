"""The reading mode (usual or elder) that a visitor chose: `?mode=elder` sets it, a cookie keeps it."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

MODES = ("usual", "elder")
COOKIE = "reading_mode"
YEAR = 365 * 24 * 3600


def reading_mode_of(request: HttpRequest) -> str:
    """'elder' or 'usual': what the address asks for, else what the cookie kept."""
    asked = request.GET.get("mode", "")
    kept = request.COOKIES.get(COOKIE, "")
    return next((mode for mode in (asked, kept) if mode in MODES), MODES[0])


def reading_mode(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Sets `request.reading_mode` and keeps the choice for a year."""

    def answer(request: HttpRequest) -> HttpResponse:
        request.reading_mode = reading_mode_of(request)  # type: ignore[attr-defined]
        response = get_response(request)
        if request.GET.get("mode") in MODES:
            response.set_cookie(
                COOKIE,
                request.reading_mode,  # type: ignore[attr-defined]
                max_age=YEAR,
                samesite="Lax",
                httponly=True,
                secure=request.is_secure(),
            )
        return response

    return answer
