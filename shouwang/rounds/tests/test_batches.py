"""The plan of a point: everybody once, the queue under its limit, no two buildings that must not meet, green lane first."""

from __future__ import annotations

import copy
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shouwang.rounds.engines.batches import (
    ExtraMissing,
    best_tables,
    calls_of,
    clock_words,
    one_after_another,
    plan_batches,
    replay,
)
from shouwang.rounds.engines.mornings import morning
from shouwang.rounds.engines.point import MINUTE, Point, read_point
from shouwang.rounds.engines.tables import Tables

pytest.importorskip("ortools")


@st.composite
def points(draw: st.DrawFn) -> dict[str, Any]:
    """Small points of every sort: tight queues, far buildings, all lanes, any pairs kept apart."""
    buildings = [str(n) for n in range(1, draw(st.integers(1, 5)) + 1)]
    limit = draw(st.integers(1, 20))
    homes = draw(st.lists(
        st.tuples(st.sampled_from(buildings), st.integers(1, min(6, limit)), st.sampled_from(["green", "usual"])),
        max_size=25,
    ))  # fmt: skip
    pairs = [[one, other] for one in buildings for other in buildings if one < other]
    return {
        "households": [
            {"id": n, "building": building, "people": people, "lane": lane}
            for n, (building, people, lane) in enumerate(homes)
        ],
        "paths": draw(st.lists(st.sampled_from(pairs), max_size=6)) if pairs else [],
        "tables": draw(st.integers(1, 4)),
        "seconds_per_person": draw(st.sampled_from([5, 27, 60, 90.5])),
        "opens": "06:00",
        "queue_limit": limit,
        "walk_minutes": draw(st.integers(0, 6)),
    }


def require_sound(problem: dict[str, Any], plan: dict[str, Any]) -> None:
    """Counts the plan again from its own words, person by person, without the planner's own replay."""
    point = read_point(problem)
    homes = {home.id: home for home in point.households}
    called = [pk for slot in plan["slots"] for pk in slot["households"]]
    assert sorted(map(str, called)) == sorted(map(str, homes))
    lanes = [slot["lane"] for slot in plan["slots"]]
    assert lanes == sorted(lanes)
    done: list[float] = []
    free = [0.0] * point.tables
    out: list[tuple[str, float, float]] = []
    for slot in plan["slots"]:
        hours, minutes = slot["starts"].split(":")
        arrives = (int(hours) * 60 + int(minutes)) * MINUTE - point.opens
        assert arrives >= 0
        assert {homes[pk].building for pk in slot["households"]} == {slot["building"]}
        assert slot["people"] == sum(homes[pk].people for pk in slot["households"])
        still_there = sum(1 for one in done if one > arrives + 1e-6)
        assert still_there + slot["people"] <= point.queue_limit
        last = float(arrives)
        for _person in range(slot["people"]):
            free.sort()
            free[0] = last = max(free[0], arrives) + point.seconds_per_person
            done.append(last)
        out.append((slot["building"], arrives - point.walk, last + point.walk))
    for n, (one, left, back) in enumerate(out):
        for other, left_too, back_too in out[n + 1 :]:
            if point.must_not_meet(one, other):
                assert back <= left_too + 1e-6 or back_too <= left + 1e-6
    end = max(done, default=0.0)
    assert plan["ends"] == clock_words(point, -(-end // MINUTE) * MINUTE)


@given(points())
@settings(max_examples=60, deadline=None)
def test_every_plan_is_sound(problem: dict[str, Any]) -> None:
    plan = plan_batches(problem)
    require_sound(problem, plan)
    assert sum(slot["people"] for slot in plan["slots"]) == sum(
        home["people"] for home in problem["households"]
    )


@pytest.mark.parametrize("seed", [1, 2])
def test_a_morning_of_1400_is_sound_and_close_to_tables_that_never_rest(seed: int) -> None:
    problem = morning(1400, 24, seed)
    plan = plan_batches(problem)
    require_sound(problem, plan)
    point = read_point(problem)
    assert best_tables(point).ends <= 1.10 * point.least_seconds
    assert one_after_another(point).ends > 1.5 * point.least_seconds


def test_the_same_file_gives_the_same_plan() -> None:
    problem = morning(400, 10, 3)
    assert plan_batches(problem) == plan_batches(copy.deepcopy(problem))


def test_two_buildings_that_meet_wait_for_each_other() -> None:
    problem = morning(60, 2, 4) | {"paths": [["1", "2"]], "walk_minutes": 5}
    plan = plan_batches(problem)
    require_sound(problem, plan)
    point = read_point(problem)
    free = plan_batches(problem | {"paths": []})
    assert plan["ends"] > free["ends"]
    assert point.must_not_meet("1", "2") and not point.must_not_meet("1", "1")


def test_nobody_to_call_is_an_empty_plan() -> None:
    assert plan_batches(morning(5, 1, 1) | {"households": []}) == {"slots": [], "ends": "06:00"}


def test_calls_come_in_the_order_that_is_asked_for() -> None:
    point = read_point(morning(100, 4, 5))
    order = sorted(calls_of(point), key=lambda call: (call.lane, call.building), reverse=True)
    assert next(slot.lane for slot in replay(point, order).slots) == order[0].lane


def test_the_queue_is_counted_with_those_at_the_tables() -> None:
    point = Point((), frozenset(), tables=2, seconds_per_person=30, opens=0, queue_limit=4, walk=0)
    tables = Tables(point)
    homes = read_point(morning(4, 1, 1) | {"queue_limit": 4, "households": [
        {"id": 1, "building": "1", "people": 4, "lane": "usual"}]}).households  # fmt: skip
    tables.call("1", "usual", homes, 0)
    assert [tables.at_the_point(when) for when in (0, 29, 30, 60)] == [4, 4, 2, 0]
    assert (tables.next_chance("1", 2), tables.next_chance("1", 4)) == (60, 60)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"households": {}}, "'households' must be a list"),
        ({"households": [{"building": "1", "people": 1}]}, "household number 1 needs an id"),
        ({"households": [{"id": "a", "building": "1", "people": 0}]}, "household 'a': people"),
        ({"households": [{"id": "a", "building": "", "people": 1}]}, "household 'a': building"),
        ({"households": [{"id": "a", "building": "1", "people": 1, "lane": "red"}]}, "green or usual"),
        ({"households": [{"id": "a", "building": "1", "people": 1}] * 2}, "'a' appears twice"),
        ({"households": [{"id": "a", "building": "1", "people": 99}]}, "more than the queue_limit"),
        ({"households": [7]}, "household number 1 must be an object"),
        ({"paths": [["1"]]}, "path number 1 must name two buildings"),
        ({"paths": [["1", 1]]}, "path number 1 names the same building twice"),
        ({"tables": 0}, "'tables' must be a whole number"),
        ({"tables": True}, "'tables' must be a whole number"),
        ({"seconds_per_person": "30"}, "'seconds_per_person' must be a number"),
        ({"opens": "6 o'clock"}, "'opens' must be a time"),
        ({"opens": "23:50"}, "busy at midnight"),
        ({"queue_limit": 0}, "'queue_limit' must be"),
        ({"walk_minutes": -1}, "'walk_minutes' must be"),
    ],
)
def test_what_cannot_be_planned_is_named(change: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        plan_batches(morning(300, 3, 1) | change)


def test_without_the_solver_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ortools.sat.python", None)
    with pytest.raises(ExtraMissing, match="plan"):
        plan_batches(morning(20, 2, 1))
