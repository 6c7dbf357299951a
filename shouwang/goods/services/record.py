"""How a parcel's row and its steps are written: locked, moved by conditional update, a step for each, told once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core.actors import Actor
from shouwang.core.audit import write_audit
from shouwang.core.errors import Conflict
from shouwang.core.moves import may_move
from shouwang.goods.models import Parcel, ParcelNumber, ParcelStep
from shouwang.goods.signals import parcels_moved
from shouwang.goods.states import PARCEL_MOVES, ParcelState
from shouwang.places.models import STAMP

GONE = _("Somebody else was quicker. Look again before you go on.")
WRONG = _("This step is not possible any more: the state has changed.")


def next_number(community_id: UUID) -> int:
    """The community's next short number; the row is locked until the transaction ends."""
    ParcelNumber.objects.get_or_create(community_id=community_id)
    ParcelNumber.objects.filter(pk=community_id).update(next_number=F("next_number") + 1)
    return ParcelNumber.objects.values_list("next_number", flat=True).get(pk=community_id) - 1


def lock_parcels(parcels: Collection[Parcel]) -> list[Parcel]:
    """The rows as they are now, locked in one order whoever asks, so that two bulk acts wait and never block each other."""
    rows = Parcel.objects.select_for_update().filter(pk__in=[parcel.pk for parcel in parcels])
    return list(rows.order_by("pk"))


def lock_parcel(parcel: Parcel) -> Parcel:
    return Parcel.objects.select_for_update().get(pk=parcel.pk)


def actor_user(by: Actor) -> UUID | None:
    """The id of the user who acts, None for the clock and others without an account."""
    return by.pk if by.actor_kind == "user" else None


def move_rows(
    rows: Sequence[Parcel],
    to: ParcelState,
    *,
    step: str,
    by: Actor,
    at: datetime,
    holder: User | None = None,
    reason: str = "",
    **changes: Any,
) -> list[Parcel]:
    """Moves locked rows to one state and writes a step for each. Conflict when one can't go there, or has gone elsewhere.

    `changes`: further columns; a callable is asked for each row. Whoever holds it afterwards is `holder`.
    """
    if any(not may_move(PARCEL_MOVES, row.state, to) for row in rows):
        raise Conflict("move-not-allowed", WRONG)
    groups: dict[tuple[Any, ...], list[Parcel]] = defaultdict(list)
    for row in rows:
        own = {name: value(row) if callable(value) else value for name, value in changes.items()}
        groups[(row.state, *sorted(own.items()))].append(row)
    for (state, *pairs), some in groups.items():
        asked = {"state": to, "holder": holder, **dict(pairs)}
        kept = Parcel.objects.filter(pk__in=[row.pk for row in some], state=state)
        if kept.update(**asked) != len(some):
            raise Conflict("moved-meanwhile", GONE)
        for row in some:
            for name, value in asked.items():
                setattr(row, name, value)
    add_steps(rows, step, by=by, at=at, reason=reason)
    announce(rows, to, at)
    return list(rows)


def add_steps(rows: Sequence[Parcel], kind: str, *, by: Actor, at: datetime, reason: str = "") -> None:
    """A line on each parcel's way, with how far it is now and who has it."""
    ParcelStep.objects.bulk_create(
        ParcelStep(
            parcel=row, kind=kind, state=row.state, at=at, by_id=actor_user(by), holder_id=row.holder_id,
            reason=reason.strip()[:120],
        )
        for row in rows
    )  # fmt: skip


def announce(rows: Sequence[Parcel], state: str, at: datetime) -> None:
    """Tells whoever listens, once for each community."""
    for community_id, some in by_community(rows).items():
        ids = [row.pk for row in some]
        parcels_moved.send(sender=Parcel, parcel_ids=ids, state=str(state), community_id=community_id, at=at)


def by_community(rows: Sequence[Parcel]) -> dict[UUID, list[Parcel]]:
    found: dict[UUID, list[Parcel]] = defaultdict(list)
    for row in rows:
        if row.community_id is not None:
            found[row.community_id].append(row)
    return found


def audit_many(kind: str, rows: Sequence[Parcel], *, by: Actor, at: datetime, **payload: Any) -> None:
    """One row on record for an act upon several parcels: their steps say which."""
    for community_id, some in by_community(rows).items():
        placed = SimpleNamespace(**{**dict.fromkeys(STAMP), "community_id": community_id})
        one = some[0] if len(some) == 1 else None
        write_audit(kind, by=by, at=at, subject=one, placed=one or placed, parcels=len(some), **payload)
