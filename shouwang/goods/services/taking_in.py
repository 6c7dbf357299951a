"""Taking in at the gate, and putting right what was taken in wrongly: the door, the kind, a slip of the finger."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.audit import write_audit
from shouwang.core.clock import local_day
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.files import keep_photo
from shouwang.core.ids import uuid7
from shouwang.core.models import StoredFile
from shouwang.goods.engines.notes import read_note
from shouwang.goods.models import Parcel
from shouwang.goods.rules import MOST_KG, MOST_PIECES, PHOTO_LIVES
from shouwang.goods.selectors.doors import goes_to_door
from shouwang.goods.services.record import (
    WRONG,
    actor_user,
    add_steps,
    announce,
    lock_parcel,
    move_rows,
    next_number,
)
from shouwang.goods.services.resting import release_rows, resting_incident
from shouwang.goods.states import AT_GATE, ParcelKind, ParcelState, StepKind
from shouwang.people.models import Household
from shouwang.people.selectors import current_household
from shouwang.people.services import add_flag
from shouwang.people.states import CareState
from shouwang.places.models import STAMP, Dwelling, Place

# Without 0, O, 1 and I: a code is sometimes read out. The mark tells a label from a carrier's barcode.
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
MARK = "SG."


def new_code() -> str:
    """What a label's QR code says: the mark and 60 random bits. Which parcel it is stands on the server only."""
    return MARK + "".join(secrets.choice(LETTERS) for _place in range(12))


@dataclass(frozen=True)
class Looks:
    """What a parcel is, as a hand and an eye tell at the gate."""

    kind: str = ParcelKind.PARCEL
    pieces: int = 1
    cold: bool = False
    medicine: bool = False
    weight_kg: Decimal = Decimal(2)
    urgent: bool = False

    def columns(self) -> dict[str, Any]:
        """Checked, as columns. Refusal at the field that can't be."""
        if self.kind not in ParcelKind.values:
            raise Refusal("kind-unknown", _("Choose what it is."), field="kind")
        if not 1 <= self.pieces <= MOST_PIECES:
            raise Refusal(
                "pieces", _("Between 1 and 99 pieces. Take in more of them separately."), field="pieces"
            )
        if not 0 < self.weight_kg <= MOST_KG:
            raise Refusal("weight", _("Between 0 and 500 kg."), field="weight_kg")
        medicine = self.medicine or self.kind == ParcelKind.MEDICINE
        return {
            "kind": self.kind, "pieces": self.pieces, "cold": self.cold, "medicine": medicine,
            "weight_kg": self.weight_kg, "urgent": self.urgent,
        }  # fmt: skip


@transaction.atomic
def take_in(
    *,
    community: Place,
    by: Actor,
    at: datetime | None = None,
    household: Household | None = None,
    dwelling: Dwelling | None = None,
    place: Place | None = None,
    door_said: str = "",
    kind: str = ParcelKind.PARCEL,
    pieces: int = 1,
    cold: bool = False,
    medicine: bool = False,
    weight_kg: Any = 2,
    note: str = "",
    photo: bytes | None = None,
    carrier_code: str = "",
    urgent: bool = False,
    due_at: datetime | None = None,
    parcel_id: UUID | None = None,
) -> Parcel:
    """Takes one parcel in, with its number, its code and its first step.

    The household, else the door, else the leaf place says where it goes; where none is known it is a gap until it is put
    to a door. Inside a line whose protocol makes goods rest it waits to be disinfected, else it is released at once.
    `parcel_id`: the id that follows from what led to it; when there is such a parcel, that is the answer.
    Refusal when nothing at all says where it goes: no door, no words, no photo, no carrier's code.
    """
    at = at or clock.now()
    known = Parcel.objects.filter(pk=parcel_id).first() if parcel_id else None
    if known is not None:
        return known
    looks = Looks(kind, pieces, cold, medicine, Decimal(str(weight_kg)), urgent).columns()
    where = _where(household, dwelling, place)
    if where["place"] is None and not (door_said.strip() or photo or carrier_code.strip()):
        raise Refusal(
            "door-missing", _("Say which door it is for, or take a photo of the label."), field="door"
        )
    row = Parcel(
        pk=parcel_id or uuid7(), door_said=door_said.strip()[:60], carrier_code=carrier_code.strip()[:40],
        note=note.strip(), due_at=due_at, **looks, **where,
    )  # fmt: skip
    _enter(row, community, photo, by=by, at=at)
    return row


def _enter(row: Parcel, community: Place, photo: Any, *, by: Actor, at: datetime) -> None:
    """Writes a new parcel with its number and its first step, and lets it in where nothing has to rest."""
    incident = resting_incident(community.pk, row.place, at)
    row.code, row.number = new_code(), next_number(community.pk)
    row.received_at, row.received_by_id = at, actor_user(by)
    row.local_day = local_day(at, community.time_zone)
    row.incident_id = incident.pk if incident else None
    row.to_door = _to_door(row.household)
    for name, value in _stamp(community, row.place).items():
        setattr(row, name, value)
    row.photo = _keep(photo, row, at)
    row.save(force_insert=True)
    add_steps([row], StepKind.RECEIVED, by=by, at=at)
    write_audit("goods.parcel.taken_in", by=by, at=at, subject=row, number=row.spoken_number)
    if incident is None:
        release_rows([row], by=by, at=at)
    else:
        announce([row], row.state, at)
    _propose(row, by=by, at=at)


