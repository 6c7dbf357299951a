"""What field enters into core's registries."""

from __future__ import annotations

from shouwang.core.registry import Page, pages

pages.add(Page("field.request", "field:request"))
pages.add(Page("field.my_work", "field:my_work"))
