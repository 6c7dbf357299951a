"""A delivery run walked on the app without a signal: the cart is there, handed over, nobody there, the cart is back."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from shouwang.core import clock
from shouwang.goods.models import Parcel, Run, RunPlan
from shouwang.goods.services import take_in
from shouwang.goods.services.run_carriers import add_carrier
from shouwang.goods.services.run_plans import ask_plan, open_plan
from shouwang.goods.services.run_trips import begin_run, set_out
from shouwang.incidents.tests.neighbourhood import do_due
from shouwang.people.selectors import current_household
from shouwang.people.services import open_household
from tests.journeys.conftest import PHONE
from tests.journeys.handset import App, say
from tests.journeys.world import World, small_community

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def loaded() -> tuple[World, Run]:
    """Two parcels in one cart, one of them for a household that can be rung."""
    world = small_community()
    at = clock.now() - timedelta(minutes=5)
    by: dict[str, Any] = {"by": world.people["clerk"], "at": at}
    for door in ("8-2-501", "9-1-501"):
        home = current_household(world.doors[door]) or open_household(dwelling=world.doors[door], **by)
        take_in(community=world.community, household=home, **by)
    plan = open_plan(community=world.community, **by)
    RunPlan.objects.filter(pk=plan.pk).update(seconds=0.1)
    add_carrier(plan=plan, volunteer=world.volunteers["vera"], **by)
    ask_plan(plan=plan, **by)
    do_due("worker", at)
    return world, set_out(run=begin_run(run=Run.objects.get(), **by), **by)


def test_a_run_without_a_signal(visit: Callable[..., Any]) -> None:
    world, run = loaded()
    visitor = visit(world.volunteers["vera"].user, size=PHONE)
    visitor.go("/field/app/")
    app = App(visitor.page)
    app.set_up()
    app.ready_for_no_signal()
    app.press("Go on")
    app.page.get_by_text(say("In the cart: {pieces} pieces, {kg} kg", pieces=2, kg=4)).wait_for()
    visitor.context.set_offline(True)
    first, second = [stop.pk for stop in run.stops.order_by("order")]
    app.press("I am at the stairwell")
    app.page.get_by_text(say("No signal yet: please ring them")).wait_for()
    app.press("Handed over")
    app.page.get_by_text(say("In the cart: {pieces} pieces, {kg} kg", pieces=1, kg=2)).wait_for()
    # A slip of the finger: at once by the notice, later by the list of what is done. The stop is there again.
    app.press("Take it back")
    app.page.get_by_text(say("In the cart: {pieces} pieces, {kg} kg", pieces=2, kg=4)).wait_for()
    app.press("Handed over")
    app.page.get_by_text(say("{n} stops done", n=1)).click()
    visitor.shot("run-handed-over-phone", full_page=True)
    app.press("Not handed over after all")
    app.page.get_by_text(say("In the cart: {pieces} pieces, {kg} kg", pieces=2, kg=4)).wait_for()
    app.press("Handed over")
    app.press("Nobody there")
    app.press("They do not want it")
    app.press("The cart is back at the gate")
    visitor.context.set_offline(False)
    app.tab("Saved here")
    app.press("Send now")
    end = time.monotonic() + 20
    while Run.objects.get(pk=run.pk).state != "over":
        assert time.monotonic() < end, app.standing
        app.page.wait_for_timeout(100)
    connection.close()
    assert run.stops.get(pk=first).state == "handed_over" and run.stops.get(pk=second).state == "not_wanted"
    assert sorted(Parcel.objects.values_list("state", flat=True)) == ["handed_over", "released"]
