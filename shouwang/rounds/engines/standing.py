"""Who of those called is on the way, at the point or through by now, as far as anybody can tell.

Phones without a signal are silent, so what has arrived is the least that is done; the rest is what the tables do at
their pace. Whoever is expected through and of whom no word came has not come, or their word is still on a phone. When
all of a call are known to be through, the tables are set by that; unless the word is so late that a phone kept it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shouwang.rounds.engines.point import Out, Point
from shouwang.rounds.engines.tables import Tables

# A word that comes so much later than expected was kept by a phone, and says nothing of when somebody was sampled.
KEPT = 5 * 60
# So long after the last was expected to be through nobody is waited for any more.
PATIENCE = 15 * 60


@dataclass(frozen=True)
class Called:
    """Households that were called together. Seconds from one zero for all: `arrives` when they stand at the point,
    `last` when the latest word about one of them came. `settled`: of how many a word has come. `key` tells calls apart."""

    key: str
    building: str
    people: int
    settled: int
    arrives: float
    last: float | None = None


@dataclass(frozen=True)
class Whereabouts:
    """Of one call: `left` still to be sampled, `through` when the last is (expected to be) through."""

    call: Called
    left: int
    through: float

    def is_out(self, now: float, walk: float) -> bool:
        """Whether anybody of them is between leaving home and being home again."""
        return self.left > 0 or now < self.through + walk

    def is_over(self, now: float, walk: float) -> bool:
        """Whether this call is done with: all settled and home, or waited for long enough."""
        waited = 0 if self.call.settled >= self.call.people else PATIENCE
        return now >= self.through + walk + waited


@dataclass(frozen=True)
class Standing:
    """Everybody called, and how many of them wait (or are being sampled) and how many are on the way."""

    calls: tuple[Whereabouts, ...]
    waiting: int
    walking: int

    def out(self, now: float, walk: float) -> tuple[Out, ...]:
        """Those still out, as a plan that begins now takes them."""
        return tuple(
            Out(one.call.building, one.left, one.call.arrives - now, one.through - now)
            for one in self.calls
            if one.is_out(now, walk)
        )


def standing(called: Sequence[Called], *, tables: int, seconds: float, now: float) -> Standing:
    """Where those called are at `now`; `seconds` per person at one of the `tables`."""
    calls = sorted(called, key=lambda call: call.arrives)
    begins = calls[0].arrives if calls else now
    replay = Tables(Point((), frozenset(), tables, seconds, 0, 0, 0))
    found = []
    for call in calls:
        before = replay.at_the_point(now - begins)
        done = begins + replay.sample(call.people, call.arrives - begins)
        waits = replay.at_the_point(now - begins) - before if call.arrives <= now else call.people
        left = min(waits, call.people - call.settled)
        if call.settled >= call.people and call.last is not None and call.last <= done + KEPT:
            done = call.last
            replay.set_free(done - begins)
        found.append(Whereabouts(call, left, done))
    return Standing(
        calls=tuple(found),
        waiting=sum(one.left for one in found if one.call.arrives <= now),
        walking=sum(one.left for one in found if one.call.arrives > now),
    )
