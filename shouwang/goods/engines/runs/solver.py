"""PyVRP asked for better orders than those it is given. Its times are never believed: `replay` gives the times.

How the runs are told to it: each volunteer is a route with reloads at the gate, loading is part of the way out of the
gate, and a load's release is the release time of its trip. The start is fixed, so that a route's length is when it
ends; what ends after a target is overtime that costs several times as much. A route's first trip can't wait, so that
everybody may make an empty first trip: a stop at the gate that costs nothing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shouwang.goods.engines.runs.instance import GATE, Instance
from shouwang.goods.engines.runs.replay import Orders, Trip

FAR = 1_000_000_000  # ticks to a door that a volunteer may not go to: longer than any plan
NEVER = 1 << 40
WORTH = 100_000_000  # of a stop brought that might stay, or in time that might be late: more than any way
LATER = 30 * 60  # seconds: what can't be in time is brought at most so much later than by hand
OVERTIME = 5
# Measured (docs/decisions): within seconds a short memory and few changes at once find most.
NEIGHBOURS = 25
MOST_CHANGES = 8
MEMORY = 5
MOVES = frozenset({
    "Relocate1", "Relocate2", "Swap11", "Swap21", "SwapTails", "RelocateWithDepot", "RemoveAdjacentDepot",
    "RelocateAlternative", "RemoveOptionalClient", "InsertOptionalClient", "ReplaceOptionalClient", "ReplaceGroup",
})  # fmt: skip


class ExtraMissing(RuntimeError):
    """A library of an optional extra is not installed; the sentence names the extra."""


@dataclass(frozen=True)
class Budget:
    """How long to look: until `seconds` have passed or, whatever the machine, for `iterations`."""

    seconds: float
    iterations: int

    def of(self, pyvrp: Any, *, first_sound: bool = False) -> Any:
        """PyVRP's own rule of when to stop; with `first_sound` as soon as every rule is kept."""
        rules = [pyvrp.stop.MaxIterations(self.iterations)]
        if math.isfinite(self.seconds):
            rules.append(pyvrp.stop.MaxRuntime(max(0, self.seconds)))
        if first_sound:
            rules.append(pyvrp.stop.FirstFeasible())
        return pyvrp.stop.MultipleCriteria(rules)


def load_solver() -> Any:
    """PyVRP, which is heavy. ExtraMissing where it is not installed."""
    try:
        import pyvrp
        import pyvrp.search
        import pyvrp.stop
    except ImportError as error:
        raise ExtraMissing("planning runs needs the extra 'plan': install shouwang[plan]") from error
    return pyvrp


