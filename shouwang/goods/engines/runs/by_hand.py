"""Runs as they are made by hand: building by building, the cart filled each time, whoever is free next, medicine first.

Nobody looks ahead: only what is released when a cart leaves is known, so that the same orders stand beside a plan made
in advance and beside one made as goods come.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from shouwang.goods.engines.runs.instance import GATE, Instance
from shouwang.goods.engines.runs.replay import Orders, Trip, rank, walk_trip


@dataclass(frozen=True)
class Habit:
    """How somebody at the gate chooses. `first`: the building begun with, one of FIRST. `then`: the next building to
    fill up the cart. `full`: the part of the cart from which no other building is begun. `medicine`: straight there, or
    on the way where it still comes in time."""

    first: str = "number"
    then: str = "nearest"
    full: float = 0.85
    medicine: str = "first"


FIRST = ("number", "near", "far", "most")
HABITS = tuple(
    Habit(first, then, full, medicine)
    for first, then, full, medicine in product(
        FIRST, ("number", "nearest"), (0.7, 0.85, 1.0), ("first", "on the way")
    )
)


# As a careful person does it: in the order of the numbers, filled up from the nearest building until nothing fits.
# The quickest of ten made-up afternoons with the buildings in their order (docs/decisions); BEST of all 48 habits.
USUAL = Habit("number", "nearest", 1.0, "on the way")
BEST = Habit("far", "nearest", 0.85, "on the way")


def by_hand(instance: Instance) -> Orders:
    """The best of all habits: nobody by hand would try them all."""
    return min((by_habit(instance, habit) for habit in HABITS), key=lambda orders: rank(instance, orders))


def by_habit(instance: Instance, habit: Habit) -> Orders:
    """Whoever is free next takes what waits, until nothing is left that anybody may bring."""
    return _Gate(instance, habit).empty()


class _Gate:
    """What still lies at the gate, and who comes back when."""

    def __init__(self, instance: Instance, habit: Habit) -> None:
        self.instance, self.habit = instance, habit
        self.left = set(range(1, len(instance.stops) + 1))
        self.trips: list[list[Trip]] = [[] for _ in instance.volunteers]
        self.free = [(who.from_s, n) for n, who in enumerate(instance.volunteers)]
        heapq.heapify(self.free)

    def empty(self) -> Orders:
        while self.free and self.left:
            now, who = heapq.heappop(self.free)
            mine = [place for place in sorted(self.left) if self._possible(who, place, now)]
            if not mine:
                continue
            waiting = [place for place in mine if self.instance.stop(place).release_s <= now]
            if not waiting:
                soonest = min(self.instance.stop(place).release_s for place in mine)
                heapq.heappush(self.free, (soonest, who))
                continue
            trip = self._load(who, waiting, now)
            self.trips[who].append(trip)
            self.left -= set(trip)
            heapq.heappush(self.free, (walk_trip(self.instance, trip, now).end_s, who))
        return tuple(tuple(trips) for trips in self.trips)

    def _possible(self, who: int, place: int, now: float) -> bool:
        return self.instance.may_bring(who, place) and self._in_hours(who, (place,), now)

    def _in_hours(self, who: int, trip: Trip, now: float) -> bool:
        until = self.instance.volunteers[who].until_s
        return until is None or walk_trip(self.instance, trip, now).end_s <= until

    def _load(self, who: int, waiting: Sequence[int], now: float) -> Trip:
        """Fills the cart: medicine first, the one due soonest before the others, then building by building."""
        trip: Trip = ()
        room = cart = self.instance.volunteers[who].cart_grams
        urgent = sorted(
            (place for place in waiting if self._is_urgent(place)), key=lambda place: self._wanted_by(place)
        )
        for place in urgent:
            if self._fits(who, trip, place, room, now):
                trip, room = (*trip, place), room - self.instance.stop(place).grams
        hurried = trip
        if not any(self.instance.stop(place).alone for place in trip):
            for place in self._by_building([place for place in waiting if place not in urgent], trip, cart):
                if place < 0:  # a building is done
                    if room <= cart * (1 - self.habit.full):
                        break
                elif self._fits(who, trip, place, room, now):
                    trip, room = (*trip, place), room - self.instance.stop(place).grams
                    if self.instance.stop(place).alone:
                        break
        return self._on_the_way(trip, hurried, now) if self.habit.medicine == "on the way" else trip

    def _fits(self, who: int, trip: Trip, place: int, room: int, now: float) -> bool:
        stop = self.instance.stop(place)
        if stop.grams > room or (stop.alone and trip) or (trip and self.instance.stop(trip[-1]).alone):
            return False
        return self._in_hours(who, (*trip, place), now)

    def _by_building(self, places: Sequence[int], trip: Trip, cart: int) -> Iterator[int]:
        """The places in the order in which they are loaded and brought; -1 after each building."""
        buildings: dict[str, list[int]] = {}
        for place in places:
            buildings.setdefault(self.instance.stop(place).building or "", []).append(place)
        here = trip[-1] if trip else GATE
        first = True
        while buildings:
            name = self._first_of(buildings) if first else self._next_of(buildings, here)
            first = False
            for place in self._stairwells(buildings.pop(name), here):
                yield place
                here = place
            yield -1

    def _first_of(self, buildings: dict[str, list[int]]) -> str:
        habit, travel = self.habit.first, self.instance.travel_s[GATE]
        if habit == "near":
            return min(buildings, key=lambda name: min(travel[place] for place in buildings[name]))
        if habit == "far":
            return max(buildings, key=lambda name: min(travel[place] for place in buildings[name]))
        if habit == "most":
            return max(
                buildings, key=lambda name: sum(self.instance.stop(place).grams for place in buildings[name])
            )
        return min(buildings, key=_as_number)

    def _next_of(self, buildings: dict[str, list[int]], here: int) -> str:
        if self.habit.then == "number":
            return min(buildings, key=_as_number)
        travel = self.instance.travel_s[here]
        return min(buildings, key=lambda name: min(travel[place] for place in buildings[name]))

    def _stairwells(self, places: Iterable[int], here: int) -> Iterator[int]:
        """Always the nearest door; no stairwell is left before all is done in it."""
        left = set(places)
        while left:
            travel, where = self.instance.travel_s[here], self._stairwell(here)
            here = min(left, key=lambda place: (self._stairwell(place) != where, travel[place], place))
            left.discard(here)
            yield here

    def _stairwell(self, place: int) -> str | None:
        return None if place == GATE else self.instance.stop(place).stairwell

    def _is_urgent(self, place: int) -> bool:
        stop = self.instance.stop(place)
        return stop.urgent or stop.due_s is not None

    def _wanted_by(self, place: int) -> tuple[float, float, int]:
        stop = self.instance.stop(place)
        return (float("inf") if stop.due_s is None else stop.due_s, stop.release_s, place)

    def _on_the_way(self, trip: Trip, hurried: Trip, now: float) -> Trip:
        """Each medicine where it costs least steps among those places of the trip at which all still come in time."""
        best = tuple(place for place in trip if place not in hurried)
        for place in hurried:
            choices = [(*best[:n], place, *best[n:]) for n in range(len(best) + 1)]
            best = min(choices, key=lambda choice: self._cost(choice, now))
        return min((trip, best), key=lambda choice: self._cost(choice, now))

    def _cost(self, trip: Trip, now: float) -> tuple[int, float]:
        walk = walk_trip(self.instance, trip, now)
        late = sum(
            1 for place, at in zip(trip, walk.arrive_s, strict=True)
            if (due := self.instance.stop(place).due_s) is not None and at > due
        )  # fmt: skip
        return late, walk.end_s


def _as_number(name: str) -> tuple[int, str]:
    return (int(name), "") if name.isdecimal() else (1 << 30, name)
