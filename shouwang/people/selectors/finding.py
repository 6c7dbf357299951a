"""What a search shows of people: the door and the name, never a number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from shouwang.core.registry import Hit, pages
from shouwang.core.scope import Scope
from shouwang.people.selectors.search import search_people


def household_url(household_id: UUID) -> str:
    """The page of the household's file, wherever it is; '' when no room has entered one."""
    page = pages.find("people.household")
    try:
        return reverse(page.url_name, kwargs={"household_id": household_id}) if page else ""
    except NoReverseMatch:
        return ""


def hits_for(scope: Scope, text: str, at: datetime) -> Sequence[Hit]:
    """Households and people for the search on top of every page."""
    kind = str(_("household"))
    return [
        Hit(found.name or str(_("Nobody on file")), found.door, household_url(found.household_id), kind)
        for found in search_people(scope, text)
    ]
