"""What a `plan runs` file may hold, what is refused and with which words, loads over a cart."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.goods.engines.runs.instance import read_instance, split_load
from shouwang.goods.engines.runs.instances import afternoon


def problem(**changes: Any) -> dict[str, Any]:
    """Two stops and one volunteer, changed as said."""
    stop = {"weight_kg": 5, "release_s": 0, "due_s": None, "service_s": 30, "urgent": False}
    return {
        "stops": [{"id": "a", **stop}, {"id": "b", **stop}],
        "travel_s": [[0, 60, 80], [60, 0, 30], [80, 30, 0]],
        "volunteers": [{"id": "v", "cart_kg": 80}],
        "load_s": 60,
    } | changes


def stop(**changes: Any) -> dict[str, Any]:
    return problem()["stops"][0] | changes


def test_a_file_is_read() -> None:
    instance = read_instance(problem(stops=[stop(weight_kg=0.1 + 0.2, urgent=True, due_s=900), stop(id=2)]))
    assert [one.id for one in instance.stops] == ["a", 2]
    assert instance.stops[0].grams == 300
    assert instance.travel_s[0] == (0, 60, 80)
    assert not instance.has_limits


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"stops": None}, "'stops' must be a list"),
        ({"stops": [3, stop()]}, "stop number 1 must be an object"),
        ({"stops": [stop(), stop()]}, "stop 'a' appears twice"),
        ({"stops": [stop(), stop(id=True)]}, "stop number 2 needs an id"),
        ({"stops": [stop(id=""), stop()]}, "stop number 1 needs an id"),
        ({"stops": [stop(weight_kg=-1), stop(id="b")]}, "stop 'a': weight_kg must be a number from 0"),
        ({"stops": [stop(weight_kg="5"), stop(id="b")]}, "stop 'a': weight_kg"),
        ({"stops": [stop(release_s=float("nan")), stop(id="b")]}, "stop 'a': release_s"),
        ({"stops": [stop(due_s=float("inf")), stop(id="b")]}, "stop 'a': due_s"),
        ({"stops": [stop(service_s=None), stop(id="b")]}, "stop 'a': service_s"),
        ({"stops": [stop(urgent=1), stop(id="b")]}, "stop 'a': urgent must be true or false"),
        (
            {"stops": [stop(), stop(id="b", weight_kg=80.001)]},
            "stop 'b' weighs 80.001 kg, more than the largest cart",
        ),
        ({"travel_s": [[0, 1], [1, 0]]}, "a row for the gate and for each stop: 3, not 2"),
        ({"travel_s": [[0, 1, 2], [1, 0], [2, 1, 0]]}, "row 1 has 2 numbers, not 3"),
        ({"travel_s": [[0, 1, 2], [1, 0, -4], [2, 1, 0]]}, "row 1, column 2"),
        ({"travel_s": "far"}, "'travel_s'"),
        ({"volunteers": []}, "nobody to carry"),
        ({"volunteers": [{"id": "v", "cart_kg": True}]}, "volunteer 'v': cart_kg"),
        ({"volunteers": [{"id": "v", "cart_kg": 80}] * 2}, "volunteer 'v' appears twice"),
        ({"load_s": None}, "'load_s' must be a number"),
        ({"apart": [{"volunteers": ["v"]}]}, "must name a household or a stairwell"),
        (
            {"apart": [{"household": "1", "volunteers": ["w"]}]},
            "names a volunteer who is not in the file: 'w'",
        ),
    ],
)
def test_what_cannot_be_used_is_named(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError) as fault:
        read_instance(problem(**changes))
    assert words in str(fault.value)
    assert "\n" not in str(fault.value)


@pytest.mark.parametrize("said", [None, [], "x", 3, {}])
def test_what_is_no_problem_at_all_is_refused(said: Any) -> None:
    with pytest.raises(ValueError):
        read_instance(said)


LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3)
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
)


@given(key=st.sampled_from(["stops", "travel_s", "volunteers", "load_s", "apart"]), said=ANYTHING)
def test_whatever_stands_there_is_read_or_refused(key: str, said: Any) -> None:
    try:
        read_instance(problem(**{key: said}))
    except ValueError as fault:
        assert "\n" not in str(fault)


def test_the_afternoon_is_always_the_same_and_as_the_measure_asks() -> None:
    made = afternoon(1)
    assert made == afternoon(1) != afternoon(2)
    assert json.loads(json.dumps(made)) == made
    assert len(made["stops"]) == 400
    assert len(made["volunteers"]) == 8
    assert sum(one["urgent"] for one in made["stops"]) == 20
    assert all(one["due_s"] == one["release_s"] + 1800 for one in made["stops"] if one["urgent"])
    assert len({one["building"] for one in made["stops"]}) == 24
    read_instance(made)


@given(
    weights=st.lists(st.integers(0, 200_000).map(lambda grams: grams / 1000), max_size=12),
    cart=st.integers(1_000, 90_000).map(lambda grams: grams / 1000),
)
def test_a_load_is_split_into_stops_that_fit(weights: list[float], cart: float) -> None:
    stops = split_load(weights, cart)
    assert all(0 < round(sum(kg for _, kg in one) * 1000) <= round(cart * 1000) for one in stops)
    for thing, kg in enumerate(weights):
        parts = [part for one in stops for number, part in one if number == thing]
        assert round(sum(parts) * 1000) == round(kg * 1000)
        if kg <= cart:
            assert len(parts) <= 1, "what fits a cart stays whole"


def test_flour_oil_and_rice_of_one_household_are_two_stops() -> None:
    """2 x 50 jin flour, 20 jin oil, 50 jin rice: 85 kg behind a cart of 80."""
    stops = split_load([25, 25, 10, 25], 80)
    assert sorted(sum(kg for _, kg in one) for one in stops) == [10, 75]


def test_a_cart_that_carries_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="more than 0"):
        split_load([1], 0)
