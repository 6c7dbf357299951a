"""What rounds enters into core's registries, one file a subject."""

from shouwang.rounds.registry import calling, coverage, roster, table, tracing
from shouwang.rounds.registry.roster import rounds_going_on

__all__ = ["calling", "coverage", "roster", "rounds_going_on", "table", "tracing"]
