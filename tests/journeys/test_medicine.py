"""Scene F2 on the screens: a child of three months has a high fever; from the call to the door within half an hour, and
the father gives a bottle himself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from shouwang.core import clock
from shouwang.goods.models import MedicineAsk, MedicineErrand, MedicineIssue
from shouwang.goods.services.medicine_offers import Giver, Pack, offer_medicine, take_in_offer
from shouwang.people.models import Household, Person
from shouwang.people.services import add_person
from tests.journeys.conftest import PHONE
from tests.journeys.visitors import Visitor, zh
from tests.journeys.world import World, small_community

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NUMBER = "19900077001"


def a_bank(world: World) -> tuple[Household, Person]:
    """Two bottles from a neighbour; a home with a father on the phone and a child of three months."""
    at = clock.now() - timedelta(hours=2)
    secretary = world.people["alice"]
    home = Household.objects.get()
    born = (at - timedelta(days=100)).date()
    baby = add_person(
        household=home,
        name="安安",
        relation="child",
        birth=(born.year, born.month, born.day),
        by=secretary,
        at=at,
    )
    add_person(household=home, name="安安爸爸", phone=NUMBER, by=secretary, at=at)
    pack = Pack("paracetamol_drops", 2, expires_on=at.date() + timedelta(days=300))
    offer = offer_medicine(
        community=world.community, giver=Giver(name="王奶奶"), pack=pack, by=secretary, at=at
    )
    take_in_offer(offer=offer, by=secretary, at=at)
    return home, baby


def take_down(desk: Visitor, baby: Person) -> MedicineAsk:
    """While the father is on the phone."""
    desk.go("/goods/medicine/")
    desk.follow(zh("Somebody asks"))
    desk.page.locator("#id_phone").fill(NUMBER)
    desk.page.locator(f"input[name=person][value='{baby.pk}']").check()
    desk.page.locator("#id_what").select_option("ibuprofen_drops")
    desk.page.locator("#id_fever").check()
    desk.page.locator("input[name=allergic][value=no]").check(force=True)
    desk.page.locator("#id_words").fill("三个月大，39度4")
    desk.shot("medicine-call", full_page=True)
    desk.press(zh("Take down and check"))
    desk.page.wait_for_url("**/asks/**")
    return MedicineAsk.objects.get()


def from_ibuprofen_to_paracetamol(desk: Visitor, ask: MedicineAsk) -> None:
    """Ibuprofen is not for a child of three months, and the page says so; paracetamol drops may go."""
    expect(desk.main).to_contain_text(zh("Not this medicine"))
    desk.shot("medicine-not-this", full_page=True)
    desk.follow(zh("Ask again"))
    desk.page.locator("#id_what").select_option("paracetamol_drops")
    desk.press(zh("Check again"))
    desk.page.wait_for_url(f"**/asks/{ask.pk}/")
    expect(desk.main).to_contain_text(zh("of %(target)s min", target=30))


def test_from_the_call_to_the_door(visit: Callable[..., Visitor]) -> None:
    world = small_community()
    _home, baby = a_bank(world)
    desk = visit(world.people["clerk"])
    ask = take_down(desk, baby)
    from_ibuprofen_to_paracetamol(desk, ask)
    desk.press(zh("Count it out"))
    expect(desk.main).to_contain_text(zh("Counted into the bag"))
    issue = MedicineIssue.objects.get()
    desk.shot("medicine-bag", full_page=True)
    desk.page.locator("#goes").select_option(index=0)
    desk.press(zh("Goes now"))
    expect(desk.main).to_contain_text(zh("It is at the door"))
    errand = MedicineErrand.objects.get()
    goes = visit(errand.volunteer.user, size=PHONE)
    goes.go(f"/goods/medicine/errands/{errand.pk}/")
    for word in ("安安", NUMBER, "39度4", "对乙酰氨基酚"):
        assert not goes.says(word)
    goes.shot("medicine-errand", full_page=True)
    goes.press(zh("Handed over"))
    expect(goes.page.locator("body")).to_contain_text(zh("That is done."))
    issue.refresh_from_db(), ask.refresh_from_db()
    assert (issue.state, ask.state) == ("at_the_door", "at_the_door") and ask.minutes(clock.now()) < 30
    desk.go("/goods/medicine/")
    expect(desk.main).to_contain_text(zh("at the door", "medicine"))
    desk.shot("medicine-board", full_page=True)


def test_the_father_gives_a_bottle_himself(visit: Callable[..., Visitor]) -> None:
    world = small_community()
    a_bank(world)
    desk = visit(world.people["clerk"])
    desk.go("/goods/medicine/offers/new/")
    desk.page.locator("#id_medicine").select_option("ibuprofen_suspension")
    desk.page.locator("#id_expires_on").fill(f"{(clock.now() + timedelta(days=200)).date()}")
    desk.page.locator("#id_giver_name").fill("安安爸爸")
    desk.page.locator("#id_quantity").fill("1")
    desk.press(zh("Write it down"))
    desk.press(zh("It is here: into the bank"))
    desk.go("/goods/medicine/bank/")
    expect(desk.main).to_contain_text("布洛芬混悬液")
    assert not desk.says("安安爸爸")
    desk.shot("medicine-bank", full_page=True)
