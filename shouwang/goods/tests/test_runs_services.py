"""Delivery runs: planned from what may leave, walked stop by stop, planned around what has begun."""

from __future__ import annotations

from decimal import Decimal
from itertools import chain

import pytest

from shouwang.core.errors import Conflict, Refusal
from shouwang.core.models import AuditEntry, DueRow
from shouwang.goods.models import Parcel, Run, RunPlan, RunStop, StopParcel
from shouwang.goods.selectors.run_instance import snapshot_of
from shouwang.goods.selectors.run_promises import brought_twice, in_cart_not_on_the_way, runs_with_nobody
from shouwang.goods.services import disinfect, hand_over
from shouwang.goods.services.run_carriers import add_carrier, keep_apart, remove_carrier
from shouwang.goods.services.run_changes import move_stop, move_to_new_run, set_by_hand
from shouwang.goods.services.run_keeping import Made, keep_plan
from shouwang.goods.services.run_plans import ask_plan, begin_planning, end_plan, open_plan
from shouwang.goods.services.run_stops import (
    arrive_at,
    bring_again,
    hand_over_stop,
    nobody_there,
    not_wanted,
)
from shouwang.goods.services.run_trips import begin_run, end_run, hand_on_run, take_off, unload_run
from shouwang.goods.tests.gate import HOUR, arrive, seal
from shouwang.goods.tests.rounds_of_carts import deliveries, helped, out, planned, serving, worked
from shouwang.incidents.tests.neighbourhood import AT, Neighbourhood, do_due, settle
from shouwang.notices.models import Message
from shouwang.people.services import add_flag, add_person, add_proxy
from shouwang.volunteers.models import Commitment
from shouwang.volunteers.services import stand_down

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def here() -> Neighbourhood:
    return settle()


def holds() -> None:
    """The promise, whatever was done."""
    for promise in (brought_twice, in_cart_not_on_the_way, runs_with_nobody):
        assert promise(AT, None).broken == []


def on_runs() -> dict[str, list[int]]:
    """By carrier and trip: the numbers of the parcels, in the order of the stops."""
    found: dict[str, list[int]] = {}
    rows = StopParcel.objects.order_by("stop__run__order", "stop__order", "parcel__number")
    for load in rows.select_related("stop__run__carrier__volunteer__user", "parcel"):
        run = load.stop.run
        found.setdefault(f"{run.carrier.volunteer.user.name} {run.order}", []).append(load.parcel.number)
    return found


def test_what_is_released_goes_on_runs_by_household_and_each_once(here: Neighbourhood) -> None:
    for home in (0, 0, 1, 2, 3, 4, 5):
        arrive(here, home)
    arrive(here, None, door_said="谁的?")
    plan, _carriers = helped(here, "Dora", "Erin")
    assert (plan.state, plan.left_out, plan.late) == ("ready", 1, 0)
    assert RunStop.objects.count() == 6 and sorted(chain(*on_runs().values())) == [1, 2, 3, 4, 5, 6, 7]
    assert plan.last_return_at is not None and plan.last_return_at > here.at
    first = RunStop.objects.filter(household=here.households[0]).get()
    assert first.loads.count() == 2 and first.kg == 4 and first.why and not first.to_door
    assert AuditEntry.objects.filter(kind="goods.runs.planned").get().payload["stops"] == 6
    holds()


def test_what_still_rests_is_planned_for_its_hour_and_nobody_loads_it_before(here: Neighbourhood) -> None:
    seal(here)
    parcel = arrive(here, 0)
    disinfect(parcels=[parcel], by=here.alice, at=AT)
    plan, _carriers = helped(here, "Dora")
    run = Run.objects.get(plan=plan)
    assert run.starts_at >= here.later(2 * HOUR)
    with pytest.raises(Refusal, match="still-resting") as told:
        begin_run(run=run, by=here.alice, at=here.later(HOUR))
    assert "0001" in told.value.sentence()
    out(here, run, 2 * HOUR)
    assert Parcel.objects.get().state == "on_the_way"
    holds()


