"""The app on the telephone and on the stairs: danger to life in an answer, a round by telephone, a walking list."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from shouwang.core.models import CommandReceipt
from shouwang.help.models import RequestEvent
from shouwang.people.models import Person
from shouwang.people.services import change_person
from shouwang.rounds.models import Attempt, Entry, Kind, Proposal, WalkingEntry
from shouwang.rounds.selectors import phones
from shouwang.rounds.services import add_spots, begin_round, give_list, propose_lists
from shouwang.volunteers.services import enrol
from tests.guards.routes_world import photo
from tests.journeys.conftest import PHONE
from tests.journeys.handset import App, say
from tests.journeys.roster import Swept, swept_building
from tests.journeys.test_phone_app import faults_of
from tests.journeys.visitors import zh

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MODES = ("usual", "elder")


class Looked:
    """The app in one of the modes; what hinders on any of its screens."""

    def __init__(self, visitor: Any, mode: str) -> None:
        self.visitor, self.mode = visitor, mode
        self.faults: list[str] = []
        visitor.go("/field/app/")
        visitor.page.evaluate("mode => localStorage.setItem('mode', mode)", mode)
        visitor.page.reload()
        self.app = App(visitor.page)
        self.app.set_up()
        self.page = visitor.page

    def at(self, name: str) -> None:
        self.faults += faults_of(self.page, name, 60 if self.mode == "elder" else 48)
        self.visitor.shot(f"phone-more-{self.mode}-{name.replace(' ', '-')}", full_page=True)

    def until(self, holds: Callable[[], bool]) -> None:
        end = time.monotonic() + 20
        while not holds():
            assert time.monotonic() < end, self.app.standing
            self.page.wait_for_timeout(50)


def called(swept: Swept) -> Any:
    """A round by telephone over the building."""
    building = swept.round.places.get().place
    return begin_round(
        community=swept.world.community, name="每日问候", kind=Kind.objects.get(code="daily_call", community_id=None),
        places=[building], by=swept.round.began_by,
    )  # fmt: skip


def answer(looked: Looked, **answers: str) -> None:
    for code, value in answers.items():
        looked.page.locator(f"input[name={code}][value={value}]").check()
        if looked.app.button("Next").count():
            looked.app.press("Next")


@pytest.mark.parametrize("mode", MODES)
def test_danger_to_life_leads_to_120_without_a_signal(visit: Callable[..., Any], mode: str) -> None:
    swept = swept_building(floors=2, doors=1, stairwells=1, at_home=1)
    called(swept)
    looked = Looked(visit(swept.head, size=PHONE), mode)
    app, page = looked.app, looked.page
    app.ready_for_no_signal()
    app.tab("Rounds")
    app.press("Roster")
    page.locator(".roster-row").first.wait_for()
    looked.visitor.context.set_offline(True)
    app.press("Done", 0)
    looked.at("question")
    answer(looked, to_buy="false")
    app.press("Next")
    answer(looked, family_well="true", unwell="true", unwell_how="fever")
    app.press("Before")
    assert not page.get_by_role("alert").count()
    page.locator("input[name=unwell_how][value=breath]").check()
    ring = page.get_by_role("alert").get_by_role("link", name=say("Ring 120"))
    ring.wait_for()
    assert ring.get_attribute("href") == "tel:120"
    assert page.get_by_role("alert").bounding_box()["y"] < PHONE[1] - 200, "it is in sight"
    looked.at("danger chosen")
    app.press("Next")
    app.press("Save")
    # The question's own warning goes with the question; the one that stays is the roster's.
    page.locator("input[name=unwell_how]").first.wait_for(state="detached")
    page.get_by_role("alert").get_by_text(say("Danger to life: ring 120 at once")).wait_for()
    looked.at("danger saved")
    app.tab("Saved here")
    page.get_by_text(say("Danger to life: goes first")).wait_for()
    looked.at("danger waits")
    app.press("I have rung")
    assert not page.get_by_role("alert").count()
    looked.visitor.context.set_offline(False)
    looked.until(lambda: CommandReceipt.objects.filter(kind="rounds.mark").exists())
    assert Proposal.objects.get().urgent
    assert looked.faults == []


def test_a_reported_emergency_leads_to_120_as_well(visit: Callable[..., Any]) -> None:
    swept = swept_building(floors=2, doors=1, stairwells=1, at_home=1)
    looked = Looked(visit(swept.head, size=PHONE), "usual")
    app, page = looked.app, looked.page
    app.tab("Rounds")
    app.press("Roster")
    app.press("Something else")
    app.press("Met a trouble")
    page.locator(".tile input").first.check()
    page.get_by_role("alert").get_by_role("link", name=say("Ring 120")).wait_for()
    page.locator("input[type=file]").set_input_files(
        {"name": "stairs.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    )
    page.locator("img.photo").wait_for()
    looked.at("emergency with a photo")
    app.press("Send")
    page.get_by_role("alert").get_by_text(swept.names[0]).wait_for()
    looked.at("emergency")
    app.press("I have rung")
    looked.until(lambda: RequestEvent.objects.exclude(photo=None).exists())
    assert looked.faults == []


def walking(swept: Swept, user: Any) -> Any:
    """The first stairwell's doors as a list in the hands of `user`."""
    by = swept.round.began_by
    volunteer = enrol(user=user, home=swept.world.leaf("8", "1"), by=by)
    propose_lists(round_=swept.round, by=by)
    walk = swept.round.walking_lists.get()
    WalkingEntry.objects.exclude(entry__stairwell_id=swept.world.leaf("8", "1").pk).delete()
    return give_list(walking_list=walk, volunteer=volunteer, by=by)


