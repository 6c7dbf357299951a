"""Delivery runs for 400 stops: how long planning takes, when the last one is back, who waits for medicine.

Not measured in turns: times of the plans' own afternoons are compared, which no busy machine slows. But what is found
within five seconds is less on a busy one.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from shouwang.goods.engines.runs.by_hand import BEST, USUAL, by_habit
from shouwang.goods.engines.runs.instance import Instance, read_instance
from shouwang.goods.engines.runs.instances import afternoon
from shouwang.goods.engines.runs.live import live
from shouwang.goods.engines.runs.plan import plan_orders
from shouwang.goods.engines.runs.replay import last_return, late_places, replay
from shouwang.goods.engines.runs.solver import ExtraMissing, load_solver
from shouwang.site.bench.timing import Measured, p95_of

ALL = 10
SECONDS, LONG, LIVE = 5.0, 60.0, 1.0
BY_HAND_AIM, LONG_AIM, LIVE_AIM, MOST_MS = 0.82, 1.03, 0.88, 10_000


@dataclass(frozen=True)
class Afternoon:
    """One instance: last returns in seconds, by way of planning; loads late; milliseconds that planning took."""

    by_hand: float
    best_habit: float
    soon: float
    long: float
    live: float
    late: int
    live_late: int
    took_ms: float
    by_hand_ms: float


def run_lines(afternoons: int, say: Callable[[str], object]) -> list[Measured]:
    """The figures of the first so many of ten made-up afternoons; none, and the reason said, without PyVRP."""
    try:
        load_solver()
    except ExtraMissing as fault:
        say(f"runs.plan.400: {fault}")
        return []
    found = []
    for seed in range(1, afternoons + 1):
        say(f"runs.*.400: afternoon {seed} of {afternoons}")
        found.append(_measure(read_instance(afternoon(seed))))
    return _lines(found)


def _measure(instance: Instance) -> Afternoon:
    began = time.perf_counter()
    usual = by_habit(instance, USUAL)
    by_hand = time.perf_counter()
    soon = replay(instance, plan_orders(instance, seconds=SECONDS))
    took = time.perf_counter()
    walked = live(instance, lambda part, before: plan_orders(part, seconds=LIVE, before=before), LIVE)
    return Afternoon(
        by_hand=last_return(replay(instance, usual)),
        best_habit=last_return(replay(instance, by_habit(instance, BEST))),
        soon=last_return(soon),
        long=last_return(replay(instance, plan_orders(instance, seconds=LONG))),
        live=last_return(walked),
        late=len(late_places(instance, soon)),
        live_late=len(late_places(instance, walked)),
        took_ms=(took - by_hand) * 1000,
        by_hand_ms=(by_hand - began) * 1000,
    )


def _lines(days: Sequence[Afternoon]) -> list[Measured]:
    of = f" ({len(days)} of {ALL} afternoons)"
    soon, by_hand = [day.soon for day in days], [day.by_hand for day in days]
    return [
        _line("runs.plan.400", "ms", [day.took_ms for day in days], [day.by_hand_ms for day in days], MOST_MS,
              "the runs as by hand" + of),
        _compared("runs.lasts.400", soon, by_hand, BY_HAND_AIM, "by hand, building by building" + of),
        _compared("runs.lasts.400.habit", soon, [day.best_habit for day in days], BY_HAND_AIM,
                  "the quickest of 48 habits by hand" + of),
        _compared("runs.lasts.400.long", soon, [day.long for day in days], LONG_AIM, "planned for 60 s" + of),
        _compared("runs.live.400", [day.live for day in days], by_hand, LIVE_AIM, "by hand, as goods come" + of),
        _line("runs.late.400", "late", [day.late for day in days], [day.live_late for day in days], 0,
              "the same as goods come" + of),
    ]  # fmt: skip


def _compared(code: str, ours: Sequence[float], beside: Sequence[float], most: float, what: str) -> Measured:
    """Minutes from the first release to the last return; the aim is a part of what stands beside."""
    aim = most * statistics.median(beside) / 60
    return _line(code, "min", [one / 60 for one in ours], [one / 60 for one in beside], aim, what)


def _line(
    code: str, unit: str, ours: Sequence[float], beside: Sequence[float], aim: float, what: str
) -> Measured:
    """`ratio` is the mean of the afternoons' own ratios."""
    ratios = [one / other for one, other in zip(ours, beside, strict=True) if other]
    return Measured(
        code=code,
        unit=unit,
        median=round(statistics.median(ours), 1),
        p95=round(p95_of(ours), 1),
        aim=round(aim, 1),
        beside=what,
        beside_median=round(statistics.median(beside), 1),
        ratio=round(statistics.mean(ratios), 3) if ratios else 0.0,
        queries=0,
    )
