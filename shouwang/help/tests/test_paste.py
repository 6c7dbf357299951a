"""A pasted message becomes drafts; a person confirms each; nothing is written before."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from shouwang.core.ids import uuid7
from shouwang.help.models import HelpRequest
from shouwang.help.selectors import read_drafts
from shouwang.help.tests.scene import neighbourhood, scope
from shouwang.help.tests.test_pages import signed_in
from shouwang.people.models import CareFlag

pytestmark = pytest.mark.django_db

CHAIN = """接龙：今天买菜
1. 8号楼2单元501 土豆5斤，辣椒3斤
2. 9-1-101 鸡蛋三十个
3. 12号楼1单元301 白菜2棵"""


def fields(cards: Any) -> dict[str, str]:
    """What the browser would send back of these cards."""
    sent = {}
    for card in cards:
        for bound in card.form:
            value = bound.value()
            if value is not None and value is not False:
                sent[bound.html_name] = str(value)
    return sent


def test_one_draft_a_household_matched_where_the_door_is_on_file() -> None:
    made = neighbourhood()
    found = read_drafts(scope(made.alice), made.community.pk, CHAIN)
    assert len(found.drafts) == 3
    assert [draft.dwelling for draft in found.drafts] == [made.door, made.far_door, None]
    assert found.drafts[0].household == made.household
    assert [line.name for line in found.drafts[0].lines] == ["土豆", "辣椒"]
    assert not HelpRequest.objects.exists()


def test_another_place_matches_no_door() -> None:
    from shouwang.help.tests.scene import strangers

    made, far = neighbourhood(), strangers()
    found = read_drafts(scope(far.charlie), far.community.pk, CHAIN)
    assert [draft.dwelling for draft in found.drafts] == [None, None, None]
    assert made.household


def test_nothing_is_written_by_reading_then_one_then_all() -> None:
    made = neighbourhood()
    client = signed_in(made.alice)
    url = reverse("help:paste")
    page = client.post(url, {"verb": "read", "text": CHAIN})
    cards = page.context["cards"]
    assert len(cards) == 3
    assert not HelpRequest.objects.exists()
    start = {"number": "3", "community": str(made.community.pk), **fields(cards)}
    first = client.post(url, {**start, "command_id": str(uuid7()), "take": "1"})
    taken = HelpRequest.objects.get()
    assert taken.dwelling == made.far_door
    assert (taken.source, taken.verified) == ("chat", "no")
    assert first.context["cards"][1].taken == taken

    rest = {**start, "taken1": str(taken.pk), "d2-door": "", "command_id": str(uuid7()), "take": "all"}
    assert client.post(url, rest).status_code == 200
    assert HelpRequest.objects.count() == 3
    client.post(url, rest)
    assert HelpRequest.objects.count() == 3, "sent twice, taken in once"
    household = HelpRequest.objects.get(dwelling=made.door)
    assert household.household == made.household
    assert [line.name for line in household.lines.order_by("order")] == ["土豆", "辣椒"]


def test_an_unknown_door_is_asked_about_and_the_others_go_on() -> None:
    made = neighbourhood()
    client = signed_in(made.alice)
    url = reverse("help:paste")
    cards = client.post(url, {"verb": "read", "text": CHAIN}).context["cards"]
    body = {"number": "3", "community": str(made.community.pk), **fields(cards)}
    page = client.post(url, {**body, "command_id": str(uuid7()), "take": "all"})
    assert HelpRequest.objects.count() == 2
    assert page.context["cards"][2].form.errors["door"]


def test_a_note_read_once_is_proposed_for_the_file() -> None:
    made = neighbourhood()
    client = signed_in(made.alice)
    url = reverse("help:paste")
    cards = client.post(url, {"verb": "read", "text": "8号楼2单元501，老人腿脚不便，要米10斤"}).context[
        "cards"
    ]
    body = {"number": "1", "community": str(made.community.pk), **fields(cards)}
    client.post(url, {**body, "command_id": str(uuid7()), "take": "0"})
    flag = CareFlag.objects.get(household=made.household)
    assert (flag.kind, flag.state) == ("walks_badly", "proposed")


def test_danger_to_life_and_confidence_come_through() -> None:
    made = neighbourhood()
    found = read_drafts(scope(made.alice), made.community.pk, "8-2-501 我妈摔倒了起不来，流了好多血")
    assert found.drafts[0].urgency == "life"
    quiet = read_drafts(scope(made.alice), made.community.pk, "8-2-501 我不想活了，别打电话过来")
    assert quiet.drafts[0].confidential


def test_an_empty_paste_is_a_sentence() -> None:
    made = neighbourhood()
    page = signed_in(made.alice).post(reverse("help:paste"), {"verb": "read", "text": ""})
    assert page.status_code == 200
    assert page.context["form"].errors["text"]