@pytest.mark.parametrize("mode", MODES)
def test_a_walking_list_is_walked_without_a_signal_also_by_whoever_has_a_post(
    visit: Callable[..., Any], mode: str
) -> None:
    swept = swept_building(floors=2, doors=1, stairwells=2, at_home=1)
    walk = walking(swept, swept.head)
    looked = Looked(visit(swept.head, size=PHONE), mode)
    app, page = looked.app, looked.page
    app.ready_for_no_signal()
    card = page.locator(".job", has_text="8号楼").filter(has_text=zh("Door to door"))
    card.get_by_text(say("{n} still to do", n=2)).wait_for()
    looked.at("work")
    looked.visitor.context.set_offline(True)
    card.get_by_role("button", name=say("Go on")).click()
    page.get_by_role("heading", level=1, name="8号楼").wait_for()
    assert page.locator(".roster-row").count() == 2, "the list's own, not the whole roster"
    assert page.get_by_role("link", name=say("Finish the list (needs a signal)")).count() == 0
    looked.at("list")
    app.press("Nobody there", 0)
    assert page.locator(".roster-row").count() == 2, "somebody comes back to them"
    app.press("Done", 0)
    app.press("Done", 0)
    page.get_by_text(say("Every door of the list is settled")).wait_for()
    page.get_by_text(say("No signal now: nothing is lost. Finish the list when there is one.")).wait_for()
    looked.at("list settled")
    looked.visitor.context.set_offline(False)
    looked.until(lambda: Entry.objects.filter(state="done").count() == 2)
    page.get_by_text(say("No signal now: nothing is lost. Finish the list when there is one.")).wait_for(
        state="detached"
    )
    page.get_by_role("link", name=say("Finish the list (needs a signal)")).click()
    page.wait_for_url(f"**/rounds/walks/{walk.pk}/")
    page.get_by_role("button", name=zh("Finish the list")).wait_for()
    assert looked.faults == []


