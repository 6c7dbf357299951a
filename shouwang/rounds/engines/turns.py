"""When the turns of a round that comes again fall: every day at the same hours, by the clock on the wall."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MOST_A_DAY = 6
# Full-width digits and colons as a Chinese keyboard gives them; 点 as people write it.
_PLAIN = str.maketrans("０１２３４５６７８９：点", "0123456789::")
_HOUR = re.compile(r"(\d{1,2})(?::(\d{1,2})?)?")


def read_hours(text: str) -> tuple[str, ...] | None:
    """ "8:00 14:00" or "８点、14点" as ("08:00", "14:00"), in order and each once; empty for nothing said; None when it
    cannot be read, or says more than MOST_A_DAY."""
    found = []
    for word in re.split(r"[\s,，、;；和]+", text.translate(_PLAIN).strip()):
        if not word:
            continue
        match = _HOUR.fullmatch(word)
        hour, minute = (int(match[1]), int(match[2] or 0)) if match else (99, 99)
        if hour > 23 or minute > 59:
            return None
        found.append(f"{hour:02d}:{minute:02d}")
    hours = tuple(sorted(set(found)))
    return hours if len(hours) <= MOST_A_DAY else None


def next_turn(hours: Sequence[str], after: datetime, zone: str) -> tuple[datetime, int]:
    """The first turn later than `after`, and which of the day's it is (0 the first). A turn in an hour that the clock
    leaves out falls when that hour would have been."""
    here = after.astimezone(ZoneInfo(zone))
    for day in (here.date(), here.date() + timedelta(days=1)):
        for number, hour in enumerate(hours):
            at = _moment(day, hour, zone)
            if at > after:
                return at, number
    raise ValueError("no hours")


def last_turn(hours: Sequence[str], at: datetime, zone: str) -> tuple[datetime, int]:
    """The newest turn that is not later than `at`, and which of its day's it is: what was slept through is not made up for."""
    here = at.astimezone(ZoneInfo(zone))
    for day in (here.date(), here.date() - timedelta(days=1)):
        for number, hour in reversed(list(enumerate(hours))):
            moment = _moment(day, hour, zone)
            if moment <= at:
                return moment, number
    raise ValueError("no hours")


def _moment(day: date, hour: str, zone: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(hour), ZoneInfo(zone)).astimezone(ZoneInfo("UTC"))
