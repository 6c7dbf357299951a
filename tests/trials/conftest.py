"""The small world of the guards and the browser of the journeys, for the trials that look at every route."""

from tests.guards.conftest import visitors, world
from tests.journeys.conftest import browser, visit

__all__ = ["browser", "visit", "visitors", "world"]
