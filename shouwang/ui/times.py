"""Times and numbers in the words people use: absolute and local, with the relative beside it where it helps."""

from __future__ import annotations

from datetime import UTC, date, datetime

from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext

SOON_MINUTES = 15
STYLES = ("auto", "time", "date", "full")


def local(at: datetime) -> datetime:
    """`at` in the current time zone; a naive time is taken as local already."""
    return timezone.localtime(at) if timezone.is_aware(at) else at


def _day_words(at: date, today: date) -> str:
    days = (at - today).days
    near = {0: gettext("today"), -1: gettext("yesterday"), 1: gettext("tomorrow")}
    if days in near:
        return near[days]
    if at.year == today.year:
        return format_date(at, pgettext("date pattern: day and month", "j M"))
    return format_date(at, pgettext("date pattern: day, month, year", "j M Y"))


def date_words(at: date) -> str:
    """'Sun 20 Feb', '2月20日 周日'."""
    return format_date(at, pgettext("date pattern: weekday, day, month", "D j M"))


def when_words(at: date, style: str, now: datetime) -> str:
    """`at` in one of STYLES; auto says today, yesterday, tomorrow, else the date, then the time if it has one."""
    now = local(now)
    if not isinstance(at, datetime):
        return date_words(at) if style == "date" else _day_words(at, now.date())
    at = local(at)
    clock = f"{at:%H:%M}"
    if style == "time":
        return clock
    if style == "date":
        return date_words(at)
    if style == "full":
        return f"{date_words(at)} {clock}"
    return f"{_day_words(at.date(), now.date())} {clock}"


def minutes_words(minutes: int) -> str:
    """'38 min', '2 h 10 min', '3 d 4 h'; never a unit parted from its figure."""
    minutes = abs(int(minutes))
    if minutes < 60:
        words = gettext("%(n)s min") % {"n": minutes}
    elif minutes < 24 * 60:
        hours, rest = divmod(minutes, 60)
        words = gettext("%(n)s h") % {"n": hours}
        words += " " + gettext("%(n)s min") % {"n": rest} if rest else ""
    else:
        days, rest = divmod(minutes // 60, 24)
        words = gettext("%(n)s d") % {"n": days}
        words += " " + gettext("%(n)s h") % {"n": rest} if rest else ""
    return words.replace(" ", "\N{NO-BREAK SPACE}")


def whole_minutes(later: datetime, earlier: datetime) -> int:
    """Minutes from `earlier` to `later`, rounded down towards the past."""
    return int((later - earlier).total_seconds() // 60)


def _stamp(at: date) -> str:
    if not isinstance(at, datetime):
        return at.isoformat()
    return (at.astimezone(UTC) if timezone.is_aware(at) else at).isoformat(timespec="seconds")


def time_tag(at: date, words: str, css: str = "", title: str = "") -> SafeString:
    """A <time> element with the day, or the instant in UTC, for machines."""
    return format_html(
        '<time datetime="{}"{}{}>{}</time>',
        _stamp(at),
        format_html(' class="{}"', css) if css else "",
        format_html(' title="{}"', title) if title else "",
        words.replace(" ", "\N{NO-BREAK SPACE}"),
    )


def left_tag(due_at: datetime, now: datetime) -> SafeString:
    """What remains until `due_at`, or by how much it is over; the absolute time in the title."""
    minutes = whole_minutes(due_at, now)
    title = when_words(due_at, "auto", now)
    if minutes < 0:
        over = whole_minutes(now, due_at)
        words = gettext("%(time)s over") % {"time": minutes_words(over)} if over else gettext("just over")
        return time_tag(due_at, words, "late", title)
    return time_tag(due_at, minutes_words(minutes), "soon" if minutes < SOON_MINUTES else "", title)


def ago_words(at: datetime, now: datetime) -> str:
    """'just now', '12 min ago', '2 h ago', '3 d ago': the largest unit alone."""
    minutes = max(0, whole_minutes(now, at))
    if minutes < 1:
        return gettext("just now")
    if minutes < 60:
        return gettext("%(n)s min ago") % {"n": minutes}
    if minutes < 24 * 60:
        return gettext("%(n)s h ago") % {"n": minutes // 60}
    return gettext("%(n)s d ago") % {"n": minutes // (24 * 60)}
