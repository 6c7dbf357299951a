"""The present, in one place, so that everything else can be given its time."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The present instant in UTC."""
    return datetime.now(UTC)


def local_day(at: datetime, zone: str) -> date:
    """The calendar day of `at` in the time zone named `zone`."""
    return at.astimezone(ZoneInfo(zone)).date()
