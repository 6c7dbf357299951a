"""Where those called are by now, and a plan that goes on from there."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shouwang.rounds.engines.batches import one_after_another, plan_onwards
from shouwang.rounds.engines.mornings import morning
from shouwang.rounds.engines.point import MINUTE, Out, Point, read_point
from shouwang.rounds.engines.standing import PATIENCE, Called, standing
from shouwang.rounds.engines.tables import Tables


def test_who_is_on_the_way_is_not_in_the_queue() -> None:
    calls = [Called("a", "1", 6, 0, 0), Called("b", "2", 4, 0, 200)]
    now = standing(calls, tables=2, seconds=30, now=60)
    assert (now.waiting, now.walking) == (2, 4)
    assert [one.through for one in now.calls] == [90, 260]


def test_what_arrived_is_the_least_that_is_done() -> None:
    quick = standing([Called("a", "1", 6, 5, 0, last=20)], tables=2, seconds=30, now=30)
    assert quick.waiting == 1
    silent = standing([Called("a", "1", 6, 0, 0)], tables=2, seconds=30, now=95)
    assert silent.waiting == 0
    assert silent.calls[0].is_out(95, 60) and not silent.calls[0].is_out(151, 60)


def test_a_call_is_over_when_all_are_home_or_were_waited_for() -> None:
    done = standing([Called("a", "1", 2, 2, 0, last=50)], tables=2, seconds=30, now=60).calls[0]
    assert (done.through, done.is_over(109, 60), done.is_over(110, 60)) == (50, False, True)
    missing = standing([Called("a", "1", 2, 1, 0, last=50)], tables=2, seconds=30, now=60).calls[0]
    assert not missing.is_over(30 + 60 + PATIENCE - 1, 60) and missing.is_over(30 + 60 + PATIENCE, 60)


def test_nobody_called_is_an_empty_point() -> None:
    assert standing([], tables=3, seconds=30, now=10).waiting == 0


outs = st.lists(
    st.builds(Out, st.sampled_from(["1", "2", "3"]), st.integers(0, 15), st.integers(-900, 240)), max_size=4
)


@given(outs, st.integers(0, 400))
def test_a_plan_that_goes_on_keeps_the_limit_and_the_paths(out: list[Out], first: int) -> None:
    day = read_point(morning(60, 3, 5) | {"queue_limit": 20, "tables": 2})
    point = Point(
        day.households, day.apart, day.tables, day.seconds_per_person, 0, day.queue_limit, day.walk,
        tuple(out), first // MINUTE * MINUTE,
    )  # fmt: skip
    for tables in (plan_onwards(point)[0], one_after_another(point)):
        assert homes_in(tables) == sorted(str(home.id) for home in point.households)
        assert faults_of(point, tables) == []


def homes_in(tables: Tables) -> list[str]:
    return sorted(str(home.id) for slot in tables.slots for home in slot.households)


def faults_of(point: Point, tables: Tables) -> list[str]:
    """What is wrong with a plan, counted again from the slots alone."""
    faults: list[str] = []
    free, done, home_again = [0.0] * point.tables, [], {}

    def sample(people: int, arrives: float) -> float:
        last = arrives
        for _person in range(people):
            free.sort()
            free[0] = last = max(free[0], arrives) + point.seconds_per_person
            done.append(last)
        return last

    for out in sorted(point.out, key=lambda one: one.arrives):
        home_again[out.building] = max(
            home_again.get(out.building, 0), sample(out.people, out.arrives) + point.walk
        )
    for slot in tables.slots:
        if slot.arrives < point.first or slot.arrives % MINUTE:
            faults.append(f"{slot.building} at {slot.arrives}: before the first minute, or between two")
        there = sum(1 for one in done if one > slot.arrives + 1e-6)
        if there + slot.people > point.queue_limit:
            faults.append(f"{slot.building} at {slot.arrives}: {there} + {slot.people} in the queue")
        faults += [
            f"{slot.building} meets {other}"
            for other, back in home_again.items()
            if point.must_not_meet(slot.building, other) and slot.arrives - point.walk < back - 1e-6
        ]
        last = sample(slot.people, slot.arrives)
        home_again[slot.building] = max(home_again.get(slot.building, 0), last + point.walk)
    return faults
