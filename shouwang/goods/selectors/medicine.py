"""The medicine bank as those who keep it see it: asks, offers, what was counted out. All of it is scoped."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.http import Http404

from shouwang.core.scope import Scope
from shouwang.goods.engines.medicines import Medicine, table
from shouwang.goods.models import (
    Balance,
    Item,
    MedicineAsk,
    MedicineErrand,
    MedicineIssue,
    MedicineNote,
    MedicineOffer,
)
from shouwang.goods.states import OPEN_ASKS, OPEN_OFFERS, ErrandState, IssueState
from shouwang.goods.states.medicine_names import medicine_name
from shouwang.people.models import Household, Person
from shouwang.people.selectors import household_of
from shouwang.places.engines.doors import read_door
from shouwang.places.models import Dwelling, Place
from shouwang.places.selectors import (
    communities_by_ids,
    communities_for,
    dwellings_for,
    find_dwelling,
    short_door,
)

KEEP = "goods.medicine"
ERRAND = "goods.medicine_errand"
T = TypeVar("T")


def _or_404(found: T | None) -> T:
    if found is None:
        raise Http404
    return found


def medicine_named(code: str) -> Medicine | None:
    """A medicine of the table by its code."""
    return table().medicines.get(code)


def banks_for(scope: Scope) -> list[Place]:
    """The communities whose medicine bank the scope reaches, from wherever in them."""
    found = communities_for(scope, KEEP)
    if found:
        return found
    ids = set(dwellings_for(scope, KEEP).values_list("community_id", flat=True).distinct())
    return list(communities_by_ids(pk for pk in ids if pk))


def asks_for(scope: Scope) -> QuerySet[MedicineAsk]:
    """Asks in the reader's places."""
    return MedicineAsk.objects.filter(scope.q(KEEP))


def ask_for(scope: Scope, ask_id: UUID) -> MedicineAsk:
    """The ask, or 404."""
    rows = asks_for(scope).select_related(
        "household__dwelling__place", "person", "item", "offer", "taken_by", "dwelling__place"
    )
    return _or_404(rows.filter(pk=ask_id).first())


def open_asks(scope: Scope) -> list[MedicineAsk]:
    """What is not at its door yet: whatever is due soonest first, with a doctor first last."""
    rows = (
        asks_for(scope)
        .filter(state__in=OPEN_ASKS)
        .select_related("item", "dwelling__place", "person", "offer")
    )
    return sorted(rows, key=lambda row: (row.state == "doctor_first", row.due_at, row.number))


def ended_asks(scope: Scope, limit: int = 12) -> list[MedicineAsk]:
    """The last ones that are over, newest first."""
    rows = asks_for(scope).exclude(state__in=OPEN_ASKS).filter(ended_at__isnull=False)
    return list(rows.select_related("item", "dwelling__place").order_by("-ended_at")[:limit])


def offers_for(scope: Scope) -> QuerySet[MedicineOffer]:
    """Offers in the reader's places."""
    return MedicineOffer.objects.filter(scope.q(KEEP)).select_related(
        "dwelling__place", "lot__item", "offered_by"
    )


def offer_for(scope: Scope, offer_id: UUID) -> MedicineOffer:
    """The offer, or 404."""
    return _or_404(offers_for(scope).filter(pk=offer_id).first())


def open_offers(scope: Scope) -> list[MedicineOffer]:
    """What is still with its givers, newest last."""
    return list(offers_for(scope).filter(state__in=OPEN_OFFERS).order_by("offered_at"))


def issue_for(scope: Scope, issue_id: UUID) -> MedicineIssue:
    """What was counted out, or 404."""
    rows = MedicineIssue.objects.filter(scope.q(KEEP), pk=issue_id)
    return _or_404(
        rows.select_related("ask", "item", "lot__parent", "counted_by", "second_by", "parcel").first()
    )


def issue_of(ask: MedicineAsk) -> MedicineIssue | None:
    """What was counted out for an ask and not taken back."""
    rows = MedicineIssue.objects.filter(ask=ask).exclude(state=IssueState.TAKEN_BACK)
    return rows.select_related("item", "lot", "counted_by", "second_by", "parcel").first()


def errand_of(ask: MedicineAsk) -> MedicineErrand | None:
    """Who is going for an ask now."""
    rows = MedicineErrand.objects.filter(ask=ask, state=ErrandState.OPEN)
    return rows.select_related("volunteer__user", "commitment").first()


def lots_for(community_id: UUID | None, code: str, day: Any) -> list[Balance]:
    """What the bank has of a medicine and may still hand out on `day`, what expires first first."""
    rows = Balance.objects.filter(  # type: ignore[misc]
        Q(lot__expires_on__gte=day),
        lot__item__community_id=community_id,
        lot__item__medicine=code,
        quantity__gt=0,
    )
    order = (F("lot__expires_on").asc(nulls_last=True), "lot__came_at", "lot_id")
    return list(rows.select_related("lot__item", "shelf").order_by(*order))


def stock_of_things(item: Item) -> list[Balance]:
    """Where a thing without medicine in it stands."""
    rows = Balance.objects.filter(lot__item=item, quantity__gt=0).select_related("lot", "shelf")
    return list(rows.order_by("-quantity"))


