"""What the clock does for this room, one due row at a time."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from shouwang.core.actors import CLOCK
from shouwang.core.models import DueRow
from shouwang.help.selectors import assignments_to_reoffer
from shouwang.help.services import escalate_due_request, reoffer_request, watch_ticket


def escalate_due_row(row: DueRow, at: datetime) -> datetime | None:
    """One turn for the request of the row."""
    return escalate_due_request(request_id=row.subject_id, at=at) if row.subject_id else None


def watch_due_ticket(row: DueRow, at: datetime) -> datetime | None:
    """One turn for the hotline's ticket of the row."""
    return watch_ticket(ticket_id=row.subject_id, at=at) if row.subject_id else None


def reoffer_due_commitment(row: DueRow, at: datetime) -> datetime | None:
    """Offers anew what hung on one commitment of somebody who stood down."""
    for assignment in assignments_to_reoffer([UUID(row.key)]):
        reoffer_request(assignment=assignment, by=CLOCK, at=at)
    return None
