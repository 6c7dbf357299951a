"""A gate for tests: the made-up neighbourhood with its first building sealed, and what arrives there."""

from __future__ import annotations

from typing import Any

from shouwang.goods.models import Parcel
from shouwang.goods.services import take_in
from shouwang.incidents.models import Incident
from shouwang.incidents.services import open_incident
from shouwang.incidents.tests.neighbourhood import AT, Neighbourhood

HOUR = 60


def seal(here: Neighbourhood, *buildings: int, protocol: str = "sealed_zone", minutes: float = 0) -> Incident:
    """An incident around these buildings, the first one if none is named."""
    places = [here.buildings[number] for number in buildings or (0,)]
    return open_incident(
        community=here.community, name="封控", protocol=protocol, places=places, by=here.alice,
        at=here.later(minutes),
    )  # fmt: skip


def arrive(here: Neighbourhood, home: int | None = 0, **more: Any) -> Parcel:
    """A parcel for one of the six households, two a building; None: whose it is isn't known."""
    at = here.later(more.pop("minutes", 0))
    household = here.households[home] if home is not None else None
    return take_in(community=here.community, household=household, by=here.alice, at=at, **more)


__all__ = ["AT", "HOUR", "arrive", "seal"]
