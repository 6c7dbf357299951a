"""Calling 1,400 people in 24 buildings to a point: how long planning takes, and how long the morning lasts."""

from __future__ import annotations

from shouwang.rounds.engines.batches import (
    ExtraMissing,
    best_tables,
    calls_of,
    one_after_another,
    plan_batches,
    replay,
)
from shouwang.rounds.engines.mornings import morning
from shouwang.rounds.engines.point import MINUTE, read_point
from shouwang.site.bench.timing import Measured, Pair

MORNING = morning(1400, 24, seed=1400)


def batch_pairs() -> tuple[list[Pair], list[str]]:
    """The pair, and what could not be measured here."""
    point = read_point(MORNING)
    try:
        plan_batches(MORNING)
    except ExtraMissing as fault:
        return [], [f"batches.plan.1400: {fault}"]
    pair = Pair(
        "batches.plan.1400",
        aim=5000,
        beside="the same morning replayed in the order of the file",
        ours=lambda turn: plan_batches(MORNING),
        rival=lambda turn: replay(point, calls_of(point)),
        rounds=3,
    )
    return [pair], []


def morning_lasts() -> Measured:
    """Minutes from opening to the last person, beside calling one building after another. Aim: tables that never
    rest, and a tenth more. The same on every machine."""
    point = read_point(MORNING)
    ours, by_hand = best_tables(point).ends / MINUTE, one_after_another(point).ends / MINUTE
    return Measured(
        code="batches.lasts.1400",
        unit="min",
        median=round(ours, 1),
        p95=round(ours, 1),
        aim=round(1.1 * point.least_seconds / MINUTE, 1),
        beside="each building called when the one before has been sampled",
        beside_median=round(by_hand, 1),
        ratio=round(ours / by_hand, 2),
        queries=0,
    )
