"""What a new plan must leave as it is: who is out, and trips that somebody has put together by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from shouwang.goods.engines.runs.instance import GATE, Id, Instance, Stop, kg
from shouwang.goods.engines.runs.replay import Orders, walk_trip

# Begins the id of several stops that are planned as one.
TOGETHER = "\0together "


@dataclass(frozen=True)
class Out:
    """A volunteer on the way, back at the gate at `back_s`. What is on that cart is no stop of the instance."""

    volunteer: Id
    back_s: float


@dataclass(frozen=True)
class ByHand:
    """A trip of one volunteer with these stops in exactly this order; nothing is added to it. When it starts is free."""

    volunteer: Id
    stops: tuple[Id, ...]


@dataclass(frozen=True)
class Fixed:
    """What stands. `now_s`: nobody leaves before it."""

    out: tuple[Out, ...] = ()
    by_hand: tuple[ByHand, ...] = ()
    now_s: float = 0


@dataclass(frozen=True)
class Part:
    """An instance made from another one: `places[i - 1]` are the places there that place i stands for."""

    instance: Instance
    places: tuple[tuple[int, ...], ...]

    def whole(self, orders: Orders) -> Orders:
        """Orders of the part as orders of the instance it was made from."""
        return tuple(
            tuple(tuple(old for place in trip for old in self.places[place - 1]) for trip in trips)
            for trips in orders
        )


def part_of(instance: Instance, places: Sequence[int], free_s: Mapping[Id, float] | None = None) -> Part:
    """The instance with these places alone, its volunteers at the gate no sooner than `free_s` says."""
    return join(instance, tuple((place,) for place in places), {}, free_s or {})


def with_fixed(instance: Instance, fixed: Fixed) -> Part:
    """The instance in which a trip by hand is one stop that only its volunteer brings, alone.

    ValueError for an unknown volunteer or stop, a stop in two trips, and a trip that its volunteer can't take.
    """
    places = {stop.id: place for place, stop in enumerate(instance.stops, 1)}
    numbers = {who.id: n for n, who in enumerate(instance.volunteers)}
    free = {who.id: max(who.from_s, fixed.now_s) for who in instance.volunteers}
    for out in fixed.out:
        if out.volunteer not in numbers:
            raise ValueError(f"the volunteer on the way {out.volunteer!r} is not in the file")
        free[out.volunteer] = max(free[out.volunteer], out.back_s)
    taken: set[Id] = set()
    bundles: dict[tuple[int, ...], Id] = {}
    for n, trip in enumerate(fixed.by_hand, 1):
        name = f"trip by hand number {n}"
        if trip.volunteer not in numbers:
            raise ValueError(f"{name}: the volunteer {trip.volunteer!r} is not in the file")
        if not trip.stops:
            raise ValueError(f"{name} is empty")
        for one in trip.stops:
            if one not in places or one in taken:
                raise ValueError(
                    f"{name}: stop {one!r} is {'in two trips' if one in taken else 'not in the file'}"
                )
            taken.add(one)
            if not instance.may_bring(numbers[trip.volunteer], places[one]):
                raise ValueError(f"{name}: volunteer {trip.volunteer!r} may not bring stop {one!r}")
        bundle = tuple(places[one] for one in trip.stops)
        load = sum(instance.stop(place).grams for place in bundle)
        cart = instance.volunteers[numbers[trip.volunteer]].cart_grams
        if load > cart:
            raise ValueError(f"{name} weighs {kg(load)} kg, more than the cart carries ({kg(cart)} kg)")
        bundles[bundle] = trip.volunteer
    singles = tuple((place,) for place, stop in enumerate(instance.stops, 1) if stop.id not in taken)
    return join(instance, (*singles, *bundles), bundles, free)


def join(
    instance: Instance,
    groups: Sequence[tuple[int, ...]],
    by_hand: Mapping[tuple[int, ...], Id] | None = None,
    free_s: Mapping[Id, float] | None = None,
) -> Part:
    """The instance in which each group of places, walked in its order, is one stop; `by_hand`: whose trip a group is."""
    ends = [(GATE, GATE), *((group[0], group[-1]) for group in groups)]
    travel = tuple(tuple(instance.travel_s[last][first] for first, _ in ends) for _, last in ends)
    whose, free = by_hand or {}, free_s or {}
    stops = tuple(
        _bundle(instance, group, whose.get(group))
        if len(group) > 1 or group in whose
        else instance.stop(group[0])
        for group in groups
    )
    volunteers = tuple(
        replace(who, from_s=max(who.from_s, free.get(who.id, 0))) for who in instance.volunteers
    )
    part = replace(instance, stops=stops, travel_s=travel, volunteers=volunteers)
    return Part(part, tuple(groups))


def _bundle(instance: Instance, group: tuple[int, ...], volunteer: Id | None) -> Stop:
    """Several stops as one: from the first door until all is done at the last. A volunteer's own trip goes alone."""
    walk = walk_trip(instance, group, 0)
    first = walk.arrive_s[0]
    dues = [
        max(0, due - (at - first))
        for place, at in zip(group, walk.arrive_s, strict=True)
        if (due := instance.stop(place).due_s) is not None
    ]
    stops = [instance.stop(place) for place in group]
    return Stop(
        id=f"{TOGETHER}{group[0]}",
        grams=sum(stop.grams for stop in stops),
        release_s=max(stop.release_s for stop in stops),
        due_s=min(dues, default=None),
        service_s=walk.done_s[-1] - first,
        urgent=any(stop.urgent for stop in stops),
        building=stops[0].building,
        stairwell=stops[0].stairwell,
        only=None if volunteer is None else frozenset((volunteer,)),
        alone=volunteer is not None,
    )
