"""Delivery runs as planned: every rule kept whatever the instance, none late that need not be, the same every time."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given, settings

from shouwang.goods.engines.runs.fixed import ByHand, Fixed, Out
from shouwang.goods.engines.runs.instance import Instance, read_instance
from shouwang.goods.engines.runs.instances import afternoon
from shouwang.goods.engines.runs.plan import plan_by_hand, plan_runs
from shouwang.goods.engines.runs.replay import faults, late_places, orders_of, rank, replay
from shouwang.goods.tests.runs_world import problems
from shouwang.goods.tests.test_runs_instance import problem, stop

pytest.importorskip("pyvrp")

FEW = 300


@settings(max_examples=20, deadline=None)
@given(made=problems())
def test_a_plan_keeps_every_rule_is_the_same_again_and_no_worse_than_by_hand(made: dict[str, Any]) -> None:
    instance = read_instance(made)
    plan = plan_runs(made, seed=3, iterations=FEW)
    assert faults(instance, plan) == []
    assert plan == plan_runs(made, seed=3, iterations=FEW)
    by_hand = plan_by_hand(made)
    assert rank(instance, orders_of(instance, plan)) <= rank(instance, orders_of(instance, by_hand))


@settings(max_examples=20, deadline=None)
@given(made=problems(limits=True))
def test_hours_strength_and_who_is_apart_are_kept(made: dict[str, Any]) -> None:
    plan = plan_runs(made, iterations=FEW)
    assert faults(read_instance(made), plan) == []
    assert len(plan.get("unplanned", [])) <= len(plan_by_hand(made).get("unplanned", []))


@settings(max_examples=25, deadline=None)
@given(made=problems(most=4))
def test_nothing_is_late_where_a_plan_without_lateness_exists(made: dict[str, Any]) -> None:
    instance = read_instance(made)
    plan = plan_runs(made, iterations=1_000)
    assert len(plan["late"]) <= len(plan_by_hand(made)["late"])
    if plan["late"]:
        assert least_late(instance) > 0


def least_late(instance: Instance) -> int:
    """By trying everything: each order of the stops, cut everywhere into trips, dealt to every volunteer."""
    n, least = len(instance.stops), len(instance.stops)
    for order in itertools.permutations(range(1, n + 1)):
        for cuts in itertools.product((False, True), repeat=max(0, n - 1)):
            trips = cut(order, cuts)
            for whose in itertools.product(range(len(instance.volunteers)), repeat=len(trips)):
                orders = tuple(
                    tuple(trip for trip, one in zip(trips, whose, strict=True) if one == number)
                    for number in range(len(instance.volunteers))
                )
                if fits(instance, orders):
                    least = min(least, len(late_places(instance, replay(instance, orders))))
        if least == 0:
            return 0
    return least


def cut(order: tuple[int, ...], cuts: tuple[bool, ...]) -> list[tuple[int, ...]]:
    trips: list[list[int]] = []
    for n, place in enumerate(order):
        if n == 0 or cuts[n - 1]:
            trips.append([])
        trips[-1].append(place)
    return [tuple(trip) for trip in trips]


def fits(instance: Instance, orders: Any) -> bool:
    return all(
        sum(instance.stop(place).grams for place in trip) <= who.cart_grams
        for who, trips in zip(instance.volunteers, orders, strict=True)
        for trip in trips
    )


def test_what_cannot_be_in_time_is_listed_and_brought_all_the_same() -> None:
    made = problem(stops=[stop(due_s=10, urgent=True), stop(id="b")])
    plan = plan_runs(made, iterations=FEW)
    assert plan["late"] == ["a"]
    assert faults(read_instance(made), plan) == []


def test_an_hour_that_begins_late_waits_for_its_goods() -> None:
    made = problem(stops=[stop(release_s=500), stop(id="b", release_s=900)])
    plan = plan_runs(made, iterations=FEW)
    assert plan["volunteers"][0]["trips"][0]["start_s"] in (500, 900)
    assert faults(read_instance(made), plan) == []


def test_nothing_to_bring_and_halves_of_seconds() -> None:
    assert plan_runs(problem(stops=[], travel_s=[[0]]))["last_return_s"] == 0
    plan = plan_runs(problem(load_s=60.5), iterations=FEW)
    assert plan["last_return_s"] == 60.5 + 60 + 30 + 30 + 30 + 80


def test_the_rest_is_planned_around_what_is_fixed() -> None:
    made = afternoon(5, stops=60, buildings=6, volunteers=3)
    instance = read_instance(made)
    first = made["stops"][0]["id"], made["stops"][7]["id"]
    fixed = Fixed(out=(Out("v1", 1500),), by_hand=(ByHand("v2", first),), now_s=100)
    plan = plan_runs(made, iterations=500, fixed=fixed)
    assert faults(instance, plan) == []
    trips = {row["id"]: row["trips"] for row in plan["volunteers"]}
    assert trips["v1"][0]["start_s"] >= 1500
    assert all(own[0]["start_s"] >= 100 for own in trips.values())
    assert list(first) in [[one["id"] for one in trip["stops"]] for trip in trips["v2"]]


def test_sixty_stops_and_more_are_looked_at_roughly_first() -> None:
    made = afternoon(2, stops=120, buildings=8, volunteers=3, medicines=6)
    instance, plan = read_instance(made), plan_runs(made, iterations=1_000)
    assert faults(instance, plan) == []
    assert plan["late"] == []
    assert plan == plan_runs(made, iterations=1_000)
    assert plan["last_return_s"] < plan_by_hand(made)["last_return_s"]
