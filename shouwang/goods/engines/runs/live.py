"""A day replayed as it comes: nobody knows a load before it is released, carts that have left stay as they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from shouwang.goods.engines.runs.fixed import part_of
from shouwang.goods.engines.runs.instance import Instance
from shouwang.goods.engines.runs.replay import Orders, Walk, replay

# Plans an instance; is given the orders that stood before, in the instance's own places, without what has left since.
Planner = Callable[[Instance, Orders], Orders]


def live(instance: Instance, planner: Planner, planning_s: float = 1) -> list[list[Walk]]:
    """What is walked, per volunteer, when each release makes a new plan of all that waits.

    Planning takes `planning_s` of the day: until then the old plan goes on, and what it sends off has left; what the new
    plan sends off leaves after it. Nothing waits for what is not known yet.
    """
    left: list[list[Walk]] = [[] for _ in instance.volunteers]
    free = [who.from_s for who in instance.volunteers]
    plan: Orders = tuple(() for _ in instance.volunteers)
    for now in sorted({stop.release_s for stop in instance.stops}):
        begins = now + planning_s
        plan = _send_off(instance, plan, left, free, begins)
        free = [max(at, begins) for at in free]
        gone = {place for own in left for walk in own for place in walk.trip}
        waiting = [
            place
            for place, stop in enumerate(instance.stops, 1)
            if stop.release_s <= now and place not in gone
        ]
        part = part_of(instance, waiting, {who.id: free[n] for n, who in enumerate(instance.volunteers)})
        places = {old[0]: place for place, old in enumerate(part.places, 1)}
        stood = tuple(tuple(tuple(places[one] for one in trip) for trip in trips) for trips in plan)
        plan = part.whole(planner(part.instance, stood))
    _send_off(instance, plan, left, free, float("inf"))
    return left


def _send_off(
    instance: Instance, plan: Orders, left: list[list[Walk]], free: list[float], until: float
) -> Orders:
    """Moves what the plan starts before `until` to what has left; answers the rest of the plan."""
    volunteers = tuple(replace(who, from_s=at) for who, at in zip(instance.volunteers, free, strict=True))
    rest = []
    for n, walks in enumerate(replay(replace(instance, volunteers=volunteers), plan)):
        off = [walk for walk in walks if walk.start_s < until]
        left[n] += off
        if off:
            free[n] = off[-1].end_s
        rest.append(plan[n][len(off) :])
    return tuple(rest)
