"""Trips shared out once more: whoever is last hands a trip, or the end of one, to whoever is free sooner.

The solver counts a route from its fixed start, so where goods come late and few it leaves people at the gate while one
makes all the way. These few moves, tried in plain order, mend that; each counts only when `rank` says that it is better.
"""

from __future__ import annotations

from collections.abc import Iterator

from shouwang.goods.engines.runs.instance import Instance
from shouwang.goods.engines.runs.replay import SLACK, Orders, Trip, rank, replay

# Stops replayed in all tries together: within a second in plain Python, and the same on every machine.
MOST_REPLAYED = 120_000


def spread(instance: Instance, orders: Orders, most: int = MOST_REPLAYED) -> Orders:
    """Orders in which no such move is better any more, or the best after so many stops were replayed."""
    best, score = orders, rank(instance, orders)
    left = most // max(1, len(instance.stops))
    found = True
    while found and left > 0:
        found = False
        for other in _moves(instance, best):
            left -= 1
            if left <= 0:
                break
            if _keeps_hours(instance, other) and (after := rank(instance, other)) < score:
                best, score, found = other, after, True
                break
    return best


def _moves(instance: Instance, orders: Orders) -> Iterator[Orders]:
    """Every handing over of a trip or of its end, the trips that end last first; the giver's own gaps too."""
    walks = replay(instance, orders)
    trips = [(own[n].end_s, who, n) for who, own in enumerate(walks) for n in range(len(own))]
    for _, giver, number in sorted(trips, key=lambda row: (-row[0], row[1:])):
        trip = orders[giver][number]
        for cut in range(len(trip)):
            kept, given = trip[:cut], trip[cut:]
            for taker in range(len(orders)):
                if cut == 0 and taker == giver:
                    continue
                if _may_take(instance, taker, given):
                    yield from _placed(orders, giver, number, taker, kept, given)


def _may_take(instance: Instance, taker: int, trip: Trip) -> bool:
    load = sum(instance.stop(place).grams for place in trip)
    return load <= instance.volunteers[taker].cart_grams and all(
        instance.may_bring(taker, place) for place in trip
    )


def _placed(orders: Orders, giver: int, number: int, taker: int, kept: Trip, given: Trip) -> Iterator[Orders]:
    """The orders after it, for each place among the taker's trips."""
    rest = list(orders[giver])
    rest[number : number + 1] = [kept] if kept else []
    own = rest if taker == giver else list(orders[taker])
    for place in range(len(own) + 1):
        found = list(orders)
        found[giver] = tuple(rest)
        found[taker] = (*own[:place], given, *own[place:])
        yield tuple(found)


def _keeps_hours(instance: Instance, orders: Orders) -> bool:
    """Whether everybody is back within their hours."""
    return all(
        who.until_s is None or not own or own[-1].end_s <= who.until_s + SLACK
        for who, own in zip(instance.volunteers, replay(instance, orders), strict=True)
    )
