"""Signing in and out, and what is one's own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouwang.accounts import selectors, services
from shouwang.accounts.forms import LanguageForm, PasswordForm, SignInForm, TokenForm
from shouwang.accounts.middleware import COUNTER
from shouwang.accounts.rules import demo_role
from shouwang.accounts.services.known import remember_name
from shouwang.accounts.services.second import factor_of
from shouwang.accounts.services.sessions import keep_session, moved_session, sessions_of
from shouwang.accounts.views import second
from shouwang.core.access import public, signed_in
from shouwang.core.addresses import is_loopback

PASSWORD_BACKEND = "django.contrib.auth.backends.ModelBackend"


@public("the door: whoever has an account comes in here")
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Name and password; too many wrong ones lock the pair of account and address for a quarter of an hour."""
    form = SignInForm(request, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = form.get_user()
        if factor_of(user) is not None:
            return second.wait_at_door(
                request, user, _safe_next(request, resolve_url(settings.LOGIN_REDIRECT_URL))
            )
        return _enter(request, user, "password")
    values = {
        "form": form,
        "next": _safe_next(request, ""),
        "demo": settings.SHOUWANG_DEMO and is_loopback(request),
    }
    return render(request, "accounts/sign_in.html", values, status=422 if form.is_bound else 200)


def _enter(request: HttpRequest, user: Any, way: str) -> HttpResponse:
    return let_in(request, user, way, _safe_next(request, resolve_url(settings.LOGIN_REDIRECT_URL)))


def let_in(request: Any, user: Any, way: str, next_page: str) -> HttpResponse:
    """Signs in, with all that belongs to it: the record, the list of browsers, the language."""
    login(request, user, backend=PASSWORD_BACKEND)
    services.record_sign_in(user=user, at=request.at, way=way)
    keep_session(request, user)
    return remember_name(request, _with_language(redirect(next_page), user.language), user.username)


def _safe_next(request: HttpRequest, otherwise: str) -> str:
    wished = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wished, {request.get_host()}, request.is_secure())
    return wished if wished and safe else otherwise


def _with_language(response: HttpResponse, language: str) -> HttpResponse:
    if language:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language, max_age=365 * 24 * 3600, samesite="Lax", httponly=True
        )
    return response


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """What somebody sees who tried too often: that it is over in a quarter of an hour, and whom to ask."""
    services.record_lockout(username=(credentials or {}).get("username") or "", at=request.at)  # type: ignore[attr-defined]
    return render(request, "accounts/locked_out.html", status=429)


@public("leaves; whoever is not signed in stands at the door already")
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Leaves, and says so."""
    if request.user.is_authenticated:
        services.record_sign_out(user=request.user, at=request.at)  # type: ignore[attr-defined]
    logout(request)
    messages.success(request, _("You are signed out."))
    return redirect("accounts:sign_in")


@signed_in
@require_POST
def set_counter(request: HttpRequest) -> HttpResponse:
    """Visitors can read the screen, or can't any more: for this browser, until it signs out."""
    if request.POST.get("on"):
        request.session[COUNTER] = True
    else:
        request.session.pop(COUNTER, None)
    return redirect(_safe_next(request, resolve_url(settings.LOGIN_REDIRECT_URL)))


@signed_in
@require_GET
def account(request: HttpRequest) -> HttpResponse:
    """Name, language, password and tokens: what is one's own."""
    return _account_page(request)


def _account_page(request: HttpRequest, secret: str = "", **forms: Any) -> HttpResponse:
    user: Any = request.user
    values = {
        "tokens": selectors.tokens_of(user, request.at),  # type: ignore[attr-defined]
        "token_form": TokenForm(),
        "language_form": LanguageForm(initial={"language": user.language}),
        "secret": secret,
        "factor": factor_of(user),
        "sessions": sessions_of(user, request.at),  # type: ignore[attr-defined]
        "devices": selectors.devices_of(user),
        "session_key": request.session.session_key,
    } | forms
    status = max((form.status for form in forms.values()), default=200)
    return render(request, "accounts/account.html", values, status=status)


@signed_in
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keeps the language with the account, and in this browser."""
    form = LanguageForm(request.POST)
    user, at = request.user, request.at  # type: ignore[attr-defined]

    def do() -> None:
        services.choose_language(user=user, language=form.cleaned_data["language"], by=user, at=at)  # type: ignore[arg-type]

    if form.apply(request, "accounts.choose_language", do) is None:
        return _account_page(request, language_form=form)
    messages.success(request, _("The language is kept."))
    return _with_language(redirect("accounts:account"), form.cleaned_data["language"])


@signed_in
@sensitive_post_parameters("old", "password")
@require_http_methods(["GET", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """A new password; every other browser is signed out by it."""
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.apply(
        request, "accounts.change_password", lambda: _change(request, form)
    ):
        messages.success(request, _("The password is changed. Other browsers are signed out."))
        return redirect("accounts:account")
    return render(request, "accounts/password.html", {"form": form}, status=form.status)


def _change(request: HttpRequest, form: PasswordForm) -> None:
    user: Any = request.user
    values = form.cleaned_data
    at = request.at  # type: ignore[attr-defined]
    changed = services.change_password(
        user=user, old=values["old"], password=values["password"], by=user, at=at
    )
    before = request.session.session_key
    update_session_auth_hash(request, changed)
    moved_session(request, before)


@signed_in
@require_POST
def make_token(request: HttpRequest) -> HttpResponse:
    """Makes a token and shows its secret, this once; the receipt keeps only that it was made."""
    form = TokenForm(request.POST)
    shown: list[str] = []
    if form.apply(request, "accounts.make_token", lambda: _make_token(request, form, shown)) is None:
        return _account_page(request, token_form=form)
    if not shown:
        messages.info(request, _("This token was made already; its secret is shown only once."))
        return redirect("accounts:account")
    return _account_page(request, secret=shown[0])


def _make_token(request: HttpRequest, form: TokenForm, shown: list[str]) -> str:
    user: Any = request.user
    values = form.cleaned_data
    at = request.at  # type: ignore[attr-defined]
    token, secret = services.create_token(
        name=values["name"], user=user, reach=values["reach"], by=user, at=at
    )
    shown.append(secret)
    return str(token.pk)


@signed_in
@require_POST
def end_token(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """Ends one of one's own tokens."""
    user: Any = request.user
    at = request.at  # type: ignore[attr-defined]
    services.end_token(token=selectors.token_of(user, token_id, at), by=user, at=at)
    messages.success(request, _("The token is ended."))
    return redirect("accounts:account")


def _only_in_demo(request: HttpRequest) -> None:
    if not settings.SHOUWANG_DEMO or not is_loopback(request):
        raise Http404


@public("the demo's made-up people; only in demo mode and only from this machine")
@require_GET
def demo(request: HttpRequest) -> HttpResponse:
    """Who can be tried in the demo, with what there is to see."""
    _only_in_demo(request)
    return render(request, "accounts/demo.html", {"people": selectors.demo_people()})


@public("the demo's made-up people; only in demo mode and only from this machine")
@require_http_methods(["GET", "POST"])
def demo_sign_in(request: HttpRequest, role: str) -> HttpResponse:
    """By POST, or by the signed link that the demo prints, one click; without the key a page with the button."""
    _only_in_demo(request)
    user = selectors.demo_person(role)
    if request.method == "POST" or selectors.is_demo_key(role, request.GET.get("key", "")):
        return _enter(request, user, "demo")
    return render(request, "accounts/demo.html", {"people": [(demo_role(role), user)]})
