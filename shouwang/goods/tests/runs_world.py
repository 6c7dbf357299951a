"""Small instances for the tests of delivery runs."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st


@st.composite
def problems(draw: Any, *, limits: bool = False, most: int = 9) -> dict[str, Any]:
    """Instances of a few stops and up to three volunteers; with `limits` also hours, strength and who is apart."""
    n = draw(st.integers(0, most))
    places = draw(
        st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300)), min_size=n + 1, max_size=n + 1)
    )
    whole = draw(st.booleans())
    unit = 1 if whole else 0.5
    volunteers = [
        {"id": f"v{number}", "cart_kg": draw(st.sampled_from([10, 25.5, 80]))}
        for number in range(draw(st.integers(1, 3)))
    ]
    largest = max(who["cart_kg"] for who in volunteers)
    stops = []
    for number in range(n):
        release = draw(st.integers(0, 1200)) * unit
        due = draw(st.none() | st.integers(0, 2400))
        stops.append(
            {
                "id": f"s{number}",
                "weight_kg": draw(st.integers(0, round(largest * 10))) / 10,
                "release_s": release,
                "due_s": None if due is None else release + due,
                "service_s": draw(st.integers(0, 120)) * unit,
                "urgent": due is not None and draw(st.booleans()),
            }
        )
    made: dict[str, Any] = {
        "stops": stops,
        "travel_s": [[(abs(x - u) + abs(y - v)) * unit for u, v in places] for x, y in places],
        "volunteers": volunteers,
        "load_s": draw(st.integers(0, 120)),
    }
    return _limited(draw, made) if limits else made


def _limited(draw: Any, made: dict[str, Any]) -> dict[str, Any]:
    for who in made["volunteers"]:
        if draw(st.booleans()):
            who["from_s"] = draw(st.integers(0, 600))
        if draw(st.booleans()):
            who["until_s"] = who.get("from_s", 0) + draw(st.integers(0, 4000))
        if draw(st.booleans()):
            who["strength_kg"] = draw(st.integers(0, 40))
    for stop in made["stops"]:
        stop["household"] = draw(st.sampled_from(["1-1-101", "1-2-201", "2-1-301"]))
        stop["stairwell"] = stop["household"][:3]
    ids = [who["id"] for who in made["volunteers"]]
    made["apart"] = draw(
        st.lists(
            st.fixed_dictionaries(
                {
                    "household": st.sampled_from(["1-1-101", "2-1-301"]),
                    "volunteers": st.lists(st.sampled_from(ids)),
                }
            ),
            max_size=2,
        )
    )
    return made
