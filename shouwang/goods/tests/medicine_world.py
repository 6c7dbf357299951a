"""A bank for the tests: Alice is secretary, Gina a grid worker, Vera a volunteer; a home with a child of three months."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from shouwang.accounts.models import User
from shouwang.goods.models import Lot, MedicineAsk, MedicineOffer
from shouwang.goods.selectors.medicine import lots_for
from shouwang.goods.services.medicine_asks import Asker, Wanted, ask_for_medicine
from shouwang.goods.services.medicine_offers import Giver, Pack, offer_medicine, take_in_offer
from shouwang.incidents.tests.neighbourhood import AT, Neighbourhood, add_user, settle
from shouwang.people.models import Household, Person
from shouwang.people.services import add_person
from shouwang.places.services import appoint
from shouwang.volunteers.models import Volunteer
from shouwang.volunteers.services import enrol

GOOD = date(2027, 1, 1)


@dataclass
class Bank:
    """The neighbourhood with its bank."""

    here: Neighbourhood
    alice: User
    gina: User
    vera: Volunteer
    home: Household
    baby: Person
    father: Person
    giver: Household

    def later(self, minutes: float) -> datetime:
        return AT + timedelta(minutes=minutes)


def bank_world() -> Bank:
    here = settle()
    gina = add_user("Gina")
    appoint(place=here.grid, role="grid_worker", holder=gina, by=here.alice, at=AT)
    home, giver = here.households[0], here.households[1]
    baby = add_person(
        household=home, name="小宝", relation="child", birth=(2025, 11, 10), by=here.alice, at=AT
    )
    father = add_person(
        household=home, name="小宝爸", relation="head", birth=(1990, 5, 1), by=here.alice, at=AT
    )
    vera = enrol(user=add_user("Vera"), home=here.stairwells[0], by=here.alice, at=AT)
    return Bank(here, here.alice, gina, vera, home, baby, father, giver)


def offered(bank: Bank, code: str = "paracetamol_drops", quantity: int = 2, **more: Any) -> MedicineOffer:
    pack = {"expires_on": GOOD} | {
        k: v for k, v in more.items() if k in ("expires_on", "opened", "batch", "words")
    }
    giver = Giver(
        household=more.get("household", bank.giver), name=more.get("name", "王奶奶"), user=more.get("user"),
        may_be_named=more.get("may_be_named", False),
    )  # fmt: skip
    return offer_medicine(
        community=bank.here.community,
        giver=giver,
        pack=Pack(code, quantity, **pack),
        by=bank.alice,
        at=more.get("at", AT),
    )


def in_bank(bank: Bank, code: str = "paracetamol_drops", quantity: int = 2, **more: Any) -> Lot:
    offer = take_in_offer(offer=offered(bank, code, quantity, **more), by=bank.alice, at=more.get("at", AT))
    assert offer.lot is not None
    return offer.lot


def asked(
    bank: Bank, code: str = "paracetamol_drops", quantity: int = 1, *, at: datetime = AT, **more: Any
) -> MedicineAsk:
    answers = {"allergies": [], "fever": True} | more.pop("answers", {})
    person = more.pop("person", bank.baby)
    asker = Asker(
        household=more.pop("household", bank.home), person=person, name="小宝爸", phone="19900010001",
        may_be_named=more.pop("may_be_named", False),
    )  # fmt: skip
    wanted = Wanted(medicine=code, quantity=quantity, words="三个月，烧到39度4", answers=answers, **more)
    return ask_for_medicine(community=bank.here.community, asker=asker, wanted=wanted, by=bank.gina, at=at)


def shelf_of(ask: MedicineAsk) -> Any:
    """The lot on its shelf that is first to be taken for an ask."""
    return lots_for(ask.community_id, ask.medicine, date(2026, 2, 20))[0]
