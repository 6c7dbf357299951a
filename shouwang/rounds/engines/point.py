"""A sampling point and the households called to it: what a plan is made from, read from plain JSON."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

LANES = ("green", "usual")
MINUTE = 60
DAY = 24 * 60 * MINUTE
MOST_PEOPLE = 20_000
MOST_BUILDINGS = 200
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True)
class Household:
    """Those behind one door who come down together. `lane`: one of LANES."""

    id: str | int
    building: str
    people: int
    lane: str


@dataclass(frozen=True)
class Out:
    """People of a building who were called before the plan begins and are not home yet.

    `people`: how many of them are still to be sampled. `arrives`: seconds after the plan begins, before it when they
    stand at the point already. `through`: when the last of those already sampled left the table.
    """

    building: str
    people: int
    arrives: float
    through: float = float("-inf")


@dataclass(frozen=True)
class Point:
    """A point's day. `seconds_per_person` at one table; `queue_limit` people, those at the tables included; `opens` in
    seconds after midnight; `walk` seconds from any building; `apart`: pairs of buildings that must not be out together.
    Of a day that goes on: `out`, who was called already, and `first`, the seconds before which nobody else arrives."""

    households: tuple[Household, ...]
    apart: frozenset[frozenset[str]]
    tables: int
    seconds_per_person: float
    opens: int
    queue_limit: int
    walk: int
    out: tuple[Out, ...] = ()
    first: int = 0

    @property
    def people(self) -> int:
        """How many come."""
        return sum(home.people for home in self.households)

    @property
    def least_seconds(self) -> float:
        """No plan ends sooner: all tables busy from opening until the last person."""
        rounds_of_tables = -(-self.people // self.tables)
        return rounds_of_tables * self.seconds_per_person

    def must_not_meet(self, one: str, other: str) -> bool:
        """Whether people of these two buildings must not be out together."""
        return one != other and frozenset((one, other)) in self.apart


def read_point(problem: Any) -> Point:
    """The point that a `plan batches` file describes. ValueError with one sentence that names the faulty item."""
    if not isinstance(problem, dict):
        raise ValueError("the file must hold an object with households, paths, tables and so on")
    households = tuple(_household(row, n) for n, row in enumerate(_list(problem, "households")))
    point = Point(
        households=households,
        apart=frozenset(_pair(row, n) for n, row in enumerate(_list(problem, "paths", []))),
        tables=_whole(problem, "tables", 1, 200),
        seconds_per_person=_seconds(problem),
        opens=_opens(problem.get("opens")),
        queue_limit=_whole(problem, "queue_limit", 1, MOST_PEOPLE),
        walk=_whole(problem, "walk_minutes", 0, 120) * MINUTE,
    )
    _refuse_what_cannot_be(point)
    return point


def _refuse_what_cannot_be(point: Point) -> None:
    seen: set[str | int] = set()
    for home in point.households:
        if home.id in seen:
            raise ValueError(f"household {home.id!r} appears twice")
        if home.people > point.queue_limit:
            raise ValueError(
                f"household {home.id!r} has {home.people} people, more than the queue_limit of {point.queue_limit}"
            )
        seen.add(home.id)
    if point.people > MOST_PEOPLE:
        raise ValueError(f"{point.people} people are more than one point can be planned for ({MOST_PEOPLE})")
    if len({home.building for home in point.households}) > MOST_BUILDINGS:
        raise ValueError(f"more than {MOST_BUILDINGS} buildings can't be planned for one point")


def _list(problem: dict[str, Any], key: str, absent: Sequence[Any] | None = None) -> list[Any]:
    found = problem.get(key, absent)
    if not isinstance(found, list):
        raise ValueError(f"{key!r} must be a list")
    return found


def _household(row: Any, place: int) -> Household:
    name = f"household number {place + 1}"
    if not isinstance(row, dict):
        raise ValueError(f"{name} must be an object")
    number = row.get("id")
    if not isinstance(number, str | int) or isinstance(number, bool) or number == "":
        raise ValueError(f"{name} needs an id")
    name = f"household {number!r}"
    people, lane = row.get("people"), row.get("lane", "usual")
    if not isinstance(people, int) or isinstance(people, bool) or people < 1:
        raise ValueError(f"{name}: people must be a whole number from 1")
    if lane not in LANES:
        raise ValueError(f"{name}: lane must be green or usual")
    return Household(number, _building(row.get("building"), name), people, lane)


def _building(said: Any, name: str) -> str:
    if isinstance(said, bool) or not isinstance(said, str | int) or not str(said).strip():
        raise ValueError(f"{name}: building must be a number or a name")
    return str(said)


def _pair(row: Any, place: int) -> frozenset[str]:
    name = f"path number {place + 1}"
    if not isinstance(row, list) or len(row) != 2:
        raise ValueError(f"{name} must name two buildings")
    pair = frozenset(_building(said, name) for said in row)
    if len(pair) != 2:
        raise ValueError(f"{name} names the same building twice")
    return pair


def _whole(problem: dict[str, Any], key: str, least: int, most: int) -> int:
    found = problem.get(key)
    if isinstance(found, bool) or not isinstance(found, int) or not least <= found <= most:
        raise ValueError(f"{key!r} must be a whole number from {least} to {most}")
    return found


def _seconds(problem: dict[str, Any]) -> float:
    found = problem.get("seconds_per_person")
    if isinstance(found, bool) or not isinstance(found, int | float) or not 1 <= found <= 3600:
        raise ValueError("'seconds_per_person' must be a number from 1 to 3600")
    return float(found)


def _opens(said: Any) -> int:
    match = _CLOCK.fullmatch(said) if isinstance(said, str) else None
    if match is None:
        raise ValueError("'opens' must be a time such as \"06:00\"")
    return (int(match[1]) * 60 + int(match[2])) * MINUTE
