"""The medicine bank of the small world: an ask in each state that a page may meet, and what is sent to its routes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from shouwang.goods.models import Balance, MedicineAsk, MedicineIssue, MedicineNumber, MedicineOffer
from shouwang.goods.services import medicine_errands as errands
from shouwang.goods.services import medicine_issues as issues
from shouwang.goods.services import medicine_offers as offers
from shouwang.goods.services.medicine_asks import Asker, Wanted, ask_for_medicine
from shouwang.goods.services.medicine_notes import note_allergies

if TYPE_CHECKING:
    from tests.guards.routes_world import Corner

ASK, ISSUE, OFFER, ERRAND = (
    "goods/medicine/asks/<uuid:ask_id>/", "goods/medicine/issues/<uuid:issue_id>/",
    "goods/medicine/offers/<uuid:offer_id>/", "goods/medicine/errands/<uuid:medicine_errand_id>/",
)  # fmt: skip
TABLETS, RARE = "paracetamol_tablet", "loperamide_capsule"


def share_medicine(corner: Corner, photo: bytes, at: datetime) -> None:
    """Stock, offers and asks of one corner; its volunteer fetches for one and brings another."""
    made, lead = corner.medicine, corner.owners["secretary"].user
    # A number that is nobody's request's.
    MedicineNumber.objects.get_or_create(community_id=corner.community.pk, defaults={"next_number": 8001})
    note_allergies(person=corner.person, substances=["penicillin"], by=lead, at=at)
    made["note"] = corner.person.medicine_notes.get()
    made["stock"] = offers.take_in_offer(offer=_offered(corner, TABLETS, photo, at), by=lead, at=at)
    for name in ("asked", "doctor", "counted", "ready", "underway"):
        made[name] = _asked(corner, TABLETS, at, months=2 if name == "doctor" else 480)
    for name in ("matching", "matched", "fetching"):
        made[name], made[f"{name}_offer"] = _asked(corner, RARE, at), _offered(corner, RARE, None, at)
    for name in ("matched", "fetching"):
        offers.match_offer(ask=made[name], offer=made[f"{name}_offer"], by=lead, at=at)
    serving = {"volunteer": corner.volunteer, "by": lead, "at": at}
    made["fetch"] = errands.send_to_fetch(ask=made["fetching"], **serving)
    for name in ("counted", "ready", "underway"):
        made[f"{name}_bag"] = _counted(corner, made[name], at)
    # The state that prescription-only medicine waits in, made without a prescription.
    MedicineIssue.objects.filter(pk=made["counted_bag"].pk).update(state="counted", needs_second=True)
    made["bring"] = errands.send_to_bring(issue=made["underway_bag"], **serving)


def _offered(corner: Corner, code: str, photo: bytes | None, at: datetime) -> MedicineOffer:
    giver = offers.Giver(dwelling=corner.dwelling, name=f"给药{corner.mark}", phone=corner.phone)
    pack = offers.Pack(code, 24, expires_on=date(2099, 1, 1), words=f"药盒{corner.mark}", leaflet=photo)
    return offers.offer_medicine(
        community=corner.community, giver=giver, pack=pack, by=corner.owners["secretary"].user, at=at
    )


def _asked(corner: Corner, code: str, at: datetime, months: int = 480) -> MedicineAsk:
    answers = {"allergies": [], "months": months, "fever": months < 12}
    asker = Asker(dwelling=corner.dwelling, name=f"来人{corner.mark}", phone=corner.phone)
    wanted = Wanted(code, quantity=2, words=f"难受{corner.mark}", answers=answers, urgency="today")
    return ask_for_medicine(
        community=corner.community, asker=asker, wanted=wanted, by=corner.owners["secretary"].user, at=at
    )


def _counted(corner: Corner, ask: MedicineAsk, at: datetime) -> MedicineIssue:
    """By somebody who keeps no bank: whoever is asked about in the table may be the second pair of eyes."""
    balance = _stock(corner)
    return issues.count_out(
        ask=ask,
        lot=balance.lot,
        shelf=balance.shelf,
        quantity=2,
        by=corner.volunteer.user,
        at=at + timedelta(minutes=1),
    )


def _stock(corner: Corner) -> Balance:
    return Balance.objects.select_related("lot__item", "shelf").get(lot=corner.medicine["stock"].lot)


def _of(name: str) -> Callable[[Any, Corner, str], Any]:
    return lambda world, corner, role: corner.medicine[name].pk


def _bag(world: Any, corner: Corner, role: str) -> Any:
    return corner.medicine["ready_bag"].lot_id


MEDICINE_VALUES = {
    "ask_id": _of("asked"), "issue_id": _of("ready_bag"), "offer_id": _of("matching_offer"), "bag_id": _bag,
    "medicine_errand_id": _of("bring"), "allergy_id": _of("note"), "state": lambda world, corner, role: "not_available",
}  # fmt: skip
MEDICINE_ELSEWHERE = {
    (f"{ASK}doctor/", "ask_id"): _of("doctor"),
    (f"{ASK}match/<uuid:offer_id>/", "ask_id"): _of("matching"),
    (f"{ASK}fetch/", "ask_id"): _of("matched"),
    (f"{ASK}arrived/", "ask_id"): _of("matched"),
    (f"{ASK}call-back/", "ask_id"): _of("fetching"),
    (f"{ISSUE}second/", "issue_id"): _of("counted_bag"),
}
_ANSWERS = {"what": TABLETS, "quantity": "2", "years": "40", "allergic": "no"}
_PACK = {"quantity": "12", "expires_on": "2099-01-01"}


def _go(world: Any, corner: Corner) -> dict[str, Any]:
    return {"volunteer": str(corner.volunteer.pk)}


def _count(world: Any, corner: Corner) -> dict[str, Any]:
    balance = _stock(corner)
    return {"lot": str(balance.lot_id), "shelf": str(balance.shelf_id), "quantity": "2"}


MEDICINE_BODIES: dict[str, Callable[[Any, Corner], dict[str, Any]]] = {
    "goods/medicine/new/": lambda w, c: {**_ANSWERS, "household": str(c.household.pk), "community": str(c.community.pk)},
    "goods/medicine/caller/": lambda w, c: {"phone": c.phone},
    "goods/medicine/limits/": lambda w, c: {"medicine": TABLETS, "units": "10", "household_units": "20", "days": "7"},
    f"{ASK}answer/": lambda w, c: dict(_ANSWERS),
    f"{ASK}doctor/": lambda w, c: {"words": "社区医院：可以"},
    f"{ASK}count/": _count,
    f"{ASK}fetch/": _go,
    f"{ISSUE}send/": _go,
    f"{ISSUE}back/": lambda w, c: {"reason": "不用了"},
    "goods/medicine/offers/new/": lambda w, c: {"medicine": TABLETS, **_PACK, "community": str(c.community.pk)},
    OFFER: lambda w, c: dict(_PACK),
    "q/<slug:door_code>/medicine-to-spare/": lambda w, c: {"medicine": TABLETS, "quantity": "12", "door": "501"},
    f"{OFFER}decline/": lambda w, c: {"fault": "no_pack"},
    "goods/medicine/households/<uuid:household_id>/note/": lambda w, c: {
        "person": str(c.person.pk), "substance": "ibuprofen",
    },
    "goods/medicine/notes/<uuid:allergy_id>/end/": lambda w, c: {"reason": "弄错了"},
}  # fmt: skip
