"""What people has for Today: doors nobody knows, care flags to decide, flags to look at again."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shouwang.core.clock import local_day
from shouwang.core.registry import TodayItem
from shouwang.core.scope import Scope
from shouwang.people.selectors.care import proposals_for, reviews_due
from shouwang.people.selectors.contradictions import open_contradictions
from shouwang.people.selectors.doors import unknown_doors

GAP, WAITING, WHEN_TIME = 2, 3, 4


def today_items(scope: Scope, at: datetime) -> list[TodayItem]:
    """One row for each kind of thing, with its number: the lists themselves are pages."""
    found = [_doors(scope), _proposals(scope), _contradictions(scope), _reviews(scope, at)]
    return [item for item in found if item is not None]


def _doors(scope: Scope) -> TodayItem | None:
    count = unknown_doors(scope, "register.edit").count() if scope.can("register.edit") else 0
    if not count:
        return None
    title = ngettext("%(count)s door is not known yet", "%(count)s doors are not known yet", count) % {
        "count": count
    }
    return TodayItem(
        "people.doors",
        "need",
        GAP,
        title,
        _("Nobody knows whether somebody lives there. Ask, or knock."),
        _("Look"),
        reverse("people:unknown_doors"),
    )


def _proposals(scope: Scope) -> TodayItem | None:
    rows = proposals_for(scope)
    count = rows.count()
    if not count:
        return None
    title = ngettext(
        "%(count)s care flag waits for a decision", "%(count)s care flags wait for a decision", count
    )
    return TodayItem(
        "people.proposals",
        "need",
        WAITING,
        title % {"count": count},
        _("Somebody noted it; nobody has taken it over yet."),
        _("Decide"),
        reverse("people:care_queue"),
    )


def _contradictions(scope: Scope) -> TodayItem | None:
    count = open_contradictions(scope).count() if scope.can("register.edit") else 0
    if not count:
        return None
    title = ngettext(
        "%(count)s field has two different words", "%(count)s fields have two different words", count
    )
    return TodayItem(
        "people.contradictions",
        "need",
        WAITING,
        title % {"count": count},
        _("Two wrote it and did not know of each other. Ask, then say which holds."),
        _("Decide"),
        reverse("people:contradictions"),
    )


def _reviews(scope: Scope, at: datetime) -> TodayItem | None:
    count = reviews_due(scope, local_day(at, settings.TIME_ZONE)).count()
    if not count:
        return None
    title = ngettext(
        "%(count)s care flag is to be looked at again",
        "%(count)s care flags are to be looked at again",
        count,
    )
    return TodayItem(
        "people.reviews",
        "calm",
        WHEN_TIME,
        title % {"count": count},
        _("Is it still so? Then it stays; else it ends."),
        _("Look"),
        reverse("people:care_queue"),
    )
