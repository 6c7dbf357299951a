"""A roster door by door: stairwells and floors, everybody of a stairwell, the lens of the wall, the list for printing."""

from __future__ import annotations

import pytest
from django.urls import reverse

from shouwang.core.models import AuditEntry
from shouwang.incidents.tests.neighbourhood import AT, Neighbourhood, do_due, signed_in
from shouwang.rounds import services
from shouwang.rounds.selectors import MISSING_PAGE, kept_counts, missing_rows, recount
from shouwang.rounds.selectors.doors import (
    DONE,
    GROUPS,
    NOT_MINE,
    NOT_ON,
    OPEN,
    SOME,
    entries_at,
    round_look,
    stairwells_of,
)
from shouwang.rounds.services import closing
from shouwang.rounds.states import EntryState
from shouwang.rounds.tests.test_rounds import begun, entry_of, here

__all__ = ["here"]
pytestmark = [pytest.mark.django_db, pytest.mark.both]


def test_a_building_is_counted_by_stairwell_and_floor(here: Neighbourhood) -> None:
    round_ = begun(here)
    services.mark_entry(entry=entry_of(round_, "居民0head"), state="done", by=here.bob, at=AT)
    rows = stairwells_of(here.scope(here.alice), round_, here.buildings[0])
    assert [(row.place, row.counts.total, row.counts.done) for row in rows] == [
        (here.stairwells[0], 2, 1), (here.stairwells[1], 2, 0),
    ]  # fmt: skip
    assert [(floor, counts.open) for floor, counts in rows[0].floors] == [(1, 1)]
    assert [row.place for row in stairwells_of(here.scope(here.bob), round_, here.buildings[0])] == [
        here.stairwells[0]
    ]
    url = reverse("rounds:building", args=[round_.pk, here.buildings[0].pk])
    assert signed_in(here.bob).get(url).status_code == 200
    other = reverse("rounds:building", args=[round_.pk, here.buildings[1].pk])
    assert signed_in(here.bob).get(other).status_code == 404


def test_a_wrong_mark_is_found_and_what_was_refused_is_never_a_group_of_its_own(here: Neighbourhood) -> None:
    round_ = begun(here)
    first, second = entry_of(round_, "居民0head"), entry_of(round_, "居民0spouse")
    services.mark_entry(entry=first, state="done", by=here.bob, at=AT)
    services.mark_entry(entry=second, state="refused", note="已解释", by=here.bob, at=AT)
    scope, place = here.scope(here.bob), here.stairwells[0]
    shown = {
        group: [row.entry.pk for row in entries_at(scope, round_, place, group=group)[0]]
        for group in ("", *GROUPS)
    }
    assert shown == {"": shown[""], "open": [], "done": [first.pk], "otherwise": [second.pk]}
    assert len(shown[""]) == 2
    assert [row.name for row in entries_at(scope, round_, place, words="spouse")[0]] == ["居民0spouse"]
    assert {state for states in GROUPS.values() for state in states} == set(EntryState)
    assert EntryState.REFUSED in GROUPS["otherwise"] and len(GROUPS["otherwise"]) > 1
    assert entries_at(scope, round_, place, group="refused")[1].paginator.count == 2


def test_the_page_searches_by_post_and_is_on_record(here: Neighbourhood) -> None:
    round_ = begun(here)
    client = signed_in(here.bob)
    url = reverse("rounds:entries", args=[round_.pk, here.stairwells[0].pk])
    page = client.post(url, {"words": "0head"}).content.decode()
    assert "居民0head" in page and "居民0spouse" not in page
    assert (
        AuditEntry.objects.filter(kind="rounds.roster.read", stairwell_id=here.stairwells[0].pk).count() == 1
    )
    for place in (here.stairwells[1], here.buildings[0], here.elsewhere):
        assert client.get(reverse("rounds:entries", args=[round_.pk, place.pk])).status_code == 404


