"""Figures of the day, always within the scope."""

from __future__ import annotations

from datetime import datetime, timedelta

from shouwang.core.clock import local_day
from shouwang.core.scope import Scope
from shouwang.help.selectors.requests import requests_for
from shouwang.help.states import OPEN_STATES, UNTAKEN_STATES, RequestState, Urgency

ZONE = "Asia/Shanghai"


def open_life_count(scope: Scope) -> int:
    """Open requests with danger to life."""
    return (
        requests_for(scope)
        .filter(state__in=OPEN_STATES, urgency=Urgency.LIFE)
        .exclude(state=RequestState.DONE)
        .count()
    )


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
    opened = found.filter(state__in=OPEN_STATES).count()
    return closed, found.filter(state=RequestState.DONE).count(), closed + opened


def waiting_count(scope: Scope) -> int:
    """Open requests that nobody has taken on."""
    return requests_for(scope).filter(state__in=UNTAKEN_STATES).count()
