"""What rounds enters into core's registries, one file a subject."""

from shouwang.rounds.registry import calling, coverage, table, tracing
from shouwang.rounds.registry.roster import (
    count_proposals,
    danger_in_answers,
    rounds_going_on,
)

__all__ = [
    "calling",
    "count_proposals",
    "coverage",
    "danger_in_answers",
    "rounds_going_on",
    "table",
    "tracing",
]
