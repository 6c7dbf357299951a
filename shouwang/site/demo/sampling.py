"""This morning's sampling: begun half an hour ago from its roster, well on its way, with those who are still missing."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from shouwang.places import selectors as places
from shouwang.places.models import Place
from shouwang.rounds.models import Round
from shouwang.rounds.selectors.kinds import shipped_kind
from shouwang.rounds.services import (
    Word,
    begin_round,
    give_list,
    hear_words,
    propose_lists,
    take_point_step,
)
from shouwang.site.demo.crew import Crew

TUBE = 10
BEGAN, EACH = timedelta(minutes=28), timedelta(seconds=100)
DONE_BUILDINGS, BEGUN_BUILDINGS = 13, 3
# Of those who were called, every so many had nobody at home.
AWAY_EVERY = 23


def sample_this_morning(community: Place, crew: Crew, now: datetime) -> None:
    """Thirteen buildings are through, three are under way, eight are still to be called."""
    began = now - BEGAN
    buildings = places.buildings_in(community.pk)
    round_ = begin_round(
        community=community, name="第三轮核酸采样", kind=shipped_kind("sampling"), tube_size=TUBE, places=buildings,
        campaign=crew.campaign, by=crew.secretary, at=began,
    )  # fmt: skip
    take_point_step(round_=round_, step="opened", by=crew.clerk, at=began)
    order: dict[UUID | None, int] = {place.pk: number for number, place in enumerate(buildings)}
    rows = sorted(
        round_.entries.all(), key=lambda row: (order[row.building_id], str(row.household_id), str(row.pk))
    )
    called = [row for row in rows if order[row.building_id] < DONE_BUILDINGS + BEGUN_BUILDINGS]
    words: dict[int, list[Word]] = {}
    for number, row in enumerate(called):
        building = order[row.building_id]
        if building >= DONE_BUILDINGS and number % 2:
            continue
        there = number % AWAY_EVERY
        words.setdefault(building, []).append(
            Word(
                id=uuid5(NAMESPACE_URL, f"demo:{row.pk}"), entry_id=row.pk, state="done" if there else "away",
                tube=f"JX{number // TUBE:05d}" if there else "",
            )
        )  # fmt: skip
    for building, said in words.items():
        hear_words(said, by=crew.clerk, at=began + EACH * (building + 1))
    _some_go_up(round_, crew, now)


def _some_go_up(round_: Round, crew: Crew, now: datetime) -> None:
    """Whoever can't come down is visited: one of the lists is in the hands of a volunteer."""
    take_point_step(round_=round_, step="disinfected", by=crew.clerk, at=now)
    lists = propose_lists(round_=round_, by=crew.secretary, at=now)
    mine = min(lists, key=lambda one: (one.building_id is None, str(one.building_id)))
    give_list(walking_list=mine, volunteer=crew.volunteers["demo"], by=crew.secretary, at=now)
