"""Who does what: requests to volunteers, the most urgent work first, then the least way. Optimal.

The rule is the `assign` contract: a pair is possible when the volunteer has every need and carries
the weight; each takes at most `free`; first the greatest weight of served requests (life 4, today 2,
normal 1), then the least total of |dx| + |dy| + 200 x load + 150 where continuity names somebody else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

WEIGHTS = {"life": 4, "today": 2, "normal": 1}
LOAD_COST = 200
CONTINUITY_COST = 150
GREATEST = 10**9
FINEST = 6  # decimal places of a cost that the solver still tells apart
_ROOM = 2**61


class ExtraMissing(RuntimeError):
    """A library of an optional extra is not installed; the sentence names the extra."""


@dataclass(frozen=True)
class Request:
    """A request as the problem states it; `place` in metres."""

    id: str | int
    place: tuple[Decimal, Decimal]
    needs: frozenset[str]
    weight_kg: Decimal
    urgency: str
    continuity: str | int | None


@dataclass(frozen=True)
class Volunteer:
    """A volunteer as the problem states it; `free` is how many more they take."""

    id: str | int
    place: tuple[Decimal, Decimal]
    skills: frozenset[str]
    carries_kg: Decimal
    free: int
    load: Decimal


def assign(problem: dict[str, Any]) -> dict[str, Any]:
    """The best assignment, in the shape of the `assign` contract.

    Raises ValueError with one sentence that names the faulty item, ExtraMissing without OR-Tools.
    """
    requests, volunteers = _read_problem(problem)
    chosen = _solve(requests, volunteers)
    costs = {r: cost_of(requests[r], volunteers[v]) for r, v in chosen.items()}
    assigned = [
        {
            "request": requests[r].id,
            "volunteer": volunteers[v].id,
            "cost": _plain(costs[r]),
            "why": _why_chosen(requests[r], volunteers[v]),
        }
        for r, v in sorted(chosen.items())
    ]
    unassigned = [
        {"request": request.id, "why": why_not(request, volunteers)}
        for r, request in enumerate(requests)
        if r not in chosen
    ]
    total = sum(costs.values(), Decimal(0))
    return {"assigned": assigned, "unassigned": unassigned, "total_cost": _plain(total)}


def is_possible(request: Request, volunteer: Volunteer) -> bool:
    """True when the volunteer has every need and carries the weight."""
    return request.needs <= volunteer.skills and request.weight_kg <= volunteer.carries_kg


def cost_of(request: Request, volunteer: Volunteer) -> Decimal:
    """Way in metres along the streets, plus 200 a job already carried, plus 150 for a new face."""
    cost = _way(request, volunteer) + LOAD_COST * volunteer.load
    return cost + CONTINUITY_COST if _is_new_face(request, volunteer) else cost


def why_not(request: Request, volunteers: list[Volunteer]) -> list[str]:
    """Short reasons why nobody got this request."""
    if not volunteers:
        return ["there are no volunteers"]
    missing = sorted(request.needs - frozenset().union(*(v.skills for v in volunteers)))
    reasons = [f"nobody has the skill {skill}" for skill in missing]
    skilled = [v for v in volunteers if request.needs <= v.skills]
    if not reasons and not skilled:
        reasons.append(f"nobody has all of the skills {', '.join(sorted(request.needs))}")
    if all(v.carries_kg < request.weight_kg for v in volunteers):
        reasons.append(f"nobody carries {_plain(request.weight_kg)} kg")
    elif skilled and all(v.carries_kg < request.weight_kg for v in skilled):
        reasons.append(f"nobody with the needed skills carries {_plain(request.weight_kg)} kg")
    return reasons or ["everybody who could is full"]


def _why_chosen(request: Request, volunteer: Volunteer) -> list[str]:
    reasons = [f"{_plain(_way(request, volunteer))} m away"]
    if request.needs:
        reasons.append(f"has the skills needed: {', '.join(sorted(request.needs))}")
    if request.weight_kg:
        reasons.append(f"carries {_plain(volunteer.carries_kg)} kg, {_plain(request.weight_kg)} kg needed")
    reasons.append("carries nothing else now" if not volunteer.load else f"load {_plain(volunteer.load)} now")
    if request.continuity is not None:
        known = (
            "somebody else knows the household" if _is_new_face(request, volunteer) else "knows the household"
        )
        reasons.append(known)
    return reasons


def _way(request: Request, volunteer: Volunteer) -> Decimal:
    (ax, ay), (bx, by) = request.place, volunteer.place
    return abs(ax - bx) + abs(ay - by)


def _is_new_face(request: Request, volunteer: Volunteer) -> bool:
    return request.continuity is not None and request.continuity != volunteer.id


def _solve(requests: list[Request], volunteers: list[Volunteer]) -> dict[int, int]:
    """Request index to volunteer index, by minimum-cost flow over whole numbers.

    Leaving a request alone costs its weight times more than all ways together, which makes the
    two aims one: no saving of way ever outweighs a request left alone.
    """
    new_solver, np = _load_solver()
    r, v = np.nonzero(_possible(np, requests, volunteers))
    if not r.size:
        return {}
    count, able = len(requests), np.unique(v)
    source = np.arange(count)
    sink = count + len(volunteers)
    costs = _whole_costs(np, requests, volunteers)[r, v]
    alone = (int(costs.max()) * count + 1) * np.array([WEIGHTS[one.urgency] for one in requests])
    free = np.array([min(volunteers[one].free, count) for one in able])
    solver = new_solver()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(
        np.concatenate([r, source, count + able]),
        np.concatenate([count + v, np.full(count + able.size, sink)]),
        np.concatenate([np.ones(r.size + count, np.int64), free]),
        np.concatenate([costs, alone, np.zeros(able.size, np.int64)]),
    )
    solver.set_nodes_supplies(source, np.ones(count, np.int64))
    solver.set_node_supply(sink, -count)
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise ValueError(f"the numbers of the problem are too large to be solved exactly (status {status})")
    taken = np.flatnonzero(solver.flows(arcs[: r.size]))
    return dict(zip(r[taken].tolist(), v[taken].tolist(), strict=True))


def _possible(np: Any, requests: list[Request], volunteers: list[Volunteer]) -> Any:
    """`is_possible` for every pair at once, requests x volunteers; whoever takes no more can't at all."""
    kinds: dict[tuple[frozenset[str], Decimal], int] = {}
    kind = [kinds.setdefault((one.needs, one.weight_kg), len(kinds)) for one in requests]
    can = [
        [bool(one.free) and needs <= one.skills and weight <= one.carries_kg for one in volunteers]
        for needs, weight in kinds
    ]
    return np.array(can, dtype=bool).reshape(len(kinds), len(volunteers))[kind]


