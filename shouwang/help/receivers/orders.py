"""What orders do when somebody who shops is off duty, and when cash changes hands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.dispatch import receiver

from shouwang.core.due import schedule
from shouwang.core.ids import uuid7
from shouwang.goods.signals import cash_changed_hands
from shouwang.help.selectors.shopping import runs_to_reoffer
from shouwang.volunteers.signals import stood_down


@receiver(stood_down)
def offer_runs_again(*, commitment_ids: Sequence[UUID], at: datetime, **_more: Any) -> None:
    """One due row for each shopping run that somebody off duty had, due at once."""
    for run in runs_to_reoffer(commitment_ids):
        schedule("help.rerun", at=at, subject_id=run.pk, key=str(run.commitment_id))


@receiver(cash_changed_hands)
def book_cash(*, holding_id: UUID, at: datetime, **_more: Any) -> None:
    """One due row for each time that cash went on or back: the entries of its run are to say so, if it is a run's. A row of
    its own each time, so that nobody waits for one that the clock is doing."""
    schedule("help.run_cash", at=at, subject_id=holding_id, key=f"{holding_id}:{uuid7()}")
