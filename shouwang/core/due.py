"""Due rows: the clock does what is due, one row at a time, crash-safe on SQLite and PostgreSQL alike."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from shouwang.core.actors import CLOCK, acting_from
from shouwang.core.audit import write_audit
from shouwang.core.models import DueRow, Heartbeat
from shouwang.core.registry import due_kinds

log = logging.getLogger("shouwang.due")

LEASE = timedelta(seconds=60)
TRIES = 5


def schedule(
    kind: str,
    *,
    at: datetime,
    subject_id: UUID | None = None,
    key: str = "",
    payload: dict[str, Any] | None = None,
) -> DueRow:
    """Enters or re-times the due row of (kind, key); `key` defaults to the subject. A failed row lives again."""
    entry = due_kinds.get(kind)
    row, _fresh = DueRow.objects.update_or_create(
        kind=kind,
        key=key or str(subject_id or ""),
        defaults={
            "subject_id": subject_id,
            "due_at": at,
            "payload": payload or {},
            "lane": entry.lane,
            "attempts": 0,
            "claimed_until": None,
            "failed_at": None,
            "last_error": "",
        },
    )
    return row


def cancel(kind: str, *, subject_id: UUID | None = None, key: str = "") -> None:
    """Takes the due row away, if there is one."""
    DueRow.objects.filter(kind=kind, key=key or str(subject_id or "")).delete()


def keys_due(kind: str) -> set[str]:
    """Keys of the rows of this kind that are still going to be done; given-up ones are not."""
    return set(DueRow.objects.filter(kind=kind, failed_at__isnull=True).values_list("key", flat=True))


def _free(at: datetime) -> Q:
    return Q(claimed_until__isnull=True) | Q(claimed_until__lte=at)


def _waiting(lane: str, at: datetime) -> QuerySet[DueRow]:
    rows = DueRow.objects.filter(_free(at), lane=lane, due_at__lte=at, failed_at__isnull=True)
    return rows.order_by("due_at")


def claim_next(lane: str, at: datetime) -> DueRow | None:
    """Claims the row longest due by conditional update, for LEASE; None when nothing is due, or others have it."""
    for row in _waiting(lane, at)[:5]:
        until = at + LEASE
        taken = DueRow.objects.filter(_free(at), pk=row.pk, due_at=row.due_at).update(
            claimed_until=until, attempts=row.attempts + 1
        )
        if taken:
            row.claimed_until = until
            row.attempts += 1
            return row
    return None


def do_one(lane: str, at: datetime) -> bool:
    """Does one due row of the lane; whether there was one. A failing row backs off and blocks nobody.

    On the clock's lane the claim, the work and the row's end are one transaction: whoever is killed in the middle
    has claimed nothing, and the next one begins at once. What calls the outside holds no transaction, and a lease
    instead.
    """
    if not _waiting(lane, at).exists():
        return False
    claimed: list[DueRow] = []
    try:
        with acting_from(lane):
            if lane == "clock":
                with transaction.atomic():
                    _do_next(lane, at, claimed)
            else:
                _do_next(lane, at, claimed)
    except Exception as fault:
        if not claimed:
            raise
        row = claimed[0]
        log.warning("due row of %s failed on try %s: %s", row.kind, row.attempts, type(fault).__name__)
        log.debug("fault", exc_info=True)
        _back_off(row, at, fault)
    return bool(claimed)


def _do_next(lane: str, at: datetime, claimed: list[DueRow]) -> None:
    row = claim_next(lane, at)
    if row is not None:
        claimed.append(row)
        _settle(row, due_kinds.get(row.kind).handler(row, at))


def _settle(row: DueRow, again: datetime | None) -> None:
    """Removes or re-times the row, unless its handler has scheduled it anew meanwhile."""
    mine = DueRow.objects.filter(pk=row.pk, claimed_until=row.claimed_until)
    if again is None:
        mine.delete()
    else:
        mine.update(due_at=again, claimed_until=None, attempts=0, last_error="")


def _back_off(row: DueRow, at: datetime, fault: Exception) -> None:
    # The clock's claim went back with its transaction; the worker's still stands.
    mine = DueRow.objects.filter(pk=row.pk, due_at=row.due_at)
    if row.lane != "clock":
        mine = mine.filter(claimed_until=row.claimed_until)
    error = type(fault).__name__[:200]
    if row.attempts >= TRIES:
        with transaction.atomic():
            if mine.update(failed_at=at, claimed_until=None, attempts=row.attempts, last_error=error):
                write_audit(
                    "core.due.failed", by=CLOCK, at=at, subject=row.subject_id, due_kind=row.kind, error=error
                )
        return
    again = at + timedelta(seconds=5 * 2**row.attempts)
    mine.update(due_at=again, claimed_until=None, attempts=row.attempts, last_error=error)


def do_until(at: datetime, lane: str = "clock") -> int:
    """Does everything due up to `at`, each row at its own time; how many. For replays: the demo, the tests."""
    done = 0
    while True:
        waiting = DueRow.objects.filter(
            lane=lane, due_at__lte=at, failed_at__isnull=True, claimed_until__isnull=True
        )
        moment = waiting.order_by("due_at").values_list("due_at", flat=True).first()
        if moment is None or not do_one(lane, moment):
            return done
        done += 1


def retry_failed(row_id: UUID, at: datetime) -> bool:
    """Takes a row out of the technical queue and makes it due at once."""
    return bool(
        DueRow.objects.filter(pk=row_id, failed_at__isnull=False).update(
            failed_at=None, due_at=at, attempts=0, claimed_until=None
        )
    )


def lateness(lane: str, at: datetime) -> float:
    """Seconds by which the longest waiting due row of the lane is late; 0 when none is."""
    oldest = (
        DueRow.objects.filter(lane=lane, failed_at__isnull=True, due_at__lte=at)
        .order_by("due_at")
        .values_list("due_at", flat=True)
        .first()
    )
    return max(0.0, (at - oldest).total_seconds()) if oldest else 0.0


def beat(name: str, at: datetime, done: int) -> None:
    """Writes the process's heartbeat."""
    Heartbeat.objects.update_or_create(
        name=name, defaults={"at": at, "late_seconds": lateness(name, at), "done": done}
    )


def is_alive(name: str, at: datetime, within: float = 30.0) -> bool:
    """Whether that process's heart beat within so many seconds."""
    beats = Heartbeat.objects.filter(name=name, at__gte=at - timedelta(seconds=within))
    return beats.exists()
