"""The pages of delivery runs: everybody sees what is theirs to do, and what is pressed twice is done once."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from shouwang.core.ids import uuid7
from shouwang.goods.models import Run, RunPlan, RunStop
from shouwang.goods.registry.runs import runs_today
from shouwang.goods.selectors.run_phones import phone_runs
from shouwang.goods.selectors.run_promises import household_section, work_for
from shouwang.goods.services.run_trips import begin_run
from shouwang.goods.tests.gate import arrive
from shouwang.goods.tests.rounds_of_carts import helped, out, serving
from shouwang.incidents.tests.neighbourhood import AT, Neighbourhood, do_due, settle, signed_in
from shouwang.people.services import add_flag, add_person
from shouwang.volunteers.services import stand_down

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def here() -> Neighbourhood:
    return settle()


def send(client: Client, address: str, **said: object) -> object:
    return client.post(address, {"command_id": uuid7(), **said})


def dwellers(here: Neighbourhood) -> None:
    for n, household in enumerate(here.households):
        add_person(
            household=household, name=f"居民{n}", relation="head", phone=f"1990001000{n}", by=here.alice, at=AT
        )  # fmt: skip


def test_from_the_beginning_to_the_last_door_by_hand(here: Neighbourhood) -> None:
    dwellers(here)
    add_flag(household=here.households[1], kind="to_door", source="探访", by=here.alice, at=AT)
    for home in range(6):
        arrive(here, home, cold=home == 2, kind="medicine" if home == 3 else "parcel")
    dora = serving(here, "Dora")
    client = signed_in(here.alice)
    send(client, reverse("goods:open_runs"), community=here.community.pk)
    plan = RunPlan.objects.get()
    RunPlan.objects.update(seconds=0.1)
    page = reverse("goods:plan", args=[plan.pk])
    assert client.get(reverse("goods:runs")).url == page
    refused = send(client, reverse("goods:ask_plan", args=[plan.pk]))
    assert refused.status_code == 422
    said = {"volunteer": dora.pk, "cart_kg": 80, "strength_kg": "", "begins": "", "until": ""}
    send(client, reverse("goods:add_carrier", args=[plan.pk]), **said)
    send(client, reverse("goods:ask_plan", args=[plan.pk]))
    do_due("worker")
    shown = client.get(page).content.decode()
    run = Run.objects.get()
    assert "Dora" in shown and reverse("goods:run", args=[run.pk]) in shown
    assert client.get(page, {"after": "99999999999999"}).status_code == 204
    trip = reverse("goods:run", args=[run.pk])
    text = client.get(trip).content.decode()
    assert "居民0" in text and "19900010000" not in text  # nobody is rung before the cart has left
    mine = signed_in(dora.user)
    ahead = mine.get(trip).content.decode()
    assert "居民" not in ahead and "1号楼" in ahead
    step = reverse("goods:run_step", args=[run.pk])
    seen = run.stops.get(order=1).pk
    twice = {"command_id": uuid7(), "act": "load", "seen": seen}
    assert mine.post(step, twice).status_code == mine.post(step, twice).status_code == 302
    send(mine, step, act="out")
    text = mine.get(trip).content.decode()
    assert "居民0" in text and "19900010000" in text and len(re.findall("<article", text)) == 6
    for stop in run.stops.order_by("order"):
        to = reverse("goods:stop_step", args=[stop.pk])
        send(mine, to, act="there")
        send(mine, to, act="rung")
        send(mine, to, act="nobody" if stop.order == 6 else "handed")
    over = send(mine, step, act="over")
    assert over.status_code == 200
    assert mine.get(trip).status_code == 404
    assert sorted(run.stops.values_list("state", flat=True)) == ["brought_back", *["handed_over"] * 5]
    assert send(client, reverse("goods:end_plan", args=[plan.pk])).status_code == 302


def test_a_volunteer_reaches_only_their_own_run(here: Neighbourhood) -> None:
    for home in range(6):
        arrive(here, home, weight_kg=30)
    _plan, [dora, erin] = helped(here, "Dora", "Erin")
    run = out(here, Run.objects.filter(carrier=dora, order=1).get())
    other = signed_in(erin.volunteer.user)
    stop = run.stops.first()
    assert stop is not None
    for address in (reverse("goods:run", args=[run.pk]), reverse("goods:run_sheet", args=[run.pk])):
        assert other.get(address).status_code == 404
        assert signed_in(here.charlie).get(address).status_code == 404
    assert send(other, reverse("goods:stop_step", args=[stop.pk]), act="handed").status_code == 404
    assert send(other, reverse("goods:move_stop", args=[stop.pk]), to="x").status_code in (403, 404)


def test_a_stop_is_moved_with_a_list_and_a_button(here: Neighbourhood) -> None:
    for home in range(6):
        arrive(here, home, weight_kg=20)
    _plan, [dora, _erin] = helped(here, "Dora", "Erin")
    client = signed_in(here.alice)
    to = Run.objects.filter(carrier=dora).first()
    stop = RunStop.objects.exclude(run__carrier=dora).first()
    assert to is not None and stop is not None
    address = reverse("goods:move_stop", args=[stop.pk])
    assert str(to.pk) in client.get(address).content.decode()
    assert send(client, address, to=f"run:{to.pk}", position=1).status_code == 302
    to.refresh_from_db()
    assert to.by_hand and to.stops.get(order=1).pk == stop.pk
    assert send(client, reverse("goods:run_stands", args=[to.pk]), stands="0").status_code == 302


def test_what_today_the_file_and_my_work_say(here: Neighbourhood) -> None:
    dwellers(here)
    arrive(here, 0)
    scope = here.scope(here.alice)
    assert [item.key for item in runs_today(scope, AT)] == ["runs:none"]
    _plan, [dora, erin] = helped(here, "Dora", "Erin")
    run = Run.objects.get()
    who = run.carrier.volunteer
    [ahead] = work_for(who.user, AT)
    assert ahead.rank == 3 and ahead.door == ""
    assert [item.key for item in runs_today(here.scope(here.alice, 60), here.later(60))] == [
        f"run-late:{run.pk}"
    ]
    section = household_section(here.households[0].pk, here.scope(here.alice), AT)
    assert section is not None and section["stops"][0].arrive_at > AT
    assert phone_runs(here.scope(who.user), AT) == []
    begin_run(run=run, by=here.alice, at=AT)
    [item] = work_for(who.user, AT)
    assert item.rank == 2 and "101" in item.door
    [given] = phone_runs(here.scope(who.user), AT)
    assert given["stops"][0]["name"] == "居民0" and given["stops"][0]["phone"] == "19900010000"
    stand_down(volunteer=who, reason="ill", by=here.alice, at=here.later(2))
    do_due("clock", here.later(2))
    assert [one.key for one in runs_today(here.scope(here.alice, 3), here.later(3))] == [
        f"run-waits:{run.pk}"
    ]
    assert {dora.pk, erin.pk} >= {run.carrier_id}
    client = signed_in(here.alice)
    other = erin if run.carrier_id == dora.pk else dora
    taken = send(client, reverse("goods:take_over_run", args=[run.pk]), volunteer=other.volunteer_id)
    assert taken.status_code == 302 and Run.objects.get(pk=run.pk).volunteer_id == other.volunteer_id


def test_two_are_kept_apart_by_a_door_as_it_is_said(here: Neighbourhood) -> None:
    arrive(here, 0)
    plan, [dora] = helped(here, "Dora")
    client = signed_in(here.alice)
    address = reverse("goods:apart", args=[plan.pk])
    assert send(client, address, volunteer=dora.volunteer_id, door="9-9-909").status_code == 422
    assert send(client, address, volunteer=dora.volunteer_id, door="1-1-101").status_code == 302
    assert "Dora" in client.get(reverse("goods:plan", args=[plan.pk])).content.decode()


def test_a_run_on_paper(here: Neighbourhood) -> None:
    pytest.importorskip("weasyprint")
    arrive(here, 0)
    plan, _carriers = helped(here, "Dora")
    client = signed_in(here.alice)
    for address in (
        reverse("goods:run_sheet", args=[Run.objects.get().pk]),
        reverse("goods:run_sheets", args=[plan.pk]),
    ):
        assert client.get(address).content.startswith(b"%PDF")
