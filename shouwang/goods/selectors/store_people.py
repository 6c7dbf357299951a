"""To whom the store gives things: those who serve in the community, and its households."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from shouwang.accounts.models import User
from shouwang.core.scope import Scope
from shouwang.goods.selectors.store import STORE
from shouwang.people.models import Household
from shouwang.people.selectors import current_household
from shouwang.places.engines.doors import read_door
from shouwang.places.models import Place
from shouwang.places.selectors import find_dwelling
from shouwang.volunteers.selectors import can_serve


def takers_in(community_id: UUID, at: datetime) -> list[User]:
    """Those who serve in the community now, by name. Callers scope it."""
    rows = can_serve(at).filter(community_id=community_id).select_related("user")
    return sorted((row.user for row in rows), key=lambda user: (user.name, str(user.pk)))


def household_behind(scope: Scope, community: Place, said: str) -> Household | None:
    """Who lives behind the door as people say it (8-2-501); None where it is no one door or nobody lives there."""
    door = read_door(said)
    if door is None or not door.door or not door.building:
        return None
    found = find_dwelling(community.pk, door.building, door.stairwell, door.door)
    return current_household(found) if found is not None and scope.covers(STORE, found) else None
