"""Supervision: what dies is started again, what can't stay up is given up, all end together."""

from __future__ import annotations

import os
import sys
import time

import pytest

from shouwang.site import children
from shouwang.site.children import MOST_STARTS, Child, Supervisor

STAYS = [sys.executable, "-c", "import time; time.sleep(60)"]
DIES = [sys.executable, "-c", "raise SystemExit(3)"]


def supervisor(*commands: list[str]) -> tuple[Supervisor, list[str]]:
    said: list[str] = []
    kept = [Child(f"child {number}", command, os.environ) for number, command in enumerate(commands)]
    return Supervisor(kept, said.append), said


def wait_until_dead(child: Child) -> None:
    assert child.running is not None
    child.running.wait(10)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_killed_child_is_started_again_and_the_others_are_left_alone() -> None:
    keeper, said = supervisor(STAYS, STAYS)
    keeper.look(now := time.monotonic())
    first, second = (child.running.pid for child in keeper.children if child.running)
    keeper.children[0].running.kill()  # type: ignore[union-attr]
    wait_until_dead(keeper.children[0])
    keeper.look(now + 1)
    keeper.look(now + 5)
    after = [child.running.pid for child in keeper.children if child.running]
    assert len(said) == 1
    assert after[0] != first
    assert after[1] == second
    keeper.end_all()
    assert not any(is_alive(pid) for pid in after)


def test_a_child_that_cannot_stay_up_is_given_up_and_all_end() -> None:
    keeper, said = supervisor(DIES, STAYS)
    now = time.monotonic()
    for turn in range(3 * MOST_STARTS):
        if keeper.stopping:
            break
        keeper.look(now + turn * 3)
        if keeper.children[0].running is not None:
            wait_until_dead(keeper.children[0])
    assert keeper.gave_up
    assert "giving up" in said[-1]
    assert keeper.children[0].starts == MOST_STARTS
    keeper.end_all()


def test_a_child_that_ran_steadily_gets_its_starts_back(monkeypatch: pytest.MonkeyPatch) -> None:
    keeper, _said = supervisor(DIES)
    now = time.monotonic()
    for turn in range(3 * MOST_STARTS):
        keeper.look(now + turn * children.STEADY_SECONDS)
        if keeper.children[0].running is not None:
            wait_until_dead(keeper.children[0])
    assert not keeper.gave_up


def test_a_child_that_ignores_the_request_to_end_is_made_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "PATIENCE_SECONDS", 0.5)
    deaf = "import signal, sys, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    keeper, _said = supervisor([sys.executable, "-c", deaf])
    keeper.look(time.monotonic())
    time.sleep(1)
    pid = keeper.children[0].running.pid  # type: ignore[union-attr]
    keeper.end_all()
    assert not is_alive(pid)
