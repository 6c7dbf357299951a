"""Steps 4 and 5: two ways of asking, and one request from the offer to the resident's word."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass

from PIL import Image
from playwright.sync_api import expect

from shouwang.core.files import read_file
from shouwang.core.models import StoredFile
from shouwang.help.models import HelpRequest
from shouwang.places.models import Place
from tests.journeys.codes import read_code
from tests.journeys.conftest import PHONE
from tests.journeys.steps_morning import Visit
from tests.journeys.visitors import Visitor, zh
from tests.journeys.world import PASSWORD, World

MESSAGE = """4号楼1单元302：宝宝没奶粉了，一个人带孩子出不了门，麻烦带 奶粉1罐、尿不湿2包
7号楼3单元701：老两口的降压药快吃完了，请帮忙配药"""
SMALL_TEXT = """[...document.querySelectorAll('body *')].filter(e => e.checkVisibility() && e.children.length === 0
  && e.textContent.trim() && !e.closest('.sr, template, svg') && parseFloat(getComputedStyle(e).fontSize) < 21)
  .map(e => e.outerHTML)"""


@dataclass
class Asked:
    """A request and the screen its resident follows it on."""

    request: HelpRequest
    resident: Visitor


def scan_door(alice: Visitor, stairwell: Place) -> str:
    """Prints the sheet for the door and reads the code off its picture."""
    alice.go(f"/desk/places/{stairwell.pk}/")
    alice.follow(zh("Print the door's code"))
    picture = alice.page.locator(".poster-code svg")
    expect(picture).to_be_visible()
    alice.shot("4-door-sheet", full_page=True)
    address = read_code(picture.screenshot())
    expect(alice.main).to_contain_text(address)
    return address


def ask_in_large_print(visit: Visit, address: str) -> Asked:
    """A resident scans, chooses large print, and asks for shopping."""
    resident = visit(size=PHONE)
    resident.go(address)
    resident.follow(zh("Large print"))
    expect(resident.page.locator("html")).to_have_attribute("data-mode", "elder")
    assert resident.page.evaluate(SMALL_TEXT) == []
    expect(resident.page.get_by_role("link", name=zh("Ring 120")).first).to_have_attribute("href", "tel:120")
    resident.shot("4-choose-elder", full_page=True)
    resident.follow(zh("Please shop for me"))
    resident.page.locator("#id_door").fill("501室")
    resident.page.locator("#id_words").fill("土豆5斤、鸡蛋2盒，不要别的牌子")
    resident.page.locator("#id_phone").fill("199 0077 0001")
    assert resident.page.evaluate(SMALL_TEXT) == []
    resident.shot("4-ask-elder", full_page=True)
    resident.press(zh("Send"))
    resident.page.wait_for_url("**/r/**")
    request = HelpRequest.objects.get(source="portal")
    expect(resident.main).to_contain_text(request.spoken_number)
    resident.shot("4-follow-elder", full_page=True)
    return Asked(request, resident)


def check_what_was_asked(request: HelpRequest) -> None:
    assert (request.category, request.urgency, request.verified) == ("shopping", "normal", "no")
    assert request.household is not None and request.dwelling is not None
    lines = [(line.name, line.quantity, line.unit) for line in request.lines.order_by("order")]
    assert lines == [("土豆", 5, "斤"), ("鸡蛋", 2, "盒")]


def paste_message(world: World, visit: Visit) -> tuple[Visitor, HelpRequest, HelpRequest]:
    """A clerk pastes what a neighbour wrote for two households; both become requests."""
    clerk = visit()
    clerk.sign_in("clerk", PASSWORD)
    clerk.go("/help/")
    clerk.follow(zh("Paste a message"))
    clerk.page.locator("#id_text").fill(MESSAGE)
    clerk.press(zh("Read the message"))
    cards = clerk.page.locator("form section.card")
    expect(cards).to_have_count(2)
    assert HelpRequest.objects.filter(source="chat").count() == 0
    clerk.shot("4-paste", full_page=True)
    clerk.press(zh("Take all of them in"))
    expect(
        clerk.main.get_by_text(re.compile(zh("Taken in as %(number)s: %(title)s").split("%")[0]))
    ).to_have_count(2)
    clerk.shot("4-pasted", full_page=True)
    baby, pills = HelpRequest.objects.filter(source="chat").order_by("number")
    assert (baby.category, pills.category) == ("shopping", "medicine")
    assert {baby.urgency, pills.urgency} <= {"today", "normal"}
    assert all(row.household is not None and row.dwelling is not None for row in (baby, pills))
    wanted = {line.name: line.quantity for line in baby.lines.all()}
    assert {"奶粉": 1, "尿不湿": 2}.items() <= wanted.items()
    return clerk, baby, pills


def offer(clerk: Visitor, asked: Asked, name: str) -> None:
    """The desk opens the request beside the board, verifies it, and asks whom it is shown first."""
    clerk.go("/help/")
    row = clerk.page.locator("tbody tr", has_text=asked.request.title)
    row.get_by_role("link").first.click()
    beside = clerk.page.locator("#beside")
    expect(beside).to_contain_text(asked.request.spoken_number)
    clerk.press(zh("Note it as verified"), within=beside)
    expect(beside.get_by_role("button", name=zh("Note it as verified"), exact=True)).to_have_count(0)
    asked.request.refresh_from_db()
    assert asked.request.verified == "call"
    first = beside.locator("li", has=clerk.page.get_by_role("button", name=zh("Ask"), exact=True)).first
    expect(first).to_contain_text(name)
    expect(first).to_contain_text(zh("answers for %(place)s", place="8号楼 2单元"))
    clerk.shot("5-suggestions")
    clerk.press(zh("Ask"), within=first)
    expect(beside).to_contain_text(zh("offered to %(whom)s", whom=name))
    clerk.shot("5-offered")


def photo_with_place() -> bytes:
    """A photo that says where it was taken."""
    picture, kept = Image.new("RGB", (640, 480), (120, 150, 130)), io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Maker"
    exif.get_ifd(0x8825).update({1: "N", 2: (40.0, 50.0, 1.0), 3: "E", 4: (111.0, 40.0, 2.0)})
    picture.save(kept, "JPEG", exif=exif)
    assert Image.open(io.BytesIO(kept.getvalue())).getexif().get_ifd(0x8825)
    return kept.getvalue()


def serve(visit: Visit, asked: Asked, name: str) -> None:
    """The volunteer takes it, sets out and finishes on a phone; the resident sees each step as it happens."""
    bob, resident = visit(size=PHONE), asked.resident
    bob.sign_in("bob", PASSWORD)
    bob.go("/field/")
    headline = resident.page.locator(".card-now h2")
    bob.shot("5-my-work", full_page=True)
    bob.follow(zh("Answer"))
    bob.shot("5-job", full_page=True)
    bob.press(zh("I take it"))
    expect(headline).to_have_text(zh("%(who)s has taken it on", who=name), timeout=12000)
    resident.shot("5-follow-taken", full_page=True)
    bob.press(zh("I set out"))
    expect(headline).to_have_text(zh("%(who)s is on the way", who=name), timeout=12000)
    bob.follow(zh("Done"))
    bob.page.locator("#id_note").fill("放在门口，一起点过数")
    bob.page.locator("#id_photo").set_input_files(
        {"name": "door.jpg", "mimeType": "image/jpeg", "buffer": photo_with_place()}
    )
    bob.shot("5-finish", full_page=True)
    bob.press(zh("It is done"))
    bob.page.wait_for_url("**/field/")
    expect(headline).to_have_text(zh("%(who)s says it is done", who=name), timeout=12000)
    resident.shot("5-follow-done", full_page=True)
    check_photo()
    confirm(asked)
    bob.context.close()


def check_photo() -> None:
    """What is kept is the picture alone."""
    kept = Image.open(io.BytesIO(read_file(StoredFile.objects.get())))
    assert kept.size == (640, 480)
    assert dict(kept.getexif()) == {} and "exif" not in kept.info


def confirm(asked: Asked) -> None:
    resident = asked.resident
    resident.press(zh("Received, all right"))
    expect(resident.page.locator(".card-now h2")).to_have_text(zh("Closed"))
    resident.shot("5-follow-closed", full_page=True)
    asked.request.refresh_from_db()
    assert asked.request.state == "closed"
    told = asked.request.events.values_list("kind", flat=True)
    assert {"received", "verified", "offered", "seen", "accepted", "started", "done", "confirmed"} <= set(
        told
    )
    resident.context.close()
