"""The order in which doors are walked: leaf by leaf, top floor first."""

from __future__ import annotations

HIGHEST, LOWEST = 500, -99
NO_FLOOR = "999"


def place_in_list(leaf_key: str, floor: int | None, door_key: str) -> str:
    """A text that sorts as people walk: by the leaf's own sort key, the top floor first, doors whose floor is not
    known last. Spots and places give no floor and their name for the door."""
    level = NO_FLOOR if floor is None else f"{HIGHEST - max(min(floor, HIGHEST), LOWEST):03d}"
    return f"{leaf_key[-60:]}|{level}|{door_key}"[:110]
