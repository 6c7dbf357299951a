"""Why a plan is as it is: stable codes with numbers, which a page puts into words."""

from __future__ import annotations

from typing import Any

from shouwang.goods.engines.runs.instance import GATE, Id, Instance, kg
from shouwang.goods.engines.runs.replay import Trip, Walk, orders_of, replay

Reason = dict[str, Any]

FULL = 0.9
CODES = frozenset({
    "leaves_at_once", "waited_for_release", "cart_full", "takes_urgent",
    "first_door", "same_stairwell", "near_previous", "nearest_left", "due", "late", "urgent", "only_volunteer",
    "kept_apart",
})  # fmt: skip


def explain(instance: Instance, plan: dict[str, Any]) -> list[dict[str, Any]]:
    """Per trip `{"volunteer", "trip": number from 0, "why": [reasons], "stops": {id: [reasons]}}`.

    Of a trip: `leaves_at_once`; `waited_for_release` (stop, seconds); `cart_full` (kg, of); `takes_urgent` (stops).
    Of a stop: `first_door`, `same_stairwell`, `nearest_left` or `near_previous` (seconds); `due` (minutes to spare) or
    `late` (minutes); `urgent`; `only_volunteer` (nobody else may bring it); `kept_apart` (volunteers who must not).
    """
    walks = replay(instance, orders_of(instance, plan))
    found = []
    for number, (who, own) in enumerate(zip(instance.volunteers, walks, strict=True)):
        free = who.from_s
        for n, walk in enumerate(own):
            found.append(
                {
                    "volunteer": who.id,
                    "trip": n,
                    "why": _why_trip(instance, number, walk, free),
                    "stops": _why_stops(instance, walk),
                }
            )
            free = walk.end_s
    return found


def _why_trip(instance: Instance, who: int, walk: Walk, free: float) -> list[Reason]:
    cart = instance.volunteers[who].cart_grams
    load = sum(instance.stop(place).grams for place in walk.trip)
    last = max(walk.trip, key=lambda place: instance.stop(place).release_s)
    found: list[Reason] = [{"code": "leaves_at_once"}]
    if walk.start_s > free:
        found = [
            {"code": "waited_for_release", "stop": instance.stop(last).id, "seconds": walk.start_s - free}
        ]
    if load >= FULL * cart:
        found.append({"code": "cart_full", "kg": kg(load), "of": kg(cart)})
    if urgent := sum(instance.stop(place).urgent for place in walk.trip):
        found.append({"code": "takes_urgent", "stops": urgent})
    return found


def _why_stops(instance: Instance, walk: Walk) -> dict[Id, list[Reason]]:
    found: dict[Id, list[Reason]] = {}
    for n, place in enumerate(walk.trip):
        stop = instance.stop(place)
        found[stop.id] = [_why_here(instance, walk.trip, n), *_why_now(instance, walk, n)]
        bringers = [number for number in range(len(instance.volunteers)) if instance.may_bring(number, place)]
        if len(bringers) == 1 and len(instance.volunteers) > 1:
            found[stop.id].append({"code": "only_volunteer"})
        if apart := [who.id for who in instance.volunteers if (stop.id, who.id) in instance.apart]:
            found[stop.id].append({"code": "kept_apart", "volunteers": apart})
    return found


def _why_here(instance: Instance, trip: Trip, n: int) -> Reason:
    place, before = trip[n], trip[n - 1] if n else GATE
    seconds = instance.travel_s[before][place]
    if n == 0:
        return {"code": "first_door", "seconds": seconds}
    where = instance.stop(place).stairwell
    if where is not None and where == instance.stop(before).stairwell:
        return {"code": "same_stairwell", "seconds": seconds}
    nearest = min(instance.travel_s[before][other] for other in trip[n:])
    return {"code": "nearest_left" if seconds <= nearest else "near_previous", "seconds": seconds}


def _why_now(instance: Instance, walk: Walk, n: int) -> list[Reason]:
    stop, found = instance.stop(walk.trip[n]), []
    if stop.due_s is not None:
        spare = stop.due_s - walk.arrive_s[n]
        late = spare < 0
        found.append({"code": "late" if late else "due", "minutes": int((-spare if late else spare) // 60)})
    if stop.urgent:
        found.append({"code": "urgent"})
    return found
