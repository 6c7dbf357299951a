"""Assignment: optimal against every possibility tried, with reasons, and clear about bad input."""

from __future__ import annotations

import itertools
import random
import sys
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shouwang.help.engines import assign as engine
from shouwang.help.engines.assign import ExtraMissing, assign

pytest.importorskip("ortools")

COORDINATE = st.one_of(
    st.integers(-300, 300), st.floats(-300, 300, allow_nan=False).map(lambda x: round(x, 3))
)
SKILLS = st.lists(st.sampled_from(["nurse", "car", "repair"]), max_size=2, unique=True)


def a_request(**changes: Any) -> dict[str, Any]:
    """A request as the contract states one."""
    row = {"id": "r1", "place": [0, 0], "needs": [], "weight_kg": 1, "urgency": "normal", "continuity": None}
    return row | changes


def a_volunteer(**changes: Any) -> dict[str, Any]:
    """A volunteer as the contract states one."""
    row = {"id": "v1", "place": [0, 0], "skills": [], "carries_kg": 10, "free": 1, "load": 0}
    return row | changes


@st.composite
def problems(draw: st.DrawFn) -> dict[str, Any]:
    """Small problems whose every assignment can be tried."""
    volunteers = [
        a_volunteer(
            id=f"v{n}",
            place=[draw(COORDINATE), draw(COORDINATE)],
            skills=draw(SKILLS),
            carries_kg=draw(st.sampled_from([5, 10, 20])),
            free=draw(st.integers(0, 2)),
            load=draw(st.integers(0, 3)),
        )
        for n in range(draw(st.integers(0, 3)))
    ]
    requests = [
        a_request(
            id=f"r{n}",
            place=[draw(COORDINATE), draw(COORDINATE)],
            needs=draw(SKILLS),
            weight_kg=draw(st.sampled_from([0, 4, 8, 15])),
            urgency=draw(st.sampled_from(["life", "today", "normal"])),
            continuity=draw(st.sampled_from([None, "v0", "v1", "gone"])),
        )
        for n in range(draw(st.integers(0, 5)))
    ]
    return {"requests": requests, "volunteers": volunteers}


def pair_cost(request: dict[str, Any], volunteer: dict[str, Any]) -> float | None:
    """The contract's cost, written a second time; None where the pair is impossible."""
    if (
        not set(request["needs"]) <= set(volunteer["skills"])
        or request["weight_kg"] > volunteer["carries_kg"]
    ):
        return None
    way = sum(abs(a - b) for a, b in zip(request["place"], volunteer["place"], strict=True))
    new_face = request["continuity"] not in (None, volunteer["id"])
    return way + 200 * volunteer["load"] + 150 * new_face


def best_by_trying(problem: dict[str, Any]) -> tuple[int, float]:
    """Greatest weight and then least cost over every assignment."""
    volunteers = problem["volunteers"]
    best = (0, 0.0)
    for choice in itertools.product([None, *range(len(volunteers))], repeat=len(problem["requests"])):
        used = [choice.count(v) for v in range(len(volunteers))]
        if any(u > volunteers[v]["free"] for v, u in enumerate(used)):
            continue
        costs = [
            pair_cost(r, volunteers[v])
            for r, v in zip(problem["requests"], choice, strict=True)
            if v is not None
        ]
        if None in costs:
            continue
        weight = sum(
            engine.WEIGHTS[r["urgency"]]
            for r, v in zip(problem["requests"], choice, strict=True)
            if v is not None
        )
        best = max(best, (weight, -sum(costs)))
    return best[0], -best[1]


@settings(max_examples=150, deadline=None)
@given(problems())
def test_is_as_good_as_the_best_of_all(problem: dict[str, Any]) -> None:
    answer = assign(problem)
    by_id = {r["id"]: r for r in problem["requests"]}
    weight = sum(engine.WEIGHTS[by_id[row["request"]]["urgency"]] for row in answer["assigned"])
    best_weight, best_cost = best_by_trying(problem)
    assert weight == best_weight
    assert answer["total_cost"] == pytest.approx(best_cost, abs=1e-6)


@settings(max_examples=100, deadline=None)
@given(problems())
def test_every_request_is_answered_once_within_the_rules(problem: dict[str, Any]) -> None:
    answer = assign(problem)
    rows = [*answer["assigned"], *answer["unassigned"]]
    assert sorted(row["request"] for row in rows) == sorted(r["id"] for r in problem["requests"])
    assert all(row["why"] for row in rows)
    requests = {r["id"]: r for r in problem["requests"]}
    for volunteer in problem["volunteers"]:
        mine = [row for row in answer["assigned"] if row["volunteer"] == volunteer["id"]]
        assert len(mine) <= volunteer["free"]
        assert all(
            row["cost"] == pytest.approx(pair_cost(requests[row["request"]], volunteer)) for row in mine
        )


def test_life_goes_before_the_shorter_way() -> None:
    answer = assign(
        {
            "requests": [a_request(id="near"), a_request(id="far", place=[5000, 0], urgency="life")],
            "volunteers": [a_volunteer()],
        }
    )
    assert [row["request"] for row in answer["assigned"]] == ["far"]
    assert answer["unassigned"] == [{"request": "near", "why": ["everybody who could is full"]}]
    assert answer["total_cost"] == 5000


