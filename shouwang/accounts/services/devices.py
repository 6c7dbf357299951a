"""Phones that work without a signal: enrolled while signed in, ended when lost."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import Device, User
from shouwang.core.audit import write_audit
from shouwang.core.errors import Conflict, Refusal

KEY_BYTES = 32
SEEN_EVERY = timedelta(minutes=5)


def enrol_device(*, user: User, device_id: UUID, key: str, name: str, at: datetime) -> Device:
    """Keeps a phone's key; the same again answers the same. `key`: base64 of 32 bytes.

    Refusal when it is no such key; Conflict when the id belongs to another user or key, or was ended.
    """
    if len(_bytes_of(key)) != KEY_BYTES:
        raise Refusal("key-unfit", _("The phone sent no usable key. Open the app anew."), field="key")
    with transaction.atomic():
        found = Device.objects.filter(pk=device_id).first()
        if found is not None:
            if found.user_id != user.pk or found.key != key or found.ended_at is not None:
                raise Conflict("device-taken", _("This phone is enrolled otherwise. Set the app up anew."))
            return found
        device = Device(pk=device_id, user=user, key=key, name=name[:60], made_at=at, seen_at=at)
        device.save(force_insert=True)
        write_audit("accounts.device.enrolled", by=user, at=at, subject=user)
        return device


def _bytes_of(key: str) -> bytes:
    try:
        return base64.b64decode(key, validate=True)
    except (binascii.Error, ValueError):
        return b""


def end_device(*, user: User, device_id: UUID, at: datetime) -> None:
    """Ends one of the user's own phones: what it still sends is set aside. Anybody else's does not exist (404)."""
    with transaction.atomic():
        if not user.devices.filter(pk=device_id, ended_at__isnull=True).update(ended_at=at):
            raise Http404
        write_audit("accounts.device.ended", by=user, at=at, subject=user)


def note_devices_seen(*, device_ids: set[UUID], at: datetime) -> None:
    """That these phones were heard of, written at most once in five minutes."""
    stale = Device.objects.filter(pk__in=device_ids, seen_at__lt=at - SEEN_EVERY)
    if stale.exists():
        stale.update(seen_at=at)


def note_pulled(*, user: User, device_id: UUID, at: datetime) -> bool:
    """That the phone was given its roster now; False when the user has no such live phone.

    To five minutes, and the later instant only: what counts is what the author may have acted on.
    """
    mine = Device.objects.filter(pk=device_id, user=user, ended_at__isnull=True)
    mine.filter(Q(pulled_at__isnull=True) | Q(pulled_at__lt=at - SEEN_EVERY)).update(pulled_at=at, seen_at=at)
    return mine.exists()
