"""Who reads what: scopes, field classes, the wall, Today, the search."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.http import Http404
from django.template.loader import render_to_string
from django.utils import translation

from shouwang.core.actors import OPERATOR
from shouwang.core.personal import DOOR, NAME, PHONE
from shouwang.core.registry import household_sections, lenses, search_sources, today_sources
from shouwang.core.scope import ObjectGrant, Scope
from shouwang.people import selectors, services
from shouwang.people.selectors.persons import age_words
from shouwang.people.tests.house import MORNING, House, family, made_up_id

pytestmark = pytest.mark.both

DAY = date(2022, 2, 20)


def shown(code: str, household, scope: Scope) -> str:
    section = household_sections.get(code)
    context = section.context(household.pk, scope, MORNING)
    return "" if context is None else render_to_string(section.template, {"s": context, "now": MORNING})


def volunteer(household) -> Scope:
    grant = ObjectGrant("people.household", household.pk, frozenset({NAME, DOOR, PHONE}), "help.request")
    return Scope(user=None, at=MORNING, objects=(grant,))


def test_a_foreign_household_is_not_there(house: House) -> None:
    household, wife, _husband = family(house.door)
    with pytest.raises(Http404):
        selectors.household_for(house.scope(house.charlie), household.pk)
    with pytest.raises(Http404):
        selectors.person_for(house.scope(house.charlie), wife.pk)
    assert not selectors.households_for(house.scope(house.charlie)).exists()
    assert selectors.household_for(volunteer(household), household.pk) == household
    with pytest.raises(Http404):
        selectors.household_for(volunteer(household), household.pk, "register.edit")


def test_numbers_are_masked_and_opened_by_class(house: House) -> None:
    household, *_ = family(house.door)
    full = shown("people.members", household, house.scope(house.alice))
    assert "1501••••••••••0" in full
    assert made_up_id("19410305", 2) not in full
    assert "199····0713" in full
    head = shown("people.members", household, house.scope(house.bob))
    assert "1501" not in head
    assert "199····0713" in head
    lent = shown("people.members", household, volunteer(household))
    assert "王桂英" in lent
    assert "1941" not in lent


def test_no_file_shows_a_whole_number(house: House) -> None:
    household, wife, _husband = family(house.door)
    for user in (house.alice, house.bob):
        assert made_up_id("19410305", 2) not in shown("people.members", household, house.scope(user))
    assert wife.id_number == made_up_id("19410305", 2)


def test_illness_is_for_those_who_may_read_it(house: House) -> None:
    household, wife, _husband = family(house.door)
    services.add_flag(
        household=household,
        person=wife,
        kind="dialysis",
        note="周一三五",
        source="探访",
        by=house.alice,
        at=MORNING,
    )
    services.add_flag(
        household=household, person=wife, kind="lives_alone", source="探访", by=house.alice, at=MORNING
    )
    with translation.override("en"):
        secretary = shown("people.care", household, house.scope(house.alice))
        assert "dialysis" in secretary
        assert "周一三五" in secretary
        stairwell = shown("people.care", household, house.scope(house.bob))
        assert "dialysis" not in stairwell
        assert "lives alone" in stairwell
        lent = shown("people.care", household, volunteer(household))
        assert "bring it to the door" in lent
        assert "dialysis" not in lent
        assert "lives alone" not in lent


def test_instructions_never_say_why(house: House) -> None:
    household, wife, _husband = family(house.door)
    for kind in ("dialysis", "positive", "no_phone", "dibao"):
        services.add_flag(household=household, person=wife, kind=kind, source="探访", by=house.alice)
    assert selectors.instructions_for(household) == ["no_phone", "to_door"]


def test_safety_counts_while_it_is_only_proposed(house: House) -> None:
    household, *_ = family(house.door)
    services.add_flag(household=household, kind="oxygen", source="短信", by=OPERATOR, state="proposed")
    services.add_flag(household=household, kind="dibao", source="短信", by=OPERATOR, state="proposed")
    assert selectors.cautious_flags(household) == ["oxygen"]


def test_the_wall_says_what_to_do(house: House) -> None:
    household, wife, _husband = family(house.door)
    lens = lenses.get("care")
    scope = house.scope(house.alice)
    assert not lens.cells(house.community.pk, scope, MORNING)
    services.add_flag(household=household, person=wife, kind="lives_alone", source="探访", by=house.alice)
    assert lens.cells(house.community.pk, scope, MORNING)[house.door.pk].mark == "·"
    services.add_flag(household=household, person=wife, kind="dialysis", source="探访", by=house.alice)
    cell = lens.cells(house.community.pk, scope, MORNING)[house.door.pk]
    assert (cell.mark, cell.tone) == ("↑", "need")
    with translation.override("en"):
        assert str(cell.title) == "bring it to the door"
    assert not lens.cells(house.community.pk, house.scope(house.charlie), MORNING)


def test_old_and_alone_is_seen_without_a_flag(house: House) -> None:
    home = services.open_household(dwelling=house.door, by=house.alice)
    person = services.add_person(household=home, name="周大爷", birth=(1940, None, None), by=house.alice)
    assert selectors.derived_flags(person, DAY) == ["aged_80", "alone_by_register"]
    assert (
        lenses.get("care").cells(house.community.pk, house.scope(house.alice), MORNING)[house.door.pk].mark
        == "·"
    )
    young = services.add_person(household=home, name="周小雨", birth=(1942, 2, 21), by=house.alice)
    assert selectors.derived_flags(young, DAY) == []
    assert selectors.derived_flags(young, date(2022, 2, 21)) == ["aged_80"]
    assert not lenses.get("care").cells(house.community.pk, house.scope(house.alice), MORNING)


def test_birth_dates_as_people_write_them(house: House) -> None:
    home = services.open_household(dwelling=house.door, by=house.alice)
    whole, month, year, baby = (
        services.add_person(household=home, name=name, birth=birth, by=house.alice, at=MORNING)
        for name, birth in (
            ("甲一", (1941, 3, 5)),
            ("乙一", (1941, 3, None)),
            ("丙一", (1941, None, None)),
            ("丁一", (2021, 6, 1)),
        )
    )
    with translation.override("zh-hans"):
        assert [selectors.birth_words(row) for row in (whole, month, year)] == [
            "1941年3月5日",
            "1941年3月",
            "1941年",
        ]
        assert [age_words(row, DAY) for row in (whole, year, baby)] == ["80岁", "约81岁", "8个月"]


def test_a_number_that_rings_finds_the_household(house: House) -> None:
    household, wife, _husband = family(house.door)
    services.add_contact(person=wife, name="李芳", phone="19900010001", by=house.alice)
    services.add_proxy(
        household=household, kind="neighbour", name="周敏", phone="19900010002", by=house.alice
    )
    for number in ("199 0001 0713", "+8619900010001", "19900010002"):
        assert selectors.households_by_phone(house.community.pk, number) == [household], number
        assert selectors.households_by_phone(house.elsewhere.pk, number) == []
    assert selectors.households_by_phone(house.community.pk, "") == []


@pytest.mark.parametrize(
    "said",
    [
        "王桂英",
        "桂英",
        "wgy",
        "wanggui",
        "wangguiying",
        "0713",
        "1990001",
        "0107",
        "199 0001 0713",
        "8-2-501",
        "8号楼2单元501",
        "8-501",
        "8-2-5O1",
        "8 2 501",
    ],
)
def test_the_search_finds_as_people_type(house: House, said: str) -> None:
    household, *_ = family(house.door)
    found = selectors.search_people(house.scope(house.alice), said)
    assert found
    assert found[0].household_id == household.pk
    assert found[0].name == "王桂英"
    assert not selectors.search_people(house.scope(house.charlie), said)
    assert not selectors.search_people(volunteer(household), said)


def test_an_id_number_is_searched_only_by_who_may_read_it(house: House) -> None:
    family(house.door)
    number = made_up_id("19410305", 2)
    assert selectors.search_people(house.scope(house.alice), number)
    assert not selectors.search_people(house.scope(house.bob), number)
    assert not selectors.search_people(house.scope(house.alice), number[:-4])


@pytest.mark.parametrize("said", ["", "w", "07", "%", "_", "'", "王%", "8-2-999"])
def test_the_search_finds_nothing_for_nothing(house: House, said: str) -> None:
    family(house.door)
    assert selectors.search_people(house.scope(house.alice), said) == []


def test_hits_say_no_number(house: House) -> None:
    family(house.door)
    hits = search_sources.get("people").search(house.scope(house.alice), "0713", MORNING)
    assert [hit.title for hit in hits] == ["王桂英"]
    assert "0713" not in str(hits)


def test_today_names_gaps_proposals_and_reviews(house: House) -> None:
    household, *_ = family(house.door)
    services.add_flag(
        household=household, kind="oxygen", source="短信", by=OPERATOR, at=MORNING, state="proposed"
    )
    services.add_flag(
        household=household, kind="dibao", source="台账", by=OPERATOR, at=MORNING, review_on=DAY
    )
    items = today_sources.get("people").items(house.scope(house.alice), MORNING)
    assert {item.key: item.rank for item in items} == {
        "people.doors": 2,
        "people.proposals": 3,
        "people.reviews": 4,
    }
    assert today_sources.get("people").items(house.scope(house.bob), MORNING) == []
    assert today_sources.get("people").items(house.scope(house.charlie), MORNING)[0].key == "people.doors"


def test_the_reader_of_a_file_is_on_record(house: House) -> None:
    household, *_ = family(house.door)
    services.record_file_read(household=household, by=house.bob, at=MORNING, why="0256")
    told = shown("people.reads", household, house.scope(house.alice))
    assert "张敏" in told
    assert "0256" in told
    assert shown("people.reads", household, volunteer(household)) == ""


def test_a_scope_is_not_widened_by_an_other_kind_of_object(house: House) -> None:
    household, *_ = family(house.door)
    scope = volunteer(household)
    wrong = replace(scope, objects=(replace(scope.objects[0], kind="help.request"),))
    with pytest.raises(Http404):
        selectors.household_for(wrong, household.pk)
