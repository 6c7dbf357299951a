"""Two entries were one person: what either was allergic to counts for the one that is left, and what was given too."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from shouwang.core.actors import CLOCK
from shouwang.core.audit import write_audit
from shouwang.goods.models import MedicineAsk, MedicineIssue, MedicineNote


@transaction.atomic
def join_notes(*, alias_id: UUID, survivor_id: UUID, at: datetime) -> int:
    """Copies the allergies of the entry that is gone; should the merge be undone, both keep theirs. How many were new."""
    there = {
        row.substance for row in MedicineNote.objects.filter(person_id=survivor_id, ended_at__isnull=True)
    }
    fresh = 0
    for row in MedicineNote.objects.filter(person_id=alias_id, ended_at__isnull=True):
        if row.substance not in there:
            MedicineNote(
                person_id=survivor_id, substance=row.substance, source=row.source, noted_at=row.noted_at,
                noted_by_id=row.noted_by_id, **row.stamp(),
            ).save(force_insert=True)  # fmt: skip
            fresh += 1
    MedicineAsk.objects.filter(person_id=alias_id).update(person_id=survivor_id)
    MedicineIssue.objects.filter(person_id=alias_id).update(person_id=survivor_id)
    if fresh:
        write_audit(
            "goods.medicine.allergy_noted",
            by=CLOCK,
            at=at,
            subject=survivor_id,
            person_id=survivor_id,
            notes=fresh,
        )
    return fresh
