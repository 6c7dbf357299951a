"""Group purchases close by themselves."""

from __future__ import annotations

from datetime import datetime

from shouwang.core.models import DueRow
from shouwang.help.services.groups import close_due_group


def close_due_purchase(row: DueRow, at: datetime) -> None:
    """The closing time of the row's purchase has come."""
    if row.subject_id is not None:
        close_due_group(group_id=row.subject_id, at=at)
