"""Whether people come to a point follows from the kind; where they do not, no page speaks of calling, table or point."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shouwang.core.ids import uuid7
from shouwang.incidents.tests.neighbourhood import AT, Neighbourhood, signed_in
from shouwang.rounds import services
from shouwang.rounds.engines.shipped import shipped_kinds
from shouwang.rounds.models import Kind, Round
from shouwang.rounds.selectors import missing_rows
from shouwang.rounds.selectors.kinds import shipped_kind
from shouwang.rounds.selectors.phones import phone_rounds
from shouwang.rounds.selectors.walking import may_go_upstairs
from shouwang.rounds.tests.test_rounds import begun, here

__all__ = ["here"]
pytestmark = [pytest.mark.django_db, pytest.mark.both]
OF_A_POINT = ("叫号", "采样台", "消杀", "还没来")


def of_kind(here: Neighbourhood, code: str) -> Round:
    return begun(here, kind=shipped_kind(code), whom="")


def test_the_kinds_say_to_which_people_come() -> None:
    come = {row.code for row in Kind.objects.filter(community_id=None, at_point=True)}
    assert come == {"sampling", "vaccination", "handing_out"}
    assert come == {kind["code"] for kind in shipped_kinds() if kind["at_point"]}


def test_without_a_kind_it_is_a_point_for_people_and_none_for_stairwells(here: Neighbourhood) -> None:
    said = {whom: begun(here, whom=whom).at_point for whom in ("people", "households", "places")}
    assert said == {"people": True, "households": True, "places": False}
    assert of_kind(here, "sampling").at_point and not of_kind(here, "antigen").at_point
    kind = services.copy_kind(kind=shipped_kind("sampling"), community=here.community, by=here.alice, at=AT)
    assert kind.at_point
    Kind.objects.filter(pk=kind.pk).update(whom="places")
    assert not begun(here, kind=Kind.objects.get(pk=kind.pk), whom="").at_point, "places do not walk"


@pytest.mark.parametrize(
    ("code", "words"), [("antigen", "还没问"), ("daily_call", "还没打"), ("door_visit", "还没问")]
)
def test_a_round_without_a_point_speaks_of_none(here: Neighbourhood, code: str, words: str) -> None:
    round_, client = of_kind(here, code), signed_in(here.alice)
    page = client.get(reverse("rounds:round", args=[round_.pk])).content.decode()
    assert words in page and not [word for word in OF_A_POINT if word in page]
    assert reverse("rounds:walks", args=[round_.pk]) in page
    for name in ("table", "point", "call_point"):
        assert client.get(reverse(f"rounds:{name}", args=[round_.pk])).status_code == 404, name
    page = client.get(reverse("rounds:entries", args=[round_.pk, here.stairwells[0].pk])).content.decode()
    assert words in page and "还没来" not in page
    page = client.get(reverse("rounds:missing", args=[round_.pk])).content.decode()
    assert (words in page and "还没有人去过" not in page) is (code == "daily_call")
    done = round_.entries.first()
    services.mark_entry(entry=done, state="away", by=here.alice, at=AT)
    page = client.get(reverse("rounds:entry", args=[done.pk])).content.decode()  # type: ignore[union-attr]
    assert words in page and "还没来" not in page
    round_.refresh_from_db()
    assert phone_rounds(here.scope(here.alice), AT)[0]["at_point"] is False
    assert phone_rounds(here.scope(here.alice), AT)[0]["by_phone"] is (code == "daily_call")


def test_its_walking_lists_are_one_a_building_and_wait_for_no_disinfection(here: Neighbourhood) -> None:
    round_, client = of_kind(here, "antigen"), signed_in(here.alice)
    assert may_go_upstairs(round_) is True
    lists = services.propose_lists(round_=round_, by=here.alice, at=AT)
    assert [row.for_whom for row in lists] == ["not_come"] * len(here.buildings)
    pages = [("walks", round_.pk), ("walking_list", lists[0].pk), ("walking_sheet", lists[0].pk)]
    for name, pk in pages:
        page = client.get(reverse(f"rounds:{name}", args=[pk])).content.decode()
        assert "消杀" not in page and "没来的人" not in page, name


def test_a_round_with_a_point_is_as_it_was(here: Neighbourhood) -> None:
    round_, client = of_kind(here, "sampling"), signed_in(here.alice)
    page = client.get(reverse("rounds:round", args=[round_.pk])).content.decode()
    assert not [word for word in OF_A_POINT if word not in page]
    given = phone_rounds(here.scope(here.alice), AT)[0]
    assert (given["at_point"], given["by_phone"]) == (True, False)


def test_the_words_of_a_long_list_cost_no_question_each(here: Neighbourhood) -> None:
    round_ = of_kind(here, "daily_call")
    scope = here.scope(here.alice)
    found = Round.objects.select_related("kind").get(pk=round_.pk)
    rows, _total = missing_rows(scope, found)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert {row.entry.get_state_display() for row in rows} == {"还没打"}
    assert len(asked) == 0


def test_the_editor_keeps_whether_people_come(here: Neighbourhood) -> None:
    kind = services.copy_kind(kind=shipped_kind("survey"), community=here.community, by=here.alice, at=AT)
    client, url = signed_in(here.alice), reverse("rounds:change_kind", args=[kind.pk])
    assert "人到点上来" in client.get(url).content.decode()
    said = {
        "command_id": str(uuid7()), "version": kind.version, "name_zh": "登记", "whom": "people", "states": ["done"],
        "at_point": "on", "act": "save",
    }  # fmt: skip
    assert client.post(url, said).status_code == 302
    kind.refresh_from_db()
    assert kind.at_point and not kind.by_phone
    assert "人到点上来" in client.get(reverse("rounds:kind", args=[kind.pk])).content.decode()
