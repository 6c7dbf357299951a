"""The promise, checked on the live database: every registered invariant, run now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shouwang.core.registry import Invariant, invariants

EXAMPLES = 5


@dataclass(frozen=True)
class Checked:
    """One invariant as it stands."""

    invariant: Invariant
    counted: int
    broken: int
    examples: tuple[UUID, ...]

    @property
    def holds(self) -> bool:
        return self.broken == 0


def check_promise(at: datetime, community: UUID | None = None) -> list[Checked]:
    """Runs every invariant at `at`, for one community or all."""
    results = []
    for invariant in invariants:
        finding = invariant.run(at, community)
        results.append(
            Checked(invariant, finding.counted, len(finding.broken), tuple(finding.broken[:EXAMPLES]))
        )
    return results


def as_json(results: list[Checked]) -> dict[str, Any]:
    """The results in the shape others script against."""
    return {
        "holds": all(result.holds for result in results),
        "invariants": [
            {
                "id": result.invariant.code,
                "holds": result.holds,
                "counted": result.counted,
                "broken": result.broken,
                "examples": [str(example) for example in result.examples],
            }
            for result in results
        ],
    }
