"""Scene D10 on the screens: cards, a key and cash of an old couple are taken over at the door, some of it goes back, then
whoever has the rest is stood down, and every thing is recovered, with both receipts."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from shouwang.core import clock
from shouwang.core.checks import check_promise
from shouwang.core.due import do_until
from shouwang.goods.models import Holding
from shouwang.help.models import HelpRequest
from shouwang.help.services import accept_offer, take_in_request
from shouwang.people.selectors import current_household
from shouwang.people.services import add_person
from tests.journeys.conftest import PHONE
from tests.journeys.visitors import Visitor, zh
from tests.journeys.world import World, small_community

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DOOR = "8-2-501"
# What they give: kind on the form, in words, how many or how much, from whom.
GIVEN = (
    ("insurance_card", "医保卡", {"quantity": "2"}),
    ("prescription", "药品清单", {}),
    ("keys", "大门钥匙", {}),
    ("cash", "买药钱", {"amount": "200"}),
)


def medicine_is_wanted(world: World) -> HelpRequest:
    """A man of 83 and his wife, their children far away, have run out of their usual medicines; 刘洋 goes."""
    home = current_household(world.doors[DOOR])
    assert home is not None
    by: dict[str, Any] = {"by": world.people["clerk"], "at": clock.now()}
    add_person(household=home, name="李大爷", relation="spouse", birth=(1939, None, None), **by)
    request, _token = take_in_request(
        community_id=world.community.pk, place=None, dwelling=world.doors[DOOR], household=home, category="medicine",
        urgency="normal", source="phone", title="配常用药", words="", lines=[], asker_name="李大爷", **by,
    )  # fmt: skip
    accept_offer(request=request, volunteer=world.volunteers["vera"], **by)
    return request


def take_over(carrier: Visitor, request: HelpRequest) -> None:
    """From the job in hand to the form, once for every thing."""
    carrier.go("/field/")
    carrier.follow(zh("Go on"))
    carrier.shot("custody-job-phone", full_page=True)
    carrier.follow(zh("Take something over"))
    for number, (kind, words, more) in enumerate(GIVEN, start=1):
        carrier.page.locator(f"label:has([name=kind][value={kind}])").click()
        for name, value in {"words": words, "from_words": "李大爷本人", **more}.items():
            carrier.page.locator(f"[name={name}]").fill(value)
        carrier.shot(f"custody-take-{kind}-phone", full_page=True)
        if number < len(GIVEN):
            carrier.press(zh("And one thing more"))
            expect(carrier.page.locator("[name=words]")).to_have_value("")
        else:
            carrier.press(zh("I have taken it over"))
            carrier.page.wait_for_url("**/goods/custody/**")
    expect(carrier.main).to_contain_text("¥ 200.00")
    expect(carrier.main).to_contain_text("李大爷本人 → 刘洋")
    expect(carrier.main.get_by_text(zh("not yet confirmed"))).to_have_count(0)
    carrier.shot("custody-holding-phone", full_page=True)
    carrier.go("/goods/hands/")
    expect(carrier.page.locator("article.job")).to_have_count(len(GIVEN))
    carrier.shot("custody-hands-phone", full_page=True)


def give_back(visitor: Visitor, words: str, to: str) -> None:
    """What is in one's hands goes back, by its card."""
    visitor.go("/goods/hands/")
    visitor.page.locator("article.job", has_text=words).get_by_role("link", name=zh("Given back")).click()
    visitor.page.locator("[name=to_words]").fill(to)
    visitor.press(zh("Write it down"))
    visitor.page.wait_for_url("**/goods/custody/**")
    expect(visitor.main).to_contain_text(to)
    assert Holding.objects.get(words=words).state == "returned"


def stand_down(desk: Visitor, world: World) -> None:
    """Contact of a case: everybody sees that she is off duty, nobody why."""
    desk.go(f"/volunteers/{world.volunteers['vera'].pk}/stand-down/")
    expect(desk.main).to_contain_text("3")
    desk.page.locator("[name=reason][value=contact]").check(force=True)
    desk.shot("custody-stand-down", full_page=True)
    desk.press(zh("Stand down now"))
    desk.page.wait_for_url(lambda address: "stand-down" not in address)
    do_until(clock.now())


