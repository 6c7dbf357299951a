"""The main job once more, shortly and in English: in, Today, the wall, a call, an offer, done, confirmed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from shouwang.core import clock
from shouwang.core.checks import check_promise
from shouwang.core.due import do_until
from shouwang.help.models import HelpRequest
from tests.journeys.conftest import PHONE
from tests.journeys.visitors import Visitor
from tests.journeys.world import World, small_community

pytestmark = [pytest.mark.browser, pytest.mark.both, pytest.mark.django_db(transaction=True)]


def heading(visitor: Visitor, words: str) -> None:
    expect(visitor.page.get_by_role("heading", level=1)).to_contain_text(words)


def look_around(clerk: Visitor) -> None:
    clerk.go("/")
    heading(clerk, "Today")
    expect(clerk.page.locator("html")).to_have_attribute("lang", "en")
    expect(clerk.main).to_contain_text("What needs me now")
    clerk.shot("english-today")
    clerk.follow("Building wall", within=clerk.page.locator("#side"), exact=False)
    heading(clerk, "Building wall")
    expect(clerk.page.locator("a.bld")).to_have_count(2)
    expect(clerk.page.locator(".wall .w-gap")).to_have_count(2)
    clerk.shot("english-wall")
    clerk.go("/help/")
    heading(clerk, "Request board")


def take_in_a_call(clerk: Visitor) -> HelpRequest:
    """A known number opens the file beside; the request is that household's."""
    clerk.follow("Note a call")
    heading(clerk, "Note a call")
    clerk.page.locator("#id_phone").press_sequentially("19900001111")
    household = clerk.page.locator("#caller input[name=household]")
    expect(household).to_have_count(1)
    household.check()
    clerk.page.locator("#id_category").select_option("shopping")
    clerk.page.locator("#id_lines").fill("土豆5斤")
    clerk.shot("english-call", full_page=True)
    clerk.press("Take in")
    clerk.page.wait_for_url(re.compile(r"/help/requests/"))
    request = HelpRequest.objects.get()
    heading(clerk, request.spoken_number)
    assert (request.source, request.verified, request.lines.count()) == ("phone", "known", 1)
    return request


def offer_and_serve(world: World, clerk: Visitor, bob: Visitor, request: HelpRequest) -> None:
    first = clerk.main.locator("li", has=clerk.page.get_by_role("button", name="Ask", exact=True)).first
    expect(first).to_contain_text("answers for 8号楼 2单元")
    clerk.press("Ask", within=first)
    expect(clerk.main).to_contain_text("offered to 张敏")
    bob.go("/field/")
    heading(bob, "My work")
    bob.follow("Answer")
    bob.press("I take it")
    bob.press("I set out")
    bob.follow("Done")
    bob.page.locator("#id_note").fill("left at the door")
    bob.shot("english-finish", full_page=True)
    bob.press("It is done")
    bob.page.wait_for_url("**/field/")
    expect(bob.main).to_contain_text("Nothing to do right now")


def test_the_main_job_in_english(visit: Any) -> None:
    world = small_community()
    do_until(clock.now())
    clerk = visit(world.people["clerk"], language="en-GB")
    bob = visit(world.people["bob"], size=PHONE, language="en-GB")
    look_around(clerk)
    request = take_in_a_call(clerk)
    offer_and_serve(world, clerk, bob, request)
    expect(clerk.main).to_contain_text("left at the door")
    clerk.press("The resident says it is right")
    expect(clerk.main).to_contain_text("closed")
    clerk.shot("english-closed", full_page=True)
    request.refresh_from_db()
    assert request.state == "closed"
    assert [line.invariant.code for line in check_promise(clock.now()) if not line.holds] == []
