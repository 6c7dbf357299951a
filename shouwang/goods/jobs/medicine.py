"""What the bank's clock does, one row at a time."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from shouwang.core.actors import CLOCK
from shouwang.core.models import DueRow
from shouwang.goods.selectors.medicine import errands_to_reoffer, issue_of_parcels
from shouwang.goods.services.medicine_asks import watch_ask
from shouwang.goods.services.medicine_errands import leave_errand
from shouwang.goods.services.medicine_issues import delivered, not_delivered
from shouwang.goods.services.medicine_merging import join_notes
from shouwang.goods.states import IssueState, ParcelState
from shouwang.people.selectors import survivor_id


def watch_due_ask(row: DueRow, at: datetime) -> datetime | None:
    """One turn for an ask that is still open."""
    return watch_ask(ask_id=row.subject_id, at=at) if row.subject_id else None


def leave_due_errand(row: DueRow, at: datetime) -> None:
    """Whoever had the errand is off duty: it waits for somebody again, and those on duty hear of it."""
    for errand in errands_to_reoffer([UUID(row.key)]):
        leave_errand(errand=errand, by=CLOCK, at=at)


def deliver_due_parcel(row: DueRow, at: datetime) -> None:
    """A run handed over what was counted out, or took that back: as its parcel stands now."""
    for issue in issue_of_parcels([row.subject_id] if row.subject_id else []):
        handed = issue.parcel is not None and issue.parcel.state == ParcelState.HANDED_OVER
        if handed and issue.state in (IssueState.READY, IssueState.ON_THE_WAY):
            delivered(issue=issue, by=CLOCK, at=at)
        elif not handed and issue.state == IssueState.AT_THE_DOOR:
            not_delivered(issue=issue, by=CLOCK, at=at)


def join_due_notes(row: DueRow, at: datetime) -> None:
    """Two entries were one person."""
    survivor = survivor_id(row.subject_id) if row.subject_id else None
    if survivor is not None and row.subject_id is not None and survivor != row.subject_id:
        join_notes(alias_id=row.subject_id, survivor_id=survivor, at=at)
