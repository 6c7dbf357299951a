"""What notices does when a room below has news: writes its own due rows, nothing else."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.dispatch import receiver

from shouwang.core.due import schedule
from shouwang.places.selectors import community_of
from shouwang.places.signals import coverage_changed
from shouwang.places.states import Cover


@receiver(coverage_changed, dispatch_uid="notices.gap")
def note_gap(*, place_id: UUID, after: str, at: datetime, **_news: Any) -> None:
    """A stairwell without a live head: somebody above is told at once. Gaps of one act make one message."""
    community_id = community_of(place_id) if after == Cover.NONE else None
    if community_id:
        schedule("notices.tell_gaps", at=at, subject_id=community_id)
