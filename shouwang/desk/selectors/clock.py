"""What Today says of the computer's own clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shouwang.core import clock
from shouwang.core.links import page_url
from shouwang.core.registry import TodayItem
from shouwang.core.scope import Scope


def clock_items(scope: Scope, at: datetime) -> Sequence[TodayItem]:
    """That the computer's clock has jumped, for whoever sits before it, as long as nobody has put it right."""
    held = clock.held()
    if not held or not scope.can("today.see"):
        return []
    return [
        TodayItem(
            key="desk:clock",
            tone="danger",
            rank=1,
            title=(
                _("The computer's clock is %(long)s fast and is not followed")
                if held > timedelta()
                else _("The computer's clock is %(long)s slow and is not followed")
            )
            % {"long": how_long(abs(held))},
            small=_(
                "Set the clock right. If it is right now, the technician types: shouwang clock --accept-time"
            ),
            action=_("Look again"),
            url=page_url("desk.today"),
            since=at,
        )
    ]


def how_long(held: timedelta) -> str:
    """The largest unit alone: 3 minutes, 5 hours, 3,650 days."""
    if held >= timedelta(days=1):
        return ngettext("%(n)s day", "%(n)s days", held.days) % {"n": f"{held.days:,}"}
    minutes = held.seconds // 60
    if minutes >= 60:
        return ngettext("%(n)s hour", "%(n)s hours", minutes // 60) % {"n": minutes // 60}
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
