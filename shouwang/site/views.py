"""Pages that belong to no room: the front door, health, language, and what goes wrong."""

from __future__ import annotations

import sys

from django.conf import settings
from django.db import connection
from django.db.utils import Error as DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.http import require_GET, require_POST

from shouwang.core import clock, due
from shouwang.core.access import public
from shouwang.core.addresses import is_loopback
from shouwang.core.errors import is_out_of_order
from shouwang.site import api

# Seconds after which it is worth asking again.
RETRY_AFTER = "30"


@public("leads to the page that fits who asks; shows nothing")
@require_GET
def front_door(request: HttpRequest) -> HttpResponse:
    """To Today for those who answer for places, to the counts for offices above, to My work for volunteers, to sign-in
    for the rest."""
    if not request.user.is_authenticated:
        trying = settings.SHOUWANG_DEMO and is_loopback(request)
        return redirect("accounts:demo" if trying else "accounts:sign_in")
    if request.scope.can("today.see"):  # type: ignore[attr-defined]
        return redirect("desk:today")
    if request.scope.can("counts.see"):  # type: ignore[attr-defined]
        return redirect("rounds:coverage")
    return redirect("field:my_work")


@public("says whether the machine is alive; shows no figures")
@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    """200 when database, clock and worker are alive, else 503 with which is not."""
    at = clock.now()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        alive = {"database": True, "clock": due.is_alive("clock", at), "worker": due.is_alive("worker", at)}
    except DatabaseError:
        alive = {"database": False, "clock": False, "worker": False}
    return JsonResponse(alive, status=200 if all(alive.values()) else 503)


@public("keeps the language one reads in a cookie")
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Remembers the language and goes back to where one was."""
    back = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure())
    response = HttpResponseRedirect(back if safe else "/")
    language = request.POST.get("language", "")
    if check_for_language(language) and language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language, max_age=365 * 24 * 3600, samesite="Lax", httponly=True
        )
    return response


def _wrong(request: HttpRequest, status: int) -> HttpResponse:
    return render(request, "ui/wrong.html", {"status": status}, status=status)


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return _wrong(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: also what a foreign object answers; for a program under an address that the API does not know, too."""
    if request.path.startswith("/api/"):
        return api.not_found(request, Http404())
    return _wrong(request, 404)


def broken(request: HttpRequest) -> HttpResponse:
    """500; 503 when it is the disk or the database: then for nobody in particular, if it cannot even be read."""
    status = 503 if is_out_of_order(sys.exc_info()[1]) else 500
    try:
        page = _wrong(request, status)
    except DatabaseError:
        page = HttpResponse(render_to_string("ui/wrong.html", {"status": status}), status=status)
    if status == 503:
        page.headers["Retry-After"] = RETRY_AFTER
    return page


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without its token: says to open the page anew."""
    return render(request, "ui/wrong.html", {"status": 403, "csrf": True}, status=403)
