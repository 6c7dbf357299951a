"""What portal enters into core's registries: where residents ask and follow."""

from __future__ import annotations

from shouwang.core.registry import Page, pages

pages.add(Page("portal.ask", "portal:choose"))
pages.add(Page("portal.follow", "portal:follow"))
