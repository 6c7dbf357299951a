"""What desk enters into core's registries: its pages and its lines of the navigation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shouwang.core.registry import NavEntry, Page, TodaySource, nav_entries, pages, today_sources
from shouwang.desk import selectors

nav_entries.add(NavEntry("desk.today", _("Today"), "desk:today", "sun", "today.see", order=10))
nav_entries.add(NavEntry("desk.wall", _("Building wall"), "desk:wall", "layout-grid", "wall.see", order=20))
nav_entries.add(
    NavEntry("desk.promise", _("Is nobody missed?"), "desk:promise", "shield-check", "promise.see", order=80)
)
nav_entries.add(
    NavEntry(
        "desk.record",
        _("Record of acts"),
        "desk:audit",
        "scroll-text",
        "audit.see",
        order=90,
        under="desk.promise",
    )
)
today_sources.add(TodaySource("desk.clock", selectors.clock_items, order=1))
pages.add(Page("people.household", "desk:household", capability="register.see"))
pages.add(Page("desk.household", "desk:household", capability="register.see"))
pages.add(Page("desk.own_copy", "desk:own_copy", _("Own copy"), "register.copy"))
pages.add(Page("desk.door", "desk:door", capability="register.see"))
pages.add(Page("desk.check", "desk:promise", capability="promise.see"))
pages.add(Page("desk.audit", "desk:audit", capability="audit.see"))
pages.add(Page("desk.today", "desk:today", capability="today.see"))
pages.add(Page("places.place", "desk:place", capability="place.see"))
pages.add(Page("places.wall", "desk:wall", capability="wall.see"))
