"""Whoever looks after a grid puts the register right on the stairs, without a signal; the desk hears of it, and of what
it had written itself meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from shouwang.people.models import CareFlag, Contradiction, Person
from shouwang.people.services import change_person
from shouwang.places.models import Place
from shouwang.places.states import Role
from tests.journeys.conftest import PHONE
from tests.journeys.handset import App, say
from tests.journeys.roster import swept_building
from tests.journeys.test_phone_app import faults_of
from tests.journeys.visitors import zh
from tests.journeys.world import post

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AT_THE_DESK, ON_THE_STAIRS = "19900000021", "19900000022"


def carrying(visit: Callable[..., Any]) -> tuple[App, Any, Any, Any]:
    """(the app of a grid worker, its visitor, the secretary, somebody of the doors)."""
    swept = swept_building(floors=3, doors=2, stairwells=2, at_home=2)
    grid = Place.objects.get(level="grid")
    worker = post(swept.world, Role.GRID_WORKER, grid, "zhou", "周海", "19900000003")
    visitor = visit(worker, size=PHONE)
    visitor.go("/field/app/")
    app = App(visitor.page)
    app.set_up()
    app.ready_for_no_signal()
    secretary = swept.world.community.posts.get(role=Role.SECRETARY).holder
    return app, visitor, secretary, Person.objects.get(name=swept.names[0])


def open_person(app: App, name: str) -> None:
    app.tab("Doors")
    app.page.locator("input").first.fill(name)
    app.page.get_by_role("button", name=name, exact=True).click()
    app.page.get_by_role("heading", name=name).wait_for()


def until(app: App, holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < end, app.standing
        app.page.wait_for_timeout(50)


def test_what_is_put_right_on_the_stairs_arrives_and_goes_over_nothing(visit: Any) -> None:
    app, visitor, secretary, person = carrying(visit)
    app.tab("Doors")
    faults = faults_of(app.page, "doors")
    visitor.context.set_offline(True)
    open_person(app, person.name)
    faults += faults_of(app.page, "put right")
    app.press("Save")
    app.page.get_by_text(say("Nothing was changed.")).wait_for()
    app.page.locator("input[type=tel]").fill("1990")
    app.press("Save")
    app.page.locator(".field-error").wait_for()
    app.page.locator("input[type=tel]").fill(ON_THE_STAIRS)
    app.page.locator("input[name=oxygen][value=yes]").check()
    app.press("Save")
    app.page.locator(".said-now", has_text=person.name).wait_for()
    app.page.get_by_text(say("not arrived yet")).first.wait_for()
    assert faults == []

    change_person(person=Person.objects.get(pk=person.pk), phone=AT_THE_DESK, by=secretary)
    visitor.context.set_offline(False)
    app.tab("Saved here")
    app.press("Send now")
    until(app, Contradiction.objects.exists)
    person.refresh_from_db()
    row = Contradiction.objects.get()
    assert (person.phone, row.other, row.other_by) == (ON_THE_STAIRS, AT_THE_DESK, secretary)
    assert CareFlag.objects.get().state == "proposed"

    desk = visit(secretary)
    desk.go("/people/contradictions/")
    desk.page.get_by_text(AT_THE_DESK).wait_for()
    desk.page.get_by_role("button", name=zh("The other word holds")).click()
    desk.page.get_by_text(zh("Nobody contradicts anybody")).wait_for()
    person.refresh_from_db()
    assert person.phone == AT_THE_DESK


def test_who_looks_after_no_grid_has_no_such_tab(visit: Any) -> None:
    swept = swept_building(floors=1, doors=1, stairwells=1, at_home=1)
    visitor = visit(swept.head, size=PHONE)
    visitor.go("/field/app/")
    app = App(visitor.page)
    app.set_up()
    app.tab("Rounds")
    app.press("Roster")
    assert app.page.locator(".tabs button").count() == 3
