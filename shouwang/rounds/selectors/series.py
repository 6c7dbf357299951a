"""Rounds that come again: what is told of the turns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from shouwang.rounds.engines.turns import next_turn
from shouwang.rounds.models import Round, Series

TURNS_SHOWN = 14


@dataclass(frozen=True)
class SeriesTold:
    """A series, when its next turn falls (None: no more), and its other turns, newest first."""

    series: Series
    next_at: datetime | None
    turns: list[Round]


def series_told(round_: Round, at: datetime) -> SeriesTold | None:
    """What is told on the page of one of its rounds; None for a round that comes once."""
    if round_.series_id is None:
        return None
    series = Series.objects.select_related("began_by").get(pk=round_.series_id)
    goes_on = series.ended_at is None
    others = series.rounds.exclude(pk=round_.pk).order_by("-began_at")[:TURNS_SHOWN]
    return SeriesTold(
        series, next_turn(series.hours, at, settings.TIME_ZONE)[0] if goes_on else None, list(others)
    )
