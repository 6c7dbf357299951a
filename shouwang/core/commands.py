"""Commands and receipts: the same id and body is applied once, whoever sends it and however often."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Max
from django.utils.translation import gettext_lazy as _

from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.errors import Conflict
from shouwang.core.models import CommandReceipt


@dataclass(frozen=True)
class Receipt:
    """What the sender gets: `status` accepted or duplicate, and the answer of the first application."""

    command_id: UUID
    status: str
    answer: Any


def body_hash(body: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of a body's canonical JSON; what is not JSON counts by its text."""
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def run_once(
    *,
    command_id: UUID,
    kind: str,
    by: Actor,
    body: Mapping[str, Any],
    do: Callable[[], Any],
    at: datetime | None = None,
) -> Receipt:
    """Runs `do` unless this command was applied before; receipt and effect are one transaction.

    `do` answers something that fits in JSON. A refusal inside leaves no receipt, so that the sender may
    correct the form and send it again. Conflict: the id came before with another body or from another.
    """
    digest = body_hash({"kind": kind, "actor": str(by.pk), "body": body})
    with transaction.atomic():
        row, fresh = CommandReceipt.objects.get_or_create(
            command_id=command_id,
            defaults={
                "kind": kind,
                "actor_kind": by.actor_kind,
                "actor_id": by.pk,
                "body_hash": digest,
                "arrived_at": at or clock.now(),
            },
        )
        if not fresh:
            if row.body_hash != digest:
                raise Conflict(
                    "command-reused", _("This form was already sent with other content. Open it anew.")
                )
            return Receipt(command_id, "duplicate", row.answer)
        answer = do()
        CommandReceipt.objects.filter(pk=command_id).update(answer=answer)
        return Receipt(command_id, "accepted", answer)


def receipts_by_ids(command_ids: Iterable[UUID]) -> dict[UUID, CommandReceipt]:
    """The receipts of these commands, by command id."""
    return CommandReceipt.objects.in_bulk(list(command_ids))


def mark_receipts(command_ids: Iterable[UUID], *, status: str, reason: str) -> None:
    """Says of commands that they were set aside, and why; or that a person has applied them after all."""
    CommandReceipt.objects.filter(pk__in=list(command_ids)).update(status=status, reason=reason)


def arrived_of(device_ids: Iterable[UUID]) -> dict[UUID, tuple[int, int]]:
    """Device id to (how many of its commands have arrived, the highest number among them)."""
    rows = CommandReceipt.objects.filter(device_id__in=list(device_ids)).values("device_id")
    counted = rows.annotate(n=Count("pk"), last=Max("device_seq")).order_by()
    return {row["device_id"]: (row["n"], row["last"] or 0) for row in counted}
