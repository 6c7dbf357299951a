"""The address that counts: the proxy's word when there is one, never the browser's."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from shouwang.core.addresses import client_address, is_loopback


@pytest.mark.parametrize(
    ("https", "near", "forwarded", "counted"),
    [
        (False, "203.0.113.5", "198.51.100.1", "203.0.113.5"),
        (True, "127.0.0.1", "198.51.100.1", "198.51.100.1"),
        (True, "127.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        (True, "127.0.0.1", "", "127.0.0.1"),
        (True, "127.0.0.1", "not an address", "127.0.0.1"),
        (True, "203.0.113.5", "198.51.100.1", "203.0.113.5"),
    ],
)
def test_address_that_counts(settings, https: bool, near: str, forwarded: str, counted: str) -> None:
    settings.SHOUWANG_HTTPS = https
    request = RequestFactory().get("/", REMOTE_ADDR=near, HTTP_X_FORWARDED_FOR=forwarded)
    assert client_address(request) == counted


@pytest.mark.parametrize(
    ("near", "own"), [("127.0.0.1", True), ("::1", True), ("10.0.0.1", False), ("", False)]
)
def test_loopback(near: str, own: bool) -> None:
    assert is_loopback(RequestFactory().get("/", REMOTE_ADDR=near)) is own


def test_what_comes_through_a_proxy_is_not_from_this_machine() -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="10.0.0.1")
    assert not is_loopback(request)
