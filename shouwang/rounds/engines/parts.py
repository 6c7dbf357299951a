"""Dividing a limit among several that want more than it together."""

from __future__ import annotations

from collections.abc import Sequence


def fair_parts(wanted: Sequence[int], most: int) -> list[int]:
    """How much each gets of `most`: nobody less than an equal part unless they want less; what they leave over is
    divided among the others in the same way, and what cannot be divided goes to the first."""
    parts = [0] * len(wanted)
    left, hungry = most, [place for place, number in enumerate(wanted) if number]
    while left and hungry:
        equal = max(1, left // len(hungry))
        for place in hungry:
            more = min(equal, wanted[place] - parts[place], left)
            parts[place] += more
            left -= more
        hungry = [place for place in hungry if parts[place] < wanted[place]]
    return parts
