"""That a file was read is on record; the household may see by whom."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.audit import write_audit
from shouwang.people.models import Household


@transaction.atomic
def record_file_read(*, household: Household, by: Actor, at: datetime | None = None, why: Any = "") -> None:
    """One row for one opening of a household's file; `why` the occasion (a request's number, 'search' ...)."""
    write_audit("people.file.read", by=by, at=at or clock.now(), subject=household, why=str(why)[:120])
