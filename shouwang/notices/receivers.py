"""What notices does when a room below has news: writes its own due rows, nothing else."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.dispatch import receiver

from shouwang.core.due import schedule
from shouwang.places.signals import coverage_changed, glass_broken
from shouwang.places.states import Cover


@receiver(coverage_changed, dispatch_uid="notices.gap")
def note_gap(*, community_id: UUID | None, after: str, at: datetime, **_news: Any) -> None:
    """A stairwell without a live head: somebody above is told at once. Gaps of one act make one message."""
    if community_id and after == Cover.NONE:
        schedule("notices.tell_gaps", at=at, subject_id=community_id)


@receiver(glass_broken, dispatch_uid="notices.glass")
def note_glass(*, glass_id: UUID, at: datetime, **_news: Any) -> None:
    """Somebody looks into a building that is not theirs: those who answer for it are told at once."""
    schedule("notices.tell_glass", at=at, subject_id=glass_id)
