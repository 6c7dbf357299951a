"""Whoever was to carry a list and stood down carries it no more."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from shouwang.core.actors import CLOCK
from shouwang.core.models import DueRow
from shouwang.goods.selectors.gifts import KIND, list_by_id
from shouwang.goods.services.gifts import release_giver
from shouwang.goods.services.gifts_telling import tell_nobody_goes
from shouwang.volunteers.selectors import commitments_to_reoffer


def release_due_giver(row: DueRow, at: datetime) -> None:
    """The commitment ends; whoever made the list is told that somebody else is to go."""
    for commitment in commitments_to_reoffer([UUID(row.key)], KIND):
        gift_list = list_by_id(commitment.subject_id)
        if gift_list is not None and release_giver(
            gift_list=gift_list, volunteer=commitment.volunteer, by=CLOCK, at=at
        ):
            tell_nobody_goes(gift_list, by=CLOCK, at=at)
