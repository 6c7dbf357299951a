"""Runs as made by hand, their replay, the checker that trusts no figure, a day as it comes, and the reasons."""

from __future__ import annotations

import copy
import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shouwang.goods.engines.runs.by_hand import HABITS, by_habit, by_hand
from shouwang.goods.engines.runs.explain import CODES, explain
from shouwang.goods.engines.runs.fixed import ByHand, Fixed, Out
from shouwang.goods.engines.runs.instance import Instance, read_instance
from shouwang.goods.engines.runs.instances import afternoon
from shouwang.goods.engines.runs.live import live
from shouwang.goods.engines.runs.near import near_together
from shouwang.goods.engines.runs.plan import begin, plan_by_hand
from shouwang.goods.engines.runs.replay import Orders, as_plan, faults, last_return, rank, replay
from shouwang.goods.tests.runs_world import problems
from shouwang.goods.tests.test_runs_instance import problem, stop


@given(made=problems(), habit=st.sampled_from(HABITS))
def test_every_habit_keeps_every_rule(made: dict[str, Any], habit: Any) -> None:
    instance = read_instance(made)
    assert faults(instance, as_plan(instance, by_habit(instance, habit))) == []


@given(made=problems(limits=True), habit=st.sampled_from(HABITS))
def test_hours_strength_and_who_is_apart_are_kept_and_who_is_left_out_is_named(
    made: dict[str, Any], habit: Any
) -> None:
    instance = read_instance(made)
    plan = as_plan(instance, by_habit(instance, habit))
    assert faults(instance, plan) == []
    if not plan.get("unplanned"):
        assert sum(len(trip["stops"]) for row in plan["volunteers"] for trip in row["trips"]) == len(
            made["stops"]
        )


def test_a_trip_waits_for_what_it_carries_then_loads() -> None:
    instance = read_instance(problem(stops=[stop(release_s=100), stop(id="b", release_s=10)]))
    (walk,) = replay(instance, (((1, 2),),))[0]
    assert (walk.start_s, walk.arrive_s, walk.done_s, walk.end_s) == (100, (220, 280), (250, 310), 390)


def plan_of_two() -> tuple[Instance, dict[str, Any]]:
    instance = read_instance(
        problem(stops=[stop(weight_kg=50, due_s=400), stop(id="b", weight_kg=50, release_s=10)])
    )
    plan = as_plan(instance, (((1,), (2,)),))
    assert faults(instance, plan) == []
    return instance, plan


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda plan, trips: trips[0].update(start_s=-1), "starts before the volunteer"),
        (lambda plan, trips: trips[1].update(start_s=trips[0]["end_s"] - 1), "starts before the volunteer"),
        (lambda plan, trips: trips[1]["stops"][0].update(arrive_s=0), "sooner than one can walk"),
        (lambda plan, trips: trips[1]["stops"][0].update(done_s=trips[1]["stops"][0]["arrive_s"]), "sooner than it takes"),
        (lambda plan, trips: trips[1].update(end_s=trips[1]["end_s"] - 1), "is back sooner"),
        (lambda plan, trips: trips[1].update(load_kg=1), "load_kg"),
        (lambda plan, trips: trips[0]["stops"].append(trips[1]["stops"][0]), "over its weight"),
        (lambda plan, trips: trips.pop(), "stop 'b' is brought 0 times"),
        (lambda plan, trips: plan.update(last_return_s=0), "last_return_s"),
        (lambda plan, trips: plan.update(late=["a"]), "late"),
        (lambda plan, trips: plan["volunteers"].clear(), "volunteer 'v' is missing"),
        (lambda plan, trips: plan["volunteers"].append({"id": "w", "trips": []}), "nobody is called 'w'"),
        (lambda plan, trips: trips[0]["stops"].clear(), "empty"),
    ],
)  # fmt: skip
def test_the_checker_finds_what_is_broken(change: Any, words: str) -> None:
    instance, sound = plan_of_two()
    plan = copy.deepcopy(sound)
    change(plan, plan["volunteers"][0]["trips"])
    assert any(words in fault for fault in faults(instance, plan)), faults(instance, plan)


def test_an_early_start_before_release_is_found() -> None:
    _instance, plan = plan_of_two()
    late = read_instance(
        problem(stops=[stop(weight_kg=50, due_s=400, release_s=1), stop(id="b", weight_kg=50)])
    )
    assert any("released" in fault for fault in faults(late, plan))


def test_waiting_medicine_leaves_with_the_next_cart() -> None:
    made = problem(stops=[stop(), stop(id="b", weight_kg=1, urgent=True, due_s=200)])
    plan = plan_by_hand(made)
    assert plan["late"] == []
    assert [one["id"] for one in plan["volunteers"][0]["trips"][0]["stops"]] == ["b", "a"]


def test_nothing_to_bring_is_a_plan_too() -> None:
    plan = plan_by_hand(problem(stops=[], travel_s=[[0]]))
    assert plan == {"volunteers": [{"id": "v", "trips": []}], "last_return_s": 0, "late": []}


