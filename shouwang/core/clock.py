"""The present, in one place, so that everything else can be given its time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from shouwang.core.steady import Steady


@cache
def machine() -> Steady:
    """This machine's time, which all its processes share."""
    from django.conf import settings

    home = Path(settings.SHOUWANG_HOME)
    return Steady(home / "clock.json" if home.is_dir() else None)


def now() -> datetime:
    """The present instant in UTC. It never jumps: see `core.steady`."""
    return datetime.fromtimestamp(machine().now(), UTC)


def held() -> timedelta:
    """How far the computer's clock is from `now`, when it has jumped and nobody has put it right; else nothing."""
    machine().now()
    return timedelta(seconds=round(machine().held))


def accept() -> None:
    """The computer's clock is right as it is now."""
    machine().accept()


def local_day(at: datetime, zone: str) -> date:
    """The calendar day of `at` in the time zone named `zone`."""
    return at.astimezone(ZoneInfo(zone)).date()
