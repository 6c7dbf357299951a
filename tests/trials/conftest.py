"""The small world of the guards, for the trials that look at every route: one world, one list of routes."""

from tests.guards.conftest import visitors, world

__all__ = ["visitors", "world"]
