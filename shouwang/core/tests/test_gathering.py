"""What many threads want at once is done together, each with its own result, and nobody waits for company."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from shouwang.core.gathering import Gatherer


def test_whoever_comes_alone_works_at_once() -> None:
    turns: list[int] = []

    def work(items: Sequence[int]) -> list[int]:
        turns.append(len(items))
        return [item * 2 for item in items]

    gatherer = Gatherer(work, 10)
    assert [gatherer.do(n) for n in range(3)] == [0, 2, 4]
    assert turns == [1, 1, 1]


def test_who_comes_meanwhile_goes_together_and_gets_the_own_result() -> None:
    turns: list[int] = []
    begun, go_on = threading.Event(), threading.Event()

    def work(items: Sequence[int]) -> list[int]:
        turns.append(len(items))
        begun.set()
        go_on.wait(10)
        return [item * 2 for item in items]

    gatherer = Gatherer(work, 8)
    with ThreadPoolExecutor(30) as pool:
        first = pool.submit(gatherer.do, 0)
        begun.wait(10)
        others = [pool.submit(gatherer.do, n) for n in range(1, 21)]
        while len(gatherer._waiting) < 20:
            pass
        go_on.set()
        assert [first.result(10), *(other.result(10) for other in others)] == [2 * n for n in range(21)]
    assert turns == [1, 8, 8, 4]


def test_a_fault_is_told_to_all_of_that_turn_and_the_next_goes_on() -> None:
    def work(items: Sequence[int]) -> list[int]:
        if 13 in items:
            raise ValueError("13")
        return list(items)

    gatherer = Gatherer(work, 1)
    with ThreadPoolExecutor(8) as pool:
        answers = [pool.submit(gatherer.do, n) for n in range(10, 20)]
        for number, answer in zip(range(10, 20), answers, strict=True):
            if number == 13:
                with pytest.raises(ValueError, match="13"):
                    answer.result(10)
            else:
                assert answer.result(10) == number


def test_ten_thousand_from_many_threads() -> None:
    gatherer = Gatherer(lambda items: [item + 1 for item in items], 50)
    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(gatherer.do, range(10_000))) == list(range(1, 10_001))
