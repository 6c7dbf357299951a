"""Steps 6 and 7: what is not taken rises, danger to life reaches everybody, and the page that proves it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from django.utils import translation
from playwright.sync_api import expect

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.due import do_until
from shouwang.core.models import DueRow
from shouwang.help.models import GreenChannelStep, HelpRequest, Told
from shouwang.help.states import GreenStep
from shouwang.notices.models import Message
from shouwang.places.selectors import live_posts
from tests.journeys.conftest import PHONE
from tests.journeys.processes import running, shouwang, wait_until
from tests.journeys.steps_asking import Asked
from tests.journeys.steps_morning import Visit
from tests.journeys.visitors import Visitor, zh
from tests.journeys.world import World

WITHIN_S = 5.0


def next_turn(request: HelpRequest) -> datetime:
    """When the clock looks at a request again."""
    return DueRow.objects.get(kind="help.escalate", key=str(request.pk)).due_at


def told_of(request: HelpRequest) -> set[User]:
    return {row.user for row in Told.objects.filter(request=request).select_related("user")}


def messages_about(request: HelpRequest, user: User) -> int:
    return Message.objects.filter(to=user, subject_id=request.pk).count()


def rise(world: World, request: HelpRequest, visit: Visit) -> None:
    """A rung at a time: the building's heads, the grid, the community; then nobody is left but the desk's telephone."""
    people = world.people
    do_until(clock.now())
    request.refresh_from_db()
    heads = {people["n7-1"], people["n7-2"]}
    assert told_of(request) == heads and request.level > 0
    assert next_turn(request) == request.accept_due_at
    do_until(next_turn(request))
    assert told_of(request) == heads | {people["gridhead"]}
    read_on_phone(request, people["gridhead"], visit)
    do_until(next_turn(request))
    top = {people["oncall"], people["alice"], people["clerk"]}
    assert told_of(request) == heads | {people["gridhead"]} | top
    assert all(messages_about(request, user) for user in told_of(request))
    do_until(next_turn(request))
    request.refresh_from_db()
    assert request.rung_out_at is not None


def read_on_phone(request: HelpRequest, user: User, visit: Visit) -> None:
    """The message in the app, opened from the list."""
    reader = visit(user, size=PHONE)
    reader.go("/notices/")
    line = reader.page.locator("li.todo", has_text=request.spoken_number)
    expect(line.first).to_be_visible()
    reader.shot("6-risen-message", full_page=True)
    reader.context.close()


def ring(clerk: Visitor, request: HelpRequest) -> None:
    """Whom to ring: the desk rings, notes it, and gives the request to somebody who says yes on the phone."""
    clerk.go("/desk/")
    clerk.shot("6-today-rung-out")
    clerk.go(f"/help/requests/{request.pk}/")
    ringing = clerk.page.locator("#ring")
    expect(ringing).to_contain_text(zh("Nobody has answered so far. Please ring until somebody does."))
    row = ringing.locator("li").first
    name = row.locator("b").inner_text()
    clerk.shot("6-whom-to-ring", full_page=True)
    clerk.press(zh("Answered"), within=row)
    expect(clerk.main).to_contain_text(zh("rang %(whom)s", whom=name))
    assert request.events.filter(kind="rang", code="rang").count() == 1
    clerk.press(zh("Ask"), within=clerk.main)
    clerk.press(zh("Said yes"), within=clerk.main)
    expect(clerk.main.get_by_text(zh("taken on"), exact=True).first).to_be_visible()
    request.refresh_from_db()
    assert request.state == "accepted"
    clerk.shot("6-given-by-phone", full_page=True)


def danger(world: World, visit: Visit, address: str) -> Asked:
    """Somebody is unwell at the door's code; the real clock tells the first ones within seconds."""
    resident = visit(size=PHONE)
    resident.go(address)
    with running("clock"):
        resident.follow(zh("I am unwell now"))
        expect(resident.page.get_by_role("link", name=zh("Ring 120")).first).to_be_visible()
        resident.page.locator("#id_door").fill("501")
        resident.page.locator("#id_words").fill("透析三天没做了，喘不上气")
        resident.shot("6-unwell", full_page=True)
        resident.press(zh("Call for help now"))
        resident.page.wait_for_url("**/r/**")
        request = HelpRequest.objects.get(urgency="life")
        wait_until(lambda: Told.objects.filter(request=request).exists(), 15)
    first = {world.people[name] for name in ("bob", "oncall", "alice")}
    assert told_of(request) == first
    late = max(row.at for row in Told.objects.filter(request=request)) - request.received_at
    assert late.total_seconds() <= WITHIN_S
    do_until(request.received_at + timedelta(seconds=59))
    assert told_of(request) == first
    do_until(request.received_at + timedelta(seconds=60))
    second = first | {world.people["n8-1"], world.people["n8-2"]}
    assert told_of(request) == second
    do_until(request.received_at + timedelta(seconds=179))
    assert told_of(request) == second
    do_until(request.received_at + timedelta(seconds=180))
    assert told_of(request) == everybody(world)
    return Asked(request, resident)


