"""core's own entries in its registries."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from shouwang.core import chain, files
from shouwang.core.erasure import erase_due_records
from shouwang.core.models import DueRow
from shouwang.core.registry import (
    AuditKind,
    DueKind,
    Eraser,
    Finding,
    Invariant,
    PurposeKind,
    audit_kinds,
    due_kinds,
    erasers,
    invariants,
    purposes,
)


def seal_due_audit(row: DueRow, at: datetime) -> datetime:
    """Adds a link to the audit's chain; at once again while there is more, else in five minutes."""
    return at if chain.seal_audit(at) >= chain.A_LINK else at + timedelta(minutes=5)


def _due_rows_done(at: datetime, community: UUID | None) -> Finding:
    late = at - timedelta(minutes=5)
    rows = DueRow.objects.all()
    broken = rows.filter(failed_at__isnull=False) | rows.filter(due_at__lt=late)
    return Finding(rows.count(), list(broken.values_list("pk", flat=True)[:50]))


def _chain_whole(at: datetime, community: UUID | None) -> Finding:
    from shouwang.core.models import AuditSeal

    return Finding(AuditSeal.objects.count(), [UUID(int=number) for number in chain.broken_links()])


def _all_erased(at: datetime, community: UUID | None) -> Finding:
    overdue = {eraser.code: eraser.count(at - timedelta(days=2)) for eraser in erasers}
    broken = [UUID(int=place) for place, count in enumerate(overdue.values()) if count]
    return Finding(len(overdue), broken)


audit_kinds.add(
    AuditKind(
        "core.due.failed", _("A timed step failed five times and waits for the technician"), tone="need"
    )
)
audit_kinds.add(AuditKind("core.keys.changed", _("Everything sealed was sealed anew with a new key")))
audit_kinds.add(AuditKind("core.records.erased", _("Records past their days were erased")))
due_kinds.add(DueKind("core.erase", erase_due_records))
due_kinds.add(DueKind("core.seal_audit", seal_due_audit))
purposes.add(
    PurposeKind(
        "file.proof",
        _("Photos that prove a handing over or show damage"),
        30,
        after=_("the request is closed"),
    )
)
erasers.add(
    Eraser(
        "core.files",
        frozenset(),
        count=files.count_expired,
        erase_batch=files.erase_expired,
        verify=files.count_expired_on_disk,
    )
)
invariants.add(Invariant("core.due.done", _("Whatever falls due is done on time"), _due_rows_done, order=80))
invariants.add(Invariant("core.audit.whole", _("The record of acts is whole"), _chain_whole, order=90))
invariants.add(
    Invariant("core.records.erased", _("Whatever is past its days has been erased"), _all_erased, order=95)
)