def test_a_run_from_loading_to_the_last_door(here: Neighbourhood) -> None:
    for home in (0, 1):
        arrive(here, home)
    _plan, [carrier] = helped(here, "Dora")
    run = Run.objects.get()
    seen = run.stops.get(order=1).pk
    with pytest.raises(Conflict, match="planned-anew"):
        begin_run(run=run, seen=here.alice.pk, by=here.alice, at=AT)
    run = begin_run(run=run, seen=seen, by=carrier.volunteer.user, at=AT)
    assert run.state == "loading" and run.commitment.kind == "goods.run"
    assert set(Parcel.objects.values_list("state", "holder")) == {("on_the_way", carrier.volunteer.user_id)}
    first, second = run.stops.order_by("order")
    act = {"by": carrier.volunteer.user, "at": here.later(10)}
    assert arrive_at(stop=first, **act) == [first]  # nobody to be told: somebody rings
    run.refresh_from_db()
    assert run.state == "out"  # nobody pressed 'leave', and the cart is there
    hand_over_stop(stop=first, to_words="本人", **act)
    hand_over_stop(stop=first, **act)
    nobody_there(stop=second, **act)
    assert nobody_there(stop=second, **act).tries == 2
    hand_over_stop(stop=second, left=True, **act)
    end_run(run=run, **act)
    assert set(Parcel.objects.values_list("state", flat=True)) == {"handed_over"}
    assert set(run.stops.values_list("state", flat=True)) == {"handed_over", "left_at_door"}
    run.refresh_from_db()
    assert run.state == "over" and run.commitment is None
    assert Commitment.objects.filter(kind="goods.run").get().state == "closed"
    holds()


def test_who_has_an_account_is_told_that_the_cart_is_there_and_to_whose_door_it_comes(
    here: Neighbourhood,
) -> None:
    arrive(here, 0)
    person = add_person(household=here.households[0], name="王桂英", relation="head", by=here.alice, at=AT)
    add_flag(household=here.households[0], person=person, kind="to_door", source="探访", by=here.alice, at=AT)
    add_proxy(
        household=here.households[0], name="Bob", kind="child_elsewhere", user=here.bob, by=here.alice, at=AT
    )
    helped(here, "Dora")
    stop = RunStop.objects.get()
    assert stop.to_door
    out(here, stop.run)
    assert arrive_at(stop=stop, by=here.alice, at=here.later(5)) == []
    message = Message.objects.get(template="goods.cart_at_door")
    assert message.to == here.bob and "101" in message.sentence() and "101" not in message.discreet()
    stop.refresh_from_db()
    assert (stop.state, stop.reached) == ("called", 1)
    arrive_at(stop=stop, by=here.alice, at=here.later(6))
    assert Message.objects.filter(template="goods.cart_at_door").count() == 1


def test_medicine_is_given_into_a_hand(here: Neighbourhood) -> None:
    arrive(here, 0, kind="medicine")
    helped(here, "Dora")
    stop = RunStop.objects.get()
    assert stop.due_at == here.later(30)
    out(here, stop.run)
    with pytest.raises(Refusal, match="medicine-in-hand"):
        hand_over_stop(stop=stop, left=True, by=here.alice, at=here.later(5))


def test_eighty_five_kilograms_are_more_than_a_cart(here: Neighbourhood) -> None:
    """C8: 2 x 50 jin of flour, 20 jin of oil, 50 jin of rice."""
    arrive(here, 0, pieces=2, weight_kg=50)
    arrive(here, 0, weight_kg=10)
    arrive(here, 0, weight_kg=25)
    plan, _carriers = helped(here, "Dora", "Erin")
    stops = list(RunStop.objects.all())
    assert sorted(stop.kg for stop in stops) == [Decimal(10), Decimal(75)]
    assert len({stop.run_id for stop in stops}) == 2 and plan.left_out == 0
    for run in Run.objects.all():
        assert run.load_kg <= 80
        out(here, run)
        for stop in run.stops.all():
            hand_over_stop(stop=stop, by=here.alice, at=here.later(20))
        end_run(run=run, by=here.alice, at=here.later(25))
    assert set(Parcel.objects.values_list("state", flat=True)) == {"handed_over"}
    holds()


def test_one_parcel_of_many_pieces_goes_on_two_carts_and_is_handed_over_with_the_last(
    here: Neighbourhood,
) -> None:
    parcel = arrive(here, 0, pieces=4, weight_kg=100)
    arrive(here, 1, pieces=1, weight_kg=90)
    plan, _carriers = helped(here, "Dora", "Erin")
    assert plan.left_out == 1  # nobody's cart holds ninety kilograms in one piece
    loads = sorted(StopParcel.objects.values_list("pieces", "kg"))
    assert loads == [(1, Decimal(25)), (3, Decimal(75))]
    first, second = Run.objects.order_by("-load_kg")
    out(here, first)
    planned(here, plan, 3)  # what waits is planned again, what has left is not
    second = Run.objects.get(state="planned")
    assert second.load_kg == 25
    hand_over_stop(stop=first.stops.get(), by=here.alice, at=here.later(5))
    parcel.refresh_from_db()
    assert parcel.state == "on_the_way"
    out(here, second, 6)
    hand_over_stop(stop=second.stops.get(), by=here.alice, at=here.later(9))
    parcel.refresh_from_db()
    assert parcel.state == "handed_over"
    holds()


