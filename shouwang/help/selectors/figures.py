"""Figures of the day, always within the scope."""

from __future__ import annotations

from datetime import datetime, timedelta

from shouwang.core.clock import local_day
from shouwang.core.scope import Scope
from shouwang.help.selectors.board import COUNTS, board_counts
from shouwang.help.selectors.requests import requests_for
from shouwang.help.states import UNTAKEN_STATES, RequestState

ZONE = "Asia/Shanghai"


def open_life_count(scope: Scope) -> int:
    """Open requests with danger to life."""
    return board_counts(scope, scope.at)["life"]


def closed_on_day(scope: Scope, at: datetime) -> tuple[int, int, int]:
    """(closed today, waiting for the resident, all that came or were open today)."""
    day = local_day(at, ZONE)
    found = requests_for(scope)
    closed = sum(
        closed_at is not None and local_day(closed_at, ZONE) == day
        for closed_at in found.filter(
            state=RequestState.CLOSED, closed_at__gte=at - timedelta(days=2)
        ).values_list("closed_at", flat=True)
    )
    counts = board_counts(scope, at)
    return closed, counts["done"], closed + counts["open"]


def waiting_count(scope: Scope) -> int:
    """Open requests that nobody has taken on."""
    counts = scope.known(COUNTS)
    if counts is not None:
        return int(counts["nobody"])
    return requests_for(scope).filter(state__in=UNTAKEN_STATES).select_related(None).count()
