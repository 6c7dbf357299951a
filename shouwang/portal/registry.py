"""What portal enters into core's registries: where residents ask, follow and show their code."""

from __future__ import annotations

from shouwang.core.registry import Page, pages

pages.add(Page("portal.ask", "portal:choose"))
pages.add(Page("portal.code", "portal:code"))
pages.add(Page("portal.follow", "portal:follow"))