def things_of(community_ids: Iterable[UUID]) -> list[Item]:
    """The same of several communities, by name."""
    ids = list(community_ids)
    rows = Item.objects.filter(community_id__in=ids, medicine="", category="health", until_at__isnull=True)
    return list(rows.order_by("name"))


def notes_of(person: Person | None, at: datetime | None = None) -> list[MedicineNote]:
    """What a person was said to be allergic to and nobody has ended; at `at`, or now."""
    if person is None:
        return []
    rows = MedicineNote.objects.filter(person=person).select_related("noted_by")
    if at is None:
        return list(rows.filter(ended_at__isnull=True).order_by("noted_at"))
    rows = rows.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=at), noted_at__lte=at)
    return list(rows.order_by("noted_at"))


def note_for(scope: Scope, note_id: UUID) -> MedicineNote:
    """The allergy note, or 404."""
    return _or_404(MedicineNote.objects.filter(scope.q(KEEP), pk=note_id).select_related("person").first())


def allergy_words(code: str) -> str:
    """What an allergy is called; "" for what the table does not know."""
    known = table().allergies.get(code)
    return medicine_name(known) if known else ""


def door_of(row: MedicineAsk | MedicineOffer | MedicineErrand) -> str:
    """The door as people say it, as far as it is known."""
    if row.dwelling is not None:
        return short_door(row.dwelling)
    return getattr(row, "door_said", "")


def door_said(scope: Scope, said: str) -> Dwelling | None:
    """The one door that is meant by what was said, within the scope; else None."""
    door = read_door(said)
    if door is None or not door.door or not door.building:
        return None
    for place in banks_for(scope):
        found = find_dwelling(place.pk, door.building, door.stairwell, door.door)
        if found is not None and scope.covers(KEEP, found):
            return found
    return None


def offers_near(ask: MedicineAsk) -> list[MedicineOffer]:
    """Open offers of the medicine that is asked for: the same stairwell first, then the building, the grid, the rest."""
    if not ask.medicine:
        return []
    rows = MedicineOffer.objects.filter(
        community_id=ask.community_id, medicine=ask.medicine, state__in=OPEN_OFFERS, quantity__gt=0
    ).select_related("dwelling__place")
    taken = set(
        MedicineAsk.objects.filter(state="matched", offer__in=rows).values_list("offer_id", flat=True)
    )
    return sorted(
        (row for row in rows if row.pk not in taken), key=lambda row: (how_far(ask, row), row.offered_at)
    )


def how_far(ask: MedicineAsk, other: MedicineOffer) -> int:
    """0 the same stairwell, 1 the same building, 2 the same grid, 3 elsewhere."""
    for far, column in enumerate(("stairwell_id", "building_id", "grid_id")):
        mine = getattr(ask, column)
        if mine is not None and mine == getattr(other, column):
            return far
    return 3


def own_errand(scope: Scope, errand_id: UUID) -> MedicineErrand:
    """An errand that the reader has in hand, or 404."""
    if errand_id not in scope.object_ids(ERRAND):
        raise Http404
    rows = MedicineErrand.objects.filter(pk=errand_id, volunteer__user=scope.user)
    return _or_404(
        rows.select_related("ask__offer", "dwelling__place", "volunteer__user", "commitment").first()
    )


def errand_by_id(errand_id: UUID) -> MedicineErrand | None:
    """An errand by id, for due rows; never for a page."""
    return (
        MedicineErrand.objects.select_related("ask", "commitment", "volunteer__user")
        .filter(pk=errand_id)
        .first()
    )


def errands_to_reoffer(commitment_ids: Iterable[UUID]) -> list[MedicineErrand]:
    """The errands that hang on these commitments of somebody who was stood down."""
    rows = MedicineErrand.objects.filter(commitment_id__in=list(commitment_ids), state=ErrandState.OPEN)
    return list(rows.select_related("ask", "commitment", "volunteer__user"))


def issue_of_parcels(parcel_ids: Iterable[UUID]) -> list[MedicineIssue]:
    """What was counted out and goes as one of these parcels."""
    return list(MedicineIssue.objects.filter(parcel_id__in=list(parcel_ids)).select_related("ask", "parcel"))


def waits_for_second(scope: Scope) -> list[MedicineIssue]:
    """What needs a second pair of eyes and was not counted by the reader."""
    rows = MedicineIssue.objects.filter(scope.q(KEEP), state=IssueState.COUNTED)
    if scope.user is not None:
        rows = rows.exclude(counted_by_id=scope.user.pk)
    return list(rows.select_related("ask", "item").order_by("counted_at"))


def given_before(household: Household | None) -> bool:
    """Whether the bank ever gave this household something."""
    rows = MedicineIssue.objects.filter(household=household, state=IssueState.AT_THE_DOOR)
    return household is not None and rows.exists()


def balance_meant(ask: MedicineAsk, lot_id: UUID, shelf_id: UUID) -> Balance:
    """The lot on its shelf from which is counted, of the ask's own community; else 404."""
    rows = Balance.objects.filter(lot_id=lot_id, shelf_id=shelf_id)
    rows = rows.filter(lot__community_id=ask.community_id)  # type: ignore[misc]
    return _or_404(rows.select_related("lot__item", "shelf").first())


def home_of_note(note: MedicineNote) -> Household | None:
    """The household to which the person of a note belongs."""
    return household_of(note.person)
