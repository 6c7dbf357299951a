"""The second factor at the door and in one's account; the browsers in which one is signed in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import segno
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from shouwang.accounts.forms import CodeForm, EndSecondForm
from shouwang.accounts.middleware import SECOND
from shouwang.accounts.models import SecondFactor, User
from shouwang.accounts.selectors import active_user
from shouwang.accounts.services import devices, second, sessions
from shouwang.core.access import public, signed_in

PENDING = "comes_in"
MINUTES_TO_COME_IN = 10


def wait_at_door(request: Any, user: User, next_page: str) -> HttpResponse:
    """The password was right; nobody is signed in before the code is."""
    request.session.cycle_key()
    request.session[PENDING] = [str(user.pk), int(request.at.timestamp()), next_page]
    return redirect("accounts:second")


def _waiting(request: Any) -> tuple[User, str] | None:
    """Who stands at the door in this browser, and where to; nobody after ten minutes."""
    pk, since, next_page = request.session.get(PENDING) or ("", 0, "")
    if not pk or request.at.timestamp() - since > 60 * MINUTES_TO_COME_IN:
        return None
    user = active_user(pk)
    return (user, next_page) if user is not None else None


@public("the door's second half: only for a browser that has just given a right password")
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def at_door(request: Any) -> HttpResponse:
    """The code from the phone, or one from the paper."""
    waiting = _waiting(request)
    if waiting is None:
        return redirect("accounts:sign_in")
    user, next_page = waiting
    form = CodeForm(request.POST or None)
    way = form.tries(lambda: second.check_code(user=user, code=form.cleaned_data["code"], at=request.at))
    if way is None:
        return render(request, "accounts/second.html", {"form": form}, status=form.status)
    return _let_in(request, user, way, next_page)


def _let_in(request: Any, user: User, way: str, next_page: str) -> HttpResponse:
    from shouwang.accounts.views import let_in

    del request.session[PENDING]
    answer = let_in(request, user, "password and " + way, next_page)
    request.session[SECOND] = "yes"
    return answer


@signed_in
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def set_up(request: Any) -> HttpResponse:
    """A QR code for the phone; when a first code is right, the codes for paper, this once."""
    if second.factor_of(request.user) is not None:
        return redirect("accounts:account")
    factor = second.begin_factor(user=request.user, at=request.at)
    form = CodeForm(request.POST or None)
    papers = form.tries(
        lambda: second.confirm_factor(user=request.user, code=form.cleaned_data["code"], at=request.at)
    )
    if papers:
        request.session[SECOND] = "yes"
        return render(request, "accounts/second_papers.html", {"papers": papers})
    return render(request, "accounts/second_set.html", _to_scan(factor, form), status=form.status)


def _to_scan(factor: SecondFactor, form: CodeForm) -> dict[str, Any]:
    drawing = segno.make(second.address_of(factor), error="m").svg_inline(scale=5, border=2, light="#fff")
    return {
        "form": form,
        "secret": str(factor.secret),
        "qr": mark_safe(drawing),  # noqa: S308  (drawn here from an address of our own)
    }


@signed_in
@sensitive_post_parameters("code", "password")
@require_http_methods(["GET", "POST"])
def end(request: Any) -> HttpResponse:
    """Takes it away, with password and code; a post that asks for one asks for a new one at once."""
    if second.factor_of(request.user) is None:
        return redirect("accounts:account")
    form = EndSecondForm(request.POST or None)
    if form.tries(lambda: _end(request, form)):
        request.session.pop(SECOND, None)
        messages.success(request, _("The second factor is taken away."))
        return redirect("accounts:account")
    return render(request, "accounts/second_end.html", {"form": form}, status=form.status)


def _end(request: Any, form: EndSecondForm) -> bool:
    values = form.cleaned_data
    second.end_factor(
        user=request.user, by=request.user, code=values["code"], password=values["password"], at=request.at
    )
    return True


@signed_in
@require_POST
def end_session(request: Any, session_id: UUID) -> HttpResponse:
    """Signs one of one's other browsers out."""
    sessions.end_session(user=request.user, session_id=session_id, at=request.at)
    messages.success(request, _("That browser is signed out."))
    return redirect("accounts:account")


@signed_in
@require_POST
def end_device(request: Any, device_id: UUID) -> HttpResponse:
    """Ends one of one's own phones."""
    devices.end_device(user=request.user, device_id=device_id, at=request.at)
    messages.success(request, _("That phone is ended. Set the app up anew when it is found."))
    return redirect("accounts:account")


@signed_in
@require_POST
def end_other_sessions(request: Any) -> HttpResponse:
    """Signs all other browsers out."""
    ended = sessions.end_other_sessions(user=request.user, but=request.session.session_key, at=request.at)
    messages.success(request, _("%(n)s other browsers are signed out.") % {"n": ended})
    return redirect("accounts:account")
