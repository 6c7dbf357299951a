"""What rounds enters into core's registries, one file a subject."""

from shouwang.rounds.registry import calling, roster

__all__ = ["calling", "roster"]
