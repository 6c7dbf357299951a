"""The pace of the tables, from when words arrived: bursts and rests say nothing, one table that is off changes little."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from shouwang.rounds.engines.pace import differs, pace_of


def steady(seconds: float, people: int, begins: float = 0.0) -> list[float]:
    return [begins + n * seconds for n in range(people)]


def test_a_steady_table_takes_what_it_takes() -> None:
    assert pace_of({"a": steady(27, 30)}, 60) == 27


def test_the_median_of_the_tables_counts() -> None:
    tables = {"a": steady(27, 30), "b": steady(30, 30), "c": steady(80, 12)}
    assert pace_of(tables, 27) == 30


def test_families_who_are_scanned_together_count_one_by_one() -> None:
    times = [81 * home + 4 * member for home in range(12) for member in range(3)]
    pace = pace_of({"a": times}, 27)
    assert pace is not None and abs(pace - 27) < 6


@given(st.integers(7, 200), st.floats(0, 2000))
def test_a_phone_that_sends_all_at_once_changes_nothing(words: int, when: float) -> None:
    known = steady(27, 40)
    assert pace_of({"a": known, "b": [when] * words}, 27) == 27
    pace = pace_of({"a": known + [1080 + when] * words + steady(27, 20, 1200 + when)}, 27)
    assert pace == 27


def test_a_rest_says_nothing() -> None:
    assert pace_of({"a": [*steady(27, 20), *steady(27, 20, 1500)]}, 27) == 27


def test_too_little_is_not_guessed_from() -> None:
    assert pace_of({"a": steady(27, 6), "b": []}, 27) is None
    assert pace_of({}, 27) is None


def test_noise_stays_within_what_is_noticed() -> None:
    dice = Random(7)
    at, times = 0.0, []
    for _person in range(40):
        at += dice.uniform(15, 39)
        times.append(at)
    pace = pace_of({"a": times}, 27)
    assert pace is not None and not differs(pace, 27)
    assert differs(32, 27) and differs(22, 27) and not differs(30, 27)
