"""Addresses of pages of rooms above, by what they are about: the Python side of `{% page %}`."""

from __future__ import annotations

from typing import Any

from django.urls import NoReverseMatch, reverse

from shouwang.core.registry import Page, pages


def page_url(code: str, **about: Any) -> str:
    """The address of the page `code` about these ids; empty when no room draws it."""
    entry = pages.find(code)
    return address_of(entry, **about) if entry is not None else ""


def address_of(entry: Page, **about: Any) -> str:
    """The address of a registered page about these ids; empty when it can't be made of them."""
    try:
        return reverse(
            entry.url_name, kwargs={key: value for key, value in about.items() if value is not None}
        )
    except NoReverseMatch:
        return ""
