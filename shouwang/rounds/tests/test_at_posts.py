"""Who heads a stairwell, a building or a grid finds those still missing there among their work."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shouwang.core.actors import OPERATOR
from shouwang.incidents.tests.neighbourhood import AT, Neighbourhood, add_user, signed_in
from shouwang.places.services import appoint, make_area
from shouwang.rounds.models import Round
from shouwang.rounds.selectors.at_posts import rounds_at_posts
from shouwang.rounds.services import close_round, mark_entry
from shouwang.rounds.tests.test_rounds import begun, here

__all__ = ["here"]
pytestmark = [pytest.mark.django_db, pytest.mark.both]


def heading(name: str, role: str, place: Any = None, **more: Any) -> Any:
    holder = add_user(name)
    appoint(place=place, role=role, holder=holder, by=OPERATOR, at=AT, **more)
    return holder


def told(user: Any) -> list[tuple[str, str]]:
    return [(item.door, str(item.small)) for item in rounds_at_posts(user, AT)]


def settle_one(here: Neighbourhood, round_: Round) -> None:
    entry = round_.entries.filter(stairwell_id=here.stairwells[0].pk).first()
    assert entry is not None
    mark_entry(entry=entry, state="done", by=here.alice, at=AT)


def test_each_head_is_told_of_their_own(here: Neighbourhood) -> None:
    building = heading("Dora", "building_head", here.buildings[0])
    grid = heading("Emil", "grid_worker", here.grid)
    round_ = begun(here)
    (item,) = rounds_at_posts(here.bob, AT)
    assert (item.door, item.title, item.round) == ("1号楼 1单元", round_.name, round_.pk)
    assert item.url == reverse("rounds:missing", args=[round_.pk]) and not item.entries
    before = [told(user) for user in (here.bob, building, grid)]
    assert [places for ((places, _small),) in before] == ["1号楼 1单元", "1号楼", "第一网格"]
    settle_one(here, round_)
    numbers = [[int("".join(filter(str.isdigit, small))) for ((_door, small),) in found]
               for found in (before, [told(user) for user in (here.bob, building, grid)])]  # fmt: skip
    assert [first - then for first, then in zip(*numbers, strict=True)] == [1, 1, 1]
    assert round_.entries.count() == numbers[0][2]
    page = signed_in(here.bob).get(reverse("field:my_work")).content.decode()
    assert round_.name in page and item.url in page


def test_nobody_is_told_of_a_round_that_is_over_or_not_theirs(here: Neighbourhood) -> None:
    other = heading("Dora", "building_head", here.buildings[1])
    begun(here, places=[here.buildings[0]])
    assert told(other) == [] and told(here.alice) == [], "a whole community has Today"
    assert len(told(here.bob)) == 1
    for entry in Round.objects.get().entries.filter(stairwell_id=here.stairwells[0].pk):
        mark_entry(entry=entry, state="done", by=here.alice, at=AT)
    assert told(here.bob) == []
    round_ = begun(here, name="再一轮")
    assert len(told(here.bob)) == 1
    close_round(round_=round_, reason="到此为止", by=here.alice, at=AT)
    assert told(here.bob) == []


def test_posts_over_an_area_or_several_places_are_named_together(here: Neighbourhood) -> None:
    area = make_area(
        community=here.community, kind="patch", name="北片", places=here.buildings, by=OPERATOR, at=AT
    )
    officer = heading("Finn", "seconded_officer", area=area)
    begun(here)
    ((door, _small),) = told(officer)
    assert door == "1号楼、2号楼等3处"


def test_it_costs_a_question_without_a_post_and_three_with_one(here: Neighbourhood) -> None:
    for name in ("一", "二", "三"):
        begun(here, name=name)
    for user, most in ((add_user("Nobody"), 1), (here.bob, 3)):
        with CaptureQueriesContext(connection) as queries:
            rounds_at_posts(user, AT)
        assert len(queries) <= most
