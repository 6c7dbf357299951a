"""Links upwards: a room links to what it is about, and whoever draws that page has entered it in the registry.

`{% load pages %}{% page "people.household" household_id=x as url %}{% if url %}...{% endif %}`
`{% can "help.dispatch" place as ok %}{% if ok %}...{% endif %}`
"""

from __future__ import annotations

from typing import Any

from django import template

from shouwang.core.links import address_of
from shouwang.core.registry import pages

register = template.Library()


@register.simple_tag(takes_context=True)
def page(context: template.Context, code: str, **about: Any) -> str:
    """The address of the page `code` about these ids; empty when nobody draws it or the reader may not see it."""
    entry = pages.find(code)
    if entry is None or not _may_open(context, entry.capability):
        return ""
    return address_of(entry, **about)


def _may_open(context: template.Context, capability: str) -> bool:
    scope = getattr(context.get("request"), "scope", None)
    return not capability or scope is None or scope.can(capability)


@register.simple_tag(takes_context=True)
def can(context: template.Context, capability: str, placed: Any = None) -> bool:
    """Whether the reader holds `capability` over this placed row, or anywhere when none is given."""
    scope = getattr(context.get("request"), "scope", None)
    if scope is None:
        return False
    return bool(scope.can(capability) if placed is None else scope.covers(capability, placed))