@pytest.mark.parametrize("mode", MODES)
def test_a_round_by_telephone_is_done_with_the_telephone(visit: Callable[..., Any], mode: str) -> None:
    swept = swept_building(floors=3, doors=1, stairwells=1, at_home=1)
    for name, number in zip(swept.names[:2], ("19900000031", "19900000032"), strict=True):
        change_person(person=Person.objects.get(name=name), phone=number, by=swept.round.began_by)
    called(swept)
    looked = Looked(visit(swept.head, size=PHONE), mode)
    app, page = looked.app, looked.page
    app.ready_for_no_signal()
    app.tab("Rounds")
    page.get_by_role("heading", name="每日问候").wait_for()
    assert app.button("Scan").count() == 1, "of the round with codes alone"
    looked.at("rounds")
    app.press("Roster")
    page.locator(".roster-row").first.wait_for()
    assert not app.button("Scan").count()
    rings = page.get_by_role("link", name=say("Ring up"))
    assert [link.get_attribute("href") for link in rings.all()] == ["tel:19900000031", "tel:19900000032"]
    page.get_by_text(say("No number is on file. Ask at the door or at the office.")).wait_for()
    looked.at("calls")
    looked.visitor.context.set_offline(True)
    app.press("Nobody answers", 1)
    page.locator(".tag", has_text=say("Nobody answered")).wait_for()
    looked.at("nobody answers")
    app.press("Something else", 0)
    page.get_by_role("link", name=say("Ring up")).wait_for()
    looked.at("call of one")
    app.press("Done")
    page.get_by_text("先说自己是谁").wait_for()
    looked.at("guidance")
    answer(looked, to_buy="false")
    app.press("Next")
    answer(looked, family_well="true", unwell="false")
    app.press("Save")
    looked.visitor.context.set_offline(False)
    looked.until(lambda: CommandReceipt.objects.filter(kind="rounds.mark").count() == 2)
    assert set(Attempt.objects.values_list("state", flat=True)) == {"done", "away"}
    assert looked.faults == []


def test_spots_are_gone_over_without_a_scanner(visit: Callable[..., Any]) -> None:
    swept = swept_building(floors=1, doors=1, stairwells=1, at_home=1)
    by, leaf = swept.round.began_by, swept.world.leaf("8", "1")
    add_spots(community=swept.world.community, places=[leaf], name="电梯", per_day=2, by=by)
    kind = Kind.objects.get(code="disinfection", community_id=None)
    begin_round(
        community=swept.world.community,
        name="消杀",
        kind=kind,
        places=[swept.round.places.get().place],
        by=by,
    )
    looked = Looked(visit(swept.head, size=PHONE), "usual")
    looked.app.tab("Rounds")
    looked.app.press("Roster")
    looked.page.get_by_text("电梯").first.wait_for()
    assert not looked.app.button("Scan").count()
    looked.at("spots")
    assert looked.faults == []


@pytest.mark.parametrize("mode", MODES)
def test_who_is_missing_at_ones_post_is_ones_work(visit: Callable[..., Any], mode: str) -> None:
    swept = swept_building(floors=2, doors=2, stairwells=1, at_home=1)
    looked = Looked(visit(swept.head, size=PHONE), mode)
    app, page = looked.app, looked.page
    app.ready_for_no_signal()
    page.get_by_text(say("{n} still to do", n=4)).wait_for()
    looked.at("work at a post")
    looked.visitor.context.set_offline(True)
    app.press("Go on")
    page.get_by_role("heading", name=swept.round.name).wait_for()
    app.press("Done")
    app.tab("My work")
    page.get_by_text(say("{n} still to do", n=3)).wait_for()
    assert looked.faults == []


def test_a_part_of_a_roster_is_never_called_the_whole(
    visit: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(phones, "MOST_ENTRIES", 2)
    swept = swept_building(floors=2, doors=2, stairwells=1, at_home=1)
    looked = Looked(visit(swept.head, size=PHONE), "usual")
    app, page = looked.app, looked.page
    app.ready_for_no_signal()
    app.tab("Rounds")
    page.get_by_text(say("Only a part of this roster is on this phone")).wait_for()
    looked.visitor.context.set_offline(True)
    looked.at("rounds cut")
    app.press("Roster")
    looked.at("roster cut")
    app.press("Done", 0)
    app.press("Done", 0)
    page.get_by_text(say("What is on this phone is settled")).wait_for()
    assert page.locator(".figure").inner_text() == "2"
    assert not page.get_by_text(say("Nobody is missing")).count()
    looked.at("settled here")
    page.get_by_label(say("Name or door")).fill("102")
    page.get_by_text(say("Not on this phone"), exact=True).wait_for()
    looked.at("not on this phone")
    app.press("Scan")
    app.key_in("102")
    said = "Not on this phone, which has only a part of the roster. Ask the office, scan the code or enter the ID number."
    page.get_by_text(say(said)).wait_for()
    assert looked.faults == []
