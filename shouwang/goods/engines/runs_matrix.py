"""How long it takes from stop to stop and at each stop: what the planner of runs is told of walking, stairs and waiting.

All figures stand in Pace and are our own assumptions, made from what scene C7 tells (nearly 400 households, mostly
stairs only, each rung up and waited for, one man busy until one in the morning) and from the made-up afternoons that the
planner is measured with. Nobody has measured them with a stop-watch; whoever has may give another Pace.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Pace:
    """Seconds, metres and kilograms.

    `walk_m_s`: behind a loaded cart, slower than the 1.3 m/s of somebody without. `stair_s`: one floor up or down on foot;
    `lift_wait_s`, `lift_s`: until it comes, and a floor in it. `stair_kg_s`: what each kilogram adds to each floor on
    foot. `gather_s`: from ringing up at a stairwell until people stand below. `door_s`: until a door opens. `hand_s`,
    `piece_s`: handing over, and each piece more. `load_s`: loading a cart at the gate. `near_m`, `far_m`: between two
    stairwells of a building and between two buildings where the plan of the place has no coordinates.
    """

    walk_m_s: float = 1.0
    stair_s: float = 10
    lift_wait_s: float = 15
    lift_s: float = 2
    stair_kg_s: float = 0.2
    gather_s: float = 90
    door_s: float = 20
    hand_s: float = 25
    piece_s: float = 4
    load_s: float = 180
    near_m: float = 20
    far_m: float = 110


PACE = Pace()
# Minutes within which something is to be at its door once it may leave. Medicine: the aim of issue 5 and F2 for fever
# medicine; cold food: an hour outside a refrigerator is what we allow. Everything else has no time of its own.
MEDICINE_MINUTES = 30
COLD_MINUTES = 60


@dataclass(frozen=True)
class Door:
    """Where a stop is done: `stairwell` and `building` by their ids, metres of the entrance (None where unknown).

    `floor` counts from 1 where it is brought to the door, None where the household comes down.
    """

    stairwell: str
    building: str
    x: float | None = None
    y: float | None = None
    floor: int | None = None
    lift: bool = False

    @property
    def levels(self) -> int:
        """Floors above the entrance; 0 for those who come down. A cellar counts like a floor."""
        return 0 if self.floor is None else abs(self.floor - 1)


def service_s(door: Door, pieces: int, kg: float, pace: Pace = PACE) -> float:
    """Seconds at the stop itself. What weighs is carried up the stairs slowly, and that is counted here."""
    seconds = pace.hand_s + pace.piece_s * max(0, pieces - 1)
    if door.floor is not None:
        seconds += pace.door_s
        if not door.lift:
            seconds += pace.stair_kg_s * kg * door.levels
    return seconds


def travel_s(doors: Sequence[Door], pace: Pace = PACE) -> list[list[float]]:
    """The square table of seconds between stops; place 0 is the gate, at the origin of the community's coordinates.

    Ringing up and waiting belongs to coming to a stairwell, so that all who come down there are waited for once.
    """
    gate = Door("", "", 0, 0)
    places = [gate, *doors]
    return [[_seconds(one, other, pace) for other in places] for one in places]


def _seconds(one: Door, other: Door, pace: Pace) -> float:
    if one is other:
        return 0
    if one.stairwell == other.stairwell and one.stairwell:
        return _within(one, other, pace)
    waiting = pace.gather_s if other.stairwell and other.floor is None else 0
    walk = metres(one, other, pace) / pace.walk_m_s
    return round(walk + floors_s(one, one.levels, pace) + floors_s(other, other.levels, pace) + waiting, 1)


def _within(one: Door, other: Door, pace: Pace) -> float:
    """In one stairwell only the floors between; who comes down has been rung with the others."""
    return round(floors_s(other, abs(one.levels - other.levels), pace), 1)


def floors_s(door: Door, floors: int, pace: Pace = PACE) -> float:
    """Seconds for so many floors, by lift where there is one."""
    if floors == 0:
        return 0
    return pace.lift_wait_s + pace.lift_s * floors if door.lift else pace.stair_s * floors


def metres(one: Door, other: Door, pace: Pace = PACE) -> float:
    """Along the paths, which run between the rows: the sum of both directions."""
    if one.x is None or one.y is None or other.x is None or other.y is None:
        return pace.near_m if one.building == other.building else pace.far_m
    return max(abs(one.x - other.x) + abs(one.y - other.y), pace.near_m / 2)


def wanted_by(
    *, medicine: bool, cold: bool, released_at: datetime, due_at: datetime | None
) -> tuple[datetime | None, bool]:
    """(when it is to be there, whether it goes before everything else), from what it is and when it may leave."""
    minutes = MEDICINE_MINUTES if medicine else COLD_MINUTES if cold else None
    own = released_at + timedelta(minutes=minutes) if minutes is not None else None
    said = [moment for moment in (own, due_at) if moment is not None]
    return (min(said) if said else None), medicine
