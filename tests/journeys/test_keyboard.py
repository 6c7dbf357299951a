"""Steps 2 to 6 of the main job without a mouse: the ledger, the incident and its line, a post, two ways of asking,
the offer and the answer, danger to life and its green channel."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from shouwang.core.due import do_until
from shouwang.help.models import GreenChannelStep, HelpRequest
from shouwang.help.states import GreenStep
from shouwang.incidents.models import Incident
from shouwang.people.models import Person
from shouwang.places.models import Post
from tests.journeys.busy import KNOWN
from tests.journeys.conftest import PHONE
from tests.journeys.hands import Hands
from tests.journeys.ledger_sheet import supplement
from tests.journeys.visitors import zh
from tests.journeys.world import World, small_community

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MESSAGE = """8号楼2单元501：奶粉1罐、尿不湿2包
9号楼1单元501：降压药快吃完了，请帮忙配药"""


def ledger(alice: Hands) -> None:
    """Step 2."""
    before = Person.objects.count()
    alice.visitor.go("/desk/")
    alice.press_to("**/ledgers/", 'nav a[href="/ledgers/"]')
    alice.attach("#id_file", "补充.xlsx", supplement(KNOWN))
    alice.press_to("**/ledgers/imports/**", "main button", zh("Read it"))
    alice.press("main button", zh("Take them in: %(n)s new, %(m)s merged").split("%(n)s")[0])
    expect(alice.visitor.main).to_contain_text(zh("Taken into the register"))
    assert Person.objects.count() > before


def incident(alice: Hands, world: World) -> None:
    """Step 3: opened over one building, its line moved to the other and back, a post filled."""
    alice.press_to("**/incidents/", 'nav a[href="/incidents/"]')
    alice.press_to("**/incidents/open/", 'main a[href="/incidents/open/"]')
    alice.write("#id_name", "封控")
    alice.choose("#id_protocol", "sealed_zone")
    alice.press(f'input[name=buildings][value="{world.building("8").pk}"]', key="Space")
    alice.press_to(re.compile("/incidents/[0-9a-f-]{36}/"), "main button", zh("Open the incident"))
    line = Incident.objects.get().line
    button = f"#line-{world.building('9').pk}"
    alice.press(button, key="Space")
    expect(alice.page.locator(button)).to_have_attribute("aria-pressed", "true")
    assert line.filter(until_at=None).count() == 2
    gap = world.leaf("8", "1")
    alice.visitor.go(f"/desk/places/{gap.pk}/")
    alice.press_to("**/posts/fill/", 'main a[href$="/posts/fill/"]')
    alice.press_to(f"**/desk/places/{gap.pk}/", "main button", zh("Appoint"))
    assert Post.objects.filter(place=gap, until_at=None).exists()


def asked_at_the_door(resident: Hands, world: World) -> HelpRequest:
    """Step 4, first way."""
    code = world.leaf("8", "2").door_code
    resident.visitor.go(f"/q/{code}/")
    resident.press_to("**/shopping/", 'a[href$="/shopping/"]')
    resident.write("#id_door", "501")
    resident.write("#id_words", "土豆5斤")
    resident.write("#id_phone", "19900770001")
    resident.press_to("**/r/**", "main button", zh("Send"))
    return HelpRequest.objects.get(source="portal")


def pasted(clerk: Hands) -> None:
    """Step 4, second way: one message for two households."""
    clerk.visitor.go("/help/")
    clerk.press_to("**/help/paste/", 'main a[href="/help/paste/"]')
    clerk.tab_to("#id_text")
    clerk.page.keyboard.insert_text(MESSAGE)
    clerk.press("main button", zh("Read the message"))
    clerk.page.locator("main section.card").nth(1).wait_for()
    clerk.press("main button", zh("Take all of them in"))
    expect(clerk.visitor.main.get_by_role("link", name=zh("Open"))).to_have_count(2)
    assert HelpRequest.objects.filter(source="chat").count() == 2


def offered(clerk: Hands, request: HelpRequest) -> None:
    """Step 5: found on the board, opened beside it, given to whom is suggested first."""
    clerk.visitor.go("/help/")
    for _row in range(10):
        clerk.page.keyboard.press("j")
        if request.spoken_number in clerk.page.evaluate("document.activeElement.textContent"):
            break
    clerk.page.keyboard.press("Enter")
    beside = clerk.page.locator("#beside")
    expect(beside).to_contain_text(request.spoken_number)
    clerk.press("#beside button", zh("Ask"))
    expect(beside).to_contain_text(zh("offered to %(whom)s", whom="张敏"))


def served(bob: Hands, resident: Hands, request: HelpRequest) -> None:
    """Step 5: taken, on the way, done, confirmed."""
    bob.visitor.go("/field/")
    bob.press_to("**/field/requests/**", f'a[href="/field/requests/{request.pk}/"]')
    bob.press("button", zh("I take it"))
    bob.page.get_by_role("button", name=zh("I set out"), exact=True).wait_for()
    bob.press("button", zh("I set out"))
    bob.page.get_by_role("button", name=zh("I set out"), exact=True).wait_for(state="detached")
    bob.press_to("**/finish/", 'a[href$="/finish/"]')
    bob.write("#id_note", "放在门口")
    bob.press_to("**/field/", "button[form=finish]")
    resident.page.reload()
    resident.press("main button", zh("Received, all right"))
    expect(resident.page.locator(".card-now h2")).to_have_text(zh("Closed"))


def in_danger(resident: Hands, world: World) -> HelpRequest:
    """Step 6: somebody is unwell."""
    resident.visitor.go(f"/q/{world.leaf('8', '2').door_code}/")
    resident.press_to("**/unwell/", 'a[href$="/unwell/"]')
    resident.tab_to('a[href="tel:120"]')
    resident.write("#id_door", "501")
    resident.write("#id_words", "喘不上气")
    resident.press_to("**/r/**", "main button", zh("Call for help now"))
    return HelpRequest.objects.get(urgency="life")


def green_channel(oncall: Hands, clerk: Hands, request: HelpRequest) -> None:
    """Step 6: the one on call goes, the desk ticks every step and finishes."""
    do_until(request.received_at + timedelta(seconds=1))
    oncall.visitor.go(f"/field/requests/{request.pk}/")
    oncall.press("button", zh("I am on my way"))
    oncall.page.get_by_role("button", name=zh("I am on my way"), exact=True).wait_for(state="detached")
    clerk.visitor.go(f"/help/requests/{request.pk}/emergency/")
    step = 'form[action*="/step/"]'
    for left in range(len(GreenStep.choices), 0, -1):
        expect(clerk.page.locator("ul.queue > li", has=clerk.page.locator(step))).to_have_count(left)
        clerk.press(f"ul.queue {step} button")
    expect(clerk.page.locator(f"ul.queue {step}")).to_have_count(0)
    assert GreenChannelStep.objects.filter(request=request).count() == len(GreenStep.choices)
    clerk.press("details summary", zh("It is done"))
    clerk.write("details[open] textarea", "已由救护车接走")
    clerk.press("details[open] button", zh("Done"))
    expect(clerk.page.locator("ol.timeline").first).to_contain_text("已由救护车接走")


def test_steps_two_to_six_by_keyboard(visit: Any) -> None:
    world = small_community()
    alice, clerk = Hands(visit(world.people["alice"])), Hands(visit(world.people["clerk"]))
    bob, oncall = (Hands(visit(world.people[name], size=PHONE)) for name in ("bob", "oncall"))
    resident, neighbour = Hands(visit(size=PHONE)), Hands(visit(size=PHONE))
    ledger(alice)
    incident(alice, world)
    request = asked_at_the_door(resident, world)
    pasted(clerk)
    offered(clerk, request)
    served(bob, resident, request)
    green_channel(oncall, clerk, in_danger(neighbour, world))


def test_what_shows_no_focus_is_found(visit: Any) -> None:
    stranger = Hands(visit())
    stranger.visitor.go("/accounts/sign-in/")
    stranger.tab_to("#id_username")
    stranger.page.evaluate(
        "document.querySelector('#id_password').style.cssText = 'outline: none; box-shadow: none'"
    )
    with pytest.raises(AssertionError, match="nothing shows"):
        stranger.tab_to("#id_password")
    with pytest.raises(AssertionError, match="not reached"):
        stranger.tab_to("#nowhere")
