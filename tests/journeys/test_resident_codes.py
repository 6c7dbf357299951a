"""A code from the printer to the scanner: the sheet is printed, what stands on it is scanned, and so is the phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from shouwang.core import clock
from shouwang.people import selectors as people
from shouwang.people.models import Person
from tests.journeys.codes import read_code
from tests.journeys.conftest import PHONE
from tests.journeys.visitors import Visitor, zh
from tests.journeys.world import World, small_community

pytestmark = [pytest.mark.browser, pytest.mark.both, pytest.mark.django_db(transaction=True)]
MILLIMETRES = "element => element.getBoundingClientRect().width / 96 * 25.4"
# As near as a camera goes: a module has three pixels on a screen, and its edges are grey.
CLOSER = "document.documentElement.style.zoom = 4"
# On an A4 sheet inside its margins.
PRINTED = {"width": 688, "height": 1000}
# Of 49 modules with the light border around, 41 are the code.
DARK = 41 / 49


def print_the_sheet(clerk: Visitor, household_id: object) -> str:
    """From the file to the paper; the text of the first code on it."""
    clerk.go(f"/desk/households/{household_id}/")
    clerk.press(zh("Print the family sheet"))
    expect(clerk.page.locator(".code-card")).to_have_count(1)
    clerk.shot("code-sheet", full_page=True)
    clerk.page.emulate_media(media="print")
    clerk.page.set_viewport_size(PRINTED)
    picture = clerk.page.locator(".code-picture svg")
    assert picture.evaluate(MILLIMETRES) * DARK >= 32
    expect(clerk.page.locator(".sheet-tools")).to_be_hidden()
    clerk.page.evaluate(CLOSER)
    text = read_code(picture.screenshot())
    clerk.shot("code-printed")
    clerk.page.emulate_media(media="screen")
    return text


def scan(clerk: Visitor, text: str) -> None:
    """As a handheld scanner does: it types where the cursor is, and presses Enter."""
    clerk.go("/people/codes/read/")
    expect(clerk.page.locator("#id_q")).to_be_focused()
    clerk.page.keyboard.type(text)
    clerk.page.keyboard.press("Enter")
    expect(clerk.main).to_contain_text("··英")
    expect(clerk.main).to_contain_text("8号楼 2单元 501")
    expect(clerk.page.locator("#id_q")).to_be_focused()
    expect(clerk.page.locator("#id_q")).to_have_value("")


def take_it_on_the_phone(clerk: Visitor, visit: Callable[..., Visitor], household_id: object) -> Visitor:
    """The desk shows a link once; the resident's phone photographs it and shows the code."""
    clerk.go(f"/people/households/{household_id}/codes/")
    clerk.press(zh("Code for the phone"))
    address = read_code(clerk.page.locator(".code-picture svg").screenshot())
    expect(clerk.page.locator("#link")).to_have_text(address)
    clerk.shot("code-for-the-phone")
    resident = visit(size=PHONE)
    resident.go(address)
    resident.follow(zh("Large print"))
    expect(resident.page.locator("html")).to_have_attribute("data-mode", "elder")
    resident.shot("code-on-the-phone")
    return resident


def test_a_code_goes_from_the_printer_to_the_scanner(visit: Callable[..., Visitor]) -> None:
    world: World = small_community()
    person = Person.objects.get()
    home = people.household_of(person)
    assert home is not None
    clerk = visit(world.people["clerk"])
    printed = print_the_sheet(clerk, home.pk)
    assert re.fullmatch(r"SW1\.[A-Z2-7]{122}", printed)
    assert people.person_of_code(printed, clock.now()).person == person
    scan(clerk, printed)
    resident = take_it_on_the_phone(clerk, visit, home.pk)
    shown = read_code(resident.page.locator(".code-picture svg").screenshot())
    assert shown != printed
    scan(clerk, shown)
    assert people.person_of_code(shown, clock.now() + timedelta(days=57)).status == "expired"
    clerk.go(f"/people/households/{home.pk}/codes/")
    clerk.follow(zh("Revoke", "code"))
    clerk.press(zh("Revoke", "code"))
    resident.page.reload()
    expect(resident.main).to_contain_text(zh("This code has ended"))
    expect(resident.page.locator(".code-picture")).to_have_count(0)
