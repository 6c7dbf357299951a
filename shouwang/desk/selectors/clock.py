"""What Today says of the computer's own clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from shouwang.core import clock
from shouwang.core.links import page_url
from shouwang.core.registry import TodayItem
from shouwang.core.scope import Scope
from shouwang.ui.times import minutes_words


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
            % {"long": minutes_words(int(abs(held).total_seconds() // 60))},
            small=_(
                "Set the clock right. If it is right now, the technician types: shouwang clock --accept-time"
            ),
            action=_("Look again"),
            url=page_url("desk.today"),
            since=at,
        )
    ]
