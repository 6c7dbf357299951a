"""A parcel's way from the gate to its door: loaded, brought back, handed over, sent back, not found, found again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.audit import write_audit
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.files import keep_photo
from shouwang.core.registry import duty_sources
from shouwang.goods.models import Parcel
from shouwang.goods.rules import PHOTO_LIVES, TAKE_BACK_WITHIN
from shouwang.goods.services.record import (
    WRONG,
    audit_many,
    by_community,
    lock_parcel,
    lock_parcels,
    move_rows,
)
from shouwang.goods.services.resting import (
    disinfect,
    enter_hour,
    let_go_early,
    ready_rows,
    release_rested,
    take_back_disinfecting,
)
from shouwang.goods.services.taking_in import change_parcel, note_parcel, place_parcel, take_in, void_parcel
from shouwang.goods.signals import door_wish_changed
from shouwang.goods.states import IN_HOUSE, ParcelState, StepKind

__all__ = [
    "bring_back",
    "change_parcel",
    "disinfect",
    "found",
    "hand_over",
    "hand_over_many",
    "let_go_early",
    "load_parcels",
    "mark_door_wish",
    "mark_lost",
    "note_parcel",
    "place_parcel",
    "put_back",
    "release_rested",
    "send_back",
    "take_back_disinfecting",
    "take_in",
    "void_parcel",
]


@transaction.atomic
def load_parcels(
    *, parcels: Collection[Parcel], holder: User, by: Actor, at: datetime | None = None
) -> list[Parcel]:
    """Released parcels are on the way in the hands of `holder`; those that they have already are passed over.

    All or none. Refusal `still-resting` (which, and until when), `not-disinfected`, `off-duty`; Conflict when one is with
    somebody else, or over.
    """
    at = at or clock.now()
    if any(source.is_off_duty(holder, at) for source in duty_sources):
        raise Refusal("off-duty", _("%(name)s is off duty. Choose somebody else."), name=holder.name)
    rows = [
        row
        for row in lock_parcels(parcels)
        if (row.state, row.holder_id) != (ParcelState.ON_THE_WAY, holder.pk)
    ]
    ready_rows(rows, by=by, at=at)
    if rows:
        move_rows(rows, ParcelState.ON_THE_WAY, step=StepKind.LOADED, by=by, at=at, holder=holder)
        audit_many("goods.parcels.loaded", rows, by=by, at=at, holder=holder.pk)
    return rows


@transaction.atomic
def bring_back(*, parcel: Parcel, reason: str, by: Actor, at: datetime | None = None) -> Parcel:
    """It could not be handed over and is at the gate again, released. Conflict unless it was on the way."""
    at = at or clock.now()
    row = lock_parcel(parcel)
    if row.state != ParcelState.ON_THE_WAY:
        raise Conflict("not-on-the-way", WRONG)
    move_rows([row], ParcelState.RELEASED, step=StepKind.BROUGHT_BACK, by=by, at=at, reason=reason)
    return _audited("goods.parcel.brought_back", row, by, at)


@transaction.atomic
def hand_over(
    *, parcel: Parcel, by: Actor, at: datetime | None = None, to_words: str = "", photo: Any = None
) -> Parcel:
    """It is with its household: at the door, or collected at the gate; `to_words` is who took it, where that is said.

    Refusal as `load_parcels`; Conflict when it is over already.
    """
    at = at or clock.now()
    row = lock_parcel(parcel)
    ready_rows([row], by=by, at=at)
    move_rows(
        [row], ParcelState.HANDED_OVER, step=StepKind.HANDED_OVER, by=by, at=at, reason=to_words, ended_at=at
    )
    if photo:
        raw = photo.read() if hasattr(photo, "read") else photo
        keep_photo(
            raw, kind="file.proof", subject_id=row.pk, at=at, expires_at=at + PHOTO_LIVES,
            community_id=row.community_id,
        )  # fmt: skip
    return _audited("goods.parcel.handed_over", row, by, at)


@transaction.atomic
def hand_over_many(
    *, parcels: Collection[Parcel], by: Actor, at: datetime | None = None, to_words: str = ""
) -> list[Parcel]:
    """All that one household collects at the gate, all or none."""
    at = at or clock.now()
    return [hand_over(parcel=row, by=by, at=at, to_words=to_words) for row in parcels]


@transaction.atomic
def put_back(*, parcel: Parcel, by: Actor, at: datetime | None = None) -> Parcel:
    """It was not handed over, and is where it was before. Conflict after TAKE_BACK_WITHIN. Of a parcel that a run brought
    its stop comes back too: `take_back_handing`."""
    at = at or clock.now()
    row = lock_parcel(parcel)
    if row.state != ParcelState.HANDED_OVER or row.ended_at is None or at - row.ended_at > TAKE_BACK_WITHIN:
        raise Conflict("too-late", WRONG)
    before = row.steps.exclude(state=ParcelState.HANDED_OVER).select_related("holder").order_by("-id").first()
    on_the_way = before is not None and before.state == ParcelState.ON_THE_WAY
    to = ParcelState.ON_THE_WAY if on_the_way else ParcelState.RELEASED
    holder = before.holder if before is not None and on_the_way else None
    move_rows([row], to, step=StepKind.NOT_HANDED, by=by, at=at, holder=holder, ended_at=None)
    return _audited("goods.parcel.not_handed", row, by, at)


@transaction.atomic
def send_back(*, parcel: Parcel, by: Actor, at: datetime | None = None, reason: str = "") -> Parcel:
    """The carrier takes it back, from the gate. Conflict when it is not at the gate."""
    return _end(parcel, ParcelState.SENT_BACK, StepKind.SENT_BACK, "goods.parcel.sent_back", by, at, reason)


@transaction.atomic
def mark_lost(*, parcel: Parcel, by: Actor, at: datetime | None = None, reason: str = "") -> Parcel:
    """Nobody finds it. Whoever had it last stays in its steps."""
    return _end(parcel, ParcelState.LOST, StepKind.LOST, "goods.parcel.lost", by, at, reason)


def _end(
    parcel: Parcel, to: ParcelState, step: StepKind, kind: str, by: Actor, at: datetime | None, reason: str
) -> Parcel:
    at = at or clock.now()
    row = lock_parcel(parcel)
    move_rows([row], to, step=step, by=by, at=at, reason=reason, ended_at=at)
    return _audited(kind, row, by, at)


@transaction.atomic
def found(*, parcel: Parcel, by: Actor, at: datetime | None = None) -> Parcel:
    """Found again, at the gate: as far as it was. What had not rested long enough rests until its hour."""
    at = at or clock.now()
    row = lock_parcel(parcel)
    to = ParcelState.RECEIVED
    if row.released_at is not None:
        to = ParcelState.RELEASED
    elif row.rest_until_at is not None:
        to = ParcelState.RESTING
    move_rows([row], to, step=StepKind.FOUND, by=by, at=at, ended_at=None)
    if to == ParcelState.RESTING:
        enter_hour(row)
    return _audited("goods.parcel.found", row, by, at)


def _audited(kind: str, row: Parcel, by: Actor, at: datetime) -> Parcel:
    write_audit(kind, by=by, at=at, subject=row, number=row.spoken_number)
    return row


@transaction.atomic
def mark_door_wish(*, household_id: UUID, to_door: bool, at: datetime) -> int:
    """The parcels in house of a household are marked as its care flags say now, and whoever plans runs hears of it; how
    many changed. Not the parcels' own record: the flag's acceptance is."""
    rows = Parcel.objects.select_for_update().filter(household_id=household_id, state__in=IN_HOUSE)
    changed = list(rows.exclude(to_door=to_door).order_by("pk"))
    Parcel.objects.filter(pk__in=[row.pk for row in changed]).update(to_door=to_door)
    for community_id in by_community(changed):
        door_wish_changed.send(sender=Parcel, household_ids=[household_id], community_id=community_id, at=at)
    return len(changed)
