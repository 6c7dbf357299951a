"""What happens at the gate by itself: what has rested is released, and what is brought to the door is marked."""

from __future__ import annotations

from datetime import datetime

from shouwang.core.models import DueRow
from shouwang.goods.selectors.doors import goes_to_door
from shouwang.goods.services.parcels import mark_door_wish
from shouwang.goods.services.resting import MOST_AT_ONCE, release_rested


def release_due_parcels(row: DueRow, at: datetime) -> datetime | None:
    """Releases what has rested in this row's community; again at once while a batch was full."""
    if row.subject_id is None:
        return None
    return at if release_rested(community_id=row.subject_id, at=at) == MOST_AT_ONCE else None


def mark_due_wish(row: DueRow, at: datetime) -> None:
    """A care flag of this row's household changed: what is in house for it is marked as the flags say now."""
    if row.subject_id is not None:
        to_door = row.subject_id in goes_to_door([row.subject_id])
        mark_door_wish(household_id=row.subject_id, to_door=to_door, at=at)
