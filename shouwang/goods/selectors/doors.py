"""To whose door things are brought. Never why."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from shouwang.people.rules import BRING_TO_DOOR
from shouwang.people.selectors import households_by_ids, instructions_by_household
from shouwang.people.states import Care

# Care flags that change how something is brought.
WISHES = BRING_TO_DOOR | {Care.TO_DOOR, Care.WALKS_BADLY}


def goes_to_door(household_ids: Collection[UUID]) -> set[UUID]:
    """Of these households those to whose door things are brought, by their accepted care flags (what keeps somebody alive
    counts before it is accepted). One query."""
    if not household_ids:
        return set()
    found = instructions_by_household(households_by_ids(household_ids))
    return {pk for pk, kinds in found.items() if {Care.TO_DOOR, Care.WALKS_BADLY} & set(kinds)}
