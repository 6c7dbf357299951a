"""News from below. A receiver writes its own due rows and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.dispatch import receiver

from shouwang.core.due import schedule
from shouwang.help.selectors import assignments_to_reoffer
from shouwang.volunteers.signals import stood_down


@receiver(stood_down)
def enter_reoffers(*, commitment_ids: Sequence[UUID], at: datetime, **_more: Any) -> None:
    """One due row for each request that somebody off duty had, due at once."""
    for assignment in assignments_to_reoffer(commitment_ids):
        schedule("help.reoffer", at=at, subject_id=assignment.request_id, key=str(assignment.commitment_id))
