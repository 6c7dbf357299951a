"""Three daily ways through the desk by the keyboard alone: search, a request given away, the wall."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.busy import busy_community
from tests.journeys.hands import Hands
from tests.journeys.visitors import Visitor, zh

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def focused(visitor: Visitor) -> str:
    return visitor.page.evaluate("document.activeElement.textContent.trim()")


def test_search_without_a_mouse(visit: Any) -> None:
    busy = busy_community()
    clerk = visit(busy.world.people["clerk"])
    clerk.go("/desk/")
    clerk.page.keyboard.press("/")
    clerk.page.keyboard.type("李秀英")
    clerk.page.keyboard.press("Enter")
    expect(clerk.page.get_by_role("heading", level=1)).to_have_text(zh("Search"))
    clerk.page.keyboard.press("j")
    clerk.page.keyboard.press("Enter")
    clerk.page.wait_for_url("**/desk/households/**")
    expect(clerk.main).to_contain_text("李秀英")


def test_a_request_is_opened_and_given_away_without_a_mouse(visit: Any) -> None:
    busy = busy_community()
    clerk = visit(busy.world.people["clerk"])
    clerk.go("/help/")
    number = busy.waiting.spoken_number
    for _row in range(6):
        clerk.page.keyboard.press("j")
        if number in focused(clerk):
            break
    assert number in focused(clerk)
    clerk.page.keyboard.press("Enter")
    beside = clerk.page.locator("#beside")
    expect(beside).to_contain_text(number)
    Hands(clerk).press(f'#beside form[action$="/{busy.waiting.pk}/offer/"] button')
    expect(beside).to_contain_text(zh("offered to %(whom)s", whom="张敏"))
    busy.waiting.refresh_from_db()
    assert busy.waiting.state == "offered"


def test_the_wall_is_walked_without_a_mouse(visit: Any) -> None:
    busy = busy_community()
    clerk = visit(busy.world.people["clerk"])
    clerk.go("/desk/wall/")
    Hands(clerk).press("a.bld")
    clerk.page.wait_for_url("**/desk/buildings/**")
    Hands(clerk).tab_to(".zoom .cell")
    assert focused(clerk).startswith("501")
    clerk.page.keyboard.press("ArrowRight")
    assert focused(clerk).startswith("502")
    clerk.page.keyboard.press("ArrowRight")
    assert focused(clerk).startswith("501"), "the next stairwell's"
    clerk.page.keyboard.press("Enter")
    expect(clerk.page.locator("body")).to_contain_text("李秀英")
