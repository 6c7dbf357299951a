"""From which address a request comes."""

from __future__ import annotations

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def _is_own(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def is_loopback(request: HttpRequest) -> bool:
    """Whether it comes from this machine itself, not through a proxy on it."""
    return _is_own(request.META.get("REMOTE_ADDR", "")) and "HTTP_X_FORWARDED_FOR" not in request.META


def client_address(request: HttpRequest) -> str | None:
    """The address of the browser, by which tries at signing in are counted.

    Behind a proxy (SHOUWANG_HTTPS) on this machine it is the last one that the proxy wrote into
    X-Forwarded-For; anything before that is what the browser claims. Else that header is nothing.
    """
    near: str | None = request.META.get("REMOTE_ADDR") or None
    if not settings.SHOUWANG_HTTPS or not near or not _is_own(near):
        return near
    last = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")[-1].strip()
    try:
        return str(ip_address(last))
    except ValueError:
        return near
