"""Due rows of ledgers: taking in a large sheet, by the worker."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from uuid import UUID

from shouwang.accounts.selectors import user_named
from shouwang.core import due, progress
from shouwang.core.actors import OPERATOR
from shouwang.core.models import DueRow
from shouwang.ledgers import selectors, services
from shouwang.ledgers.states import ImportState


def confirm_due_sheet(row: DueRow, at: datetime) -> datetime | None:
    """Takes the sheet in, or takes back what it did when somebody stops it. Killed in the middle it begins anew: one
    transaction, so nothing was written. After the last try the sheet is staged as before."""
    staged = selectors.import_by_id(row.subject_id)
    if staged is None or staged.state != ImportState.CONFIRMING:
        return None
    said = row.payload.get("by")
    by = user_named(UUID(said)) if said else None
    try:
        services.confirm_register(
            register_import=staged, by=by or OPERATOR, at=at, tell=partial(progress.report, staged.pk)
        )
    except progress.Stopped:
        services.back_to_staged(register_import=staged, by=by or OPERATOR, why="stopped", at=at)
    except Exception:
        if row.attempts >= due.TRIES:
            services.back_to_staged(register_import=staged, by=by or OPERATOR, why="failed", at=at)
        raise
    progress.clear(staged.pk)
    return None
