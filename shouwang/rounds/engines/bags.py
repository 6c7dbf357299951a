"""Numbers as people write them on a list: 1-12 15, 18."""

from __future__ import annotations

import re
from collections.abc import Iterable

MOST = 500


def numbers_said(text: str) -> list[int]:
    """The numbers that a text names, ascending, each once. ValueError with the part that is none, or for too many."""
    found: set[int] = set()
    for part in re.split(r"[\s,，、;；]+", re.sub(r"\s*[-–—~～至]\s*", "-", text.strip())):
        said = re.fullmatch(r"(\d{1,6})(?:-(\d{1,6}))?", part)
        if said is None:
            raise ValueError(part)
        first, last = int(said[1]), int(said[2] or said[1])
        if last < first or last - first >= MOST:
            raise ValueError(part)
        found.update(range(first, last + 1))
    return sorted(found)


def said_of(numbers: Iterable[int]) -> str:
    """Numbers as short as people write them: 1–12, 15."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)
