"""That somebody opened a delivery run, with names and phones."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from shouwang.accounts.models import User
from shouwang.core.audit import write_audit
from shouwang.goods.models import Run


@transaction.atomic
def record_run_read(*, run: Run, by: User, at: datetime) -> None:
    """One row a reading."""
    write_audit("goods.run.read", by=by, at=at, subject=run)
