"""Nothing for the checker to find at AA on the main pages, in both widths; and the keyboard alone is enough."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.journeys.busy import busy_community
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.visitors import Visitor, zh

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}


def violations_of(visitor: Visitor) -> list[dict[str, Any]]:
    """What the checker finds on the page as it is now; its script is put into a page once."""
    if not visitor.page.evaluate("typeof axe === 'object'"):
        return Axe().run(visitor.page, options=RULES).response["violations"]
    return visitor.page.evaluate("rules => axe.run(document, rules)", RULES)["violations"]


def findings(visitor: Visitor, path: str) -> list[str]:
    """What the checker finds at both widths, and whether the page is wider than the phone."""
    found = []
    visitor.go(path)
    for width, height in (DESK, PHONE):
        visitor.page.set_viewport_size({"width": width, "height": height})
        found += [f"{path} at {width}: {v['id']}: {v['nodes'][0]['html']}" for v in violations_of(visitor)]
        wide = visitor.page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            found.append(f"{path} at {width}: {wide} wide")
    return found


def test_the_checker_finds_what_is_wrong(visit: Any) -> None:
    stranger = visit()
    stranger.go("/accounts/sign-in/")
    stranger.page.evaluate("document.querySelector('main').append(new Image(20, 20))")
    assert [v["id"] for v in violations_of(stranger)] == ["image-alt"]
    assert [v["id"] for v in violations_of(stranger)] == ["image-alt"], "and again on the same page"


def check(visitor: Visitor, *paths: str) -> None:
    assert [finding for path in paths for finding in findings(visitor, path)] == []


def test_the_desk_looking_on(visit: Any) -> None:
    busy = busy_community()
    building = busy.world.leaf("8", "2").building_id
    check(
        visit(busy.world.people["alice"]),
        "/desk/",
        "/desk/wall/",
        "/desk/wall/?lens=care",
        f"/desk/buildings/{building}/",
        f"/desk/places/{busy.world.leaf('8', '1').pk}/",
        f"/desk/households/{busy.household.pk}/",
        "/desk/promise/",
        "/desk/record/",
        f"/incidents/{busy.incident.pk}/",
        "/incidents/open/",
        f"/ledgers/imports/{busy.staged.pk}/",
    )


def test_the_desk_at_work(visit: Any) -> None:
    busy = busy_community()
    check(
        visit(busy.world.people["clerk"]),
        "/help/",
        f"/help/requests/{busy.waiting.pk}/",
        f"/help/requests/{busy.danger.pk}/emergency/",
        "/help/call/",
        f"/help/call/{busy.household.pk}/",
        "/help/paste/",
        "/help/directory/",
        "/people/",
        "/volunteers/",
        f"/volunteers/{busy.world.volunteers['ill'].pk}/",
        f"/places/{busy.world.leaf('8', '1').pk}/posts/fill/",
        "/notices/",
    )


def test_phones_and_the_door(visit: Any) -> None:
    busy = busy_community()
    code = busy.world.leaf("8", "2").door_code
    check(visit(busy.world.people["vera"]), "/field/", f"/field/requests/{busy.in_hand.pk}/", "/notices/",
          f"/field/requests/{busy.in_hand.pk}/finish/")  # fmt: skip
    stranger = visit()
    doors = (f"/q/{code}/", f"/q/{code}/unwell/", f"/q/{code}/shopping/", f"/r/{busy.link}/")
    check(stranger, "/accounts/sign-in/", *doors, *(f"{path}?mode=elder" for path in doors))


# The keyboard alone


def focused(visitor: Visitor) -> str:
    return visitor.page.evaluate("document.activeElement.textContent.trim()")


def tab_to(visitor: Visitor, selector: str, most: int = 60) -> None:
    """Tabs on until what is focused fits the selector."""
    for _time in range(most):
        visitor.page.keyboard.press("Tab")
        if visitor.page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"{selector} is not reached within {most} tabs")


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
    tab_to(clerk, f'#beside form[action$="/{busy.waiting.pk}/offer/"] button')
    clerk.page.keyboard.press("Enter")
    expect(beside).to_contain_text(zh("offered to %(whom)s", whom="张敏"))
    busy.waiting.refresh_from_db()
    assert busy.waiting.state == "offered"


def test_the_wall_is_walked_without_a_mouse(visit: Any) -> None:
    busy = busy_community()
    clerk = visit(busy.world.people["clerk"])
    clerk.go("/desk/wall/")
    tab_to(clerk, "a.bld")
    clerk.page.keyboard.press("Enter")
    clerk.page.wait_for_url("**/desk/buildings/**")
    tab_to(clerk, ".zoom .cell")
    assert focused(clerk).startswith("501")
    clerk.page.keyboard.press("ArrowRight")
    assert focused(clerk).startswith("502")
    clerk.page.keyboard.press("ArrowRight")
    assert focused(clerk).startswith("501"), "the next stairwell's"
    clerk.page.keyboard.press("Enter")
    expect(clerk.page.locator("body")).to_contain_text("李秀英")