def test_two_urgent_weigh_as_much_as_one_life() -> None:
    answer = assign(
        {
            "requests": [
                a_request(id="a", urgency="life", needs=["car"]),
                a_request(id="b", urgency="today"),
                a_request(id="c"),
            ],
            "volunteers": [a_volunteer(skills=["car"]), a_volunteer(id="v2", place=[9, 9])],
        }
    )
    assert {row["request"]: row["volunteer"] for row in answer["assigned"]} == {"a": "v1", "b": "v2"}


def test_a_known_face_is_worth_150_metres() -> None:
    request = a_request(continuity="v2")
    for way, chosen in ((149, "v2"), (151, "v1")):
        answer = assign(
            {"requests": [request], "volunteers": [a_volunteer(), a_volunteer(id="v2", place=[way, 0])]}
        )
        assert answer["assigned"][0]["volunteer"] == chosen


def test_costs_are_the_written_decimals() -> None:
    answer = assign(
        {"requests": [a_request(id=n, place=[0.1, 0]) for n in range(3)], "volunteers": [a_volunteer(free=3)]}
    )
    assert answer["total_cost"] == 0.3


def test_long_fractions_are_solved_too() -> None:
    dice = random.Random(7)
    problem = {
        "requests": [
            a_request(id=f"r{n}", place=[dice.uniform(0, 900), dice.uniform(0, 900)]) for n in range(5)
        ],
        "volunteers": [
            a_volunteer(id=f"v{n}", place=[dice.uniform(0, 900), dice.uniform(0, 900)], free=2)
            for n in range(3)
        ],
    }
    assert assign(problem)["total_cost"] == pytest.approx(best_by_trying(problem)[1], abs=1e-5)


@pytest.mark.parametrize(
    ("request_row", "volunteers", "why"),
    [
        ({"needs": ["nurse"]}, [{}], "nobody has the skill nurse"),
        (
            {"needs": ["nurse", "car"]},
            [{"skills": ["nurse"]}, {"id": "v2", "skills": ["car"]}],
            "nobody has all of the skills car, nurse",
        ),
        ({"weight_kg": 85}, [{}], "nobody carries 85 kg"),
        (
            {"weight_kg": 15, "needs": ["car"]},
            [{"skills": ["car"]}, {"id": "v2", "carries_kg": 30}],
            "nobody with the needed skills carries 15 kg",
        ),
        ({}, [{"free": 0}], "everybody who could is full"),
        ({}, [], "there are no volunteers"),
    ],
)
def test_says_why_nobody_got_it(
    request_row: dict[str, Any], volunteers: list[dict[str, Any]], why: str
) -> None:
    answer = assign(
        {"requests": [a_request(**request_row)], "volunteers": [a_volunteer(**v) for v in volunteers]}
    )
    assert answer["unassigned"] == [{"request": "r1", "why": [why]}]
    assert answer["total_cost"] == 0


@pytest.mark.parametrize(
    ("problem", "sentence"),
    [
        ([], "the problem must be an object"),
        ({"requests": []}, "'volunteers' must be a list"),
        ({"requests": [a_request(), a_request()], "volunteers": []}, "request 'r1' appears twice"),
        ({"requests": [], "volunteers": [a_volunteer(), a_volunteer()]}, "volunteer 'v1' appears twice"),
        ({"requests": [a_request(place=[1])], "volunteers": []}, "request 'r1': place"),
        ({"requests": [a_request(place=[1, float("nan")])], "volunteers": []}, "request 'r1': place"),
        ({"requests": [a_request(place=[1, 10**400])], "volunteers": []}, "request 'r1': place"),
        ({"requests": [a_request(urgency="soon")], "volunteers": []}, "request 'r1': urgency"),
        ({"requests": [a_request(urgency=[])], "volunteers": []}, "request 'r1': urgency"),
        ({"requests": [a_request(weight_kg="5")], "volunteers": []}, "request 'r1': weight_kg"),
        ({"requests": [a_request(needs="nurse")], "volunteers": []}, "request 'r1': needs"),
        ({"requests": [a_request(continuity=[])], "volunteers": []}, "request 'r1': continuity"),
        ({"requests": [], "volunteers": [a_volunteer(free=-1)]}, "volunteer 'v1': free"),
        ({"requests": [], "volunteers": [a_volunteer(free=1.5)]}, "volunteer 'v1': free"),
        ({"requests": [], "volunteers": [a_volunteer(load=-1)]}, "volunteer 'v1': load"),
        ({"requests": [], "volunteers": ["v1"]}, "volunteer number 1 must be an object"),
        ({"requests": [{"place": [0, 0]}], "volunteers": []}, "request number 1 has no id"),
    ],
)
def test_names_the_faulty_item(problem: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match="^" + sentence) as caught:
        assign(problem)
    assert "\n" not in str(caught.value)


def test_names_the_missing_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ortools.graph.python.min_cost_flow", None)
    with pytest.raises(ExtraMissing, match="plan"):
        assign({"requests": [a_request()], "volunteers": [a_volunteer()]})


def test_300_requests_to_60_volunteers_are_quick() -> None:
    dice = random.Random(1)
    problem = {
        "requests": [
            a_request(
                id=f"r{n}",
                place=[dice.randrange(800), dice.randrange(800)],
                urgency=dice.choice(list(engine.WEIGHTS)),
            )
            for n in range(300)
        ],
        "volunteers": [
            a_volunteer(
                id=f"v{n}", place=[dice.randrange(800), dice.randrange(800)], free=4, load=dice.randrange(3)
            )
            for n in range(60)
        ],
    }
    started = time.perf_counter()
    answer = assign(problem)
    assert len(answer["assigned"]) == 240
    assert time.perf_counter() - started < 2
