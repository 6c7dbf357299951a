"""The app on the telephone and on the stairs: danger to life in an answer, a round by telephone, a walking list."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from shouwang.core.models import CommandReceipt
from shouwang.rounds.models import Kind, Proposal
from shouwang.rounds.services import begin_round
from tests.journeys.conftest import PHONE
from tests.journeys.handset import App, say
from tests.journeys.roster import Swept, swept_building
from tests.journeys.test_phone_app import faults_of

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
    app.press("Send")
    page.get_by_role("alert").get_by_text(swept.names[0]).wait_for()
    looked.at("emergency")
    app.press("I have rung")
    assert looked.faults == []