def _whole_costs(np: Any, requests: list[Request], volunteers: list[Volunteer]) -> Any:
    """The cost of every pair in whole units, as fine as the numbers are and 64 bits allow."""
    scale = Decimal(10) ** _places(requests, volunteers)

    def whole(numbers: Iterable[Decimal]) -> Any:
        return np.array([int((number * scale).to_integral_value()) for number in numbers], dtype=np.int64)

    costs = whole(LOAD_COST * one.load for one in volunteers)[np.newaxis, :]
    for way in (0, 1):
        here, there = whole(one.place[way] for one in requests), whole(one.place[way] for one in volunteers)
        costs = costs + np.abs(here[:, np.newaxis] - there[np.newaxis, :])
    number_of = {one.id: v for v, one in enumerate(volunteers)}
    known = np.array(
        [-1 if one.continuity is None else number_of.get(one.continuity, -2) for one in requests]
    )
    new_face = (known[:, np.newaxis] != np.arange(len(volunteers))) & (known != -1)[:, np.newaxis]
    return costs + new_face * int(CONTINUITY_COST * scale)


def _places(requests: list[Request], volunteers: list[Volunteer]) -> int:
    """How many decimal places are told apart: those that were written, as far as 64 bits hold the sum."""
    numbers = {number for row in requests for number in row.place}
    numbers |= {number for one in volunteers for number in one.place} | {one.load for one in volunteers}
    digits = max(0, *(-int(number.normalize().as_tuple().exponent) for number in numbers))
    greatest = 4 * max(abs(number) for number in numbers) * (LOAD_COST + 1) + CONTINUITY_COST + 1
    nodes = len(requests) + len(volunteers) + 2
    places = min(digits, FINEST)
    while greatest * Decimal(10) ** places * len(requests) * 5 * (nodes + 1) > _ROOM:
        places -= 1
    return places


