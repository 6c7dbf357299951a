"""What may be posted of how much was handed out where, so that nobody is recognised by it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

K = TypeVar("K")

# Our own rule, after the usual threshold for published counts: from three households on, neither of two neighbours can
# subtract themselves and know the other.
LEAST = 3


def fold(counts: Mapping[K, int], least: int = LEAST) -> tuple[dict[K, int], int]:
    """(what is shown place by place, how many elsewhere): the sum stays the same, and no figure is below `least`.

    Places with fewer are counted as elsewhere. Where elsewhere would itself be too few, the smallest place that is
    shown goes there too; so a figure below `least` remains only when there are fewer in all.
    """
    shown = {key: number for key, number in counts.items() if number >= least}
    elsewhere = sum(number for number in counts.values() if 0 < number < least)
    while 0 < elsewhere < least and shown:
        smallest = min(shown, key=lambda key: shown[key])
        elsewhere += shown.pop(smallest)
    return shown, elsewhere
