"""What happens to places at a time: a timed post ends."""

from __future__ import annotations

from datetime import datetime

from shouwang.core.actors import CLOCK
from shouwang.core.models import DueRow
from shouwang.places.services import note_end_of_post


def end_due_post(row: DueRow, at: datetime) -> None:
    """The post of `row.subject_id` has reached its last instant: its leaves are counted anew."""
    if row.subject_id is not None:
        note_end_of_post(post_id=row.subject_id, by=CLOCK, at=at)
