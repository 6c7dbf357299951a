"""What happens to rounds by itself: rosters are compared with the register."""

from __future__ import annotations

from datetime import datetime, timedelta

from shouwang.core.models import DueRow
from shouwang.rounds.services import join_entries, keep_true, settle_left

AGAIN = timedelta(minutes=10)


def keep_due_roster_true(row: DueRow, at: datetime) -> datetime | None:
    """Compares a round's roster with the register; again in ten minutes as long as the round goes on."""
    return at + AGAIN if row.subject_id is not None and keep_true(round_id=row.subject_id, at=at) else None


def join_due_entries(row: DueRow, at: datetime) -> None:
    """After two entries of the register were found to be one person: so are their entries on rosters."""
    if row.subject_id is not None:
        join_entries(alias_id=row.subject_id, at=at)


def settle_due_rest(row: DueRow, at: datetime) -> datetime | None:
    """The rest of a large roster that was signed off; again at once while more is left."""
    return at if row.subject_id is not None and settle_left(round_id=row.subject_id, at=at) else None