def test_who_was_not_there_is_on_the_next_run_and_who_refused_on_none(here: Neighbourhood) -> None:
    for home in (0, 1, 2):
        arrive(here, home)
    plan, _carriers = helped(here, "Dora")
    run = out(here, Run.objects.get())
    absent, refused, unreached = run.stops.order_by("order")
    nobody_there(stop=absent, by=here.alice, at=here.later(5))
    not_wanted(stop=refused, by=here.alice, at=here.later(6))
    end_run(run=run, by=here.alice, at=here.later(9))
    assert set(Parcel.objects.values_list("state", flat=True)) == {"released"}
    worked(here, plan, 12)
    again = set(RunStop.objects.filter(run__state="planned").values_list("household_id", flat=True))
    assert again == {absent.household_id, unreached.household_id} and plan.left_out == 1
    # The phone had been without a signal: it was handed over after all.
    hand_over_stop(stop=unreached, by=here.alice, at=here.later(13))
    bring_again(stop=refused, by=here.alice, at=here.later(14))
    planned(here, plan, 15)
    again = set(RunStop.objects.filter(run__state="planned").values_list("household_id", flat=True))
    assert again == {absent.household_id, refused.household_id}
    holds()


def test_a_run_that_has_begun_is_left_alone_and_what_comes_is_planned_around_it(here: Neighbourhood) -> None:
    for home in (0, 1):
        arrive(here, home)
    plan, _carriers = helped(here, "Dora")
    run = out(here, Run.objects.get())
    before = set(run.stops.values_list("pk", "order"))
    arrive(here, 4, minutes=1)
    worked(here, plan, 1)
    assert not Run.objects.filter(state="planned").exists()  # within two minutes of the last plan
    worked(here, plan, 3)
    new = Run.objects.get(state="planned")
    assert new.starts_at >= run.ends_at and new.order == 2
    assert set(run.stops.values_list("pk", "order")) == before
    holds()


def test_a_note_that_was_accepted_changes_the_run_not_yet_begun(here: Neighbourhood) -> None:
    """A8."""
    arrive(here, 0)
    plan, _carriers = helped(here, "Dora")
    assert not RunStop.objects.get().to_door
    add_flag(household=here.households[0], kind="to_door", source="袋上附言", by=here.alice, at=here.later(1))
    worked(here, plan, 1)
    assert RunStop.objects.get().to_door


def test_what_changes_while_it_is_planned_is_planned_again(here: Neighbourhood) -> None:
    arrive(here, 0)
    plan = deliveries(here)
    carrier = add_carrier(plan=plan, volunteer=serving(here, "Dora"), by=here.alice, at=AT)
    ask_plan(plan=plan, by=here.alice, at=AT)
    taken = begin_planning(plan_id=plan.pk, at=AT)
    assert taken is not None
    snapshot = snapshot_of(taken, AT)
    keep_apart(volunteer=carrier.volunteer, household=here.households[0], by=here.alice, at=AT)
    ask_plan(plan=plan, by=here.alice, at=AT)
    none = {"volunteers": [], "last_return_s": 0, "late": []}
    assert not keep_plan(snapshot=snapshot, made=Made(none, []), at=AT)
    worked(here, plan)
    assert plan.state == "ready" and plan.left_out == 1 and not RunStop.objects.exists()


def test_who_is_kept_apart_brings_nothing_there(here: Neighbourhood) -> None:
    for home in range(6):
        arrive(here, home)
    plan, [dora, erin] = helped(here, "Dora", "Erin")
    keep_apart(volunteer=dora.volunteer, household=here.households[3], by=here.alice, at=AT)
    worked(here, plan)
    assert RunStop.objects.get(household=here.households[3]).run.carrier == erin
    stop = RunStop.objects.get(household=here.households[3])
    to = Run.objects.filter(carrier=dora).first()
    assert to is not None
    with pytest.raises(Refusal, match="kept-apart"):
        move_stop(stop=stop, to=to, by=here.alice, at=AT)


def test_a_stop_moved_by_hand_stays_where_it_was_put(here: Neighbourhood) -> None:
    for home in range(6):
        arrive(here, home, weight_kg=20)
    plan, [dora, _erin] = helped(here, "Dora", "Erin")
    stop = RunStop.objects.exclude(run__carrier=dora).order_by("-order").first()
    to = Run.objects.filter(carrier=dora).order_by("order").first()
    assert stop is not None and to is not None
    move_stop(stop=stop, to=to, position=1, by=here.alice, at=AT)
    worked(here, plan)
    run = Run.objects.get(carrier=dora, by_hand=True)
    assert run.stops.order_by("order").first().household_id == stop.household_id
    assert RunStop.objects.count() == 6 and sorted(chain(*on_runs().values())) == [1, 2, 3, 4, 5, 6]
    for _n in range(3):
        planned(here, plan, 1)
    assert Run.objects.get(carrier=dora, by_hand=True).stops.count() == run.stops.count()
    set_by_hand(run=Run.objects.get(by_hand=True), stands=False, by=here.alice, at=AT)
    worked(here, plan, 1)
    assert not Run.objects.filter(by_hand=True).exists()
    holds()


