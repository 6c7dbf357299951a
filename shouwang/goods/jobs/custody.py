"""What is in somebody's hands too long is asked for."""

from __future__ import annotations

from datetime import datetime

from shouwang.core.models import DueRow


def remind_due_holding(row: DueRow, at: datetime) -> datetime | None:
    """It was to be back by now."""
    return None
