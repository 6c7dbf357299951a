"""What delivery runs are planned from: stops, the seconds between them, volunteers with carts; read from plain JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Id = str | int

GATE = 0
MOST_STOPS = 2_000
MOST_VOLUNTEERS = 200
MOST_SECONDS = 10_000_000
MOST_KG = 100_000


@dataclass(frozen=True)
class Stop:
    """A load for one door. Times in seconds of the plan; `due_s`: the arrival that is still in time, None where any is.

    `building`, `stairwell`, `household` and `floor` are known only where the file says so. `only`: the volunteers who
    may bring it, None for all; `alone`: nothing else rides along.
    """

    id: Id
    grams: int
    release_s: float
    due_s: float | None
    service_s: float
    urgent: bool
    building: str | None = None
    stairwell: str | None = None
    household: str | None = None
    floor: int | None = None
    only: frozenset[Id] | None = None
    alone: bool = False


@dataclass(frozen=True)
class Volunteer:
    """Who walks. At the gate from `from_s`, back by `until_s`; carries at most `strength_grams` of one stop upstairs."""

    id: Id
    cart_grams: int
    from_s: float = 0
    until_s: float | None = None
    strength_grams: int | None = None


@dataclass(frozen=True)
class Instance:
    """Stops and volunteers. `travel_s[a][b]`: seconds from place a to place b; place 0 is the gate, place i the i-th
    stop. `load_s`: seconds to load a cart. `apart`: (stop id, volunteer id) who must not meet."""

    stops: tuple[Stop, ...]
    travel_s: tuple[tuple[float, ...], ...]
    volunteers: tuple[Volunteer, ...]
    load_s: float
    apart: frozenset[tuple[Id, Id]] = frozenset()

    def stop(self, place: int) -> Stop:
        """The stop at a place from 1."""
        return self.stops[place - 1]

    def may_bring(self, who: int, place: int) -> bool:
        """Whether the volunteer number `who` may bring the load of `place`: cart, strength, and not apart."""
        volunteer, stop = self.volunteers[who], self.stop(place)
        if stop.grams > volunteer.cart_grams or (stop.only is not None and volunteer.id not in stop.only):
            return False
        if volunteer.strength_grams is not None and not stop.alone and stop.grams > volunteer.strength_grams:
            return False
        return (stop.id, volunteer.id) not in self.apart

    @property
    def has_limits(self) -> bool:
        """Whether hours, strength or who is kept apart could leave a stop without anybody."""
        return bool(self.apart) or any(
            who.until_s is not None or who.strength_grams is not None for who in self.volunteers
        )


def read_instance(problem: Any) -> Instance:
    """The instance that a `plan runs` file describes. ValueError with one sentence that names the place of the fault."""
    if not isinstance(problem, dict):
        raise ValueError("the file must hold an object with stops, travel_s, volunteers and load_s")
    stops = tuple(_stop(row, n) for n, row in enumerate(_rows(problem, "stops", MOST_STOPS)))
    volunteers = tuple(
        _volunteer(row, n) for n, row in enumerate(_rows(problem, "volunteers", MOST_VOLUNTEERS))
    )
    _no_twice("stop", [stop.id for stop in stops])
    _no_twice("volunteer", [who.id for who in volunteers])
    instance = Instance(
        stops=stops,
        travel_s=_travel(problem.get("travel_s"), len(stops) + 1),
        volunteers=volunteers,
        load_s=_number(problem.get("load_s"), "'load_s'", MOST_SECONDS),
        apart=_apart(problem.get("apart", []), stops, volunteers),
    )
    _refuse_what_nobody_carries(instance)
    return instance


def split_load(weights_kg: Sequence[float], cart_kg: float) -> list[list[tuple[int, float]]]:
    """What one household gets, as stops that fit the cart: each a list of (number of the thing, kg of it).

    Things stay whole where they fit a cart (the largest first, each into the first stop with room); only a thing heavier
    than the cart is cut. ValueError for a weight or a cart that is no positive number.
    """
    cart = _grams(cart_kg, "the cart's kg", up=False)
    if cart <= 0:
        raise ValueError("the cart's kg must be more than 0")
    bins: list[tuple[int, list[tuple[int, int]]]] = []
    pieces = _pieces([_grams(kg, f"weight number {n + 1}") for n, kg in enumerate(weights_kg)], cart)
    for thing, grams in sorted(pieces, key=lambda piece: (-piece[1], piece[0])):
        place = next((n for n, (held, _what) in enumerate(bins) if held + grams <= cart), None)
        if place is None:
            bins.append((grams, [(thing, grams)]))
        else:
            held, what = bins[place]
            bins[place] = (held + grams, [*what, (thing, grams)])
    return [[(thing, grams / 1000) for thing, grams in sorted(what)] for _held, what in bins]


def _pieces(grams: Sequence[int], cart: int) -> list[tuple[int, int]]:
    pieces: list[tuple[int, int]] = []
    for thing, whole in enumerate(grams):
        full, rest = divmod(whole, cart)
        pieces += [(thing, cart)] * full
        if rest:
            pieces.append((thing, rest))
    return pieces


def kg(grams: int) -> float:
    """Kilograms for people and JSON, whole ones without a point."""
    return grams // 1000 if grams % 1000 == 0 else grams / 1000


def _refuse_what_nobody_carries(instance: Instance) -> None:
    if not instance.stops:
        return
    if not instance.volunteers:
        raise ValueError("there is nobody to carry: 'volunteers' is empty")
    largest = max(who.cart_grams for who in instance.volunteers)
    for stop in instance.stops:
        if stop.grams > largest:
            raise ValueError(
                f"stop {stop.id!r} weighs {kg(stop.grams)} kg, more than the largest cart carries ({kg(largest)} kg):"
                " split it into several stops"
            )


def _rows(problem: Mapping[str, Any], key: str, most: int) -> list[Any]:
    found = problem.get(key)
    if not isinstance(found, list):
        raise ValueError(f"{key!r} must be a list")
    if len(found) > most:
        raise ValueError(f"{key!r} holds {len(found)}, more than can be planned at once ({most})")
    return found


def _no_twice(what: str, ids: Sequence[Id]) -> None:
    seen: set[str] = set()
    for one in ids:
        if str(one) in seen:
            raise ValueError(f"{what} {one!r} appears twice")
        seen.add(str(one))


def _stop(row: Any, place: int) -> Stop:
    name = f"stop number {place + 1}"
    if not isinstance(row, dict):
        raise ValueError(f"{name} must be an object")
    number = _id(row.get("id"), name)
    name, due = f"stop {number!r}", row.get("due_s")
    return Stop(
        id=number,
        grams=_grams(row.get("weight_kg"), f"{name}: weight_kg"),
        release_s=_number(row.get("release_s"), f"{name}: release_s", MOST_SECONDS),
        due_s=None if due is None else _number(due, f"{name}: due_s", MOST_SECONDS),
        service_s=_number(row.get("service_s"), f"{name}: service_s", MOST_SECONDS),
        urgent=_yes_or_no(row.get("urgent", False), f"{name}: urgent"),
        building=_word(row.get("building"), f"{name}: building"),
        stairwell=_word(row.get("stairwell"), f"{name}: stairwell"),
        household=_word(row.get("household"), f"{name}: household"),
        floor=_floor(row.get("floor"), f"{name}: floor"),
    )


def _volunteer(row: Any, place: int) -> Volunteer:
    name = f"volunteer number {place + 1}"
    if not isinstance(row, dict):
        raise ValueError(f"{name} must be an object")
    number = _id(row.get("id"), name)
    name, until, strength = f"volunteer {number!r}", row.get("until_s"), row.get("strength_kg")
    return Volunteer(
        id=number,
        cart_grams=_grams(row.get("cart_kg"), f"{name}: cart_kg", up=False),
        from_s=_number(row.get("from_s", 0), f"{name}: from_s", MOST_SECONDS),
        until_s=None if until is None else _number(until, f"{name}: until_s", MOST_SECONDS),
        strength_grams=None if strength is None else _grams(strength, f"{name}: strength_kg", up=False),
    )


def _travel(said: Any, places: int) -> tuple[tuple[float, ...], ...]:
    if not isinstance(said, list) or len(said) != places:
        rows = len(said) if isinstance(said, list) else "no"
        raise ValueError(f"'travel_s' must have a row for the gate and for each stop: {places}, not {rows}")
    found = []
    for n, row in enumerate(said):
        if not isinstance(row, list) or len(row) != places:
            columns = len(row) if isinstance(row, list) else "no"
            raise ValueError(f"'travel_s' must be square: row {n} has {columns} numbers, not {places}")
        found.append(
            tuple(_number(one, f"'travel_s', row {n}, column {m}", MOST_SECONDS) for m, one in enumerate(row))
        )
    return tuple(found)


def _apart(said: Any, stops: Sequence[Stop], volunteers: Sequence[Volunteer]) -> frozenset[tuple[Id, Id]]:
    """Pairs from rows such as {"household": "3-2-501", "volunteers": ["v1"]}, or a stairwell instead."""
    if not isinstance(said, list):
        raise ValueError("'apart' must be a list")
    known, pairs = {who.id for who in volunteers}, set()
    for n, row in enumerate(said):
        name = f"'apart' number {n + 1}"
        if not isinstance(row, dict) or not isinstance(row.get("volunteers"), list):
            raise ValueError(f"{name} must be an object with a list of volunteers")
        household = _word(row.get("household"), f"{name}: household")
        stairwell = _word(row.get("stairwell"), f"{name}: stairwell")
        if (household is None) == (stairwell is None):
            raise ValueError(f"{name} must name a household or a stairwell")
        for one in row["volunteers"]:
            if isinstance(one, list | dict) or one not in known:
                raise ValueError(f"{name} names a volunteer who is not in the file: {one!r}")
        met = [
            stop for stop in stops
            if (household is not None and stop.household == household)
            or (stairwell is not None and stop.stairwell == stairwell)
        ]  # fmt: skip
        pairs |= {(stop.id, one) for stop in met for one in row["volunteers"]}
    return frozenset(pairs)


def _id(said: Any, name: str) -> Id:
    if not isinstance(said, str | int) or isinstance(said, bool) or said == "":
        raise ValueError(f"{name} needs an id")
    return said


def _word(said: Any, name: str) -> str | None:
    if said is None:
        return None
    if isinstance(said, bool) or not isinstance(said, str | int) or said == "":
        raise ValueError(f"{name} must be a number or a name")
    return str(said)


def _floor(said: Any, name: str) -> int | None:
    if said is not None and (isinstance(said, bool) or not isinstance(said, int)):
        raise ValueError(f"{name} must be a whole number")
    return said


def _yes_or_no(said: Any, name: str) -> bool:
    if not isinstance(said, bool):
        raise ValueError(f"{name} must be true or false")
    return said


def _number(said: Any, name: str, most: float) -> float:
    if isinstance(said, bool) or not isinstance(said, int | float) or not 0 <= said <= most:
        raise ValueError(f"{name} must be a number from 0 to {most}")
    return said


def _grams(said: Any, name: str, *, up: bool = True) -> int:
    """Whole grams, of a load rounded up, of a limit rounded down; a trillionth too much is the machine's, not theirs."""
    grams = _number(said, name, MOST_KG) * 1000
    nearest = round(grams)
    if math.isclose(grams, nearest, rel_tol=1e-9, abs_tol=1e-6):
        return nearest
    return math.ceil(grams) if up else math.floor(grams)
