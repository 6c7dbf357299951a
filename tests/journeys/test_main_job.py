"""The main job from morning to night, on the screens, in Chinese: nobody is missed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys import steps_asking as asking
from tests.journeys import steps_morning as morning
from tests.journeys import steps_night as night
from tests.journeys.world import fresh_community, head_of, neighbours_report

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_day_in_zone_c(visit: Any) -> None:
    world = fresh_community()
    alice = morning.front_door(world, visit)
    morning.import_ledger(world, alice)
    neighbours_report(world, without=("3", "6"), spare=("8",))
    morning.open_incident(world, alice, visit)
    morning.fill_posts(world, alice, visit)
    bob = head_of(world, "8", "2", "bob")
    address = asking.scan_door(alice, world.leaf("8", "2"))
    shopping = asking.ask_in_large_print(visit, address)
    asking.check_what_was_asked(shopping.request)
    clerk, _baby, pills = asking.paste_message(world, visit)
    asking.offer(clerk, shopping, bob.user.name)
    asking.serve(visit, shopping, bob.user.name)
    night.rise(world, pills, visit)
    night.ring(clerk, pills)
    unwell = night.danger(world, visit, address)
    night.green_channel(world, visit, clerk, unwell)
    night.nobody_missed(alice, pills)
