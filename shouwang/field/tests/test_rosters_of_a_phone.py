"""Which rounds and which entries a phone is given, and that it can tell a whole roster from a part of one."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shouwang.core.actors import OPERATOR
from shouwang.field.selectors import snapshot_for
from shouwang.incidents.tests.neighbourhood import AT, Neighbourhood, add_user, settle
from shouwang.people.services import add_person
from shouwang.places.services import appoint
from shouwang.rounds.engines.parts import fair_parts
from shouwang.rounds.models import Kind, Round
from shouwang.rounds.selectors import phones
from shouwang.rounds.services import begin_round, mark_entry

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def here() -> Neighbourhood:
    here = settle()
    for number, home in enumerate(here.households):
        for relation in ("head", "spouse", "child"):
            add_person(household=home, name=f"居民{number}{relation}", relation=relation, by=OPERATOR, at=AT)
    return here


def begun(here: Neighbourhood, name: str, minutes: int, **more: Any) -> Round:
    said = {"whom": "people", "places": here.buildings} | more
    return begin_round(community=here.community, name=name, by=here.alice, at=here.later(minutes), **said)


def given(here: Neighbourhood, user: Any) -> dict[str, Any]:
    return snapshot_for(here.scope(user, 9), here.later(9), after=0, mark="")


def test_a_limit_is_divided_so_that_nobody_starves() -> None:
    assert fair_parts([3, 4], 10) == [3, 4]
    assert fair_parts([900, 7], 100) == [93, 7]
    assert fair_parts([7, 900, 50], 100) == [7, 47, 46]
    assert fair_parts([0, 5, 5], 3) == [0, 2, 1]
    assert fair_parts([], 3) == fair_parts([], 0) == []


def test_a_roster_that_is_cut_says_so_and_what_is_open_comes_first(
    here: Neighbourhood, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = begun(here, "第二轮", 0), begun(here, "第三轮", 1)
    small = begun(here, "入户", 2, places=[here.stairwells[0]])
    last = list(new.entries.order_by("-sort_key", "-id")[:2])
    for entry in new.entries.exclude(pk__in=[entry.pk for entry in last]):
        mark_entry(entry=entry, state="done", by=here.alice, at=here.later(3))
    monkeypatch.setattr(phones, "MOST_ENTRIES", 15)
    told = given(here, here.alice)
    assert [(one["id"], one["all"], one["open"], one["cut"]) for one in told["rounds"]] == [
        (str(small.pk), 3, 3, False), (str(new.pk), 18, 2, True), (str(old.pk), 18, 18, True),
    ]  # fmt: skip
    assert [one["round"] for one in told["entries"]] == [
        str(pk) for pk, times in ((small.pk, 3), (new.pk, 6), (old.pk, 6)) for _time in range(times)
    ]
    ours = [one for one in told["entries"] if one["round"] == str(new.pk)]
    assert {one["id"] for one in ours[:2]} == {str(entry.pk) for entry in last}
    assert [one["state"] for one in ours] == ["waiting"] * 2 + ["done"] * 4


def test_more_rounds_ask_no_more_questions(here: Neighbourhood) -> None:
    begun(here, "第一轮", 0)
    asked = []
    for minutes in (1, 2):
        with CaptureQueriesContext(connection) as queries:
            assert len(given(here, here.alice)["rounds"]) == minutes
        asked.append(len(queries))
        begun(here, "再一轮", minutes)
    assert asked[0] == asked[1]


def test_a_round_with_nothing_for_me_is_not_among_mine(here: Neighbourhood) -> None:
    appoint(place=here.stairwells[5], role="stairwell_head", holder=add_user("Dora"), by=OPERATOR, at=AT)
    appoint(place=here.community, role="on_call", holder=add_user("Eve"), by=OPERATOR, at=AT)
    begun(here, "一单元", 0, places=[here.stairwells[0]])
    dora, eve = (here.community.posts.model.objects.get(holder__name=name).holder for name in ("Dora", "Eve"))
    assert [len(given(here, user)["rounds"]) for user in (here.bob, here.alice, eve, dora)] == [1, 1, 1, 0]


def test_a_round_without_anybody_is_there_for_whoever_sits_at_its_table(here: Neighbourhood) -> None:
    begun(here, "空", 0).entries.all().delete()
    assert given(here, here.bob)["rounds"] == []
    (told,) = given(here, here.alice)["rounds"]
    assert (told["all"], told["open"], told["cut"]) == (0, 0, False)


def test_a_phone_is_told_which_answers_are_danger_to_life(here: Neighbourhood) -> None:
    begun(here, "问候", 0, kind=Kind.objects.get(community_id=None, code="daily_call"))
    (told,) = given(here, here.bob)["rounds"]
    by_code = {one["code"]: one for one in told["questions"]}
    assert by_code["unwell_how"]["life"] == ["breath"]
    assert all(one["life"] == [] for code, one in by_code.items() if code != "unwell_how")
    assert {one["life_from"] for one in told["questions"]} == {None}
