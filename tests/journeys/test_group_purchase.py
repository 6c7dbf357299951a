"""Thirty doors buy milk together: the chain is pasted and grows, two crates don't come, and the last fen is settled."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from shouwang.core import clock
from shouwang.core.actors import OPERATOR
from shouwang.core.checks import check_promise
from shouwang.help.models import GroupPurchase
from shouwang.help.selectors.groups import part_rows, reach_of
from shouwang.help.selectors.groups_money import money_of
from shouwang.help.services.groups import Thing, open_group
from shouwang.help.services.groups_money import pay_in
from shouwang.places.services import ensure_dwelling
from tests.journeys.conftest import PHONE
from tests.journeys.visitors import Visitor, zh
from tests.journeys.world import World, small_community

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DOORS, CAME, PRICE = 30, 28, 4990


def opened(world: World, secretary: Any) -> tuple[GroupPurchase, list[str]]:
    """The purchase, and thirty doors of three stairwells as the chain names them."""
    doors = list(world.doors)
    for number in range(DOORS - len(doors)):
        building, stairwell = (("8", "1"), ("8", "2"), ("9", "1"))[number % 3]
        door = f"{number // 3 + 6}01"
        ensure_dwelling(leaf=world.leaf(building, stairwell), door=door, by=OPERATOR, at=world.at)
        doors.append(f"{building}-{stairwell}-{door}")
    at = clock.now()
    group = open_group(
        place=world.community, title="鲜牛奶团购", supplier="城东奶站", things=[Thing("鲜牛奶", "箱", PRICE, 3000)],
        minimum=20, organiser=secretary, payer=secretary, closes_at=at + timedelta(hours=5), by=secretary, at=at,
    )  # fmt: skip
    return group, doors


def chain_of(doors: list[str], **other: str) -> str:
    rows = [f"{n}. {door} {other.get(f'n{n}', '王阿姨 1份')}" for n, door in enumerate(doors, 1)]
    return "#接龙 鲜牛奶团购，49.9元一箱\n" + "\n".join(rows)


def paste(desk: Visitor, group: GroupPurchase, chain: str) -> None:
    desk.go(f"/help/groups/{group.pk}/paste/")
    desk.page.locator("#id_text").fill(chain)
    desk.press(zh("Read the chain"))


def test_from_the_chain_to_the_last_fen(visit: Any) -> None:
    world = small_community()
    secretary = world.people["alice"]
    group, doors = opened(world, secretary)
    desk = visit(secretary)
    desk.go("/help/groups/")
    desk.shot("groups-list")
    grow(desk, group, doors)
    for part in group.parts.select_related("group__payer", "household").order_by("order")[2:]:
        pay_in(part=part, by=secretary)
    desk.go(f"/help/groups/{group.pk}/")
    desk.shot("groups-page")
    desk.page.locator("form[action$='/paid/'] button").first.click()
    expect(desk.page.locator("form[action$='/paid/']")).to_have_count(0)
    order_and_count(desk, group)
    split_and_give_back(desk, group)
    settle(desk, group)
    promise = [one for one in check_promise(clock.now()) if one.invariant.code.startswith("help.group")]
    assert len(promise) == 2 and not any(one.broken for one in promise)
    phone = visit(secretary, size=PHONE)
    for name, path in (
        ("list", ""),
        ("page", f"{group.pk}/"),
        ("paste", f"{group.pk}/paste/"),
        ("new", "new/"),
    ):
        phone.go(f"/help/groups/{path}")
        assert phone.page.evaluate("document.documentElement.scrollWidth") <= PHONE[0], name
        phone.shot(f"groups-phone-{name}", full_page=True)


def grow(desk: Visitor, group: GroupPurchase, doors: list[str]) -> None:
    """One row is unclear and is put right at the row; the grown chain changes one door and adds the others."""
    paste(desk, group, chain_of(doors[:20], n3="王阿姨"))
    expect(desk.page.locator("tbody tr")).to_have_count(20)
    desk.shot("groups-preview")
    assert not group.parts.exists()
    desk.press(zh("Take the chain in"))
    expect(desk.page.locator("#row2 .late").first).to_be_visible()
    desk.page.locator("#id_r2-q0").fill("1")
    desk.press(zh("Take the chain in"))
    desk.page.wait_for_url(f"**/help/groups/{group.pk}/")
    assert reach_of([group])[group.pk].pieces == 20
    paste(desk, group, chain_of(doors, n1="王阿姨 取消", n2="王阿姨 2份"))
    desk.shot("groups-grown")
    desk.press(zh("Take the chain in"))
    desk.page.wait_for_url(f"**/help/groups/{group.pk}/")
    assert reach_of([group])[group.pk].pieces == DOORS


def order_and_count(desk: Visitor, group: GroupPurchase) -> None:
    desk.press(zh("End signing up now"))
    desk.shot("groups-order")
    desk.press(zh("It is ordered"))
    desk.follow(zh("Count what came"))
    desk.page.locator("#id_came0").fill(str(CAME))
    desk.press(zh("Counted"))
    desk.page.wait_for_url("**/split/")


def split_and_give_back(desk: Visitor, group: GroupPurchase) -> None:
    """Two doors get nothing, and their yuan back."""
    desk.shot("groups-split", full_page=True)
    desk.press(zh("Split it so"))
    desk.page.wait_for_url(f"**/help/groups/{group.pk}/")
    group.refresh_from_db()
    assert [row.back for row in part_rows(group) if row.back] == [PRICE, PRICE]
    desk.follow(zh("Give the money back"))
    desk.shot("groups-refunds")
    for left in (1, 0):
        desk.press(zh("Given back"))
        expect(desk.page.locator("form[action$='/paid-back/']")).to_have_count(left)


def settle(desk: Visitor, group: GroupPurchase) -> None:
    desk.go(f"/help/groups/{group.pk}/")
    desk.shot("groups-supplier")
    desk.press(zh("The supplier gave it back"))
    desk.press(zh("Settle it"))
    expect(desk.main).to_contain_text(zh("Settled"))
    desk.shot("groups-settled", full_page=True)
    group.refresh_from_db()
    money = money_of(group)
    assert (group.state, group.difference_fen) == ("settled", 0)
    assert (money.holder, money.shop, set(money.parts.values())) == (0, 0, {0})