def everybody(world: World) -> set[User]:
    """Whoever holds a post in the community or serves there."""
    posts = live_posts(clock.now()).filter(community_id=world.community.pk)
    return {post.holder for post in posts} | {row.user for row in world.volunteers.values()}


def green_channel(world: World, visit: Visit, clerk: Visitor, asked: Asked) -> None:
    """The post on call goes; the desk ticks the steps; every step stands in the timeline; the resident confirms."""
    request = asked.request
    clerk.go(f"/help/requests/{request.pk}/emergency/")
    clerk.shot("6-green-channel-begins", full_page=True)
    oncall = visit(world.people["oncall"], size=PHONE)
    oncall.go(f"/field/requests/{request.pk}/")
    oncall.shot("6-told-on-phone", full_page=True)
    oncall.press(zh("I am on my way"))
    expect(clerk.main).to_contain_text(zh("%(name)s is there", name="周海"), timeout=12000)
    for step, label in GreenStep.choices:
        tick(clerk, step, zh_label(label))
    assert GreenChannelStep.objects.filter(request=request).count() == len(GreenStep.choices)
    beside = GreenChannelStep.objects.get(request=request, step=GreenStep.SOMEBODY_WITH_PERSON)
    assert beside.with_person == world.people["oncall"]
    clerk.shot("6-green-channel", full_page=True)
    finish(clerk, asked)
    oncall.context.close()


def zh_label(label: Any) -> str:
    """A lazy label in Chinese."""
    with translation.override("zh-hans"):
        return str(label)


def tick(clerk: Visitor, step: str, label: str) -> None:
    """One step of the checklist, by its button."""
    row = clerk.page.locator("ul.queue > li", has_text=label).first
    named = zh("%(name)s is there", name="周海") if step == GreenStep.SOMEBODY_WITH_PERSON else zh("Done")
    clerk.press(named, within=row)
    done = clerk.page.locator("ul.queue > li", has_text=label).first
    expect(done.get_by_role("button")).to_have_count(0)
    expect(done).to_contain_text("王芳")


def finish(clerk: Visitor, asked: Asked) -> None:
    acts = clerk.page.locator("details", has=clerk.page.get_by_text(zh("It is done"), exact=True))
    acts.locator("summary").click()
    acts.locator("textarea").fill("已由救护车接走")
    clerk.press(zh("Done"), within=acts)
    timeline = clerk.page.locator("ol.timeline").first
    expect(timeline).to_contain_text("已由救护车接走")
    for _step, label in GreenStep.choices:
        expect(timeline).to_contain_text(zh_label(label))
    asked.resident.page.reload()
    asked.resident.press(zh("Received, all right"))
    expect(asked.resident.page.locator(".card-now h2")).to_have_text(zh("Closed"))
    asked.resident.shot("6-closed", full_page=True)
    kinds = list(asked.request.events.order_by("id").values_list("kind", flat=True))
    assert kinds[0] == "received" and {"told", "escalated", "accepted", "step", "done", "confirmed"} <= set(
        kinds
    )


def nobody_missed(alice: Visitor, request: HelpRequest) -> None:
    """Step 7: the page and the command agree that the promise holds; broken on purpose, both name who is missed."""
    alice.go("/desk/promise/")
    expect(alice.main).to_contain_text(zh("Nobody is missed"))
    alice.shot("7-nobody-missed", full_page=True)
    whole = shouwang("check", "--json")
    assert whole.returncode == 0, whole.stdout + whole.stderr
    found = json.loads(whole.stdout)
    assert found["holds"] is True and all(line["holds"] for line in found["invariants"])
    DueRow.objects.filter(kind="help.escalate", key=str(request.pk)).delete()
    alice.go("/desk/promise/")
    expect(alice.page.get_by_role("link", name=request.spoken_number)).to_be_visible()
    assert zh("Nobody is missed") not in alice.main.inner_text()
    alice.shot("7-somebody-missed", full_page=True)
    broken = shouwang("check", "--json")
    assert broken.returncode == 1
    lines = {line["id"]: line for line in json.loads(broken.stdout)["invariants"]}
    assert lines["help.request.has-owner-and-due"]["examples"] == [str(request.pk)]
