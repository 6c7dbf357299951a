"""Pages, navigation, Today, the wall's lens, sections of the household file and of the place page."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from shouwang.core.registry import (
    Cell,
    FigureSource,
    Lens,
    NavEntry,
    Page,
    Section,
    TodaySource,
    figure_sources,
    household_actions,
    household_sections,
    lenses,
    nav_entries,
    pages,
    place_sections,
    today_sources,
)
from shouwang.core.scope import Scope
from shouwang.help.selectors.faces import (
    LENS_LOOKS,
    closed_figure,
    evening_items,
    household_section,
    life_figure,
    place_section,
    request_cells,
    ticket_items,
    today_items,
)
from shouwang.help.selectors.figures import waiting_count


def count_waiting(scope: Scope, at: datetime) -> int:
    """What the navigation shows beside 'Requests'."""
    return waiting_count(scope)


pages.add(Page("help.board", "help:board", _("Request board"), "help.see"))
pages.add(Page("help.request", "help:request", _("Request for help"), "help.see"))
pages.add(Page("help.new", "help:new", _("Request"), "help.take_in"))
pages.add(Page("help.paste", "help:paste", _("Paste a message"), "help.take_in"))
pages.add(Page("help.evening", "help:evening", _("The evening's count"), "help.sign_off"))
pages.add(Page("help.directory", "help:directory", _("Directory to ring"), "help.see"))
household_actions.add(Page("help.new", "help:new", _("Request"), "help.take_in"))
nav_entries.add(
    NavEntry("help", _("Request board"), "help:board", "life-buoy", "help.see", order=30, count=count_waiting)
)
pages.add(Page("help.ticket", "help:ticket", _("Hotline's ticket"), "help.tickets"))
nav_entries.add(
    NavEntry(
        "help.tickets", _("Hotline"), "help:tickets", "phone-incoming", "help.tickets", order=35, under="help"
    )
)
nav_entries.add(
    NavEntry("help.evening", _("Evening"), "help:evening", "moon", "help.sign_off", order=80, under="help")
)
nav_entries.add(
    NavEntry("help.directory", _("Directory"), "help:directory", "phone", "help.see", order=85, under="help")
)
lenses.add(
    Lens(
        "requests", _("Requests"), request_cells,
        legend=[Cell(tone, mark, words) for tone, mark, words in LENS_LOOKS.values()],
        capability="help.see", order=30,
    )
)  # fmt: skip
household_sections.add(
    Section("help.requests", _("Requests"), "help/section_household.html", household_section, order=30)
)
place_sections.add(
    Section("help.requests", _("Requests"), "help/section_place.html", place_section, order=30)
)
today_sources.add(TodaySource("help.requests", today_items, order=10))
today_sources.add(TodaySource("help.tickets", ticket_items, order=20))
today_sources.add(TodaySource("help.evening", evening_items, order=90))
figure_sources.add(FigureSource("help.life", life_figure, order=5))
figure_sources.add(FigureSource("help.closed", closed_figure, order=40))
