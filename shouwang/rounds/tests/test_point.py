"""The point: nobody goes upstairs before it is disinfected, bags are counted out and away, trouble becomes a request once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.core.errors import Conflict, Refusal
from shouwang.core.ids import uuid7
from shouwang.help.models import HelpRequest
from shouwang.incidents.tests.neighbourhood import AT, Neighbourhood
from shouwang.rounds import services
from shouwang.rounds.engines.bags import numbers_said, said_of
from shouwang.rounds.engines.barcodes import Given, barcode_fault, given_as
from shouwang.rounds.selectors.point import bags_of, point_disinfected
from shouwang.rounds.tests.table_world import id_number, sampling
from shouwang.rounds.tests.test_rounds import entry_of, here

__all__ = ["here"]
pytestmark = [pytest.mark.django_db, pytest.mark.both]


def test_nobody_goes_upstairs_before_the_point_is_disinfected(here: Neighbourhood) -> None:
    round_ = sampling(here)

    def step(name: str, minutes: int) -> None:
        services.take_point_step(round_=round_, step=name, by=here.bob, at=AT + timedelta(minutes=minutes))

    with pytest.raises(Refusal, match="point-not-open"):
        step("disinfected", 0)
    step("opened", 1)
    with pytest.raises(Refusal, match="point-not-disinfected"):
        step("upstairs", 2)
    step("disinfected", 3)
    done = point_disinfected(round_)
    assert done is not None and done.by == here.bob
    step("upstairs", 4)
    step("opened", 60 * 24)
    assert point_disinfected(round_) is None, "opened again the next day"
    with pytest.raises(Refusal, match="step-unknown"):
        step("closed", 60 * 25)


def test_bags_are_counted_out_and_away_by_their_numbers(here: Neighbourhood) -> None:
    round_ = sampling(here)
    about = {"round_": round_, "by": here.alice, "at": AT}
    assert [bag.number for bag in services.issue_bags(number=3, **about)] == [1, 2, 3]
    assert [bag.number for bag in services.issue_bags(number=2, **about)] == [4, 5]
    assert services.take_bags_away(numbers=[1, 2, 4], collected_by="清运员", **about) == 3
    assert (bags_of(round_).out, bags_of(round_).away, bags_of(round_).left) == (5, 3, (3, 5))
    for numbers in ([1], [3, 9], []):
        with pytest.raises(Refusal, match="bags-not-out"):
            services.take_bags_away(numbers=numbers, collected_by="清运员", **about)
    with pytest.raises(Refusal, match="collector-missing"):
        services.take_bags_away(numbers=[3], collected_by=" ", **about)
    with pytest.raises(Refusal, match="bags-number"):
        services.issue_bags(number=501, **about)
    assert bags_of(round_).left == (3, 5)


def test_bags_go_away_after_the_round_was_closed_and_none_come_out(here: Neighbourhood) -> None:
    round_ = sampling(here)
    services.issue_bags(round_=round_, number=1, by=here.alice, at=AT)
    services.close_round(round_=round_, reason="到此为止", by=here.alice, at=AT)
    services.take_bags_away(round_=round_, numbers=[1], collected_by="清运员", by=here.alice, at=AT)
    with pytest.raises(Conflict):
        services.issue_bags(round_=round_, number=1, by=here.alice, at=AT)


def test_a_trouble_is_one_request_however_often_it_is_sent(here: Neighbourhood) -> None:
    round_, command = sampling(here), uuid7()
    entry = entry_of(round_, "居民0head")
    about = {
        "round_": round_,
        "entry": entry,
        "words": "买不到菜",
        "command_id": command,
        "by": here.bob,
        "at": AT,
    }
    made = {services.report_trouble(category="shopping", **about).pk for _turn in range(2)}
    request = HelpRequest.objects.get()
    assert made == {request.pk}
    assert (request.household, request.person, request.taken_by, request.urgency, request.verified) == (
        entry.household, entry.person, here.bob, "today", "visit",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("category", "urgency"), [("emergency", "life"), ("question", "normal"), ("other", "today")]
)
def test_a_trouble_needs_no_words_and_no_entry(here: Neighbourhood, category: str, urgency: str) -> None:
    request = services.report_trouble(
        round_=sampling(here), entry=None, category=category, words=" ", command_id=uuid7(), by=here.bob, at=AT
    )  # fmt: skip
    assert (request.urgency, request.community_id, request.household) == (urgency, here.community.pk, None)
    with pytest.raises(Refusal, match="category-unknown"):
        services.report_trouble(
            round_=sampling(here), entry=None, category="gossip", words="", command_id=uuid7(), by=here.bob, at=AT
        )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", Given.NOTHING), ("  ", Given.NOTHING), ("SW1.ABC", Given.CODE), ("sw1.abc", Given.CODE),
        (id_number(5), Given.ID_NUMBER), (id_number(5).lower(), Given.ID_NUMBER),
        (id_number(5)[:-1] + ("1" if id_number(5)[-1] != "1" else "2"), Given.PERHAPS_ID),
        ("123456789012345678", Given.TUBE), ("E12345678", Given.PASSPORT), ("TUBE0001", Given.TUBE), ("王芳", Given.NAME),
        ("８８８８０００１", Given.TUBE),
    ],
)  # fmt: skip
def test_a_scan_is_told_by_its_form(text: str, kind: Given) -> None:
    assert given_as(text) is kind


@given(st.text(max_size=60))
def test_whatever_is_scanned_has_a_form_and_no_number_passes_for_a_tube(text: str) -> None:
    assert isinstance(given_as(text), Given)
    if given_as(text) in (Given.CODE, Given.ID_NUMBER):
        assert barcode_fault(text)


@given(st.sets(st.integers(1, 400), min_size=1, max_size=60))
def test_numbers_are_read_as_they_are_written(numbers: set[int]) -> None:
    assert numbers_said(said_of(numbers)) == sorted(numbers)


@pytest.mark.parametrize("text", ["", "a", "5-3", "1-900", "1--2", "1-2-3"])
def test_what_is_no_list_of_numbers_is_said(text: str) -> None:
    with pytest.raises(ValueError):
        numbers_said(text)


def test_lists_are_written_as_people_write_them() -> None:
    assert numbers_said("1–3，7、 9 至 10") == [1, 2, 3, 7, 9, 10]
