"""Money is written as acts whose entries add up to nothing. No other module writes a MoneyEntry."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.audit import write_audit
from shouwang.core.errors import Refusal
from shouwang.core.ids import uuid7
from shouwang.core.models import StoredFile
from shouwang.help.models import MoneyEntry
from shouwang.help.services.record import actor_id
from shouwang.help.states import MoneyAccount, MoneyKind
from shouwang.people.models import Household


@dataclass(frozen=True)
class Side:
    """One side of an act: which account got so many fen (negative: gave)."""

    account: MoneyAccount
    amount_fen: int
    household: Household | None = None
    holder: User | None = None
    part_id: UUID | None = None


@transaction.atomic
def write_money(
    *,
    kind: MoneyKind,
    subject_id: UUID,
    community_id: UUID,
    sides: Iterable[Side],
    by: Actor,
    at: datetime | None = None,
    act: UUID | None = None,
    receipt: StoredFile | None = None,
    corrects_act: UUID | None = None,
) -> UUID:
    """Writes one act with money and answers its id; the same id again writes nothing more.

    `act` follows from what led to it where a replay must not write it twice. Refusal when the sides don't add up to
    nothing, or nothing moves.
    """
    at = at or clock.now()
    act = act or uuid7()
    found = [side for side in sides if side.amount_fen]
    if not found or sum(side.amount_fen for side in found) != 0:
        raise Refusal("money-does-not-balance", _("These amounts do not add up. Please count again."))
    if MoneyEntry.objects.filter(act=act).exists():
        return act
    rows = [
        MoneyEntry(
            act=act, line=line, kind=kind, account=side.account, community_id=community_id, subject_id=subject_id,
            household=side.household, part_id=side.part_id, holder=side.holder, amount_fen=side.amount_fen, at=at,
            by_id=actor_id(by), receipt=receipt, corrects_act=corrects_act,
        )
        for line, side in enumerate(found, start=1)
    ]  # fmt: skip
    MoneyEntry.objects.bulk_create(rows)
    write_audit("help.money.written", by=by, at=at, subject=subject_id, placed=rows[0], money=kind)
    return act
