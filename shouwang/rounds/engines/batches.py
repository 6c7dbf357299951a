"""Whom to call to the point when: the queue stays short, no two buildings meet that must not, the tables are never idle.

The solver chooses the order of the buildings, seconds by seconds; the replay of the tables (`tables.Tables`) then gives
whole minutes and the exact queue, so that what is promised does not hang on the solver's simplifications.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from shouwang.rounds.engines.point import DAY, LANES, MINUTE, Household, Point, read_point
from shouwang.rounds.engines.tables import Tables

# The solver's own measure of work, the same on every machine, and the seconds after which it stops all the same.
WORK_TO_PLAN = 2.0
MOST_SECONDS = 4.0


class ExtraMissing(RuntimeError):
    """A library of an optional extra is not installed; the sentence names the extra."""


@dataclass(frozen=True)
class Call:
    """A building's households of one lane: called in one run of slots, one after another."""

    building: str
    lane: str
    households: tuple[Household, ...]

    @property
    def people(self) -> int:
        return sum(home.people for home in self.households)


def plan_batches(problem: Any) -> dict[str, Any]:
    """The plan in the shape of the `plan batches` contract; `starts` is when a slot's households stand at the point.

    ValueError with one sentence that names the faulty item, or when the day is too short; ExtraMissing without OR-Tools.
    """
    point = read_point(problem)
    tables = best_tables(point)
    if point.opens + tables.ends >= DAY:
        raise ValueError("the point would still be busy at midnight: more tables or fewer people")
    return {
        "slots": [
            {
                "starts": clock_words(point, slot.arrives),
                "building": slot.building,
                "lane": slot.lane,
                "households": [home.id for home in slot.households],
                "people": slot.people,
            }
            for slot in tables.slots
        ],
        "ends": clock_words(point, -(-tables.ends // MINUTE) * MINUTE),
    }


def clock_words(point: Point, after: float) -> str:
    """A time of the day as HH:MM, from seconds after the point opens."""
    minutes = int(point.opens + after) // MINUTE
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def best_tables(point: Point) -> Tables:
    """The replay of the best order found: the solver's, or a plain one where that ends no later."""
    calls = calls_of(point)
    orders = [_solved(point, calls), _next_best(point, calls)] if calls else [[]]
    return min((replay(point, order) for order in orders), key=lambda tables: tables.ends)


def plan_onwards(point: Point) -> tuple[Tables, bool]:
    """The calls of a day that may have begun already, and whether the planner made them.

    Without OR-Tools buildings are called one after another, which is right but lasts longer.
    """
    try:
        return best_tables(point), True
    except ExtraMissing:
        return one_after_another(point), False


def calls_of(point: Point) -> list[Call]:
    """The households by lane, the green one first, and building, in the order of the file."""
    found: dict[tuple[str, str], list[Household]] = {}
    for lane in LANES:
        for home in point.households:
            if home.lane == lane:
                found.setdefault((lane, home.building), []).append(home)
    return [Call(building, lane, tuple(homes)) for (lane, building), homes in found.items()]


def replay(point: Point, order: Iterable[Call]) -> Tables:
    """What happens at the tables when the buildings are called in this order, each slot as early as may be."""
    tables = Tables(point)
    for call in order:
        for homes in slots_of(point, call):
            size = sum(home.people for home in homes)
            tables.call(call.building, call.lane, homes, tables.next_chance(call.building, size))
    return tables


def one_after_another(point: Point) -> Tables:
    """How it is done by hand: the next building is called when the last has been sampled, as many as the queue holds."""
    tables = Tables(point)
    for call in calls_of(point):
        begins = -(-(tables.ends + point.walk) // MINUTE) * MINUTE if tables.ends else point.first
        for homes in slots_of(point, call):
            chance = tables.next_chance(call.building, sum(home.people for home in homes))
            tables.call(call.building, call.lane, homes, max(int(begins), chance))
    return tables


def slots_of(point: Point, call: Call) -> list[list[Household]]:
    """Cuts a building's households into slots of about half the queue: while one is sampled, the next one comes."""
    half = max(point.queue_limit // 2, 1)
    wanted = -(-call.people // -(-call.people // half))
    slots: list[list[Household]] = [[]]
    size = 0
    for home in call.households:
        if slots[-1] and size + home.people > max(wanted, half):
            slots.append([])
            size = 0
        slots[-1].append(home)
        size += home.people
    return slots


def _next_best(point: Point, calls: Sequence[Call]) -> list[Call]:
    """A plain order: always the building that can come first, among those the one with the most to keep apart from."""
    order: list[Call] = []
    tables, left = Tables(point), list(calls)
    while left:
        lane = left[0].lane
        chosen = min(
            (call for call in left if call.lane == lane),
            key=lambda call: (_first_chance(point, tables, call), -_conflicts(point, call, left)),
        )
        left.remove(chosen)
        order.append(chosen)
        for homes in slots_of(point, chosen):
            size = sum(home.people for home in homes)
            tables.call(chosen.building, lane, homes, tables.next_chance(chosen.building, size))
    return order


def _first_chance(point: Point, tables: Tables, call: Call) -> int:
    return tables.next_chance(call.building, sum(home.people for home in slots_of(point, call)[0]))


def _conflicts(point: Point, call: Call, left: Sequence[Call]) -> int:
    return sum(other.people for other in left if point.must_not_meet(call.building, other.building))


def _solved(point: Point, calls: Sequence[Call]) -> list[Call]:
    """The order that ends first when people flow evenly: CP-SAT, one worker and a fixed seed, the same every time."""
    cp_model = _load_solver()
    model = cp_model.CpModel()
    lasts = [max(1, round(call.people * point.seconds_per_person / point.tables)) for call in calls]
    waiting = round(min(point.queue_limit, point.people) * point.seconds_per_person / point.tables)
    gap = 2 * point.walk + waiting
    horizon = sum(lasts) + len(calls) * gap
    starts = [model.new_int_var(0, horizon, f"s{n}") for n in range(len(calls))]
    ends_at = model.new_int_var(sum(lasts), horizon, "ends")
    sized = enumerate(zip(starts, lasts, strict=True))
    model.add_no_overlap([model.new_fixed_size_interval_var(at, size, f"i{n}") for n, (at, size) in sized])
    for one, call in enumerate(calls):
        model.add(starts[one] + lasts[one] <= ends_at)
        for other in range(one + 1, len(calls)):
            if point.must_not_meet(call.building, calls[other].building) and call.lane == calls[other].lane:
                first = model.new_bool_var(f"b{one}_{other}")
                model.add(starts[one] + lasts[one] + gap <= starts[other]).only_enforce_if(first)
                model.add(starts[other] + lasts[other] + gap <= starts[one]).only_enforce_if(~first)
    _green_first(model, point, calls, starts, lasts, gap)
    model.minimize(ends_at)
    solver = cp_model.CpSolver()
    solver.parameters.max_deterministic_time = WORK_TO_PLAN
    solver.parameters.max_time_in_seconds = MOST_SECONDS
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return list(calls)
    return [calls[n] for n in sorted(range(len(calls)), key=lambda n: (solver.value(starts[n]), n))]


def _green_first(
    model: Any, point: Point, calls: Sequence[Call], starts: Any, lasts: Sequence[int], gap: int
) -> None:
    """Nobody of the usual lane before the green one is through; across the lanes, too, two buildings must not meet."""
    for one, green in enumerate(calls):
        for other, usual in enumerate(calls):
            if green.lane == "green" and usual.lane == "usual":
                apart = gap if point.must_not_meet(green.building, usual.building) else 0
                model.add(starts[one] + lasts[one] + apart <= starts[other])


def _load_solver() -> Any:
    try:
        from ortools.sat.python import cp_model
    except ImportError as error:
        raise ExtraMissing("planning batches needs the extra 'plan': install shouwang[plan]") from error
    return cp_model
