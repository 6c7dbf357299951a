"""What neighbours can spare: offered, looked at, taken into the bank as a lot, or not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.audit import write_audit
from shouwang.core.clock import local_day
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.files import keep_photo
from shouwang.core.ids import derived_id, uuid7
from shouwang.core.models import StoredFile
from shouwang.core.moves import move
from shouwang.goods.engines.medicines import Medicine, table
from shouwang.goods.engines.medicines.figures import LEAFLET_LIVES
from shouwang.goods.models import Item, Lot, MedicineAsk, MedicineOffer, Shelf
from shouwang.goods.selectors.medicine import given_before
from shouwang.goods.services.medicine_asks import lock_ask
from shouwang.goods.services.medicine_telling import tell_giver
from shouwang.goods.services.store import add_item, add_shelf, bring_in
from shouwang.goods.states import (
    ASK_MOVES,
    OFFER_MOVES,
    OPEN_OFFERS,
    AskState,
    MovementKind,
    OfferFault,
    OfferState,
)
from shouwang.people.models import Household
from shouwang.places.models import STAMP, Dwelling, Place
from shouwang.places.selectors import community_by_id

# What the cupboard is called where the community has given it no name of its own.
CUPBOARD = "药品柜"
BOTTLE = "瓶"


@dataclass(frozen=True)
class Giver:
    """Who gives and where it lies: a household, somebody with an account, a name and a number, or nobody named.

    `place` and `door_said` are what is known of a door that is not on file."""

    household: Household | None = None
    dwelling: Dwelling | None = None
    place: Place | None = None
    door_said: str = ""
    user: User | None = None
    name: str = ""
    phone: str = ""
    may_be_named: bool = False


@dataclass(frozen=True)
class Pack:
    """What is given: base units, whether the pack is open, until when it is good, its lot number and leaflet.

    Without a medicine it is what the giver calls it, in `words`."""

    medicine: str
    quantity: int
    expires_on: date | None = None
    opened: bool = False
    words: str = ""
    batch: str = ""
    leaflet: Any = None


@transaction.atomic
def offer_medicine(
    *,
    community: Place,
    giver: Giver,
    pack: Pack,
    by: Actor,
    at: datetime | None = None,
    offer_id: UUID | None = None,
) -> MedicineOffer:
    """Writes down what somebody can spare. Refusal for what the table does not know, or for nothing."""
    at = at or clock.now()
    known = MedicineOffer.objects.filter(pk=offer_id).first() if offer_id else None
    if known is not None:
        return known
    if pack.medicine not in table().medicines and (pack.medicine or not pack.words.strip()):
        raise Refusal(
            "medicine-unknown",
            _("Choose which medicine it is. What is not in the table stays at home."),
            field="medicine",
        )
    if pack.quantity < 1:
        raise Refusal("nothing-moves", _("Say how much: a whole number above zero."), field="quantity")
    door = giver.household.dwelling if giver.household else giver.dwelling
    place = door.place if door else giver.place
    stamp = place.stamp() if place else {**dict.fromkeys(STAMP), "community_id": community.pk}
    offer = MedicineOffer(
        pk=offer_id or uuid7(), place=place, dwelling=door, household=giver.household,
        user=giver.user, giver_name=giver.name.strip()[:60], giver_phone=giver.phone.strip()[:20],
        door_said=giver.door_said.strip()[:60], may_be_named=giver.may_be_named, medicine=pack.medicine,
        words=pack.words.strip()[:80], quantity=pack.quantity,
        opened=pack.opened, expires_on=pack.expires_on, batch=pack.batch.strip()[:40], offered_at=at,
        offered_by_id=by.pk if by.actor_kind == "user" else None, gives_back=given_before(giver.household), **stamp,
    )  # fmt: skip
    offer.leaflet = _photo(pack.leaflet, offer, at)
    offer.save(force_insert=True)
    write_audit("goods.medicine.offered", by=by, at=at, subject=offer)
    return offer


def _read_again(offer: MedicineOffer, medicine: str) -> None:
    """It is this medicine, as it says on the pack; what it was taken for before no longer counts."""
    if medicine in ("", offer.medicine):
        return
    if MedicineAsk.objects.filter(offer=offer, state=AskState.MATCHED).exists():
        raise Conflict("offer-taken", _("This is being fetched for somebody else."))
    offer.medicine = medicine


def _photo(photo: Any, offer: MedicineOffer, at: datetime) -> StoredFile | None:
    if not photo:
        return None
    raw = photo.read() if hasattr(photo, "read") else photo
    return keep_photo(
        raw,
        kind="file.leaflet",
        subject_id=offer.pk,
        at=at,
        expires_at=at + LEAFLET_LIVES,
        community_id=offer.community_id,
    )


def fault_of(medicine: Medicine, *, expires_on: date | None, opened: bool, day: date) -> OfferFault | None:
    """Why something cannot be taken in; None when nothing speaks against it. Expired, open liquids, what is not shared."""
    if any(rule.kind == "not_shared" for rule in medicine.all_rules):
        return OfferFault.NOT_SHARED
    if expires_on is None or expires_on <= day:
        return OfferFault.EXPIRED
    return OfferFault.OPEN_LIQUID if opened and medicine.unit == BOTTLE else None


def _sound(offer: MedicineOffer, day: date) -> None:
    """Refusal with the reason where it cannot be taken in."""
    medicine = table().medicines.get(offer.medicine)
    if medicine is None:
        raise Refusal("medicine-unsaid", _("Say first which medicine of the table it is."), field="medicine")
    fault = fault_of(medicine, expires_on=offer.expires_on, opened=offer.opened, day=day)
    if fault is not None:
        raise Refusal(
            "offer-unsound",
            _("This is not taken in: %(why)s."),
            why=OfferFault(fault).label,
            field="expires_on",
        )


@transaction.atomic
def check_offer(
    *,
    offer: MedicineOffer,
    by: Actor,
    medicine: str = "",
    expires_on: date | None = None,
    quantity: int | None = None,
    opened: bool | None = None,
    batch: str = "",
    leaflet: Any = None,
    at: datetime | None = None,
) -> MedicineOffer:
    """Somebody looked at it, or went through it on the phone; what they saw is kept. It stays where it is.

    `medicine` says what it is where a resident called it something else, or by the wrong name. Refusal for what
    cannot be taken in; Conflict for another medicine while it is meant for somebody.
    """
    at = at or clock.now()
    locked = _lock(offer)
    _read_again(locked, medicine)
    locked.expires_on = expires_on or locked.expires_on
    locked.quantity = quantity or locked.quantity
    locked.opened = locked.opened if opened is None else opened
    locked.batch = batch.strip()[:40] or locked.batch
    _sound(locked, _day(locked, at))
    locked.leaflet = _photo(leaflet, locked, at) or locked.leaflet
    locked.save()
    who = by.pk if by.actor_kind == "user" else None
    if locked.state == OfferState.OFFERED:
        move(locked, OfferState.CHECKED, table=OFFER_MOVES, checked_at=at, checked_by_id=who)
    write_audit("goods.medicine.offer_checked", by=by, at=at, subject=locked)
    return locked


@transaction.atomic
def take_in_offer(
    *, offer: MedicineOffer, by: Actor, shelf: Shelf | None = None, at: datetime | None = None
) -> MedicineOffer:
    """It is here: it becomes a lot of the store, with its expiry and leaflet. Refusal for what cannot be taken in."""
    at = at or clock.now()
    locked = _lock(offer)
    _sound(locked, _day(locked, at))
    lot = _into_the_store(locked, shelf, by, at)
    who = by.pk if by.actor_kind == "user" else None
    move(
        locked, OfferState.TAKEN_IN, table=OFFER_MOVES, lot=lot, ended_at=at, checked_at=locked.checked_at or at,
        checked_by_id=locked.checked_by_id or who,
    )  # fmt: skip
    for ask in MedicineAsk.objects.filter(offer=locked, state=AskState.MATCHED):
        move(ask, AskState.ASKED, table=ASK_MOVES)
    write_audit("goods.medicine.taken_in", by=by, at=at, subject=locked)
    tell_giver(locked, by=by, at=at)
    return locked


def _into_the_store(offer: MedicineOffer, shelf: Shelf | None, by: Actor, at: datetime) -> Lot:
    community = community_by_id(offer.community_id)  # type: ignore[arg-type]
    item = medicine_item(community, offer.medicine, by=by, at=at)
    lot = bring_in(
        item=item, shelf=shelf or medicine_shelf(community, by=by, at=at), quantity=offer.quantity,
        kind=MovementKind.DONATED, expires_on=offer.expires_on, code=offer.batch, by=by, at=at,
        act=derived_id(offer.pk, "goods.medicine.taken_in"),
    )  # fmt: skip
    Lot.objects.filter(pk=lot.pk).update(leaflet=offer.leaflet, opened_at=at if offer.opened else None)
    lot.refresh_from_db()
    return lot


def medicine_item(community: Place, code: str, *, by: Actor, at: datetime) -> Item:
    """The store's item for a medicine of the table, made when it is first needed."""
    rows = Item.objects.filter(community_id=community.pk, medicine=code, until_at__isnull=True)
    found = rows.order_by("pk").first()
    if found is not None:
        return found
    medicine = table().medicines[code]
    return add_item(
        community=community,
        name=medicine.name,
        unit=medicine.unit,
        medicine=code,
        category="medicine",
        by=by,
        at=at,
    )


