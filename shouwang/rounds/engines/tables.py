"""The tables of a point, replayed: who of those called waits, who is being sampled, who is home again."""

from __future__ import annotations

import heapq
from bisect import bisect_right, insort
from collections.abc import Sequence
from dataclasses import dataclass

from shouwang.rounds.engines.point import MINUTE, Household, Point


@dataclass(frozen=True)
class Slot:
    """Households of one building called together. `arrives`, `done`: seconds after the point opens; `arrives` is a whole
    minute, they leave home one walk before it; at `done` the last of them has been sampled."""

    building: str
    lane: str
    households: tuple[Household, ...]
    arrives: int
    done: float

    @property
    def people(self) -> int:
        return sum(home.people for home in self.households)


class Tables:
    """First come, first served at `point.tables` tables; each person takes `seconds_per_person`."""

    def __init__(self, point: Point) -> None:
        self.point = point
        self.slots: list[Slot] = []
        self._free = [0.0] * point.tables
        self._done: list[float] = []
        self._last_out: dict[str, float] = {}
        for out in sorted(point.out, key=lambda one: one.arrives):
            through = max(out.through, self.sample(out.people, out.arrives))
            self._last_out[out.building] = max(self._last_out.get(out.building, 0.0), through + point.walk)

    def at_the_point(self, when: float) -> int:
        """How many stand in the queue or at a table at `when`."""
        return len(self._done) - bisect_right(self._done, when)

    def next_chance(self, building: str, people: int) -> int:
        """The first whole minute at which so many of this building may arrive.

        Not before those who came last, not while the queue would be over its limit, and not while anybody of a
        building that must not be met is out: on the way here, here, or on the way back.
        """
        minute = self.slots[-1].arrives if self.slots else self.point.first
        for other, home_again in self._last_out.items():
            if self.point.must_not_meet(building, other):
                minute = max(minute, _whole_minute(home_again + self.point.walk))
        spare = self.point.queue_limit - people
        if len(self._done) > spare:
            minute = max(minute, _whole_minute(self._done[len(self._done) - spare - 1]))
        return minute

    def call(self, building: str, lane: str, households: Sequence[Household], minute: int) -> Slot:
        """Has these households arrive at `minute` (seconds, whole minutes) and answers their slot."""
        done = self.sample(sum(home.people for home in households), minute)
        slot = Slot(building, lane, tuple(households), minute, done)
        self.slots.append(slot)
        self._last_out[building] = max(self._last_out.get(building, 0.0), done + self.point.walk)
        return slot

    def sample(self, people: int, arrives: float) -> float:
        """Has so many people go through the tables, and answers when the last of them is done."""
        done = float(arrives)
        for _person in range(people):
            done = max(arrives, heapq.heappop(self._free)) + self.point.seconds_per_person
            heapq.heappush(self._free, done)
            insort(self._done, done)
        return done

    def set_free(self, when: float) -> None:
        """The last person so far is known to have been through at `when`: the tables came free around then."""
        apart = self.point.seconds_per_person / self.point.tables
        self._free = sorted(when - n * apart for n in range(self.point.tables))

    @property
    def ends(self) -> float:
        """When the last person called so far has been sampled, in seconds after the point opens."""
        return self._done[-1] if self._done else 0.0


def _whole_minute(seconds: float) -> int:
    """The next whole minute, in seconds; what is a whole minute stays."""
    return -(-int(-(-round(seconds, 6) // 1)) // MINUTE) * MINUTE
