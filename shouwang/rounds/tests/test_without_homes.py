"""A round over spots or stairwells has entries without a home: every page of rounds stands them, and nobody is put on it."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from shouwang.core.errors import Refusal
from shouwang.core.ids import uuid7
from shouwang.help.models import HelpRequest
from shouwang.incidents.tests.neighbourhood import AT, Neighbourhood, signed_in
from shouwang.people.models import Person
from shouwang.rounds import services
from shouwang.rounds.models import Proposal, Round, WalkIn
from shouwang.rounds.selectors import kept_counts, recount
from shouwang.rounds.selectors.planning import waiting_in
from shouwang.rounds.selectors.proposals import told_proposals
from shouwang.rounds.selectors.table import find_entry, sheet_lines
from shouwang.rounds.services.walk_ins import entry_of
from shouwang.rounds.tests.test_kinds import defined, shipped
from shouwang.rounds.tests.test_rounds import begun, here

__all__ = ["here"]
pytestmark = [pytest.mark.django_db, pytest.mark.both]
RULE = {
    "code": "no_air", "when": {"code": "agent", "is": ["other"]},
    "propose": {
        "what": "request", "category": "repair", "urgency": "today", "title": {"en": "Look at it", "zh": "去看一下"},
    },
}  # fmt: skip


def over(here: Neighbourhood, whom: str) -> Round:
    if whom == "places":
        return begun(here, whom="places")
    services.add_spots(
        community=here.community, places=here.stairwells, name="电梯", per_day=2, by=here.alice, at=AT
    )
    kind = services.copy_kind(kind=shipped("disinfection"), community=here.community, by=here.alice, at=AT)
    services.change_kind(kind=kind, definition=defined(kind, rules=[RULE]), version=1, by=here.alice, at=AT)
    return begun(here, kind=kind, whom="")


@pytest.mark.parametrize("whom", ["spots", "places"])
def test_every_page_of_such_a_round_opens_and_what_is_of_people_is_not_there(
    here: Neighbourhood, whom: str
) -> None:
    round_, client = over(here, whom), signed_in(here.alice)
    entry = round_.entries.order_by("sort_key")[0]
    page = client.get(reverse("rounds:round", args=[round_.pk])).content.decode()
    assert "去采样台" not in page and reverse("rounds:walks", args=[round_.pk]) not in page
    assert reverse("rounds:calling", args=[round_.pk]) not in page
    for name, args in (
        ("missing", [round_.pk]), ("building", [round_.pk, here.buildings[0].pk]), ("sheets", [round_.pk]),
        ("entries", [round_.pk, here.stairwells[0].pk]), ("sheet", [round_.pk, here.stairwells[0].pk]),
        ("entry", [entry.pk]), ("close", [round_.pk]),
    ):  # fmt: skip
        answer = client.get(reverse(f"rounds:{name}", args=args))
        assert answer.status_code == 200, name
        if name in ("missing", "entries", "sheet", "entry"):
            assert "1号楼 1单元" in answer.content.decode(), name
    for name in ("table", "calling", "call_point", "slips", "screen"):
        assert client.get(reverse(f"rounds:{name}", args=[round_.pk])).status_code in (302, 404), name
    for name in ("table", "point", "walks"):
        assert client.get(reverse(f"rounds:{name}", args=[round_.pk])).status_code == 404, name


@pytest.mark.parametrize("whom", ["spots", "places"])
def test_nobody_is_put_on_such_a_round_or_called_to_it(here: Neighbourhood, whom: str) -> None:
    round_, person = over(here, whom), Person.objects.get(name="居民0head")
    Person.objects.filter(pk=person.pk).update(name="孙一")
    number, scope = round_.entries.count(), here.scope(here.alice)
    assert find_entry(round_, scope, name="孙一", at=AT).status == "unknown"
    shown = services.Shown("来客", "none")
    with pytest.raises(Refusal, match="not-of-people"):
        services.add_walk_in(
            round_=round_, shown=shown, walk_in_id=uuid7(), scope=scope, by=here.alice, at=AT
        )
    with pytest.raises(Refusal, match="not-of-people"):
        entry_of(round_, person, at=AT)
    with pytest.raises(Refusal, match="nobody-to-visit"):
        services.propose_lists(round_=round_, by=here.alice, at=AT)
    assert waiting_in(round_, AT) == []
    services.keep_true(round_id=round_.pk, at=AT)
    assert round_.entries.count() == number and not WalkIn.objects.exists()
    assert {line.name for line in sheet_lines(scope, round_, here.stairwells[0])} == {""}
    assert recount(round_.pk) == kept_counts(round_.pk)


def test_what_is_proposed_at_a_spot_is_asked_for_where_it_is(here: Neighbourhood) -> None:
    round_ = over(here, "spots")
    entry = round_.entries.get(stairwell_id=here.stairwells[0].pk)
    services.mark_entry(entry=entry, state="done", answers={"agent": "other"}, by=here.alice, at=AT)
    [told] = told_proposals(here.scope(here.alice), "zh")
    assert (told.door, told.name, told.heading) == ("1号楼 1单元 电梯", "", "去看一下")
    services.begin_proposal(proposal=Proposal.objects.get(), by=here.alice, at=AT)
    asked = HelpRequest.objects.get()
    assert (asked.household_id, asked.stairwell_id) == (None, here.stairwells[0].pk)


def test_a_trouble_at_a_spot_is_asked_for_where_it_is(here: Neighbourhood) -> None:
    round_ = over(here, "spots")
    entry = round_.entries.get(stairwell_id=here.stairwells[1].pk)
    said: dict[str, Any] = {"category": "repair", "words": "灯不亮", "command_id": uuid7()}
    asked = services.report_trouble(round_=round_, entry=entry, **said, by=here.bob, at=AT)
    assert (asked.household_id, asked.stairwell_id) == (None, here.stairwells[1].pk)


def test_such_a_round_is_closed_and_its_spots_are_not_reached(here: Neighbourhood) -> None:
    round_ = over(here, "spots")
    services.close_round(round_=round_, reason="到此为止", by=here.alice, at=AT)
    assert set(round_.entries.values_list("state", flat=True)) == {"not_reached"}
    assert recount(round_.pk) == kept_counts(round_.pk)
