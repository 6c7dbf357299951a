"""Giver and taker stay private from each other unless both have agreed: all four cases, on every page and in messages."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from shouwang.accounts.models import User
from shouwang.goods.models import MedicineErrand, MedicineIssue, MedicineOffer
from shouwang.goods.selectors.medicine_naming import both_named, takers_named
from shouwang.goods.services import medicine_errands as errands
from shouwang.goods.services import medicine_issues as issues
from shouwang.goods.services.medicine_erasing import erase_medicine_texts
from shouwang.goods.services.medicine_offers import match_offer, take_in_offer
from shouwang.goods.services.store import split_lot
from shouwang.goods.tests.medicine_world import Bank, asked, bank_world, offered, shelf_of
from shouwang.incidents.tests.neighbourhood import add_user
from shouwang.notices.models import Message
from shouwang.people.services import add_proxy

pytestmark = pytest.mark.django_db

GIVER, TAKER = "施奶奶", "小宝爸"
CASES = [(False, False), (True, False), (False, True), (True, True)]


@pytest.fixture
def bank() -> Bank:
    return bank_world()


def page(user: User, name: str, *args: object) -> str:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.get(reverse(f"goods:{name}", args=args)).content.decode()


def on_the_way(bank: Bank, giver_agrees: bool, taker_agrees: bool) -> tuple[MedicineOffer, MedicineIssue]:
    """Given by somebody with an account, meant for the household, fetched, counted out; Vera has it in her hands."""
    given = offered(bank, name=GIVER, user=add_user("Grandma"), may_be_named=giver_agrees)
    ask = asked(bank, may_be_named=taker_agrees)
    match_offer(ask=ask, offer=given, by=bank.gina, at=bank.later(1))
    given = take_in_offer(offer=given, by=bank.gina, at=bank.later(2))
    there = shelf_of(ask)
    issue = issues.count_out(
        ask=ask, lot=there.lot, shelf=there.shelf, quantity=1, by=bank.gina, at=bank.later(3)
    )
    errands.send_to_bring(issue=issue, volunteer=bank.vera, by=bank.gina, at=bank.later(4))
    return given, issue


def speaker(bank: Bank) -> User:
    """Somebody who speaks for the household that asked and can be told in the program."""
    user = add_user("Daughter")
    add_proxy(
        household=bank.home,
        name="Daughter",
        kind="child_elsewhere",
        user=user,
        by=bank.alice,
        at=bank.later(0),
    )
    return user


@pytest.mark.parametrize(("giver_agrees", "taker_agrees"), CASES)
def test_named_only_where_both_agreed(bank: Bank, giver_agrees: bool, taker_agrees: bool) -> None:
    daughter = speaker(bank)
    given, issue = on_the_way(bank, giver_agrees, taker_agrees)
    errand = MedicineErrand.objects.get()
    held = page(bank.vera.user, "medicine_errand", errand.pk)
    assert GIVER not in held and TAKER not in held
    errands.finish_errand(errand=errand, by=bank.vera.user, at=bank.later(20))
    issue.refresh_from_db()
    both = giver_agrees and taker_agrees
    assert (both_named(issue) is not None) == both == bool(takers_named(given))
    desk, offer = page(bank.gina, "medicine_ask", issue.ask_id), page(bank.gina, "medicine_offer", given.pk)
    assert (GIVER in desk) == both == ("Given by" in desk)
    assert (TAKER in offer) == both == ("Has come to" in offer)
    said = {
        message.to_id: message.sentence()
        for message in Message.objects.filter(
            template__in=["goods.medicine_went_to", "goods.medicine_came_from"]
        )
    }
    assert set(said) == ({given.user_id, daughter.pk} if both else set())
    if both:
        assert TAKER in said[given.user_id] and GIVER in said[daughter.pk]
        assert all("101" not in words and "对乙酰氨基酚" not in words for words in said.values())


@pytest.mark.parametrize(("giver_agrees", "taker_agrees"), CASES)
def test_what_the_code_on_the_bag_opens_names_nobody(
    bank: Bank, giver_agrees: bool, taker_agrees: bool
) -> None:
    _given, issue = on_the_way(bank, giver_agrees, taker_agrees)
    opened = Client().get(reverse("goods:medicine_leaflet", args=[issue.lot_id])).content.decode()
    assert GIVER not in opened and TAKER not in opened


def test_nobody_is_named_before_it_is_at_the_door_nor_after_it_was_taken_back(bank: Bank) -> None:
    given, issue = on_the_way(bank, True, True)
    assert both_named(issue) is None and takers_named(given) == []
    assert GIVER not in page(bank.gina, "medicine_ask", issue.ask_id)
    errands.leave_errand(errand=MedicineErrand.objects.get(), by=bank.vera.user, at=bank.later(5))
    issues.take_back(issue=issue, reason="不用了", by=bank.gina, at=bank.later(6))
    assert (
        takers_named(given) == [] and not Message.objects.filter(template="goods.medicine_went_to").exists()
    )


def test_outside_the_program_no_name_is_said(bank: Bank) -> None:
    speaker(bank)
    on_the_way(bank, True, True)
    errands.finish_errand(errand=MedicineErrand.objects.get(), by=bank.vera.user, at=bank.later(20))
    for message in Message.objects.filter(
        template__in=["goods.medicine_went_to", "goods.medicine_came_from"]
    ):
        assert GIVER not in message.discreet() and TAKER not in message.discreet()


def test_of_one_pack_each_taker_is_named_by_their_own_agreement(bank: Bank) -> None:
    """Split in the store first: the way back to the giver goes over every split."""
    given = offered(bank, name=GIVER, may_be_named=True, quantity=3)
    given = take_in_offer(offer=given, by=bank.gina, at=bank.later(1))
    for number, agrees in enumerate((True, False)):
        home = bank.home if agrees else bank.giver
        ask = asked(
            bank,
            household=home,
            person=None,
            may_be_named=agrees,
            answers={"months": 12 * 30},
            at=bank.later(2),
        )
        there = shelf_of(ask)
        if not number:
            lot = split_lot(lot=there.lot, shelf=there.shelf, quantity=1, by=bank.gina, at=bank.later(3))
        issue = issues.count_out(
            ask=ask,
            lot=lot if not number else there.lot,
            shelf=there.shelf,
            quantity=1,
            by=bank.gina,
            at=bank.later(4),
        )
        issues.delivered(issue=issue, by=bank.gina, at=bank.later(5))
        issue.refresh_from_db()
        assert (both_named(issue) is not None) == agrees
    assert [one.taker for one in takers_named(given)] == [TAKER]


def test_what_was_erased_names_nobody(bank: Bank) -> None:
    given, issue = on_the_way(bank, True, True)
    errands.finish_errand(errand=MedicineErrand.objects.get(), by=bank.vera.user, at=bank.later(20))
    erase_medicine_texts(bank.later(60 * 24 * 4000), 50)
    for row in (given, issue):
        row.refresh_from_db()
    assert takers_named(given) == []
    assert both_named(MedicineIssue.objects.get(pk=issue.pk)) is None
