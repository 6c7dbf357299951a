"""How long a person takes at a table, from when the words of the tables' phones arrived.

Only arrivals at the server count, never what a phone's clock said. A phone that was without a signal sends everything
at once: such a burst says nothing about the pace, and neither does the silence before it. Nor does a rest, when nobody
is there to be sampled. What five people in a row took is measured, since a family is scanned together and then sampled
one by one; the median of these is a table's pace, and the median of the tables the point's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from statistics import median
from typing import TypeVar

Table = TypeVar("Table")

IN_A_ROW = 5
# More than a family within a moment: a phone that had no signal.
TOGETHER = 6
MOMENT = 3.0
# A rest is longer than this, and than so many times what a person usually takes.
SHORTEST_REST = 90.0
REST = 4.0
# Fewer stretches than this and a table says nothing yet.
FEWEST = 3
# A plan is made anew when the pace differs by more than this.
NOTICED = 0.15


def pace_of(arrivals: Mapping[Table, Iterable[float]], usual: float) -> float | None:
    """Seconds per person at one table, or None when too little is known.

    `arrivals`: for each phone when its words came, in seconds; `usual`: what a person was thought to take.
    """
    tables = [
        pace for times in arrivals.values() if (pace := _pace_of_table(sorted(times), usual)) is not None
    ]
    return median(tables) if tables else None


def differs(measured: float, planned: float) -> bool:
    """Whether a pace is so far from the planned one that the plan no longer holds."""
    return abs(measured - planned) > NOTICED * planned


def _pace_of_table(times: Sequence[float], usual: float) -> float | None:
    stretches = [
        (run[n + IN_A_ROW] - run[n]) / IN_A_ROW
        for run in _runs(times, max(SHORTEST_REST, REST * usual))
        for n in range(len(run) - IN_A_ROW)
    ]
    return median(stretches) if len(stretches) >= FEWEST else None


def _runs(times: Sequence[float], rest: float) -> list[list[float]]:
    """The times during which a table worked without a rest; a burst ends one and is in none."""
    runs: list[list[float]] = [[]]
    for group in _groups(times):
        if len(group) > TOGETHER:
            runs.append([])
            continue
        if runs[-1] and group[0] - runs[-1][-1] > rest:
            runs.append([])
        runs[-1] += group
    return runs


def _groups(times: Sequence[float]) -> list[list[float]]:
    """Words that came within a moment of each other."""
    groups = [[time] for time in times[:1]]
    for before, time in pairwise(times):
        if time - before <= MOMENT:
            groups[-1].append(time)
        else:
            groups.append([time])
    return groups