class Solver:
    """An instance as PyVRP knows it, in whole ticks: seconds, or tenths where a time is no whole number.

    `late`: places that may be late, and the arrival that is the latest for them; being in time is then worth much.
    `idle`: whether somebody may wait at the gate before the first trip. `optional`: places that may be left out.
    """

    def __init__(
        self,
        instance: Instance,
        *,
        late: Mapping[int, float] | None = None,
        idle: bool = True,
        optional: Sequence[int] = (),
    ) -> None:
        self.pyvrp = load_solver()
        self.instance, self.late, self.idle, self.optional = instance, dict(late or {}), idle, set(optional)
        self.tick = 1 if _is_whole(instance) else 10
        self.kinds = _kinds_of(instance)
        self.clients, self.groups = self._clients()
        # Of a place twice in it the later one, which may be late: what is begun from keeps every rule.
        self.client_of = {place: n for n, place in enumerate(self.clients) if place != GATE}
        self.problem = self._problem()

    def better(
        self, orders: Orders, target_s: float, budget: Budget, seed: int, *, first_sound: bool = False
    ) -> Orders | None:
        """Orders found from these ones when ends after `target_s` are dear; None when they keep not every rule."""
        data = self.problem.replace(vehicle_types=self._vehicle_types(target_s))
        found = self.pyvrp.solve(
            data,
            budget.of(self.pyvrp, first_sound=first_sound),
            seed=seed,
            collect_stats=False,
            params=self._params(),
            initial_solution=self._solution(data, orders),
        ).best
        return self._orders(found) if found.is_feasible() else None

    def _params(self) -> Any:
        search = self.pyvrp.search
        return self.pyvrp.SolveParams(
            ils=self.pyvrp.IteratedLocalSearchParams(history_length=MEMORY, exhaustive_on_best=False),
            neighbourhood=search.NeighbourhoodParams(num_neighbours=NEIGHBOURS),
            perturbation=search.PerturbationParams(1, MOST_CHANGES),
            operators=[kind for kind in search.OPERATORS if kind.__name__ in MOVES],
        )

    def _clients(self) -> tuple[list[int], list[tuple[int, int]]]:
        """The place of each client; where a place may be late, a client in time and, of the same group, one late."""
        clients = list(range(1, len(self.instance.stops) + 1))
        groups = []
        for place in sorted(self.late):
            clients.append(place)
            groups.append((place - 1, len(clients) - 1))
        if self.idle:
            clients += [GATE] * len(self.instance.volunteers)
        return clients, groups

    def _problem(self) -> Any:
        import numpy

        vrp, group_of = self.pyvrp, {n: at for at, pair in enumerate(self.groups) for n in pair}
        distances, durations = [], []
        for numbers in self.kinds:
            ways = numpy.array(
                [[self._up(one) for one in row] for row in self.instance.travel_s], dtype=numpy.int64
            )
            numpy.fill_diagonal(ways, 0)
            barred = [
                place for place in range(1, len(ways)) if not self.instance.may_bring(numbers[0], place)
            ]
            ways[:, barred] = FAR
            numpy.fill_diagonal(ways, 0)
            with_loading = ways.copy()
            with_loading[GATE, 1:] += self._up(self.instance.load_s)
            distances.append(ways)
            durations.append(with_loading)
        late_ones = {late for _, late in self.groups}
        return vrp.ProblemData(
            locations=[vrp.Location(0, 0)] * (len(self.instance.stops) + 1),
            clients=[
                self._client(place, group_of.get(n), late=n in late_ones)
                for n, place in enumerate(self.clients)
            ],
            depots=[vrp.Depot(GATE)],
            vehicle_types=self._vehicle_types(0),
            distance_matrices=distances,
            duration_matrices=durations,
            groups=[vrp.ClientGroup(list(pair)) for pair in self.groups],
        )

    def _client(self, place: int, group: int | None, *, late: bool) -> Any:
        if place == GATE:
            return self.pyvrp.Client(GATE, delivery=[0])
        stop = self.instance.stop(place)
        due = self.late[place] if late else stop.due_s
        may_stay = group is not None or place in self.optional
        return self.pyvrp.Client(
            place,
            delivery=[self._load(place)],
            service_duration=self._up(stop.service_s),
            tw_late=NEVER if due is None else self._up(due + LATER) if late else self._down(due),
            release_time=self._up(stop.release_s),
            prize=WORTH if may_stay and not late else 0,
            required=not may_stay,
            group=group,
        )

    def _load(self, place: int) -> int:
        """Grams; what goes alone fills the cart, and nothing weighs nothing, so that nothing rides along with it."""
        stop = self.instance.stop(place)
        if stop.alone:
            carts = [who.cart_grams for who in self.instance.volunteers if who.id in (stop.only or ())]
            return max([1, *carts])
        return max(1, stop.grams)

    def _vehicle_types(self, target_s: float) -> list[Any]:
        found = []
        for profile, numbers in enumerate(self.kinds):
            who = self.instance.volunteers[numbers[0]]
            start = self._up(who.from_s)
            found.append(
                self.pyvrp.VehicleType(
                    len(numbers),
                    [max(1, who.cart_grams)],
                    tw_early=start,
                    start_late=start,
                    tw_late=NEVER if who.until_s is None else max(start, self._down(who.until_s)),
                    shift_duration=max(0, self._up(target_s) - start),
                    max_overtime=NEVER,
                    unit_overtime_cost=OVERTIME,
                    unit_duration_cost=1,
                    unit_distance_cost=1,
                    profile=profile,
                    reload_depots=[GATE],
                )
            )
        return found

    def _solution(self, data: Any, orders: Orders) -> Any:
        """The orders as routes; whoever's first trip waits makes an empty one before it."""
        vrp, idle = self.pyvrp, [n for n, place in enumerate(self.clients) if place == GATE]
        routes = []
        for kind, numbers in enumerate(self.kinds):
            for number in numbers:
                trips = [[self.client_of[place] for place in trip] for trip in orders[number]]
                if idle:
                    trips.insert(0, [idle.pop()])
                visits: list[Any] = []
                for trip in trips:
                    if visits:
                        visits.append(vrp.Activity(vrp.ActivityType.DEPOT, GATE))
                    visits += [vrp.Activity(vrp.ActivityType.CLIENT, client) for client in trip]
                if visits:
                    routes.append(vrp.Route(data, visits, kind))
        return vrp.Solution(data, routes)

    def _orders(self, solution: Any) -> Orders:
        found: list[tuple[Trip, ...]] = [() for _ in self.instance.volunteers]
        free = [list(numbers) for numbers in self.kinds]
        for route in solution.routes():
            trips: list[list[int]] = [[]]
            for visit in route.schedule():
                if visit.is_depot():
                    trips.append([])
                elif self.clients[visit.idx] != GATE:
                    trips[-1].append(self.clients[visit.idx])
            found[free[route.vehicle_type()].pop(0)] = tuple(tuple(trip) for trip in trips if trip)
        return tuple(found)

    def _up(self, seconds: float) -> int:
        return min(FAR, math.ceil(seconds * self.tick))

    def _down(self, seconds: float) -> int:
        return math.floor(seconds * self.tick)


def waits_first(instance: Instance, orders: Orders) -> bool:
    """Whether somebody's first trip waits at the gate."""
    return any(
        instance.stop(place).release_s > who.from_s
        for who, trips in zip(instance.volunteers, orders, strict=True)
        for place in (trips[0] if trips else ())
    )


def _kinds_of(instance: Instance) -> list[list[int]]:
    """The numbers of the volunteers who are alike for a plan, together."""
    kinds: dict[object, list[int]] = {}
    for n, who in enumerate(instance.volunteers):
        barred = tuple(
            place for place in range(1, len(instance.stops) + 1) if not instance.may_bring(n, place)
        )
        kinds.setdefault((who.cart_grams, who.from_s, who.until_s, barred), []).append(n)
    return list(kinds.values())


def _is_whole(instance: Instance) -> bool:
    times = [instance.load_s, *(time for row in instance.travel_s for time in row)]
    for stop in instance.stops:
        times += [stop.release_s, stop.service_s, stop.due_s or 0]
    for who in instance.volunteers:
        times += [who.from_s, who.until_s or 0]
    return all(float(time).is_integer() for time in times)
