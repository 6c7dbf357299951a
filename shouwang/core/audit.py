"""The audit: one append-only row a change, in commit order; core.chain chains them by hashes of payloads.

Order: on PostgreSQL a row carries its transaction's xid8 and readers stop at the snapshot's xmin, so no
row appears behind a cursor that has passed it. On SQLite writers are serial, so rowid is commit order.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, Func, QuerySet
from django.db.models.fields import BigIntegerField

from shouwang.core.actors import Actor, current_source
from shouwang.core.models import AuditEntry
from shouwang.core.registry import audit_kinds

SCOPE_COLUMNS = ("community_id", "grid_id", "building_id", "stairwell_id")


class CurrentXact(Func):
    """The running transaction's xid8 on PostgreSQL, 0 elsewhere."""

    template = "0"
    output_field = BigIntegerField()
    arity = 0

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="pg_current_xact_id()::text::bigint", **extra)


class Horizon(Func):
    """The xid8 below which everything has committed, on PostgreSQL; as seen by the statement that asks."""

    template = "pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
    output_field = BigIntegerField()
    arity = 0


def _plain(value: Any) -> Any:
    if isinstance(value, UUID | datetime) or hasattr(value, "isoformat"):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    return value if isinstance(value, int | float | bool | type(None)) else str(value)


def payload_digest(payload: Any) -> str:
    """SHA-256 (hex) of a payload's canonical JSON."""
    text = json.dumps(payload, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def count_acts(kind: str, community_id: UUID, since: datetime, until: datetime) -> int:
    """How many acts of this kind the record holds for a community between two moments, both included."""
    return AuditEntry.objects.filter(
        kind=kind, community_id=community_id, at__gte=since, at__lte=until
    ).count()


def count_acts_of(actor_id: UUID, column: str, place_id: UUID, since: datetime, until: datetime) -> int:
    """How many acts (sensitive reads too) of one user the record holds at a place, both moments included."""
    return AuditEntry.objects.filter(
        actor_id=actor_id, at__gte=since, at__lte=until, **{column: place_id}
    ).count()


def write_audit(
    kind: str,
    *,
    by: Actor,
    at: datetime,
    subject: Any = None,
    placed: Any = None,
    person_id: UUID | None = None,
    **payload: Any,
) -> AuditEntry:
    """Writes one row in the running transaction.

    `kind` must be registered; `subject` is the object changed (or its id); `placed` a row with the scope
    columns (default: the subject); further keywords are the payload: never sealed values, phones or names.
    """
    entry = audit_entry(kind, by=by, at=at, subject=subject, placed=placed, person_id=person_id, **payload)
    entry.save(force_insert=True)
    return entry


def audit_entry(
    kind: str,
    *,
    by: Actor,
    at: datetime,
    subject: Any = None,
    placed: Any = None,
    person_id: UUID | None = None,
    **payload: Any,
) -> AuditEntry:
    """The row that `write_audit` writes, unwritten: for many at once, given to `insert_many` in the same transaction."""
    audit_kinds.get(kind)
    if not connection.in_atomic_block:
        raise RuntimeError(f"{kind} is audited outside the transaction that does it")
    where = placed if placed is not None else subject
    body = _plain(payload)
    return AuditEntry(
        xact=CurrentXact(),
        at=at,
        kind=kind,
        actor_kind=by.actor_kind,
        actor_id=by.pk,
        source=current_source(),
        subject_id=subject if isinstance(subject, UUID) else getattr(subject, "pk", None),
        person_id=person_id,
        payload=body,
        payload_hash=payload_digest(body),
        **{column: getattr(where, column, None) for column in SCOPE_COLUMNS},
    )


def positioned(rows: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
    """The committed ones of these rows in commit order, each with `.position`."""
    if connection.vendor != "postgresql":
        return rows.annotate(position=F("id")).order_by("id")
    return rows.filter(xact__lt=Horizon()).annotate(position=F("xact")).order_by("xact", "id")


def position_now() -> int:
    """The cursor after everything committed by now; give it to `changes_after` later."""
    column = "id" if connection.vendor != "postgresql" else "xact"
    rows: QuerySet[Any] = positioned(AuditEntry.objects.all())
    last = rows.order_by(f"-{column}").values_list("position", flat=True).first()
    return int(last or 0)


def changes_after(after: int, rows: QuerySet[AuditEntry] | None = None, limit: int = 200) -> list[AuditEntry]:
    """Committed rows after the cursor `after`, in commit order, each with `.position`, the next cursor.

    A transaction is never cut in two: with many rows in one transaction more than `limit` may come.
    """
    column = "xact" if connection.vendor == "postgresql" else "id"
    found: QuerySet[Any] = positioned(rows if rows is not None else AuditEntry.objects.all()).filter(
        **{f"{column}__gt": after}
    )
    page = list(found[:limit])
    if len(page) == limit and column == "xact":
        last = page[-1]
        page += list(found.filter(xact=last.xact, id__gt=last.pk))
    return page


def anything_after(after: int, rows: QuerySet[AuditEntry]) -> bool:
    """Whether any of these rows was committed after the cursor `after`."""
    column = "xact" if connection.vendor == "postgresql" else "id"
    return positioned(rows).filter(**{f"{column}__gt": after}).order_by().exists()


def entries_about(subject_id: UUID, kinds: Iterable[str], limit: int) -> list[AuditEntry]:
    """The latest rows of these kinds about one object, newest first. Callers scope the object."""
    return list(
        AuditEntry.objects.filter(subject_id=subject_id, kind__in=list(kinds)).order_by("-id")[:limit]
    )