def test_a_full_cart_takes_no_more_by_hand_but_a_trip_of_its_own_does(here: Neighbourhood) -> None:
    arrive(here, 0, weight_kg=60)
    arrive(here, 1, weight_kg=40)
    plan, [dora, erin] = helped(here, "Dora", "Erin")
    stop = RunStop.objects.get(kg=40)
    other = RunStop.objects.get(kg=60).run
    with pytest.raises(Refusal, match="cart-full"):
        move_stop(stop=stop, to=other, by=here.alice, at=AT)
    move_to_new_run(stop=stop, carrier=other.carrier, by=here.alice, at=AT)
    worked(here, plan)
    assert {run.carrier_id for run in Run.objects.all()} >= {other.carrier_id}
    assert RunStop.objects.get(kg=40).run.by_hand and RunStop.objects.get(kg=40).run.carrier == other.carrier
    assert {dora.pk, erin.pk} >= {other.carrier_id}


def test_who_is_stood_down_leaves_a_cart_that_somebody_takes_over(here: Neighbourhood) -> None:
    for home in range(6):
        arrive(here, home, weight_kg=25)
    plan, [dora, erin] = helped(here, "Dora", "Erin")
    run = out(here, Run.objects.filter(carrier=dora, order=1).get())
    stand_down(volunteer=dora.volunteer, reason="ill", by=here.alice, at=here.later(5))
    worked(here, plan, 5)
    run.refresh_from_db()
    assert run.volunteer is None and run.waits_since == here.later(5) and run.state == "out"
    assert not Run.objects.filter(carrier=dora, state="planned").exists()
    assert Run.objects.filter(carrier=erin, state="planned").exists()
    assert Message.objects.filter(template="goods.run_waits", to=here.alice).exists()
    assert not Commitment.objects.exclude(state="closed").filter(volunteer=dora.volunteer).exists()
    holds()
    hand_on_run(run=run, volunteer=erin.volunteer, by=here.alice, at=here.later(8))
    assert set(Parcel.objects.filter(state="on_the_way").values_list("holder_id", flat=True)) == {
        erin.volunteer.user_id
    }
    run.refresh_from_db()
    end_run(run=run, by=erin.volunteer.user, at=here.later(20))
    holds()


def test_loading_is_taken_back_and_what_is_not_there_is_taken_off(here: Neighbourhood) -> None:
    for home in (0, 1):
        arrive(here, home)
    plan, _carriers = helped(here, "Dora")
    run = begin_run(run=Run.objects.get(), by=here.alice, at=AT)
    take_off(stop=run.stops.get(order=1), by=here.alice, at=here.later(1))
    assert sorted(Parcel.objects.values_list("state", flat=True)) == ["on_the_way", "released"]
    run = unload_run(run=run, by=here.alice, at=here.later(2))
    assert set(Parcel.objects.values_list("state", flat=True)) == {"released"}
    worked(here, plan, 2)
    assert RunStop.objects.filter(run__state="planned").count() == 2
    holds()


def test_what_was_collected_at_the_gate_leaves_the_run(here: Neighbourhood) -> None:
    parcels = [arrive(here, home) for home in (0, 1)]
    helped(here, "Dora")
    hand_over(parcel=parcels[0], by=here.alice, at=here.later(1))
    run = out(here, Run.objects.get(), 1)
    assert run.stops.count() == 1
    holds()


def test_one_plan_at_a_time_which_ends_when_everybody_is_back(here: Neighbourhood) -> None:
    arrive(here, 0)
    plan, [carrier] = helped(here, "Dora")
    with pytest.raises(Conflict, match="runs-planned-already"):
        open_plan(community=here.community, by=here.alice, at=AT)
    run = out(here, Run.objects.get())
    with pytest.raises(Refusal, match="run-out"):
        end_plan(plan=plan, by=here.alice, at=AT)
    with pytest.raises(Refusal, match="run-out"):
        remove_carrier(carrier=carrier, by=here.alice, at=AT)
    end_run(run=run, by=here.alice, at=here.later(9))
    end_plan(plan=plan, by=here.alice, at=here.later(10))
    assert RunPlan.objects.get().state == "over"
    assert not Commitment.objects.exclude(state="closed").exists()
    assert not DueRow.objects.filter(kind="goods.plan_runs").exists()
    do_due("clock", here.later(11))
    open_plan(community=here.community, by=here.alice, at=here.later(12))


def test_nobody_helps_nobody_plans(here: Neighbourhood) -> None:
    arrive(here, 0)
    with pytest.raises(Refusal, match="nobody-helps"):
        ask_plan(plan=deliveries(here), by=here.alice, at=AT)
