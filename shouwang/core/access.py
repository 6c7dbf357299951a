"""Every route declares its access with one of these; a guard test fails for a view without."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

View = TypeVar("View", bound=Callable[..., Any])


def public(reason: str) -> Callable[[View], View]:
    """Open to everybody; `reason` says why that is right."""

    def declare(view: View) -> View:
        view.access = f"public: {reason}"  # type: ignore[attr-defined]
        return view

    return declare


def signed_in(view: View) -> View:
    """Open to whoever is signed in; the selectors inside scope what is seen."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), reverse("accounts:sign_in"))
        return view(request, *args, **kwargs)  # type: ignore[no-any-return]

    checked.access = "signed in"  # type: ignore[attr-defined]
    return checked  # type: ignore[return-value]


def signed_in_program(view: View) -> View:
    """As `signed_in`, for a program that can't follow to a sign-in page: it is answered 401."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return JsonResponse({"code": "not-signed-in"}, status=401)
        return view(request, *args, **kwargs)  # type: ignore[no-any-return]

    checked.access = "signed in"  # type: ignore[attr-defined]
    return checked  # type: ignore[return-value]


def needs(capability: str) -> Callable[[View], View]:
    """Open to whoever holds `capability` somewhere; for anybody else the page does not exist (404)."""

    def declare(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path(), reverse("accounts:sign_in"))
            if not request.scope.can(capability):  # type: ignore[attr-defined]
                raise Http404
            return view(request, *args, **kwargs)  # type: ignore[no-any-return]

        checked.access = f"needs {capability}"  # type: ignore[attr-defined]
        return checked  # type: ignore[return-value]

    return declare
