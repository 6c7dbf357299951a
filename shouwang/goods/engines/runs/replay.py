"""What happens when runs are walked in a given order: the times, and whether every rule is kept. No solver here."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from shouwang.goods.engines.runs.instance import GATE, Id, Instance, kg

# Places (from 1) in the order in which they are walked: of a trip, of all trips of a volunteer, of all volunteers.
Trip = tuple[int, ...]
Orders = tuple[tuple[Trip, ...], ...]

SLACK = 1e-6
# A minute's more loading and walking is worth it when all doors together have theirs so many minutes sooner. Our own.
WORK = 3


@dataclass(frozen=True)
class Walk:
    """A trip with its times: loading begins at `start_s`; per place when somebody arrives and is done."""

    trip: Trip
    start_s: float
    arrive_s: tuple[float, ...]
    done_s: tuple[float, ...]
    end_s: float


def walk_trip(instance: Instance, trip: Sequence[int], free_s: float) -> Walk:
    """One trip as early as may be, by somebody who is at the gate from `free_s`."""
    start = max([free_s, *(instance.stop(place).release_s for place in trip)])
    now, here = start + instance.load_s, GATE
    arrive, done = [], []
    for place in trip:
        now += instance.travel_s[here][place]
        arrive.append(now)
        now += instance.stop(place).service_s
        done.append(now)
        here = place
    return Walk(tuple(trip), start, tuple(arrive), tuple(done), now + instance.travel_s[here][GATE])


def replay(instance: Instance, orders: Orders) -> list[list[Walk]]:
    """The times of every trip of every volunteer, each trip as early as may be, in the order given."""
    found = []
    for volunteer, trips in zip(instance.volunteers, orders, strict=True):
        walks: list[Walk] = []
        for trip in trips:
            walks.append(walk_trip(instance, trip, walks[-1].end_s if walks else volunteer.from_s))
        found.append(walks)
    return found


def last_return(walks: Iterable[Sequence[Walk]]) -> float:
    """When the last one is back at the gate; 0 where nobody goes."""
    return max((walk.end_s for own in walks for walk in own), default=0)


def late_places(instance: Instance, walks: Iterable[Sequence[Walk]]) -> list[int]:
    """The places at which somebody arrives after `due_s`."""
    return sorted(
        place
        for own in walks
        for walk in own
        for place, at in zip(walk.trip, walk.arrive_s, strict=True)
        if _is_late(instance.stop(place).due_s, at)
    )


def _is_late(due: float | None, at: float) -> bool:
    return due is not None and at > due + SLACK


def walking(instance: Instance, orders: Orders) -> float:
    """Seconds on the way in all trips."""
    total = 0.0
    for trips in orders:
        for trip in trips:
            way = (GATE, *trip, GATE)
            total += sum(instance.travel_s[a][b] for a, b in itertools.pairwise(way))
    return total


def left_out(instance: Instance, orders: Orders) -> list[int]:
    """The places that no trip reaches."""
    met = {place for trips in orders for trip in trips for place in trip}
    return [place for place in range(1, len(instance.stops) + 1) if place not in met]


def rank(instance: Instance, orders: Orders) -> tuple[float, ...]:
    """What is better comes first: nothing left out, fewer late, back sooner, less late, then at the doors sooner
    and less on the way."""
    walks = replay(instance, orders)
    late = late_places(instance, walks)
    over = sum(
        max(0, at - (instance.stop(place).due_s or 0))
        for own in walks
        for walk in own
        for place, at in zip(walk.trip, walk.arrive_s, strict=True)
        if place in late
    )
    waits = sum(
        at - instance.stop(place).release_s
        for own in walks
        for walk in own
        for place, at in zip(walk.trip, walk.arrive_s, strict=True)
    )
    work = walking(instance, orders) + instance.load_s * sum(map(len, orders))
    return len(left_out(instance, orders)), len(late), last_return(walks), over, waits + WORK * work


def as_plan(instance: Instance, orders: Orders) -> dict[str, Any]:
    """The plan in the shape of the `plan runs` contract, its times from the replay.

    Where hours, strength or who is kept apart leave a stop without anybody, `unplanned` lists it.
    """
    walks = replay(instance, orders)
    late = late_places(instance, walks)
    plan = {
        "volunteers": [
            {"id": who.id, "trips": [_as_trip(instance, walk) for walk in own]}
            for who, own in zip(instance.volunteers, walks, strict=True)
        ],
        "last_return_s": last_return(walks),
        "late": [instance.stop(place).id for place in late],
    }
    if instance.has_limits:
        plan["unplanned"] = [instance.stop(place).id for place in left_out(instance, orders)]
    return plan


def _as_trip(instance: Instance, walk: Walk) -> dict[str, Any]:
    return {
        "start_s": walk.start_s,
        "load_kg": kg(sum(instance.stop(place).grams for place in walk.trip)),
        "stops": [
            {"id": instance.stop(place).id, "arrive_s": at, "done_s": done}
            for place, at, done in zip(walk.trip, walk.arrive_s, walk.done_s, strict=True)
        ],
        "end_s": walk.end_s,
    }


def orders_of(instance: Instance, plan: dict[str, Any]) -> Orders:
    """The order of a plan in the contract's shape. KeyError for an id that the instance doesn't know."""
    places = {stop.id: place for place, stop in enumerate(instance.stops, 1)}
    trips = {row["id"]: row["trips"] for row in plan["volunteers"]}
    return tuple(
        tuple(tuple(places[stop["id"]] for stop in trip["stops"]) for trip in trips.get(who.id, ()))
        for who in instance.volunteers
    )


def faults(instance: Instance, plan: dict[str, Any]) -> list[str]:
    """Each rule of the contract that a plan breaks, as a sentence; empty for a sound plan. It trusts no figure in it."""
    found: list[str] = []
    places = {stop.id: place for place, stop in enumerate(instance.stops, 1)}
    numbers = {who.id: n for n, who in enumerate(instance.volunteers)}
    brought: Counter[Id] = Counter()
    ends: list[float] = []
    late: set[Id] = set()
    for row in plan["volunteers"]:
        if row["id"] not in numbers:
            found.append(f"nobody is called {row['id']!r}")
            continue
        free = instance.volunteers[numbers[row["id"]]].from_s
        for trip in row["trips"]:
            ids = [stop["id"] for stop in trip["stops"]]
            brought.update(ids)
            if not ids or any(one not in places for one in ids):
                found.append(f"a trip of {row['id']!r} is empty or holds an unknown stop")
                continue
            found += _trip_faults(instance, numbers[row["id"]], trip, [places[one] for one in ids], free)
            free = trip["end_s"]
            ends.append(free)
            late |= {
                stop["id"] for stop in trip["stops"]
                if _is_late(instance.stop(places[stop["id"]]).due_s, stop["arrive_s"])
            }  # fmt: skip
    found += [f"volunteer {who.id!r} is missing" for who in instance.volunteers
              if who.id not in {row["id"] for row in plan["volunteers"]}]  # fmt: skip
    unplanned = set(plan.get("unplanned", ()))
    for stop in instance.stops:
        if brought[stop.id] != (stop.id not in unplanned):
            found.append(f"stop {stop.id!r} is brought {brought[stop.id]} times")
    if abs(plan["last_return_s"] - max(ends, default=0)) > SLACK:
        found.append("last_return_s is not the last end")
    if set(plan["late"]) != late or len(plan["late"]) != len(late):
        found.append("late does not list what is late")
    return found


def _trip_faults(
    instance: Instance, who: int, trip: dict[str, Any], places: Sequence[int], free: float
) -> list[str]:
    volunteer = instance.volunteers[who]
    name = f"volunteer {volunteer.id!r}, trip from {trip['start_s']} s"
    load = sum(instance.stop(place).grams for place in places)
    rules = {
        "the cart is over its weight": load <= volunteer.cart_grams,
        "load_kg is not what it carries": abs(trip["load_kg"] * 1000 - load) <= 1,
        "starts before the volunteer is at the gate": trip["start_s"] >= free - SLACK,
        "starts before all that it carries is released": all(
            instance.stop(place).release_s <= trip["start_s"] + SLACK for place in places
        ),
        "ends after the volunteer's hours": volunteer.until_s is None
        or trip["end_s"] <= volunteer.until_s + SLACK,
        "brings what this volunteer may not bring": all(instance.may_bring(who, place) for place in places),
        "something rides along with a load that goes alone": len(places) == 1
        or not any(instance.stop(place).alone for place in places),
    }
    found = [f"{name}: {sentence}" for sentence, kept in rules.items() if not kept]
    return found + _way_faults(instance, trip, places, name)


def _way_faults(instance: Instance, trip: dict[str, Any], places: Sequence[int], name: str) -> list[str]:
    found = []
    now, here = trip["start_s"] + instance.load_s, GATE
    for place, stop in zip(places, trip["stops"], strict=True):
        now += instance.travel_s[here][place]
        if stop["arrive_s"] < now - SLACK:
            found.append(f"{name}: arrives at {stop['id']!r} sooner than one can walk")
        now = stop["arrive_s"] + instance.stop(place).service_s
        if stop["done_s"] < now - SLACK:
            found.append(f"{name}: is done at {stop['id']!r} sooner than it takes")
        now, here = stop["done_s"], place
    if trip["end_s"] < now + instance.travel_s[here][GATE] - SLACK:
        found.append(f"{name}: is back sooner than one can walk")
    return found
