"""Whatever is due has a process that does it, and that process is missed when it stops."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from shouwang.core import due
from shouwang.core.loops import Loop
from shouwang.core.registry import due_kinds

LANES = sorted({kind.lane for kind in due_kinds})


@pytest.mark.django_db(transaction=True)  # the loop closes connections that are in the middle of something
@pytest.mark.both
@pytest.mark.parametrize("lane", LANES)
def test_every_lane_has_a_heart(lane: str) -> None:
    at = timezone.now()
    assert not due.is_alive(lane, at)
    Loop(lane).turn()
    assert due.is_alive(lane, timezone.now())
    assert not due.is_alive(lane, at + timedelta(minutes=5))


@pytest.mark.django_db
def test_a_silent_heart_is_ill_health() -> None:
    answer = Client().get("/healthz")
    assert answer.status_code == 503
    assert set(LANES) <= set(answer.json()), "a lane that /healthz does not ask after"
    for lane in answer.json():
        if lane != "database":
            due.beat(lane, timezone.now(), 0)
    assert Client().get("/healthz").status_code == 200