def medicine_shelf(community: Place, *, by: Actor, at: datetime) -> Shelf:
    """Where the bank's medicine is kept, made when it is first needed."""
    rows = Shelf.objects.filter(community_id=community.pk, name=CUPBOARD, until_at__isnull=True)
    return rows.first() or add_shelf(community=community, name=CUPBOARD, by=by, at=at)


@transaction.atomic
def decline_offer(
    *, offer: MedicineOffer, fault: str, by: Actor, at: datetime | None = None
) -> MedicineOffer:
    """It is not taken, and why. Refusal for a reason that is not on the list; Conflict while it is meant for somebody."""
    at = at or clock.now()
    if fault not in OfferFault.values:
        raise Refusal("reason-unknown", _("Choose one of the reasons."), field="fault")
    return _end(offer, OfferState.DECLINED, by, at, fault=fault)


@transaction.atomic
def withdraw_offer(*, offer: MedicineOffer, by: Actor, at: datetime | None = None) -> MedicineOffer:
    """The giver needs it after all: an outcome like any other."""
    return _end(offer, OfferState.WITHDRAWN, by, at or clock.now())


def _end(offer: MedicineOffer, state: OfferState, by: Actor, at: datetime, **changes: Any) -> MedicineOffer:
    locked = _lock(offer)
    for ask in MedicineAsk.objects.filter(offer=locked, state=AskState.MATCHED):
        move(ask, AskState.ASKED, table=ASK_MOVES, offer=None)
    move(locked, state, table=OFFER_MOVES, ended_at=at, **changes)
    write_audit("goods.medicine.offer_ended", by=by, at=at, subject=locked, state=str(state))
    return locked


