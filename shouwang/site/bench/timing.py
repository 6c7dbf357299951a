"""Measuring two things in turns, so that whatever else the machine does slows both alike."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

Turn = Callable[[int], Any]
CLOCKS: dict[str, Callable[[], float]] = {"wall": time.perf_counter, "cpu": time.process_time}


@dataclass(frozen=True)
class Pair:
    """What is measured, and what beside it. Both are called with the number of the turn; `before` is not timed.

    `rows` is how many rows one turn handles: the figure is then rows a second instead of milliseconds.
    """

    code: str
    aim: float
    beside: str
    ours: Turn
    rival: Turn
    rows: int = 0
    rounds: int = 0
    before: Turn | None = None
    warm: bool = True
    rival_first: bool = False


@dataclass(frozen=True)
class Measured:
    """One line of bench.json. `ratio`: how many times as long as what it stands beside. `queries` of one turn."""

    code: str
    unit: str
    median: float
    p95: float
    aim: float
    beside: str
    beside_median: float
    ratio: float
    queries: int

    @property
    def reached(self) -> bool:
        """Whether the median is where it should be: rates at least, times at most."""
        return self.median >= self.aim if self.unit == "rows/s" else self.median <= self.aim


class Counted:
    """How many statements went to the database while it was open."""

    def __init__(self) -> None:
        self.statements = 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.statements += 1
        return execute(sql, params, many, context)


def p95_of(samples: Sequence[float]) -> float:
    """The 95th percentile by rank: the largest but one in twenty."""
    ordered = sorted(samples)
    return ordered[max(0, -(-len(ordered) * 95 // 100) - 1)]


def measure(pair: Pair, rounds: int, clock: str) -> Measured:
    """Runs both in turns, `rounds` times each; times by `clock` (one of CLOCKS)."""
    now = CLOCKS[clock]
    counted = Counted()
    ours: list[float] = []
    rival: list[float] = []
    total = pair.rounds or rounds
    gc.collect()  # what came before leaves nothing to clear up,
    gc.freeze()  # and what this program holds for measuring, and no server holds, is not looked through in between
    for turn in range(total + pair.warm):
        if pair.before is not None:
            pair.before(turn)
        beside = _time(pair.rival, turn, now) if pair.rival_first else 0.0
        counted.statements = 0
        with connection.execute_wrapper(counted):
            taken = _time(pair.ours, turn, now)
        beside = beside or _time(pair.rival, turn, now)
        if turn or not pair.warm:
            ours.append(taken)
            rival.append(beside)
    return _measured(pair, ours, rival, counted.statements)


def _time(work: Turn, turn: int, now: Callable[[], float]) -> float:
    began = now()
    work(turn)
    return now() - began


def _measured(pair: Pair, ours: Sequence[float], rival: Sequence[float], queries: int) -> Measured:
    median, beside = statistics.median(ours), statistics.median(rival)

    def said(seconds: float) -> float:
        shown = pair.rows / seconds if pair.rows else seconds * 1000
        return round(shown, 1 if shown >= 10 else 3)

    return Measured(
        code=pair.code,
        unit="rows/s" if pair.rows else "ms",
        median=said(median),
        p95=said(p95_of(ours)),
        aim=pair.aim,
        beside=pair.beside,
        beside_median=said(beside),
        ratio=round(median / beside, 2) if beside else 0.0,
        queries=queries,
    )
