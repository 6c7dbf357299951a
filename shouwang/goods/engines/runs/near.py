"""Doors so near to each other that a search may take them for one at first: a third fewer stops, found in less time."""

from __future__ import annotations

from shouwang.goods.engines.runs.fixed import Part, join
from shouwang.goods.engines.runs.instance import GATE, Instance
from shouwang.goods.engines.runs.replay import walk_trip

NEAR = 0.15  # there and back, of the way from the gate and back to it
PART_OF_A_CART = 1 / 3


def near_together(instance: Instance) -> Part:
    """The instance in which near stops with the same release and no due time are one, a third of a cart at most."""
    most = int(min(who.cart_grams for who in instance.volunteers) * PART_OF_A_CART)
    group_of: dict[int, tuple[int, ...]] = {place: (place,) for place in range(1, len(instance.stops) + 1)}
    for _seconds, one, other in sorted(_near_pairs(instance)):
        both = (*group_of[one], *group_of[other])
        if group_of[one] == group_of[other] or sum(instance.stop(place).grams for place in both) > most:
            continue
        joined = _walked(instance, both)
        for place in joined:
            group_of[place] = joined
    return join(instance, sorted(set(group_of.values())))


def _near_pairs(instance: Instance) -> list[tuple[float, int, int]]:
    """(seconds there and back, place, place)"""
    waves: dict[float, list[int]] = {}
    for place, stop in enumerate(instance.stops, 1):
        if stop.due_s is None and not stop.urgent and not stop.alone:
            waves.setdefault(stop.release_s, []).append(place)
    ways, found = instance.travel_s, []
    for places in waves.values():
        for n, one in enumerate(places):
            for other in places[n + 1 :]:
                seconds = ways[one][other] + ways[other][one]
                if seconds <= NEAR * (ways[GATE][one] + ways[other][GATE]):
                    found.append((seconds, one, other))
    return found


def _walked(instance: Instance, places: tuple[int, ...]) -> tuple[int, ...]:
    """The places from each of them to the nearest next one: the shortest of these ways."""
    ways = []
    for first in places:
        way, left = [first], set(places) - {first}
        while left:
            way.append(min(left, key=lambda place: (instance.travel_s[way[-1]][place], place)))
            left.discard(way[-1])
        ways.append(tuple(way))
    return min(ways, key=lambda way: (walk_trip(instance, way, 0).end_s, way))
