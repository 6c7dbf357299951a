"""What the clock does for orders and shopping runs, one due row at a time."""

from __future__ import annotations

from datetime import datetime

from shouwang.core.actors import CLOCK
from shouwang.core.models import DueRow
from shouwang.help.selectors.shopping import run_by_id
from shouwang.help.services.reminding import remind_of_answer
from shouwang.help.services.run_cash import book_change_of_hands
from shouwang.help.services.shopping import reoffer_run


def remind_due_answer(row: DueRow, at: datetime) -> datetime | None:
    """One turn for a line whose household is to be asked, or was and has not answered."""
    return remind_of_answer(line_id=row.subject_id, at=at) if row.subject_id else None


def reoffer_due_run(row: DueRow, at: datetime) -> datetime | None:
    """Takes a run off somebody who was stood down and tells whoever made it."""
    run = run_by_id(row.subject_id) if row.subject_id else None
    if run is not None and str(run.commitment_id) == row.key:
        reoffer_run(run=run, by=CLOCK, at=at)
    return None


def book_due_cash(row: DueRow, at: datetime) -> None:
    """Cash went on or back in custody: the entries of its run say so."""
    if row.subject_id is not None:
        book_change_of_hands(holding_id=row.subject_id, at=at)
