"""The directory to ring in an emergency. An entry ends, it is not deleted: old timelines name it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.audit import write_audit
from shouwang.core.errors import Refusal
from shouwang.help.models import DirectoryEntry


def add_directory_entry(
    *,
    community_id: UUID,
    name: str,
    phone: str,
    by: Actor,
    at: datetime | None = None,
    kind: str = "",
    order: int = 1,
) -> DirectoryEntry:
    """Enters somebody to ring: a hospital, a dialysis centre, the gate, the utility."""
    at = at or clock.now()
    with transaction.atomic():
        entry = DirectoryEntry.objects.create(
            community_id=community_id, name=name.strip(), phone=dialled(phone), kind=kind.strip(), order=order
        )
        write_audit("help.directory.added", by=by, at=at, subject=entry)
        return entry


def change_directory_entry(
    *,
    entry: DirectoryEntry,
    by: Actor,
    name: str,
    phone: str,
    kind: str = "",
    order: int = 1,
    at: datetime | None = None,
) -> DirectoryEntry:
    """Writes an entry anew."""
    at = at or clock.now()
    with transaction.atomic():
        entry.name, entry.phone, entry.kind, entry.order = name.strip(), dialled(phone), kind.strip(), order
        entry.save(update_fields=["name", "phone", "kind", "order"])
        write_audit("help.directory.changed", by=by, at=at, subject=entry)
        return entry


def end_directory_entry(*, entry: DirectoryEntry, by: Actor, at: datetime | None = None) -> None:
    """Takes an entry off the list."""
    at = at or clock.now()
    with transaction.atomic():
        DirectoryEntry.objects.filter(pk=entry.pk, until_at__isnull=True).update(until_at=at)
        write_audit("help.directory.ended", by=by, at=at, subject=entry)


def dialled(phone: str) -> str:
    """A number that can be dialled, or Refusal: digits, with + ( ) - and spaces between."""
    text = phone.strip()
    digits = sum(sign.isdigit() for sign in text)
    if digits < 3 or any(not (sign.isdigit() or sign in "+-() ") for sign in text):
        raise Refusal(
            "phone-unreadable", _("“%(said)s” is no number to ring."), field="phone", said=text[:30]
        )
    return text