def _where(household: Household | None, dwelling: Dwelling | None, place: Place | None) -> dict[str, Any]:
    door = household.dwelling if household is not None else dwelling
    if household is None and door is not None:
        household = current_household(door)
    return {"household": household, "dwelling": door, "place": door.place if door is not None else place}


def _stamp(community: Place, place: Place | None) -> dict[str, Any]:
    if place is not None:
        return place.stamp()
    return {**dict.fromkeys(STAMP), "community_id": community.pk}


def _to_door(household: Household | None) -> bool:
    return household is not None and household.pk in goes_to_door([household.pk])


def _keep(photo: Any, row: Parcel, at: datetime) -> StoredFile | None:
    if not photo:
        return None
    raw = photo.read() if hasattr(photo, "read") else photo
    return keep_photo(
        raw, kind="file.proof", subject_id=row.pk, at=at, expires_at=at + PHOTO_LIVES,
        community_id=row.community_id,
    )  # fmt: skip


@transaction.atomic
def place_parcel(
    *,
    parcel: Parcel,
    dwelling: Dwelling,
    by: Actor,
    household: Household | None = None,
    at: datetime | None = None,
) -> Parcel:
    """Puts a parcel at the gate to a door: one that was not known, or another than was said.

    What had been released without resting and belongs inside a line waits to be disinfected; what waited and belongs
    outside is released. What rests goes on resting. Conflict when it has left the gate.
    """
    at = at or clock.now()
    row = lock_parcel(parcel)
    _require_at_gate(row)
    if dwelling.community_id != row.community_id:
        raise Refusal("foreign-place", _("This door belongs to another community."), field="door")
    where = _where(household, dwelling, None)
    for name, value in {**where, **dwelling.place.stamp(), "to_door": _to_door(where["household"])}.items():
        setattr(row, name, value)
    row.save()
    add_steps([row], StepKind.CORRECTED, by=by, at=at)
    write_audit("goods.parcel.placed", by=by, at=at, subject=row, number=row.spoken_number)
    _rest_as_there(row, by=by, at=at)
    _propose(row, by=by, at=at)
    return row


def _rest_as_there(row: Parcel, *, by: Actor, at: datetime) -> None:
    """A parcel that is not disinfected yet follows the rule of the place that it belongs to now."""
    if row.disinfected_at is not None or row.let_go_early or row.state == ParcelState.RESTING:
        return
    incident = resting_incident(row.community_id, row.place, at) if row.community_id else None
    asked: dict[str, Any] = {"incident_id": incident.pk if incident else None}
    if incident is not None and row.state == ParcelState.RELEASED:
        move_rows(
            [row], ParcelState.RECEIVED, step=StepKind.CORRECTED, by=by, at=at, released_at=None, **asked
        )
        return
    Parcel.objects.filter(pk=row.pk).update(**asked)
    row.incident_id = asked["incident_id"]
    if incident is None and row.state == ParcelState.RECEIVED:
        release_rows([row], by=by, at=at)


@transaction.atomic
def change_parcel(
    *,
    parcel: Parcel,
    by: Actor,
    at: datetime | None = None,
    kind: str,
    pieces: int,
    cold: bool,
    medicine: bool,
    weight_kg: Any,
    urgent: bool,
) -> Parcel:
    """Puts right what a parcel at the gate is. What rests already keeps its hour."""
    at = at or clock.now()
    row = lock_parcel(parcel)
    _require_at_gate(row)
    looks = Looks(kind, pieces, cold, medicine, Decimal(str(weight_kg)), urgent).columns()
    Parcel.objects.filter(pk=row.pk).update(**looks)
    row.refresh_from_db()
    add_steps([row], StepKind.CORRECTED, by=by, at=at)
    write_audit("goods.parcel.changed", by=by, at=at, subject=row, number=row.spoken_number)
    return row


@transaction.atomic
def note_parcel(*, parcel: Parcel, note: str, by: Actor, at: datetime | None = None) -> list[str]:
    """Keeps what is written on a bag, and proposes for the household's file what it says; answers the kinds proposed."""
    at = at or clock.now()
    row = lock_parcel(parcel)
    _require_at_gate(row)
    row.note = note.strip()
    row.save(update_fields=["note"])
    write_audit("goods.parcel.noted", by=by, at=at, subject=row, number=row.spoken_number)
    return _propose(row, by=by, at=at)


def _propose(row: Parcel, *, by: Actor, at: datetime) -> list[str]:
    """What a note on a bag says of the household is proposed; a person accepts it or not. What is there stays."""
    if row.household is None or not row.note:
        return []
    kinds = list(read_note(row.note))
    for kind in kinds:
        try:
            add_flag(
                household=row.household, kind=kind, source=_now("a note on a parcel"), by=by, at=at,
                state=CareState.PROPOSED,
            )  # fmt: skip
        except Conflict:  # accepted long ago
            continue
    return kinds


@transaction.atomic
def void_parcel(*, parcel: Parcel, by: Actor, at: datetime | None = None) -> Parcel:
    """Entered by mistake: it counts nowhere. Conflict when anything was done with it beyond taking it in."""
    at = at or clock.now()
    row = lock_parcel(parcel)
    if row.disinfected_at is not None or row.let_go_early:
        raise Conflict("not-just-entered", WRONG)
    move_rows([row], ParcelState.VOIDED, step=StepKind.VOIDED, by=by, at=at, ended_at=at)
    write_audit("goods.parcel.voided", by=by, at=at, subject=row, number=row.spoken_number)
    return row


def _require_at_gate(row: Parcel) -> None:
    if row.state not in AT_GATE:
        raise Conflict("not-at-gate", _("This is not at the gate any more."))
