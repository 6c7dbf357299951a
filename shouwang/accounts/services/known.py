"""Which sign-in names a browser has come in by before: it keeps its way in while strangers guess at them elsewhere."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpResponse

from shouwang.core.sealing import keyed_hash

COOKIE = "known"
SALT = "shouwang known browser"
LIVES = timedelta(days=180)
# A shared computer at the desk: so many people, the last ones count.
MOST = 12


def known_names(request: Any) -> list[str]:
    """Keyed hashes of the names that came in here; empty when the cookie is not ours or too old."""
    try:
        return list(signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LIVES))
    except signing.BadSignature:
        return []


def remember_name(request: Any, response: HttpResponse, username: str) -> HttpResponse:
    """Adds a name to the browser's cookie."""
    mine = keyed_hash(SALT, username)
    names = [mine, *(name for name in known_names(request) if name != mine)][:MOST]
    response.set_cookie(
        COOKIE, signing.dumps(names, salt=SALT), max_age=LIVES, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE, path="/accounts/",
    )  # fmt: skip
    return response


def lockout_parameters(request: Any, credentials: dict[str, Any] | None = None) -> list[str | list[str]]:
    """By what ten wrong tries are counted: by the name alone, from wherever they come; for a browser that came in by
    this name before, by name and address, so that guessing elsewhere does not keep its owner out."""
    name = (credentials or {}).get("username") or ""
    cookies = getattr(request, "COOKIES", None)
    if name and cookies and keyed_hash(SALT, name) in known_names(request):
        return [["username", "ip_address"]]
    return ["username"]
