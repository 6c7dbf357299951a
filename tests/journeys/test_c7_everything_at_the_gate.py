"""C7: after a positive case everything is left at the gate. Nearly 400 households: disinfected, rested two hours, carried
to the stairwells in runs that phones without a signal walk, each household told that the cart is there; all handed over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shouwang.accounts.services import create_user
from shouwang.core.actors import OPERATOR
from shouwang.core.due import do_one
from shouwang.core.errors import Refusal
from shouwang.core.scope import scope_for
from shouwang.field.tests.phones import Phone, phone_of
from shouwang.goods.models import Parcel, Run, RunPlan, RunStop
from shouwang.goods.selectors.run_phones import phone_runs
from shouwang.goods.selectors.run_promises import brought_twice, in_cart_not_on_the_way, runs_with_nobody
from shouwang.goods.services import disinfect, take_in
from shouwang.goods.services.run_carriers import add_carrier
from shouwang.goods.services.run_plans import ask_plan, open_plan
from shouwang.goods.services.run_trips import begin_run
from shouwang.incidents.services import open_incident
from shouwang.notices.models import Message
from shouwang.people.services import add_flag, add_proxy, open_household
from shouwang.places import services as places
from shouwang.places.models import Place
from shouwang.volunteers.services import enrol

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)  # nine in the morning
HOMES, BUILDINGS, STAIRWELLS, FLOORS, CARRIERS = 396, 11, 6, 6, 8
REST = timedelta(hours=2)


@dataclass
class Gate:
    """The estate, who answers for it, and who carries."""

    community: Place
    secretary: Any
    homes: list[Any]
    phones: dict[Any, Phone]


def user(name: str, username: str) -> Any:
    return create_user(username=username, name=name, password=None, by=OPERATOR, at=AT)


def estate() -> Gate:
    """Eleven buildings of six stairwells and six floors without a lift, one household a floor and stairwell."""
    community = places.create_community(code="jx", name="锦绣社区", by=OPERATOR, at=AT)
    grid = places.add_grid(community=community, code="1", name="第一网格", by=OPERATOR, at=AT)
    secretary = user("陈静", "chenjing")
    places.appoint(place=community, role="secretary", holder=secretary, by=OPERATOR, at=AT)
    homes, leaves = [], []
    for number in range(1, BUILDINGS + 1):
        building = places.ensure_building(
            community=community, code=str(number), grid=grid, by=OPERATOR, at=AT
        )
        for entrance in range(1, STAIRWELLS + 1):
            leaf = places.ensure_stairwell(building=building, code=str(entrance), by=OPERATOR, at=AT)
            Place.objects.filter(pk=leaf.pk).update(
                x_m=(number - 1) % 4 * 110 + 16 * entrance, y_m=30 + 45 * ((number - 1) // 4)
            )
            leaves.append(leaf)
            for floor in range(1, FLOORS + 1):
                door = places.ensure_dwelling(leaf=leaf, door=f"{floor}01", floor=floor, by=OPERATOR, at=AT)
                homes.append(open_household(dwelling=door, from_on=AT.date(), by=OPERATOR, at=AT))
    open_incident(
        community=community, name="封控", protocol="sealed_zone", places=[community], by=secretary, at=AT
    )
    candidates = [
        enrol(user=user(f"志愿者{n}", f"carrier{n}"), home=leaves[n], by=secretary, at=AT)
        for n in range(CARRIERS)
    ]
    return Gate(community, secretary, homes, {row: phone_of(row.user, AT) for row in candidates})


def clockwork(lane: str, at: datetime) -> None:
    """The clock or the worker does what is due."""
    for _turn in range(3000):
        if not do_one(lane, at):
            return


def everything_arrives(gate: Gate) -> list[Parcel]:
    """A parcel for each household, disinfected on open ground in four lots, five minutes from one to the next."""
    parcels = [
        take_in(
            community=gate.community, household=home, weight_kg=2 + n % 9, kind="medicine" if n % 40 == 0 else "parcel",
            by=gate.secretary, at=AT,
        )
        for n, home in enumerate(gate.homes)
    ]  # fmt: skip
    for lot in range(4):
        rows = [row for n, row in enumerate(parcels) if n % 4 == lot and not row.medicine]
        disinfect(parcels=rows, by=gate.secretary, at=AT + timedelta(minutes=5 * lot))
    disinfect(
        parcels=[row for row in parcels if row.medicine], by=gate.secretary, at=AT + timedelta(minutes=20)
    )
    return parcels


def walk(gate: Gate, run: Run, now: datetime) -> datetime:
    """One run by its volunteer: loaded at the gate with a signal, walked without, told when the signal is back.

    What the phone says goes through the same door as the app's: sealed, twice, and out of order.
    """
    assert run.volunteer is not None
    phone = gate.phones[run.volunteer]
    begin_run(run=run, by=run.volunteer.user, at=now)
    [given] = [one for one in phone_runs(scope_for(run.volunteer.user, now), now) if one["id"] == str(run.pk)]
    places_done, arrivals = set[str](), set[Any]()
    for stop in given["stops"]:
        if stop["place"] not in places_done:
            arrivals.add(phone.make("goods.at_stairwell", {"stop": stop["id"]}))
            places_done.add(stop["place"])
        phone.make("goods.handed_over", {"stop": stop["id"], "left": False, "to": "", "photo": ""})
    phone.make("goods.run_over", {"run": str(run.pk)})
    back = max(now, run.ends_at)
    # The yard has a signal, the stairs have none: "the cart is there" is heard first, of the rest the last word first.
    yard, stairs = dict[Any, Any](), dict[Any, Any]()
    for pk, parcel in phone.outbox.items():
        (yard if pk in arrivals else stairs)[pk] = parcel
    sent = yard | dict(reversed(stairs.items()))
    phone.outbox = dict(sent)
    phone.sync(back)
    assert {line.status for line in phone.receipts.values()} == {"accepted"}
    phone.outbox = dict(sent)  # the answer was lost on the way: everything comes again
    phone.sync(back + timedelta(seconds=5))
    assert {line.status for line in phone.receipts.values()} == {"duplicate"}
    phone.receipts.clear()
    return back


def test_nearly_four_hundred_households_from_the_gate_to_the_stairwell() -> None:
    gate = estate()
    told = gate.homes[::20]
    for n, home in enumerate(told):
        add_proxy(
            household=home,
            kind="relative",
            name=f"家人{n}",
            user=user(f"家人{n}", f"kin{n}"),
            by=OPERATOR,
            at=AT,
        )
    add_flag(household=gate.homes[5], kind="to_door", source="探访", by=gate.secretary, at=AT)
    parcels = everything_arrives(gate)
    plan = open_plan(community=gate.community, by=gate.secretary, at=AT + timedelta(minutes=20))
    RunPlan.objects.filter(pk=plan.pk).update(seconds=1)
    for volunteer in gate.phones:
        add_carrier(plan=plan, volunteer=volunteer, by=gate.secretary, at=AT + timedelta(minutes=20))
    ask_plan(plan=plan, by=gate.secretary, at=AT + timedelta(minutes=20))
    clockwork("worker", AT + timedelta(minutes=20))
    plan.refresh_from_db()
    assert (
        plan.state == "ready" and plan.left_out == 0
    )  # in how many seconds none is late, the bench measures
    assert RunStop.objects.count() == HOMES and RunStop.objects.get(household=gate.homes[5]).to_door

    # Nobody takes anything away before its hour.
    early = Run.objects.exclude(stops__loads__parcel__medicine=True).order_by("starts_at").first()
    assert early is not None and early.starts_at >= AT + REST
    with pytest.raises(Refusal, match="still-resting"):
        begin_run(run=early, by=gate.secretary, at=AT + REST - timedelta(minutes=1))

    now = AT + timedelta(minutes=20)
    for _turn in range(400):
        run = (
            Run.objects.filter(state="planned")
            .select_related("volunteer__user")
            .order_by("starts_at")
            .first()
        )
        if run is None:
            break
        now = max(now, run.starts_at)
        clockwork("clock", now)
        walk(gate, run, now)
    assert {row.state for row in Parcel.objects.all()} == {"handed_over"}
    rested = [row for row in Parcel.objects.all() if not row.medicine]
    assert len(parcels) == HOMES
    assert all(
        row.released_at >= row.disinfected_at + REST
        for row in rested
        if row.released_at and row.disinfected_at
    )
    assert Message.objects.filter(template__startswith="goods.cart_at").count() == len(told)
    assert not RunStop.objects.exclude(state="handed_over").exists()
    for promise in (brought_twice, in_cart_not_on_the_way, runs_with_nobody):
        assert promise(now, gate.community.pk).broken == []