def _load_solver() -> tuple[Callable[[], Any], Any]:
    """The solver's class, and numpy, which comes with it."""
    try:
        import numpy
        from ortools.graph.python.min_cost_flow import SimpleMinCostFlow
    except ImportError as error:
        raise ExtraMissing("assignment needs the extra 'plan': install shouwang[plan]") from error
    return SimpleMinCostFlow, numpy


# -- reading the problem -------------------------------------------------------


def _read_problem(problem: Any) -> tuple[list[Request], list[Volunteer]]:
    if not isinstance(problem, dict):
        raise ValueError("the problem must be an object with 'requests' and 'volunteers'")
    requests = [_read_request(row, n) for n, row in enumerate(_rows(problem, "requests"))]
    volunteers = [_read_volunteer(row, n) for n, row in enumerate(_rows(problem, "volunteers"))]
    _refuse_doubles("request", requests)
    _refuse_doubles("volunteer", volunteers)
    return requests, volunteers


def _rows(problem: dict[str, Any], key: str) -> list[Any]:
    if not isinstance(problem.get(key), list):
        raise ValueError(f"'{key}' must be a list")
    return list(problem[key])


def _refuse_doubles(kind: str, rows: list[Any]) -> None:
    seen: set[str | int] = set()
    for row in rows:
        if row.id in seen:
            raise ValueError(f"{kind} {row.id!r} appears twice")
        seen.add(row.id)


def _read_request(row: Any, place: int) -> Request:
    name = _name("request", row, place)
    urgency = row.get("urgency", "normal")
    if not isinstance(urgency, str) or urgency not in WEIGHTS:
        raise ValueError(f"{name}: urgency must be life, today or normal")
    continuity = row.get("continuity")
    if continuity is not None and not _is_id(continuity):
        raise ValueError(f"{name}: continuity must be a volunteer's id or null")
    return Request(
        row["id"],
        _point(name, row),
        _words(name, row, "needs"),
        _number(name, row, "weight_kg", 0),
        urgency,
        continuity,
    )


def _read_volunteer(row: Any, place: int) -> Volunteer:
    name = _name("volunteer", row, place)
    free = row.get("free")
    if isinstance(free, bool) or not isinstance(free, int) or free < 0:
        raise ValueError(f"{name}: free must be a whole number, 0 or more")
    return Volunteer(
        row["id"],
        _point(name, row),
        _words(name, row, "skills"),
        _number(name, row, "carries_kg"),
        free,
        _number(name, row, "load", 0),
    )


def _is_id(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool) and value != ""


def _name(kind: str, row: Any, place: int) -> str:
    if not isinstance(row, dict):
        raise ValueError(f"{kind} number {place + 1} must be an object")
    if not _is_id(row.get("id")):
        raise ValueError(f"{kind} number {place + 1} has no id")
    return f"{kind} {row['id']!r}"


def _point(name: str, row: dict[str, Any]) -> tuple[Decimal, Decimal]:
    place: Any = row.get("place")
    if not isinstance(place, list | tuple) or len(place) != 2 or not all(_is_number(part) for part in place):
        raise ValueError(f"{name}: place must be two numbers, in metres")
    return (_exact(place[0]), _exact(place[1]))


def _number(name: str, row: dict[str, Any], key: str, default: int | None = None) -> Decimal:
    value: Any = row.get(key, default)
    if not _is_number(value) or float(value) < 0:
        raise ValueError(f"{name}: {key} must be a number, 0 or more")
    return _exact(value)


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return -GREATEST <= value <= GREATEST  # false for NaN and for infinity, too


def _words(name: str, row: dict[str, Any], key: str) -> frozenset[str]:
    words = row.get(key, [])
    if not isinstance(words, list | tuple) or not all(isinstance(word, str) for word in words):
        raise ValueError(f"{name}: {key} must be a list of words")
    return frozenset(words)


def _exact(value: int | float | Decimal) -> Decimal:
    # The decimal that was written, not its binary neighbour: 0.1 stays 0.1.
    return Decimal(str(value))


def _plain(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
