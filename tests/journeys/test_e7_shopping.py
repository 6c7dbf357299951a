"""Scene E7 on the screens: six lines, one unclear, one not found, one substituted, checked twice, settled to the fen."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from shouwang.core.private_links import link_digest, new_link
from shouwang.help.models import HelpRequest, MoneyEntry, Order, OrderLine, ShoppingRun
from shouwang.help.selectors.accounts import lines_that_do_not_reconcile, sums_of
from shouwang.help.services import take_in_request
from shouwang.people.selectors import current_household
from tests.journeys.conftest import PHONE
from tests.journeys.visitors import Visitor, zh
from tests.journeys.world import World, small_community

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LIST = "土豆5斤\n辣椒3斤\n豆角2斤\n白菜5斤\n猪肉5\n儿童洗衣液1瓶"


def asked(world: World, door: str) -> tuple[HelpRequest, str]:
    """What the household wrote, and its private link."""
    dwelling = world.doors[door]
    token = new_link()
    request, _token = take_in_request(
        community_id=world.community.pk, place=None, dwelling=dwelling, household=current_household(dwelling),
        category="shopping", urgency="normal", source="chat", title="买菜", words=LIST, lines=[],
        by=next(iter(world.people.values())), at=world.at, asker_name="李女士", asker_phone="19900770001",
    )  # fmt: skip
    HelpRequest.objects.filter(pk=request.pk).update(link_digest=link_digest(token))
    return request, token


def row(visitor: Visitor, name: str) -> Locator:
    return visitor.page.locator(f"#l-{OrderLine.objects.filter(name=name).latest('pk').pk}")


def got(shopper: Visitor, name: str, price: str, bought: str = "") -> None:
    """Ticks a line with its price; with another amount where the scales say so."""
    found = row(shopper, name)
    found.locator("summary").click()
    found.locator("[name=price]").fill(price)
    if bought:
        found.locator("[name=bought]").fill(bought)
    found.locator("form.mini").get_by_role("button").click()
    expect(row(shopper, name)).to_have_class("goods-row goods-through")


def test_six_lines_from_the_words_to_the_fen(visit: Any) -> None:
    world = small_community()
    alice, shopper_user = world.people["alice"], next(iter(world.volunteers.values())).user
    request, link = asked(world, "8-2-501")
    desk = visit(alice)
    read_and_gather(desk, shopper_user.name)
    run = ShoppingRun.objects.get()
    shopper, resident = visit(shopper_user, size=PHONE), visit(size=PHONE)
    advance(desk, run, "200")
    in_the_shop(shopper, run, resident, link)
    count_and_pack(desk, run)
    at_the_door(shopper, run)
    settle(desk, run)
    resident.go(f"/r/{link}/")
    expect(resident.main).to_contain_text("141.51")
    resident.shot("e7-resident", full_page=True)
    assert HelpRequest.objects.get(pk=request.pk).state == "closed"
    assert sum(MoneyEntry.objects.values_list("amount_fen", flat=True)) == 0
    assert lines_that_do_not_reconcile(None)[1] == []


def read_and_gather(desk: Visitor, name: str) -> None:
    """The words become a list; the misprinted unit is asked; the list becomes a run."""
    desk.go("/help/orders/")
    desk.press(zh("Read as a list"))
    expect(desk.main).to_contain_text("猪肉5")
    desk.shot("e7-list", full_page=True)
    desk.follow(zh("Say how much"))
    desk.page.locator("[name=unit]").fill("斤")
    desk.press(zh("Keep it"))
    order = Order.objects.get()
    expect(desk.page.locator(f"#l-{order.lines.get(name='猪肉').pk}")).to_contain_text("5斤")
    desk.go("/help/orders/")
    desk.page.locator("[name=shop]").fill("惠民超市")
    desk.page.locator("[name=volunteer]").select_option(label=desk.page.locator(
        "[name=volunteer] option", has_text=name).first.inner_text())  # fmt: skip
    desk.shot("e7-board", full_page=True)
    desk.press(zh("Gather into one run"))
    desk.page.wait_for_url("**/shopping/**")


def advance(desk: Visitor, run: ShoppingRun, yuan: str) -> None:
    desk.go(f"/help/shopping/{run.pk}/money/")
    desk.page.locator(f"form[action$='{run.pk}/advance/'] [name=amount]").fill(yuan)
    desk.page.locator(f"form[action$='{run.pk}/advance/'] button").click()
    expect(desk.main).to_contain_text(yuan)


def in_the_shop(shopper: Visitor, run: ShoppingRun, resident: Visitor, link: str) -> None:
    """Ticked at the shelf; beans are not to be had, the laundry liquid is another brand: the household says so."""
    shopper.go(f"/help/shopping/{run.pk}/")
    shopper.press(zh("I am in the shop"))
    got(shopper, "土豆", "14.9")
    got(shopper, "辣椒", "14.40", "3.1")
    got(shopper, "白菜", "9.95")
    got(shopper, "猪肉", "79", "4.9")
    shopper.shot("e7-shelf", full_page=True)
    row(shopper, "豆角").get_by_role("button", name=zh("Not there")).click()
    expect(shopper.page.locator("a.tel")).to_be_visible()
    shopper.press(zh("No, leave it out"))
    row(shopper, "儿童洗衣液").get_by_role("button", name=zh("Not there")).click()
    shopper.page.locator("#id_question").fill("立白儿童洗衣液1瓶")
    shopper.press(zh("Ask about it"))
    expect(shopper.main).to_contain_text("立白")
    resident.go(f"/r/{link}/")
    resident.shot("e7-question", full_page=True)
    resident.press(zh("Yes, bring it"))
    expect(resident.main).to_contain_text(zh("something else instead", "order line"))
    shopper.go(f"/help/shopping/{run.pk}/")
    got(shopper, "洗衣液" if OrderLine.objects.filter(name="洗衣液").exists() else "儿童洗衣液", "25.9")
    shopper.shot("e7-through", full_page=True)
    shopper.press(zh("All through: leave the shop"))
    shopper.go(f"/help/shopping/{run.pk}/money/")
    shopper.page.locator("#id_total").fill("144.10")
    shopper.press(zh("Enter the receipt"))
    expect(shopper.main).to_contain_text("144.10")


def count_and_pack(desk: Visitor, run: ShoppingRun) -> None:
    """Counted again by somebody else: a potato is rotten, and that is signed for."""
    desk.go(f"/help/shopping/{run.pk}/count/")
    found = row(desk, "土豆")
    found.locator("summary").click()
    found.locator("[name=received]").fill("4.8")
    found.locator("[name=words]").fill("坏了一个")
    found.get_by_role("button").click()
    expect(row(desk, "土豆")).to_contain_text("坏了一个")
    desk.shot("e7-count", full_page=True)
    desk.press(zh("Counted and packed: to the doors"))
    desk.page.wait_for_url("**/doors/**")


def at_the_door(shopper: Visitor, run: ShoppingRun) -> None:
    """The resident checks it again, takes a little less cabbage, and pays."""
    shopper.go(f"/help/shopping/{run.pk}/doors/")
    found = row(shopper, "白菜")
    found.locator("summary").click()
    found.locator("[name=delivered]").fill("4")
    found.get_by_role("button").click()
    expect(row(shopper, "白菜")).to_contain_text("4斤")
    shopper.press(zh("Gone through together, all right"))
    expect(shopper.page.locator("[name=amount]")).to_have_value("141.51")
    shopper.shot("e7-door", full_page=True)
    shopper.press(zh("Paid"))
    expect(shopper.page.locator("[name=amount]")).to_have_count(0)


def settle(desk: Visitor, run: ShoppingRun) -> None:
    """The shop takes the cabbage back, the change comes into the box, the rotten potato is signed for."""
    desk.go(f"/help/shopping/{run.pk}/money/")
    desk.shot("e7-money", full_page=True)
    desk.page.get_by_text(zh("The shop took something back")).click()
    desk.page.locator(f"form[action$='{run.pk}/refund/'] [name=amount]").fill("1.99")
    desk.press(zh("Note the refund"))
    expect(desk.page.locator(f"form[action$='{run.pk}/change/'] [name=amount]")).to_have_value("199.40")
    desk.press(zh("Into the cash box"))
    desk.page.locator("#id_reason").fill("一个土豆坏了")
    desk.press(zh("Sign for the difference and settle"))
    expect(desk.main).to_contain_text("一个土豆坏了")
    desk.shot("e7-settled", full_page=True)
    found = ShoppingRun.objects.get(pk=run.pk)
    assert found.state == "settled" and sums_of(found).is_even
