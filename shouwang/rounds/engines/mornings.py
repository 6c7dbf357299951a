"""Made-up mornings at a sampling point, in the form that `shouwang plan batches` takes."""

from __future__ import annotations

import random
from typing import Any


def morning(people: int, buildings: int, seed: int) -> dict[str, Any]:
    """At least `people` residents of `buildings` buildings, neighbouring ones kept apart, one in twelve in the green lane."""
    dice = random.Random(seed)  # noqa: S311  (chance is seeded)
    households: list[dict[str, Any]] = []
    while sum(home["people"] for home in households) < people:
        households.append(
            {
                "id": f"h{len(households) + 1}",
                "building": str(dice.randint(1, buildings)),
                "people": dice.randint(1, 5),
                "lane": "green" if dice.random() < 1 / 12 else "usual",
            }
        )
    return {
        "households": households,
        "paths": [[str(one), str(one + 1)] for one in range(1, buildings)],
        "tables": 3,
        "seconds_per_person": 27,
        "opens": "06:00",
        "queue_limit": 60,
        "walk_minutes": 4,
    }
