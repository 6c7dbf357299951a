"""A phone for trials: it makes, keeps and sends commands as the app does, without a browser."""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from shouwang.accounts.models import Device, User
from shouwang.accounts.services.devices import enrol_device
from shouwang.core.ids import uuid7
from shouwang.field.engines.sealed import Parcel, seal_parcel
from shouwang.field.services import Line, receive_parcels

DONE = ("accepted", "duplicate", "quarantined")


@dataclass
class Phone:
    """`outbox` is emptied by receipts only; `receipts` what was said of each command."""

    user: User
    device: UUID
    key: str
    seq: int = 0
    outbox: dict[UUID, Parcel] = field(default_factory=dict)
    made: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    receipts: dict[UUID, Line] = field(default_factory=dict)

    def make(self, kind: str, body: dict[str, Any], *, base: UUID | None = None, claimed: str = "") -> UUID:
        """Makes a command and keeps it; its id."""
        pk = uuid7()
        said = {
            "actor": str(self.user.pk), "kind": kind, "schema": 1, "base": str(base) if base else None,
            "made_at": claimed or "2026-11-21T08:00:00+08:00", "body": body,
        }  # fmt: skip
        self.seq += 1
        self.outbox[pk] = self.seal(pk, self.seq, said)
        self.made[pk] = said
        return pk

    def seal(self, pk: UUID, seq: int, said: dict[str, Any]) -> Parcel:
        """A command as it travels."""
        return seal_parcel(id=pk, device=self.device, seq=seq, key=self.key, said=said, nonce=os.urandom(12))

    def hear(self, lines: list[Line]) -> None:
        """Takes receipts in."""
        for line in lines:
            if line.status in DONE and self.outbox.pop(line.id, None) is not None:
                self.receipts[line.id] = line

    def sync(self, at: datetime) -> list[Line]:
        """Sends all that has no receipt and takes the answer in."""
        lines = receive_parcels(list(self.outbox.values()), at=at)
        self.hear(lines)
        return lines


def phone_of(user: User, at: datetime) -> Phone:
    """A phone that was just set up for this user."""
    key = base64.b64encode(os.urandom(32)).decode()
    device = enrol_device(user=user, device_id=uuid7(), key=key, name="测试手机", at=at)
    return Phone(user, device.pk, key)


def device_row(phone: Phone) -> Device:
    """The server's row of a phone."""
    return Device.objects.get(pk=phone.device)
