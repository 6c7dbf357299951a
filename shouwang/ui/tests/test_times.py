from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from shouwang.ui import times

NOW = datetime(2026, 2, 20, 1, 42, tzinfo=UTC)  # 09:42 in Shanghai, a Friday


@pytest.mark.parametrize(
    ("ago", "english", "chinese"),
    [
        (timedelta(0), "today 09:42", "今天 09:42"),
        (timedelta(hours=10), "yesterday 23:42", "昨天 23:42"),
        (timedelta(days=-1), "tomorrow 09:42", "明天 09:42"),
        (timedelta(days=3), "17 Feb 09:42", "2月17日 09:42"),
        (timedelta(days=365), "20 Feb 2025 09:42", "2025年2月20日 09:42"),
    ],
)
def test_a_time_is_absolute_and_local(
    ago: timedelta, english: str, chinese: str, compiled_words: None
) -> None:
    with translation.override("en"):
        assert times.when_words(NOW - ago, "auto", NOW) == english
    with translation.override("zh-hans"):
        assert times.when_words(NOW - ago, "auto", NOW) == chinese


@pytest.mark.parametrize(
    ("minutes", "words", "css"),
    [
        (38, "38 min", ""),
        (9, "9 min", "soon"),
        (130, "2 h 10 min", ""),
        (-12, "12 min over", "late"),
        (1560, "1 d 2 h", ""),
    ],
)
def test_what_is_left_is_said_and_never_breaks(minutes: int, words: str, css: str) -> None:
    with translation.override("en"):
        html = times.left_tag(NOW + timedelta(minutes=minutes), NOW)
    assert words.replace(" ", "\N{NO-BREAK SPACE}") in html
    assert (f'class="{css}"' in html) if css else ("class" not in html)


def test_a_second_over_is_over() -> None:
    with translation.override("en"):
        assert 'class="late"' in times.left_tag(NOW - timedelta(seconds=1), NOW)


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, "just now"), (12, "12 min ago"), (125, "2 h ago"), (3000, "2 d ago")]
)
def test_how_long_ago(minutes: int, words: str) -> None:
    with translation.override("en"):
        assert times.ago_words(NOW - timedelta(minutes=minutes), NOW) == words


def test_a_day_has_no_hour() -> None:
    with translation.override("en"):
        assert times.when_words(date(2026, 2, 19), "auto", NOW) == "yesterday"
        assert times.when_words(date(2026, 2, 15), "full", NOW) == "15 Feb"
    assert 'datetime="2026-02-19"' in times.time_tag(date(2026, 2, 19), "yesterday")