@transaction.atomic
def match_offer(
    *, ask: MedicineAsk, offer: MedicineOffer, by: Actor, at: datetime | None = None
) -> MedicineAsk:
    """What a neighbour can spare is meant for this ask. Neither hears of the other. Refusal where the check did not pass."""
    at = at or clock.now()
    locked, given = lock_ask(ask, AskState.ASKED), _lock(offer)
    if locked.outcome != "ok":
        raise Refusal("check-not-passed", _("The check has not passed. Look at what it says first."))
    if given.medicine != locked.medicine or given.community_id != locked.community_id:
        raise Refusal("other-medicine", _("This is not what was asked for."), field="offer")
    _sound(given, _day(given, at))
    if MedicineAsk.objects.filter(offer=given, state=AskState.MATCHED).exists():
        raise Conflict("offer-taken", _("This is being fetched for somebody else."))
    move(locked, AskState.MATCHED, table=ASK_MOVES, offer=given)
    write_audit("goods.medicine.matched", by=by, at=at, subject=locked, number=locked.spoken_number)
    return locked


def _lock(offer: MedicineOffer) -> MedicineOffer:
    locked = MedicineOffer.objects.select_for_update(of=("self",)).get(pk=offer.pk)
    if locked.state not in OPEN_OFFERS:
        raise Conflict("offer-over", _("This offer is over already."))
    return locked


def _day(offer: MedicineOffer, at: datetime) -> date:
    return local_day(at, community_by_id(offer.community_id).time_zone)  # type: ignore[arg-type]
