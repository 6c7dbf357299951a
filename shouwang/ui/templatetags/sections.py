"""Drawing a section that another room has registered."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag(takes_context=True)
def section(context: template.Context, shown: Any) -> SafeString:
    """One section with its own values, over the page's; they are reachable as `s` too."""
    drawn: Any = get_template(shown.template)
    with context.push(**shown.values, s=shown.values):
        return mark_safe(drawn.template.render(context))
