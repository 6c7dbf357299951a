"""What phones bring, taken in: batches of sealed marks of a roster, beside the bare rows copied into the same table."""

from __future__ import annotations

import base64
import os
from uuid import UUID

from django.db import transaction

from shouwang.accounts.models import User
from shouwang.accounts.services.devices import enrol_device
from shouwang.core.bulk import insert_many
from shouwang.core.ids import uuid7
from shouwang.field.engines.sealed import Parcel, seal_parcel
from shouwang.field.services import receive_parcels
from shouwang.places.selectors import buildings_in
from shouwang.rounds.models import Attempt, Round
from shouwang.rounds.services import begin_round
from shouwang.site.bench.timing import Pair
from shouwang.site.bench.world import World

BESIDE = "the bare attempts copied into the same table"
# 60 microseconds a row is the aim for batches of 100.
AIM_100_MS = 6.0


def scan_pairs(world: World) -> list[Pair]:
    """Batches of 1, 100 and 1,000 marks of one phone."""
    round_ = begin_round(
        community=world.community, name="bench", whom="people", places=buildings_in(world.community.pk),
        by=world.secretary, at=world.at,
    )  # fmt: skip
    phone = _Phone(world, round_)
    aims = {1: 0.6, 100: AIM_100_MS, 1000: 10 * AIM_100_MS}
    return [_pair(f"scans.batch.{size}", aim, size, phone) for size, aim in aims.items()]


class _Phone:
    """A phone that ticks the roster off, over and over, each word knowing the one before."""

    def __init__(self, world: World, round_: Round) -> None:
        self.at, self.round, self.user = world.at, round_, world.secretary
        self.key = base64.b64encode(os.urandom(32)).decode()
        self.device = enrol_device(
            user=self.user, device_id=uuid7(), key=self.key, name="bench", at=self.at
        ).pk
        self.entries = list(round_.entries.order_by("pk").values_list("pk", flat=True))
        self.last: dict[UUID, UUID] = {}
        self.seq = 0

    def parcels(self, size: int) -> list[Parcel]:
        """The next `size` marks, sealed."""
        return [self._mark() for _number in range(size)]

    def _mark(self) -> Parcel:
        self.seq += 1
        entry = self.entries[self.seq % len(self.entries)]
        pk, before = uuid7(), self.last.get(entry)
        self.last[entry] = pk
        body = {"round": str(self.round.pk), "who": {"entry": str(entry)}, "state": "done", "tube": ""}
        said = {
            "actor": str(self.user.pk), "kind": "rounds.mark", "schema": 1, "base": str(before) if before else None,
            "made_at": self.at.isoformat(), "body": body,
        }  # fmt: skip
        return seal_parcel(
            id=pk, device=self.device, seq=self.seq, key=self.key, said=said, nonce=os.urandom(12)
        )


def _pair(code: str, aim: float, size: int, phone: _Phone) -> Pair:
    prepared: list[Parcel] = []
    rows: list[Attempt] = []

    def before(turn: int) -> None:
        prepared[:] = phone.parcels(size)
        rows[:] = _bare(phone.user, phone.entries, size, phone)

    def ours(turn: int) -> None:
        lines = receive_parcels(prepared, at=phone.at)
        assert all(line.status == "accepted" for line in lines), lines[:1]

    def rival(turn: int) -> None:
        with transaction.atomic():
            insert_many(rows)

    return Pair(code, aim=aim, beside=BESIDE, ours=ours, rival=rival, before=before)


def _bare(user: User, entries: list[UUID], size: int, phone: _Phone) -> list[Attempt]:
    return [
        Attempt(entry_id=entries[n % len(entries)], state="done", by=user, at=phone.at) for n in range(size)
    ]
