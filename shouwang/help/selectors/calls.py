"""Who is calling, and which door is meant: for the call page while the caller talks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from shouwang.core.personal import NAME
from shouwang.core.scope import Scope
from shouwang.help.models import HelpRequest
from shouwang.help.selectors.requests import requests_of_household
from shouwang.help.states import OPEN_STATES
from shouwang.people.models import Household, Membership
from shouwang.people.selectors import (
    current_household,
    flags_of,
    household_for,
    household_title,
    households_by_phone,
    instructions_for,
    members_of,
    readable_classes,
)
from shouwang.places.engines.doors import read_door
from shouwang.places.models import Dwelling
from shouwang.places.selectors import door_label, dwellings_for
from shouwang.places.selectors import find_dwelling as place_door


@dataclass(frozen=True)
class Caller:
    """A household that a known number speaks for: what to know while talking, and what it asked before."""

    household: Household
    door: str
    title: str
    members: list[Membership] = field(default_factory=list)
    flags: list[Any] = field(default_factory=list)
    instructions: list[Any] = field(default_factory=list)
    requests: list[HelpRequest] = field(default_factory=list)


def callers_by_phone(scope: Scope, community_id: UUID, phone: str) -> list[Caller]:
    """Households that this number is known to speak for, of those the scope may open."""
    found = households_by_phone(community_id, phone)
    return [caller_of(scope, household) for household in found if scope.covers("register.see", household)]


def caller_of(scope: Scope, household: Household) -> Caller:
    """The household as the desk needs it while the phone is in the hand."""
    classes = readable_classes(scope, household)
    recent = requests_of_household(scope, household.pk)
    return Caller(
        household=household,
        door=door_label(household.dwelling),
        title=household_title(household) if NAME in classes else "",
        members=members_of(household) if NAME in classes else [],
        flags=list(flags_of(household, classes)),
        instructions=list(instructions_for(household)),
        requests=[*recent.filter(state__in=OPEN_STATES), *recent.exclude(state__in=OPEN_STATES)[:3]],
    )


def household_choice(scope: Scope, household_id: UUID, capability: str = "register.see") -> Household:
    """The household, or 404."""
    return household_for(scope, household_id, capability)


def doors_like(scope: Scope, said: str, limit: int = 6) -> list[tuple[Dwelling, Household | None]]:
    """Doors that may be meant by what was said, with who lives there; at most `limit`."""
    exact = find_door(scope, said)
    if exact is not None:
        return [(exact, current_household(exact))]
    door = read_door(said)
    found = dwellings_for(scope, "help.take_in")
    if door is not None and door.door:
        found = found.filter(door=door.door)
    elif said.strip().isdigit():
        found = found.filter(door=said.strip())
    else:
        return []
    return [(d, current_household(d)) for d in found.order_by("place__sort_key", "sort_key")[:limit]]


def find_door(scope: Scope, said: str) -> Dwelling | None:
    """The one door that is meant, as people say it; None when it is not one, or not within the scope."""
    door = read_door(said)
    if door is None or not door.door or not door.building:
        return None
    for community_id in scope.ids("help.take_in", "community_id") or _communities(scope):
        found = place_door(community_id, door.building, door.stairwell, door.door)
        if found is not None and scope.covers("help.take_in", found):
            return found
    return None


def _communities(scope: Scope) -> set[UUID]:
    """Communities in which requests may be taken in from below their own level."""
    ids = dwellings_for(scope, "help.take_in").values_list("community_id", flat=True).distinct()
    return {pk for pk in ids if pk is not None}