def test_the_best_by_hand_is_no_worse_than_any_habit() -> None:
    instance = read_instance(afternoon(1, stops=40, buildings=6, volunteers=2))
    assert all(
        rank(instance, by_hand(instance)) <= rank(instance, by_habit(instance, habit)) for habit in HABITS
    )


@given(made=problems(most=7), pick=st.data())
def test_a_trip_by_hand_stays_as_it_is(made: dict[str, Any], pick: Any) -> None:
    instance = read_instance(made)
    order = [one["id"] for one in pick.draw(st.permutations(made["stops"]))]
    who = pick.draw(st.sampled_from(instance.volunteers))
    own, room = [], who.cart_grams
    for one in order[:3]:
        grams = next(here.grams for here in instance.stops if here.id == one)
        if grams <= room:
            own.append(one)
            room -= grams
    others = tuple(Out(other.id, 300) for other in instance.volunteers if other != who)
    trips = (ByHand(who.id, tuple(own)),) if own else ()
    plan = plan_by_hand(instance, fixed=Fixed(others, trips, now_s=50))
    assert faults(instance, plan) == []
    rows = {
        row["id"]: [[one["id"] for one in trip["stops"]] for trip in row["trips"]]
        for row in plan["volunteers"]
    }
    assert not own or own in rows[who.id]
    starts = {row["id"]: trip["start_s"] for row in plan["volunteers"] for trip in row["trips"][:1]}
    assert all(at >= (50 if one == who.id else 300) for one, at in starts.items())


@pytest.mark.parametrize(
    ("fixed", "words"),
    [
        (Fixed(out=(Out("w", 3),)), "'w' is not in the file"),
        (Fixed(by_hand=(ByHand("w", ("a",)),)), "'w' is not in the file"),
        (Fixed(by_hand=(ByHand("v", ()),)), "is empty"),
        (Fixed(by_hand=(ByHand("v", ("x",)),)), "stop 'x' is not in the file"),
        (Fixed(by_hand=(ByHand("v", ("a",)), ByHand("v", ("a",)))), "stop 'a' is in two trips"),
        (Fixed(by_hand=(ByHand("v", ("a", "b")),)), "weighs 100 kg"),
    ],
)
def test_a_trip_by_hand_that_cannot_be_is_refused(fixed: Fixed, words: str) -> None:
    made = problem(stops=[stop(weight_kg=50), stop(id="b", weight_kg=50)])
    with pytest.raises(ValueError, match=words):
        plan_by_hand(made, fixed=fixed)


def test_who_must_not_meet_is_not_sent_by_hand_either() -> None:
    made = problem(
        stops=[stop(stairwell="3-1"), stop(id="b")],
        volunteers=[{"id": "v", "cart_kg": 80}, {"id": "w", "cart_kg": 80}],
        apart=[{"stairwell": "3-1", "volunteers": ["v"]}],
    )
    with pytest.raises(ValueError, match="may not bring"):
        plan_by_hand(made, fixed=Fixed(by_hand=(ByHand("v", ("a",)),)))
    met = {one["id"] for trip in plan_by_hand(made)["volunteers"][0]["trips"] for one in trip["stops"]}
    assert "a" not in met


@settings(max_examples=25)
@given(made=problems())
def test_a_day_as_it_comes_brings_everything_and_knows_nothing_beforehand(made: dict[str, Any]) -> None:
    instance = read_instance(made)
    seen: list[float] = []

    def planner(part: Instance, before: Orders) -> Orders:
        seen.append(max((one.release_s for one in part.stops), default=0))
        return begin(part)

    walks = live(instance, planner, planning_s=1)
    assert sorted(place for own in walks for walk in own for place in walk.trip) == list(
        range(1, len(made["stops"]) + 1)
    )
    releases = sorted({one.release_s for one in instance.stops})
    assert len(seen) == len(releases)
    assert all(known <= now for known, now in zip(seen, releases, strict=True))
    for own in walks:
        assert all(one.end_s <= other.start_s for one, other in itertools.pairwise(own))
        for walk in own:
            assert walk.start_s >= max(instance.stop(place).release_s for place in walk.trip) + 1
            assert sum(instance.stop(place).grams for place in walk.trip) <= 80_000


@given(made=problems(limits=True))
def test_every_trip_and_stop_has_a_reason(made: dict[str, Any]) -> None:
    plan = plan_by_hand(made)
    rows = explain(read_instance(made), plan)
    assert len(rows) == sum(len(row["trips"]) for row in plan["volunteers"])
    for row in rows:
        reasons = [*row["why"], *(reason for own in row["stops"].values() for reason in own)]
        assert row["why"] and all(row["stops"].values())
        assert {reason["code"] for reason in reasons} <= CODES


def test_near_doors_are_one_stop_that_takes_as_long() -> None:
    instance = read_instance(afternoon(3, stops=120, buildings=6))
    part = near_together(instance)
    assert len(part.instance.stops) < 120
    assert sorted(place for group in part.places for place in group) == list(range(1, 121))
    orders = begin(part.instance)
    assert last_return(replay(part.instance, orders)) == last_return(replay(instance, part.whole(orders)))
