"""What every signed-in request passes: a second factor where a post asks for one, that the browser is still used, and
whether visitors can read the screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from shouwang.accounts.rules import sees_whole_community
from shouwang.accounts.services.sessions import note_seen

SECOND = "second"
COUNTER = "counter"
# What somebody without a second factor may still do: set it up, change the language, leave.
OPEN = ("accounts:second_set", "accounts:sign_out", "accounts:choose_language")
# Where nobody's session counts: tokens, files, and what phones bring, which says itself whose it is.
WITHOUT_SESSION = ("/api/", "/static/", "/field/phone/sync/")


def own_session(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Stands behind RequestMiddleware, whose scope and time it uses. Programs with tokens have no session, and
    a phone brings what it kept also when its user's sign-in asks for more."""

    def pass_on(request: Any) -> HttpResponse:
        if not request.path.startswith(WITHOUT_SESSION) and request.user.is_authenticated:
            if lacks_second_factor(request) and request.path not in map(reverse, OPEN):
                return redirect("accounts:second_set")
            note_seen(request)
            if request.session.get(COUNTER):
                whole = request.scope
                request.scope = SimpleLazyObject(whole.at_the_counter)
        return get_response(request)

    return pass_on


def lacks_second_factor(request: Any) -> bool:
    """Whether this browser came in by password alone though a post of its user sees a whole community."""
    if settings.SHOUWANG_SECOND_FACTOR != "required" or request.session.get(SECOND):
        return False
    return sees_whole_community(request.scope)
