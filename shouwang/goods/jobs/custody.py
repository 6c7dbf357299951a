"""What is in somebody's hands too long is asked for; what somebody off duty holds is told of."""

from __future__ import annotations

from datetime import datetime, timedelta

from shouwang.core.actors import CLOCK
from shouwang.core.models import DueRow
from shouwang.goods.selectors.custody import holding_by_id
from shouwang.goods.services.custody_telling import tell_due_back, tell_overdue, tell_to_recover
from shouwang.goods.states import OUT
from shouwang.volunteers.selectors import is_stood_down, volunteer_by_id

AGAIN = timedelta(hours=24)


def remind_due_holding(row: DueRow, at: datetime) -> datetime | None:
    """It was to be back by now: its holder is reminded at once and once a day, from the second day on the office is
    told too."""
    holding = holding_by_id(row.subject_id) if row.subject_id is not None else None
    if holding is None or holding.state not in OUT or holding.due_back_at is None:
        return None
    tell_due_back(holding, by=CLOCK, at=at)
    if at - holding.due_back_at >= AGAIN:
        tell_overdue(holding, by=CLOCK, at=at)
    return at + AGAIN


def recover_due_holdings(row: DueRow, at: datetime) -> None:
    """Somebody stood down: the office is told what they hold, unless they are back already."""
    volunteer = volunteer_by_id(row.subject_id) if row.subject_id is not None else None
    if volunteer is not None and is_stood_down(volunteer, at):
        tell_to_recover(volunteer.user, by=CLOCK, at=at)
