"""Erasure by purpose: the clock runs every registered eraser once a day, in batches."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from shouwang.core.actors import CLOCK
from shouwang.core.audit import write_audit
from shouwang.core.models import DueRow, Tombstone
from shouwang.core.registry import erasers
from shouwang.core.sealing import keyed_hash

BATCH = 200


def erase_due_records(row: DueRow, at: datetime) -> datetime | None:
    """One batch of one eraser (row.key); again at once while a batch was full, else tomorrow."""
    eraser = erasers.get(row.key)
    with transaction.atomic():
        erased = eraser.erase_batch(at, BATCH)
        if erased:
            write_audit("core.records.erased", by=CLOCK, at=at, eraser=eraser.code, erased=erased)
    return at if erased >= BATCH else at + timedelta(days=1)


def leave_tombstone(kind: str, subject_id: UUID, at: datetime) -> None:
    """Marks an erased row, so that a late command about it is answered and never recreates it."""
    Tombstone.objects.get_or_create(
        subject_id=subject_id,
        defaults={
            "kind": kind,
            "keyed_hash": keyed_hash("tombstone", f"{kind}:{subject_id}"),
            "erased_at": at,
        },
    )
