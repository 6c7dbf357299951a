"""Due rows of volunteers: the agreed end of a stand-down."""

from __future__ import annotations

from datetime import datetime

from shouwang.core.actors import CLOCK
from shouwang.core.models import DueRow
from shouwang.volunteers import selectors, services


def come_back_when_due(row: DueRow, at: datetime) -> datetime | None:
    """Puts a volunteer on duty again at the agreed time."""
    volunteer = selectors.volunteer_by_id(row.subject_id) if row.subject_id else None
    if volunteer is not None:
        services.come_back_as_agreed(volunteer=volunteer, by=CLOCK, at=at)
    return None
