"""The computer's clock jumps by a day or by ten years, forwards and back, while a danger to life waits: whoever is to be
told is told at the second at which they would have been; and what a phone says of the time makes no difference."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction

from shouwang.core.due import do_until
from shouwang.core.steady import Steady
from shouwang.help.models import HelpRequest, Told
from shouwang.help.tests import scene
from tests.journeys.world import small_community
from tests.trials.record import record_trial

DAY, YEARS = 86_400.0, 10 * 365.25 * 86_400.0
JUMPS = (DAY, -DAY, YEARS, -YEARS)
TURN, LAST = 15, 600
SEED, SEQUENCES = 5, 24
Moments = dict[tuple[str, str], float]


class Undo(Exception):
    """Takes a sequence back."""


def told_when(made: SimpleNamespace, jumps: dict[int, float], restarts: set[int], kept_in: Path) -> Moments:
    """Seconds from the call for help until each person was told of it, by template; the wall's clock is off by `jumps`
    from the given second on, and the process that looks after deadlines starts anew at `restarts`."""
    machine = SimpleNamespace(true=scene.AT.timestamp(), off=0.0)

    def program() -> Steady:
        return Steady(kept_in, lambda: machine.true + machine.off, lambda: machine.true - 1e9, lambda: "b")

    def now() -> datetime:
        return datetime.fromtimestamp(desk.now(), UTC)

    found: Moments = {}
    desk, clock = program(), program()
    try:
        with transaction.atomic():
            now()
            asked = None
            for second in range(0, LAST + 1, TURN):
                machine.true = scene.AT.timestamp() + second
                machine.off = jumps.get(second, machine.off)
                clock = program() if second in restarts else clock
                if second == TURN:
                    asked = scene.asked(made, at=now(), category="emergency", urgency="life")
                do_until(datetime.fromtimestamp(clock.now(), UTC))
                for told in Told.objects.filter(request=asked) if asked else ():
                    found.setdefault((told.user.username, str(told.step)), second)
            raise Undo
    except Undo:
        return found


@pytest.mark.both
@pytest.mark.django_db
def test_nobody_is_told_too_early_or_too_late(tmp_path: Path) -> None:
    made, dice = scene.neighbourhood(), random.Random(SEED)
    right = told_when(made, {}, set(), tmp_path / "right.json")
    assert len(right) >= 5, "danger to life reaches several people in ten minutes"
    failed = 0
    turns = range(0, LAST + 1, TURN)
    for number in range(SEQUENCES):
        moments = dice.sample(turns, 4)
        jumps = dict(zip(moments, dice.sample([*JUMPS, 0.0], 4), strict=True))
        restarts = set(dice.sample(turns, 3))
        failed += told_when(made, jumps, restarts, tmp_path / f"{number}.json") != right
    record_trial(
        5, trials=SEQUENCES, failed=failed, told=len(right),
        what="ten minutes of danger to life while the computer's clock jumps by a day and by ten years, to and fro",
    )  # fmt: skip
    assert failed == 0


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_what_a_phone_takes_for_the_time_makes_no_difference(visit: Callable[..., Any]) -> None:
    world = small_community()
    failed, real = 0, datetime.now(UTC)
    for number, jump in enumerate(JUMPS):
        desk = visit(world.people["alice"])
        desk.page.clock.set_system_time(real + timedelta(seconds=jump))
        desk.go("/help/call/")
        desk.page.fill("#id_title", f"土豆{number}斤")
        desk.page.click(".form-end button[type=submit]")
        desk.page.wait_for_url("**/help/requests/**")
        request = HelpRequest.objects.get(title=f"土豆{number}斤")
        early, late = real - timedelta(minutes=1), real + timedelta(minutes=5)
        in_time = early < request.received_at < late and request.accept_due_at is not None
        failed += not (in_time and request.accept_due_at < late + timedelta(hours=3))
    record_trial(
        5, trials=len(JUMPS), failed=failed,
        what="requests written on a device whose clock is off by a day and by ten years",
    )  # fmt: skip
    assert failed == 0
