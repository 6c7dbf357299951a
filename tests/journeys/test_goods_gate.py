"""Scene C7 at the gate, on a phone: taken in for a door, labelled, disinfected, at rest, released, collected; and scene A8:
a note on a bag that makes the next one go to the door."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from shouwang.core import clock
from shouwang.core.checks import check_promise
from shouwang.core.due import do_until
from shouwang.goods.models import Parcel
from shouwang.incidents.services import open_incident
from shouwang.people.models import CareFlag
from shouwang.people.services import decide_flag
from tests.journeys.conftest import PHONE
from tests.journeys.visitors import Visitor
from tests.journeys.world import World, small_community

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def tap_in(clerk: Visitor, world: World, door: str, kind: str) -> Parcel:
    """Building, door, kind, done."""
    dwelling = world.doors[door]
    clerk.go("/goods/take-in/")
    clerk.page.locator(f'a[href*="/take-in/buildings/{dwelling.building_id}/"]').click()
    clerk.page.locator(f'a[href*="/take-in/doors/{dwelling.pk}/"]').click()
    clerk.page.locator("label", has_text=kind).first.click()
    clerk.press("Take this in")
    clerk.page.wait_for_url("**/goods/take-in/**")
    found = Parcel.objects.order_by("-number").first()
    assert found is not None and found.dwelling == dwelling
    return found


def rest(clerk: Visitor, parcel: Parcel) -> None:
    clerk.go("/goods/?show=received")
    clerk.shot("gate-board-phone", full_page=True)
    clerk.press("Disinfected")
    expect(clerk.main).to_contain_text("1 parcel is disinfected.")
    parcel.refresh_from_db()
    assert parcel.state == "resting" and parcel.rest_until_at is not None
    clerk.go(f"/goods/parcels/{parcel.pk}/")
    expect(clerk.main.get_by_role("button", name="Handed over")).to_have_count(0)
    clerk.shot("gate-resting-phone", full_page=True)


def two_hours_on(monkeypatch: pytest.MonkeyPatch, parcel: Parcel) -> None:
    """The server's clock stands when the rest is over, so that nothing is collected before its hour."""
    on = parcel.rest_until_at - clock.now()
    now = clock.now
    monkeypatch.setattr(clock, "now", lambda: now() + on)
    do_until(clock.now())


def collect(clerk: Visitor, parcel: Parcel) -> None:
    clerk.go("/goods/")
    clerk.page.locator("[data-scan]").fill(parcel.code)
    clerk.page.locator("[data-scan]").press("Enter")
    clerk.page.wait_for_url(re.compile(r"/goods/parcels/"))
    clerk.page.locator("#to").fill("the daughter")
    clerk.press("Handed over")
    expect(clerk.main).to_contain_text("Not handed over after all")
    parcel.refresh_from_db()
    assert parcel.state == "handed_over"


def test_a_parcel_is_taken_in_rests_and_is_collected(visit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    world = small_community()
    secretary = world.people["alice"]
    open_incident(
        community=world.community, name="封控", protocol="sealed_zone", places=[world.community], by=secretary,
        at=world.at,
    )  # fmt: skip
    clerk = visit(world.people["clerk"], PHONE, "en")
    door = "8-2-501"
    parcel = tap_in(clerk, world, door, "vegetable bag")
    label = clerk.context.request.get(clerk.address + f"/goods/parcels/{parcel.pk}/label/")
    assert label.status in (200, 422) and (label.status == 422 or label.body()[:4] == b"%PDF")
    clerk.shot("gate-take-in-phone", full_page=True)
    rest(clerk, parcel)
    two_hours_on(monkeypatch, parcel)
    collect(clerk, parcel)

    second = tap_in(clerk, world, door, "parcel")
    clerk.go(f"/goods/parcels/{second.pk}/")
    clerk.page.get_by_text("A note on the bag").click()
    clerk.page.locator("#id_note").fill("老人腿脚不便，走不了楼")
    clerk.press("Keep")
    expect(clerk.main).to_contain_text("walks badly")
    flag = CareFlag.objects.get(kind="walks_badly")
    decide_flag(flag=flag, accept=True, by=secretary, at=clock.now())
    do_until(clock.now())
    clerk.go(f"/goods/parcels/{second.pk}/")
    expect(clerk.main).to_contain_text("to the door")
    assert tap_in(clerk, world, door, "parcel").to_door
    promised = [one for one in check_promise(clock.now()) if one.invariant.code.startswith("goods.parcel.")]
    assert "goods.parcel.released-by-clock" in {one.invariant.code for one in promised}
    assert not [one.invariant.code for one in promised if one.broken]
