"""The small world of the guards and the browser of the journeys, for the trials that look at every route."""

from tests.guards.conftest import visitors, world
from tests.journeys.conftest import browser, playwright, visit

__all__ = ["browser", "playwright", "visit", "visitors", "world"]
