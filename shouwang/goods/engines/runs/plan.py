"""Delivery runs: no medicine late where that can be, then the last one back soonest, then the least on the way.

Runs made as by hand are where the solver begins; what it proposes counts only by its replay. So there is always a plan,
and it is never worse than by hand.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from typing import Any

from shouwang.goods.engines.runs.by_hand import Habit, by_habit
from shouwang.goods.engines.runs.fixed import Fixed, Part, with_fixed
from shouwang.goods.engines.runs.instance import Instance, read_instance
from shouwang.goods.engines.runs.near import near_together
from shouwang.goods.engines.runs.replay import (
    Orders,
    as_plan,
    late_places,
    left_out,
    rank,
    replay,
)
from shouwang.goods.engines.runs.solver import Budget, Solver, load_solver, waits_first
from shouwang.goods.engines.runs.spread import spread

SECONDS = 5.0
MOST_PLANNING = 3600
SEED = 1
SLICES = 10
ABOVE = 0.3  # where the target lies between the mean of all ends and the last of them
# Of many stops, the near ones are one stop for the first slices.
MANY = 60
ROUGH_SLICES = 7
# Begun from: the far buildings first is quickest, the others bring medicine sooner.
BEGINNINGS = (
    Habit("far", "nearest", 0.85, "on the way"),
    Habit("near", "nearest", 0.85, "on the way"),
    Habit("number", "nearest", 0.85, "first"),
)


def plan_runs(
    problem: Any,
    *,
    seconds: float = SECONDS,
    seed: int = SEED,
    iterations: int | None = None,
    fixed: Fixed | None = None,
) -> dict[str, Any]:
    """The plan in the shape of the `plan runs` contract. `problem`: the file's object, or an Instance.

    At most about `seconds` are spent; with `iterations` that many instead, and then the plan is the same everywhere.
    ValueError with one sentence that names the fault; ExtraMissing without PyVRP.
    """
    instance = problem if isinstance(problem, Instance) else read_instance(problem)
    return _plan(
        instance, fixed, lambda part: plan_orders(part, seconds=seconds, seed=seed, iterations=iterations)
    )


def plan_by_hand(problem: Any, *, fixed: Fixed | None = None) -> dict[str, Any]:
    """A plan in the same shape, within moments and without PyVRP: whoever is free next takes what waits."""
    instance = problem if isinstance(problem, Instance) else read_instance(problem)
    return _plan(instance, fixed, lambda part: spread(part, begin(part)))


def _plan(instance: Instance, fixed: Fixed | None, planner: Any) -> dict[str, Any]:
    part: Part = with_fixed(instance, fixed or Fixed())
    orders = part.whole(planner(part.instance))
    # The same stops, for those who are at the gate only when they are back.
    return as_plan(replace(instance, volunteers=part.instance.volunteers), orders)


def begin(instance: Instance, before: Orders | None = None) -> Orders:
    """The best of a few habits and of the orders that stood `before`, filled up with what they lack."""
    choices = [by_habit(instance, habit) for habit in BEGINNINGS]
    if before is not None and not left_out(instance, before):
        choices.append(before)
    return min(choices, key=lambda orders: rank(instance, orders))


def plan_orders(
    instance: Instance,
    *,
    seconds: float = SECONDS,
    seed: int = SEED,
    iterations: int | None = None,
    before: Orders | None = None,
) -> Orders:
    """The orders that the solver makes of those made by hand, shared out once more. ExtraMissing without PyVRP."""
    load_solver()
    return spread(instance, _searched(instance, seconds, seed, iterations, before))


def _searched(
    instance: Instance, seconds: float, seed: int, iterations: int | None, before: Orders | None
) -> Orders:
    clock = _Clock(seconds, iterations, len(instance.stops))
    start = begin(instance, before)
    if not any(start):
        return start
    if len(instance.stops) >= MANY and not instance.has_limits:
        part = near_together(instance)
        roughly = _Search(part.instance, clock, seed).improve(begin(part.instance), SLICES, ROUGH_SLICES)
        start = min((start, part.whole(roughly)), key=lambda orders: rank(instance, orders))
        return _Search(instance, clock, seed).improve(start, SLICES - ROUGH_SLICES)
    return _Search(instance, clock, seed).improve(start, SLICES)


class _Clock:
    """Deals out what is left to spend. Small instances are not searched longer than they are worth."""

    def __init__(self, seconds: float, iterations: int | None, stops: int) -> None:
        self.ends = math.inf if iterations is not None else time.monotonic() + seconds
        self.left = iterations if iterations is not None else SLICES * (1_000 + 300 * stops)

    def slice_of(self, parts: int) -> Budget:
        """One of so many equal parts of what is left."""
        taken = max(0, self.left // parts)
        self.left -= taken
        return Budget((self.ends - time.monotonic()) / parts, taken)

    @property
    def is_over(self) -> bool:
        return self.left <= 0 or time.monotonic() >= self.ends


@dataclass
class _Search:
    instance: Instance
    clock: _Clock
    seed: int

    def improve(self, start: Orders, parts: int, taken: int | None = None) -> Orders:
        """Tightens the target slice by slice: a little above where everybody would end at the same time.

        What is left of the clock is dealt out in `parts`, of which `taken` are spent here (None: all of them).
        """
        best = here = start
        solver: Solver | None = None
        for n in range(parts, parts - (taken or parts), -1):
            if self.clock.is_over:
                break
            if solver is None:
                solver, here = self._sound(start)
                best = min((best, here), key=lambda orders: rank(self.instance, orders))
            found = solver.better(here, self._target(here), self.clock.slice_of(n), self.seed + n)
            if found is None:
                continue
            here = found
            best = min((best, found), key=lambda orders: rank(self.instance, orders))
        return best

    def _target(self, orders: Orders) -> float:
        ends = [
            walks[-1].end_s if walks else who.from_s
            for who, walks in zip(self.instance.volunteers, replay(self.instance, orders), strict=True)
        ]
        mean = sum(ends) / len(ends)
        return mean + ABOVE * (max(ends) - mean)

    def _sound(self, start: Orders) -> tuple[Solver, Orders]:
        """A solver that holds everything to be in time, and orders that are; else what is late in `start` may be."""
        idle = waits_first(self.instance, start) or len(self.instance.stops) < 100
        optional = left_out(self.instance, start)
        late = late_places(self.instance, replay(self.instance, start))
        solver = Solver(self.instance, idle=idle, optional=optional)
        if not late:
            return solver, start
        found = solver.better(start, self._target(start), self.clock.slice_of(4), self.seed, first_sound=True)
        if found is not None:
            return solver, found
        arrive = {
            place: at
            for walks in replay(self.instance, start)
            for walk in walks
            for place, at in zip(walk.trip, walk.arrive_s, strict=True)
        }
        return Solver(
            self.instance, late={place: arrive[place] for place in late}, idle=idle, optional=optional
        ), start
