"""A clock that jumps is not followed; one that is corrected is; a restart, of a process or of the machine, is neither."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.core.steady import TOLERANCE, Steady, boot_id, since_boot

START = 1_645_318_800.0
DAY, YEARS = 86_400.0, 10 * 365.25 * 86_400.0
JUMPS = (DAY, -DAY, YEARS, -YEARS)


class Machine:
    """A PC: `true` is the time that passes, `off` how wrong its clock is, `started` when it was switched on."""

    def __init__(self, kept_in: Path | None) -> None:
        self.kept_in = kept_in
        self.true, self.off, self.started, self.boots = START, 0.0, START - 500, 1

    def program(self) -> Steady:
        return Steady(
            self.kept_in,
            lambda: self.true + self.off,
            lambda: self.true - self.started,
            lambda: f"b{self.boots}",
        )

    def switch_on(self, after: float, off: float = 0.0) -> None:
        self.true += after
        self.started, self.off, self.boots = self.true, off, self.boots + 1


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "clock.json")


@pytest.mark.parametrize("jump", JUMPS)
def test_a_jump_is_held_off_until_it_is_put_right(machine: Machine, jump: float) -> None:
    steady = machine.program()
    assert steady.now() == START
    machine.true, machine.off = START + 10, jump
    assert (steady.now(), steady.held) == (START + 10, jump)
    machine.true += 3000
    assert steady.now() == START + 3010
    machine.off = 0
    assert (steady.now(), steady.held) == (START + 3010, 0)


@pytest.mark.parametrize("jump", JUMPS)
def test_a_program_started_after_the_jump_goes_by_the_same_time(machine: Machine, jump: float) -> None:
    first = machine.program()
    first.now()
    machine.true, machine.off = START + 30, jump
    assert machine.program().now() == first.now() == START + 30


@pytest.mark.parametrize("jump", JUMPS)
def test_a_person_may_say_that_the_new_time_is_right(machine: Machine, jump: float) -> None:
    first, second = machine.program(), machine.program()
    first.now(), second.now()
    machine.true, machine.off = START + 30, jump
    assert second.now() == START + 30
    first.accept()
    assert first.now() == second.now() == machine.program().now() == START + 30 + jump
    assert second.held == 0


def test_small_corrections_and_slow_drift_are_followed(machine: Machine) -> None:
    steady = machine.program()
    for _step in range(100):
        machine.true += 600
        machine.off += TOLERANCE / 2
        assert steady.now() == machine.true + machine.off
    assert steady.held == 0
    assert machine.program().now() == machine.true + machine.off


def test_after_a_night_switched_off_the_time_is_the_wall_s(machine: Machine) -> None:
    machine.program().now()
    machine.switch_on(after=9 * 3600)
    assert machine.program().now() == machine.true


def test_a_machine_that_starts_with_an_empty_battery_goes_on_and_believes_the_network(
    machine: Machine,
) -> None:
    machine.program().now()
    machine.switch_on(after=3600, off=-YEARS)
    steady = machine.program()
    assert steady.now() == START
    machine.true += 100
    assert steady.now() == START + 100 and steady.held < 0
    machine.off = 0
    assert (steady.now(), steady.held) == (machine.true, 0)
    machine.off = YEARS
    assert steady.now() == machine.true, "from then on a jump is held off as ever"


@pytest.mark.parametrize("said", ["", "{", "[]", '{"boot": 1}', "\0\0"])
def test_a_spoiled_file_and_none_at_all_do_no_harm(machine: Machine, said: str) -> None:
    assert machine.kept_in is not None
    machine.kept_in.write_text(said)
    assert machine.program().now() == START
    machine.kept_in = None
    assert machine.program().now() == START
    machine.kept_in = Path("/nowhere/at/all.json")
    assert machine.program().now() == START


STEPS = st.lists(
    st.tuples(
        st.floats(min_value=0, max_value=5000),
        st.sampled_from((0.0, *JUMPS)),
        st.sampled_from(("go on", "new program")),
    ),
    min_size=1,
    max_size=30,
)


@given(steps=STEPS)
def test_whatever_the_clock_does_time_passes_as_it_passes(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[float, float, str]]
) -> None:
    machine = Machine(tmp_path_factory.mktemp("home") / "clock.json")
    steady = machine.program()
    steady.now()
    for passes, off, what in steps:
        machine.true += passes
        machine.off = off
        steady = machine.program() if what == "new program" else steady
        assert steady.now() == pytest.approx(machine.true)


def test_where_the_system_does_not_say_when_it_was_started_the_wall_is_believed(machine: Machine) -> None:
    steady = Steady(machine.kept_in, lambda: machine.true + machine.off, boot_name=str)
    machine.off = DAY
    assert (steady.now(), steady.held) == (machine.true + DAY, 0)
    steady.accept()
    machine.off = -YEARS
    assert steady.now() == machine.true - YEARS


@pytest.mark.skipif(not boot_id(), reason="this system does not say when it was started")
def test_this_machine_has_both_clocks() -> None:
    assert since_boot() > 0
    before: Callable[[], float] = Steady(None).now
    assert before() <= Steady(None).now()
