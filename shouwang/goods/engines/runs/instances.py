"""Made-up afternoons of deliveries in the form that `shouwang plan runs` takes, the same for the same seed."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

COLUMNS = 4
WALK = 1.0  # metres a second behind a cart
WAVE = 20 * 60
IN_TIME = 30 * 60
MEDICINES = 20


@dataclass(frozen=True)
class Door:
    """A door: building and stairwell from 1, floor from 1; x and y in metres of the stairwell's entrance."""

    building: int
    stairwell: int
    floor: int
    lift: bool
    x: float
    y: float


def afternoon(
    seed: int,
    stops: int = 400,
    buildings: int = 24,
    volunteers: int = 8,
    waves: int = 4,
    medicines: int = MEDICINES,
) -> dict[str, Any]:
    """A compound of buildings of 4 to 6 stairwells, every third building without lifts, carts of 80 kg; goods released
    in waves from all over the compound, medicines whenever they come, due within 30 minutes."""
    dice = random.Random(seed)  # noqa: S311  (chance is seeded)
    entrances = _entrances(dice, buildings)
    doors = [_door(dice, entrances) for _ in range(stops)]
    urgent = set(dice.sample(range(stops), min(medicines, stops)))
    return {
        "stops": [_stop(dice, n, door, n in urgent, waves) for n, door in enumerate(doors)],
        "travel_s": _travel(doors),
        "volunteers": [{"id": f"v{n + 1}", "cart_kg": 80} for n in range(volunteers)],
        "load_s": 180,
    }


def _entrances(dice: random.Random, buildings: int) -> list[Door]:
    """Slabs in rows of four north of the gate, 110 m from one to the next, 45 m between rows, 16 m from door to door."""
    found = []
    for building in range(1, buildings + 1):
        column, row = (building - 1) % COLUMNS, (building - 1) // COLUMNS
        for stairwell in range(1, dice.randint(4, 6) + 1):
            x, y = (column - COLUMNS / 2) * 110 + 16 * stairwell, 30 + 45 * row
            found.append(Door(building, stairwell, 0, building % 3 != 0, x, y))
    return found


def _door(dice: random.Random, entrances: list[Door]) -> Door:
    at = dice.choice(entrances)
    return Door(at.building, at.stairwell, dice.randint(1, 11 if at.lift else 6), at.lift, at.x, at.y)


def _stop(dice: random.Random, number: int, door: Door, medicine: bool, waves: int) -> dict[str, Any]:
    wave = dice.randrange(waves) * WAVE
    release = dice.randrange((waves - 1) * WAVE + 1) if medicine else wave
    low, high = dice.choices(((3, 8), (8, 15), (15, 30)), (60, 25, 15))[0]
    return {
        "id": f"{door.building}-{door.stairwell}-{door.floor:02d}{number:03d}",
        "weight_kg": 0.5 if medicine else round(dice.uniform(low, high), 1),
        "release_s": release,
        "due_s": release + IN_TIME if medicine else None,
        "service_s": dice.randint(25, 60),
        "urgent": medicine,
        "building": str(door.building),
        "stairwell": f"{door.building}-{door.stairwell}",
        "floor": door.floor,
    }


def _travel(doors: list[Door]) -> list[list[int]]:
    places = [Door(0, 0, 1, False, 0, 0), *doors]
    return [[_seconds(one, other) for other in places] for one in places]


def _seconds(one: Door, other: Door) -> int:
    """Within a stairwell only the floors between; else down, along the paths, and up."""
    if one is other:
        return 0
    if (one.building, one.stairwell) == (other.building, other.stairwell):
        return 4 + _floors(one, abs(one.floor - other.floor))
    walk = (abs(one.x - other.x) + abs(one.y - other.y)) / WALK
    return round(walk) + _floors(one, one.floor - 1) + _floors(other, other.floor - 1)


def _floors(door: Door, floors: int) -> int:
    """A lift takes 15 s to come and 2 s a floor; on foot a floor takes 10 s."""
    if floors == 0:
        return 0
    return 15 + 2 * floors if door.lift else 10 * floors
