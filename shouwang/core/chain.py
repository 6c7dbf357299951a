"""The chain over the audit: who changes, removes or slips in a row that was sealed is found out.

A link is an HMAC under a key that is not in the database, over the entries since the link before and that link
itself: whoever can write the database but not read the keys cannot forge one. The last link is also written to a
file beside the database (the head), so that cutting off the end of the record is found out too; who wants more
notes the head elsewhere (`shouwang audit`). A link covers hashes of payloads, so that erasing one breaks nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet

from shouwang.core.audit import SCOPE_COLUMNS, payload_digest, positioned
from shouwang.core.models import AuditEntry, AuditSeal
from shouwang.core.sealing import load_key

KEY = "audit"
A_LINK = 5000


@dataclass(frozen=True)
class Head:
    """The last link as it was written beside the database: its number and its digest (hex)."""

    number: int
    digest: str


def head_path() -> Path:
    """Where the head stands: outside the database, in SHOUWANG_HOME."""
    return Path(settings.SHOUWANG_HOME) / "audit-head.json"


def read_head() -> Head | None:
    """The head on disk; None when nothing was sealed yet."""
    try:
        return Head(**json.loads(head_path().read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None


def _write_head(seal: AuditSeal) -> None:
    beside = head_path().with_suffix(f".{os.getpid()}")
    with beside.open("w", encoding="utf-8") as file:
        json.dump(asdict(Head(seal.number, seal.digest)), file)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(head_path())


def seal_audit(at: datetime) -> int:
    """Adds one link over at most A_LINK committed entries that are not sealed yet; how many it covered."""
    with transaction.atomic():
        last = AuditSeal.objects.select_for_update().order_by("-number").first()
        rows = list(_between(last, None)[:A_LINK])
        if not rows:
            return 0
        seal = AuditSeal.objects.create(
            number=(last.number if last else 0) + 1,
            up_to_xact=rows[-1].xact,
            up_to_id=rows[-1].pk,
            entries=len(rows),
            digest=_link(last, rows),
            sealed_at=at,
        )
        transaction.on_commit(lambda: _write_head(seal))
        return len(rows)


def _between(after: AuditSeal | None, until: AuditSeal | None) -> QuerySet[AuditEntry]:
    """Entries after one link up to and with another one; up to what has committed when `until` is None."""
    rows = AuditEntry.objects.all() if until else positioned(AuditEntry.objects.all())
    if connection.vendor != "postgresql":
        rows = rows.filter(id__gt=after.up_to_id) if after else rows
        return (rows.filter(id__lte=until.up_to_id) if until else rows).order_by("id")
    if after:
        rows = rows.filter(Q(xact__gt=after.up_to_xact) | Q(xact=after.up_to_xact, id__gt=after.up_to_id))
    if until:
        rows = rows.filter(Q(xact__lt=until.up_to_xact) | Q(xact=until.up_to_xact, id__lte=until.up_to_id))
    return rows.order_by("xact", "id")


def _link(before: AuditSeal | None, rows: Iterable[AuditEntry]) -> str:
    digest = hmac.new(load_key(KEY), (before.digest if before else "").encode(), hashlib.sha256)
    for row in rows:
        line = (
            row.pk,
            row.kind,
            row.actor_kind,
            row.actor_id,
            row.source,
            row.subject_id,
            row.person_id,
            *(getattr(row, column) for column in SCOPE_COLUMNS),
            row.at.isoformat(),
            row.payload_hash,
        )
        digest.update(json.dumps([str(part) for part in line], ensure_ascii=False).encode())
    return digest.hexdigest()


def broken_links(head: Head | None = None) -> list[int]:
    """Numbers of links that no longer match their entries, or whose entries' payloads don't match their hashes; and
    the head's number when that link is gone or is another one. `head` default: the one on disk."""
    broken: list[int] = []
    before: AuditSeal | None = None
    for expected, seal in enumerate(AuditSeal.objects.order_by("number"), start=1):
        rows = list(_between(before, seal))
        whole = seal.number == expected and len(rows) == seal.entries and _link(before, rows) == seal.digest
        if not whole or any(
            row.payload is not None and payload_digest(row.payload) != row.payload_hash for row in rows
        ):
            broken.append(seal.number)
        before = seal
    head = head or read_head()
    if head and not AuditSeal.objects.filter(number=head.number, digest=head.digest).exists():
        broken.append(head.number)
    return sorted(set(broken))