def recover(desk: Visitor) -> None:
    """From Today to the list; somebody is named for each thing."""
    desk.go("/")
    desk.follow(zh("To be recovered"))
    expect(desk.main.locator("li.todo")).to_have_count(3)
    desk.shot("custody-recover", full_page=True)
    for words in ("医保卡", "药品清单", "买药钱"):
        desk.go("/goods/custody/recover/")
        desk.main.locator("li.todo", has_text=words).get_by_role(
            "link", name=zh("Somebody fetches it")
        ).click()
        desk.page.locator("[name=to_user]").select_option(label="张敏")
        desk.press(zh("Write it down"))
        desk.page.wait_for_url("**/goods/custody/**")
        expect(desk.main).to_contain_text("→ 张敏")
    desk.go("/goods/custody/recover/")
    for thing in desk.main.locator("li.todo").all():
        expect(thing).to_contain_text("→ 张敏")  # until he has said that he has it, it stays on the list


def fetched(fetcher: Visitor) -> None:
    """He fetches them, and says so for each."""
    fetcher.go("/goods/hands/")
    expect(fetcher.page.locator("header.phone-head")).to_contain_text("3")
    fetcher.shot("custody-offered-phone", full_page=True)
    for _thing in range(3):
        fetcher.go("/goods/hands/")
        fetcher.page.get_by_role("button", name=zh("I have taken it")).first.click()
        fetcher.page.wait_for_url("**/goods/custody/**")


def says_that_she_gave_it(carrier: Visitor) -> None:
    """Stood down she still owes three receipts, and her own page says so."""
    carrier.go("/goods/hands/")
    carrier.shot("custody-owed-phone", full_page=True)
    for left in (3, 2, 1):
        expect(carrier.page.get_by_role("button", name=zh("I have given it"))).to_have_count(left)
        carrier.page.get_by_role("button", name=zh("I have given it")).first.click()
        carrier.page.wait_for_url("**/goods/custody/**")
        carrier.go("/goods/hands/")
    expect(carrier.main).to_contain_text(zh("Nothing is in your hands"))


def test_cards_a_key_and_cash_go_through_two_pairs_of_hands(visit: Any) -> None:
    world = small_community()
    request = medicine_is_wanted(world)
    carrier = visit(world.volunteers["vera"].user, size=PHONE)
    take_over(carrier, request)
    give_back(carrier, "大门钥匙", "李大爷本人")

    desk = visit(world.people["alice"])
    stand_down(desk, world)
    recover(desk)
    fetcher = visit(world.people["bob"], size=PHONE)
    fetched(fetcher)
    desk.go("/goods/custody/recover/")
    expect(desk.main).to_contain_text(zh("Nothing is to be recovered"))
    says_that_she_gave_it(carrier)
    for words in ("医保卡", "药品清单", "买药钱"):
        give_back(fetcher, words, "李大爷本人")
    nothing_is_left(desk)


def nothing_is_left(desk: Visitor) -> None:
    """Every change of hands has both receipts, Today has nothing of it, and the promise counts nothing out."""
    for holding in Holding.objects.all():
        changes = holding.handovers.filter(withdrawn_at=None)
        assert holding.holder is None and all(row.is_receipted for row in changes), holding.words
    card = Holding.objects.get(words="医保卡")
    assert [row.to_user.name if row.to_user else row.to_words for row in card.handovers.order_by("id")] == [
        "刘洋", "张敏", "李大爷本人",
    ]  # fmt: skip
    desk.go(f"/goods/custody/{card.pk}/")
    desk.shot("custody-way", full_page=True)
    paper = desk.context.request.get(f"{desk.address}/goods/custody/{card.pk}/receipt/")
    assert paper.body()[:4] == b"%PDF"
    desk.go("/")
    expect(desk.main.get_by_role("link", name=zh("To be recovered"))).to_have_count(0)
    promised = {
        one.invariant.code: one for one in check_promise(clock.now()) if "custody" in one.invariant.code
    }
    assert set(promised) == {"goods.custody.chains", "goods.custody.recovered"}
    assert [(one.counted, one.broken) for one in promised.values()] == [(0, 0), (0, 0)]
