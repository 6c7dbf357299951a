"""The main job from morning to night, on the screens, in Chinese: nobody is missed."""

from __future__ import annotations

import sys
import time
from typing import Any

import pytest

from tests.journeys import steps_asking as asking
from tests.journeys import steps_morning as morning
from tests.journeys import steps_night as night
from tests.journeys.world import fresh_community, head_of, neighbours_report

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_day_in_zone_c(visit: Any) -> None:
    T=time.time(); world = fresh_community()
    alice = morning.front_door(world, visit); print(time.time()-T, file=sys.stderr)
    morning.import_ledger(world, alice); print(time.time()-T, file=sys.stderr)
    neighbours_report(world, without=("3", "6"), spare=("8",)); print(time.time()-T, file=sys.stderr)
    morning.open_incident(world, alice, visit); print(time.time()-T, file=sys.stderr)
    morning.fill_posts(world, alice, visit); print(time.time()-T, file=sys.stderr)
    bob = head_of(world, "8", "2", "bob"); print(time.time()-T, file=sys.stderr)
    address = asking.scan_door(alice, world.leaf("8", "2")); print(time.time()-T, file=sys.stderr)
    shopping = asking.ask_in_large_print(visit, address); print(time.time()-T, file=sys.stderr)
    asking.check_what_was_asked(shopping.request); print(time.time()-T, file=sys.stderr)
    clerk, _baby, pills = asking.paste_message(world, visit); print(time.time()-T, file=sys.stderr)
    asking.offer(clerk, shopping, bob.user.name); print(time.time()-T, file=sys.stderr)
    asking.serve(visit, shopping, bob.user.name); print(time.time()-T, file=sys.stderr)
    night.rise(world, pills, visit); print(time.time()-T, file=sys.stderr)
    night.ring(clerk, pills); print(time.time()-T, file=sys.stderr)
    unwell = night.danger(world, visit, address); print(time.time()-T, file=sys.stderr)
    night.green_channel(world, visit, clerk, unwell); print(time.time()-T, file=sys.stderr)
    night.nobody_missed(alice, pills); print(time.time()-T, file=sys.stderr)