def test_the_wall_shows_each_door_by_the_largest_round_that_goes_on_and_names_it(here: Neighbourhood) -> None:
    scope = here.scope(here.alice)
    nothing = round_look(here.community.pk, scope, AT, "")
    assert (nothing.cells, nothing.rest) == ({}, NOT_ON) and nothing.title
    round_ = begun(here, name="第四轮")
    begun(here, name="只两栋", places=here.buildings[:1], at=here.later(1))
    for name in ("居民0head", "居民0spouse", "居民1head"):
        services.mark_entry(entry=entry_of(round_, name), state="done", by=here.alice, at=AT)
    look = round_look(here.community.pk, scope, AT, "")
    doors = [home.dwelling_id for home in here.households]  # type: ignore[attr-defined]
    assert [look.cells[door] for door in doors] == [DONE, SOME, OPEN, OPEN, OPEN, OPEN]
    assert (look.title, look.rest, look.of) == ("第四轮", NOT_ON, "")
    assert [name for _pk, name in look.choices] == ["第四轮", "只两栋"]
    mine = round_look(here.community.pk, here.scope(here.bob), AT, "")
    assert (set(mine.cells), mine.rest) == ({doors[0]}, NOT_MINE)
    looks = (DONE, SOME, OPEN, NOT_ON)
    assert len({cell.mark for cell in looks}) == len({cell.tone for cell in looks}) == 4


def test_another_round_is_chosen_on_the_wall_and_doors_that_are_not_on_it_are_not_green(
    here: Neighbourhood,
) -> None:
    begun(here, name="第四轮")
    small = begun(here, name="只一栋", places=here.buildings[:1], at=here.later(1))
    closed = begun(here, name="过去的", at=here.later(2))
    services.close_round(round_=closed, reason="到此为止", by=here.alice, at=here.later(3))
    scope, client = here.scope(here.alice), signed_in(here.alice)
    look = round_look(here.community.pk, scope, AT, str(small.pk))
    outside = here.households[-1].dwelling_id  # type: ignore[attr-defined]
    assert (look.title, outside in look.cells, look.of) == ("只一栋", False, str(small.pk))
    for strange in (str(closed.pk), "none", "' or 1=1"):
        assert round_look(here.community.pk, scope, AT, strange).title == "第四轮"
    page = client.get(reverse("desk:wall"), {"lens": "round"}).content.decode()
    assert "<b>第四轮</b>" in page and f"of={small.pk}" in page and "过去的" not in page
    page = client.get(reverse("desk:wall"), {"lens": "round", "of": small.pk}).content.decode()
    assert "<b>只一栋</b>" in page and "c-none" in page
    assert f"lens=round&amp;community={here.community.pk}&amp;of={small.pk}" in page
    url = reverse("desk:building", args=[here.buildings[1].pk])
    page = client.get(url, {"lens": "round", "of": small.pk}).content.decode()
    assert "cell-none" in page and "cell-calm" not in page


def test_the_list_says_how_many_there_are_and_shows_all_when_asked(here: Neighbourhood) -> None:
    round_ = begun(here)
    scope = here.scope(here.alice)
    rows, total = missing_rows(scope, round_, limit=5)
    assert (len(rows), total) == (5, 12)
    assert [row.door for row in missing_rows(scope, round_)[0]] == sorted(
        row.door for row in missing_rows(scope, round_)[0]
    )
    assert missing_rows(scope, round_, here.buildings[2].pk, limit=1)[1] == 4
    assert MISSING_PAGE < 5000
    assert signed_in(here.bob).get(reverse("rounds:missing", args=[round_.pk]) + "?all").status_code == 200


def test_a_large_roster_is_signed_off_in_slices(here: Neighbourhood, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closing, "SLICE", 5)
    round_ = begun(here)
    services.close_round(round_=round_, reason="到此为止", by=here.alice, at=AT)
    assert round_.entries.filter(state="not_reached").count() == 5
    do_due("clock", AT)
    assert set(round_.entries.values_list("state", "by")) == {("not_reached", here.alice.pk)}
    assert recount(round_.pk) == kept_counts(round_.pk)
