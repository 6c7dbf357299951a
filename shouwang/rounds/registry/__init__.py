"""What rounds enters into core's registries, one file a subject."""

from shouwang.rounds.registry import calling, roster, table
from shouwang.rounds.registry.roster import rounds_going_on

__all__ = ["calling", "roster", "rounds_going_on", "table"]
