"""The stairs have no signal: two hundred residents scanned and ticked, the phone dies, half of everything is lost on
the way, the rest comes twice. On the server there are two hundred, once each."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Playwright

from shouwang.core.models import CommandReceipt
from shouwang.rounds.models import Attempt, Entry
from tests.journeys.air import Air
from tests.journeys.handset import App, Handset, say, sign_in
from tests.journeys.roster import Swept, swept_building

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PEOPLE, BY_CODE, BEFORE_THE_FALL = 200, 100, 120


@pytest.fixture
def air(live_server: Any) -> Iterator[Air]:
    between = Air(live_server.url)
    yield between
    between.close()


@pytest.fixture
def handset(playwright: Playwright, tmp_path: Path) -> Iterator[Handset]:
    phone = Handset(playwright, tmp_path / "phone")
    yield phone
    phone.kill()
    assert phone.complaints == []


def scan(app: App, swept: Swept) -> None:
    """At the table: codes by a handheld scanner; then names are typed, and whoever it is is pressed."""
    app.tab("Rounds")
    app.press("Scan")
    for name, code in zip(swept.names[:BY_CODE], swept.codes, strict=False):
        app.key_in(code)
        app.page.locator(".said-now", has_text=name).wait_for()
    for name in swept.names[BY_CODE:BEFORE_THE_FALL]:
        app.key_in(name)
        app.page.locator(".roster-row button", has_text=name).click()
        app.page.locator(".said-now", has_text=name).wait_for()


def tick(app: App, count: int) -> None:
    """On the stairs: the first door that is still missing, done."""
    app.tab("Rounds")
    app.press("Roster")
    for _door in range(count):
        row = app.page.locator(".roster-row").first
        name = row.locator("p").first.inner_text().split()[-1]
        row.get_by_role("button", name=say("Done"), exact=True).click()
        app.page.locator(".said-now", has_text=name).wait_for()


def wait_until_standing(app: App, count: int) -> None:
    """Until the head says that `count` are kept here: between two tries to send it says that it is sending."""
    app.page.locator(".net", has_text=re.compile(rf"(?<!\d){count}(?!\d)")).wait_for()


def wait_until_arrived(app: App, seconds: float) -> None:
    end = time.monotonic() + seconds
    while say("Everything has arrived") not in app.standing:
        assert time.monotonic() < end, app.standing
        app.page.wait_for_timeout(100)


def test_two_hundred_residents_without_a_signal(air: Air, handset: Handset, settings: Any) -> None:
    swept = swept_building()
    context = handset.start()
    sign_in(context, air.url, swept.head, settings)
    app = handset.open(context, air.url)
    app.set_up()
    app.ready_for_no_signal()
    app.tab("Rounds")
    app.page.get_by_text(say("Still missing: {n} of {all}", n=PEOPLE, all=PEOPLE)).wait_for()

    air.signal = False
    scan(app, swept)
    wait_until_standing(app, BEFORE_THE_FALL)
    handset.kill()

    context = handset.start()
    app = handset.open(context, air.url)
    assert str(BEFORE_THE_FALL) in app.page.locator("main").inner_text(), (
        "a locked phone says how much it keeps"
    )
    app.unlock()
    wait_until_standing(app, BEFORE_THE_FALL)
    tick(app, PEOPLE - BEFORE_THE_FALL)
    wait_until_standing(app, PEOPLE)
    app.page.get_by_text(say("Nobody is missing")).wait_for()
    assert not Attempt.objects.exists(), "nothing can have arrived"

    air.loses, air.signal = True, True
    app.tab("Saved here")
    app.press("Send now")
    wait_until_arrived(app, 45)
    counts_agree(swept)
    assert air.counts["twice"] >= 2 and air.counts["lost"] + air.counts["answer lost"] >= 1, air.counts


def counts_agree(swept: Swept) -> None:
    """Two hundred on the server, once each, and nothing set aside."""
    connection.close()
    entries = Entry.objects.filter(round=swept.round)
    assert entries.filter(state="done").count() == PEOPLE
    assert {entry.tries for entry in entries} == {1}
    assert Attempt.objects.count() == PEOPLE
    assert Attempt.objects.values("entry").distinct().count() == PEOPLE
    receipts = CommandReceipt.objects.filter(kind="rounds.mark")
    assert receipts.count() == PEOPLE
    assert set(receipts.values_list("status", flat=True)) == {CommandReceipt.Status.ACCEPTED}
    assert sorted(receipts.values_list("device_seq", flat=True)) == list(range(1, PEOPLE + 1))
