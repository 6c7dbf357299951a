"""One person entered twice: proposed, put together, taken apart, erased."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.serializers import serialize
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from shouwang.core.actors import OPERATOR
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.ids import uuid7
from shouwang.people import selectors, services
from shouwang.people.engines.doubles import (
    SAME_BIRTH,
    SAME_DOOR,
    SAME_PHONE,
    SOUNDS_ALIKE,
    Known,
    alike,
    find_pairs,
)
from shouwang.people.models import (
    CareFlag,
    Contact,
    Household,
    KnownApart,
    Membership,
    Person,
    PersonMerge,
    Stay,
)
from shouwang.people.selectors.doubles import double_pairs, merges_for
from shouwang.people.selectors.persons import survivor_id
from shouwang.people.services import erasure
from shouwang.people.tests.house import MORNING, House, family, made_up_id
from shouwang.places.services import add_grid, appoint, ensure_building, ensure_dwelling
from shouwang.places.states import Role

LATER = MORNING + timedelta(hours=2)


@pytest.fixture
def alice(house: House, client: Client) -> Client:
    client.force_login(house.alice, backend="django.contrib.auth.backends.ModelBackend")
    return client


def twice(house: House, **more: Any) -> tuple[Household, Person, Household, Person]:
    """王桂英 behind 501 as in `family`, and once more, alone, behind 502."""
    home, wife, _husband = family(house.door)
    second = services.open_household(dwelling=house.next_door, by=house.alice, at=MORNING)
    said = {"name": "王桂英", "relation": "head", "birth": (1941, None, None), **more}
    return home, wife, second, services.add_person(household=second, by=house.alice, at=MORNING, **said)


def everything() -> str:
    """All that the register holds, but when rows were edited and what the merge itself leaves behind."""
    rows = [
        row
        for model in (Person, Household, Membership, CareFlag, Contact, Stay)
        for row in model.objects.order_by("pk")
    ]
    return "\n".join(
        line for line in serialize("json", rows, indent=1).splitlines() if '"edited_at"' not in line
    )


def known(key: int, **said: Any) -> Known:
    usual = {"name": "王桂英", "sound": "wangguiying", "birth": None, "phone": "", "number": "", "door": key}
    return Known(key, **{**usual, **said})


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ({"birth": (1941, 3, 5)}, {"birth": (1941, None, None)}, SAME_BIRTH),
        ({"birth": (1941, 3, 5)}, {"birth": (1941, 4, None)}, ""),
        ({"phone": "19900010713"}, {"phone": "19900010713", "birth": (1950, 1, 1)}, SAME_PHONE),
        ({"door": 7}, {"door": 7}, SAME_DOOR),
        ({}, {}, ""),
        ({"birth": (1941, 3, 5)}, {"birth": (1941, 3, 5), "name": "王桂瑛"}, SOUNDS_ALIKE),
        ({"birth": (1941, None, None)}, {"birth": (1941, 3, 5), "name": "王桂瑛"}, ""),
        ({"birth": (1941, 3, 5), "number": "a"}, {"birth": (1941, 3, 5), "number": "b"}, ""),
        ({"birth": (1941, 3, 5), "number": "a"}, {"birth": (1941, 3, 5)}, SAME_BIRTH),
    ],
)
def test_who_may_be_one(one: dict[str, Any], other: dict[str, Any], why: str) -> None:
    first, second = known(1, **one), known(2, **other)
    assert alike(first, second) == alike(second, first) == why


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from([None, (1941, 3, 5), (1941, None, None)]),
                          st.sampled_from(["", "1", "2"]), st.integers(1, 3)), max_size=9))  # fmt: skip
def test_pairs_are_what_comparing_everybody_finds(people: list[Any]) -> None:
    rows = [
        Known(key, name, name, birth, "", number, door)
        for key, (name, birth, number, door) in enumerate(people)
    ]
    compared = {
        (one.key, other.key) for one in rows for other in rows if one.key < other.key and alike(one, other)
    }
    assert {(pair.first, pair.second) for pair in find_pairs(rows)} == compared


def test_put_together_and_taken_apart_leaves_no_trace(house: House) -> None:
    home, wife, second, double = twice(
        house, phone="19900010799", id_kind="", id_number="", extra={"单位": "退休"}
    )
    for who, where, kind, state in (
        (wife, home, "dialysis", "proposed"),
        (double, second, "dialysis", "accepted"),
        (double, second, "oxygen", "accepted"),
    ):
        services.add_flag(
            household=where, person=who, kind=kind, source="探访", by=house.alice, at=MORNING, state=state
        )
    services.add_contact(person=wife, name="李明", phone="19900010001", by=house.alice, at=MORNING)
    services.add_contact(person=double, name="李红", phone="19900010002", by=house.alice, at=MORNING)
    services.record_stay(person=double, kind="hospital", where="市医院", by=house.alice, at=MORNING)
    for row in (wife, double):
        row.refresh_from_db()
    before = everything()

    merge = services.merge_persons(survivor=wife, alias=double, take=["phone"], by=house.alice, at=LATER)

    wife.refresh_from_db()
    assert wife.phone == "19900010799" and wife.phone_reversed == "19900010799"[::-1]
    assert (wife.birth_year, wife.birth_month, wife.extra) == (1941, 3, {"单位": "退休"})
    live = CareFlag.objects.filter(state="accepted", person=wife, household=home)
    assert set(live.values_list("kind", flat=True)) == {"dialysis", "oxygen"}
    rung = Contact.objects.filter(person=wife).order_by("order")
    assert [row.name for row in rung] == ["李明", "李红"]
    assert Stay.objects.get().person == wife
    second.refresh_from_db()
    assert second.until_on is not None and Membership.objects.filter(until_on__isnull=True).count() == 2
    assert survivor_id(double.pk) == wife.pk
    assert selectors.person_for(house.scope(house.alice), double.pk) == wife
    assert selectors.person_in(home, double.pk) == wife

    services.undo_merge(merge=merge, by=house.alice, at=LATER + timedelta(days=29))

    after = everything()
    # Somebody rung after others stays in that place: the order of those who are left says the same.
    assert after.replace('"order": 2', '"order": 1') == before.replace('"order": 2', '"order": 1')
    assert survivor_id(double.pk) == double.pk
    with pytest.raises(Conflict, match="merge-undone"):
        services.undo_merge(merge=merge, by=house.alice, at=LATER + timedelta(days=29))


def test_what_was_changed_by_hand_since_stays(house: House) -> None:
    _home, wife, _second, double = twice(house, phone="19900010799")
    merge = services.merge_persons(survivor=wife, alias=double, take=["phone"], by=house.alice, at=LATER)
    wife.refresh_from_db()
    services.change_person(person=wife, phone="19900010555", by=house.alice, at=LATER)
    services.undo_merge(merge=merge, by=house.alice, at=LATER)
    wife.refresh_from_db()
    double.refresh_from_db()
    assert (wife.phone, double.phone, double.voided_at) == ("19900010555", "19900010799", None)


def test_what_cannot_be_put_together(house: House) -> None:
    _home, wife, second, double = twice(house, id_kind="resident_id", id_number=made_up_id("19410305", 9))
    with pytest.raises(Refusal, match="two-numbers"):
        services.merge_persons(survivor=wife, alias=double, by=house.alice, at=LATER)
    with pytest.raises(Refusal, match="same-person"):
        services.merge_persons(survivor=wife, alias=wife, by=house.alice, at=LATER)
    far = services.open_household(dwelling=house.far_door, by=house.charlie, at=MORNING)
    other = services.add_person(household=far, name="王桂英", by=house.charlie, at=MORNING)
    with pytest.raises(Refusal, match="other-community"):
        services.merge_persons(survivor=wife, alias=other, by=house.alice, at=LATER)
    services.void_person(person=double, by=house.alice, at=MORNING)
    third = services.add_person(household=second, name="王桂英", by=house.alice, at=MORNING)
    with pytest.raises(Conflict, match="person-voided"):
        services.merge_persons(survivor=double, alias=third, by=house.alice, at=LATER)


def test_undoing_has_an_end_and_an_order(house: House) -> None:
    _home, wife, second, double = twice(house)
    third = services.add_person(household=second, name="王桂英", by=house.alice, at=MORNING)
    first = services.merge_persons(survivor=double, alias=third, by=house.alice, at=LATER)
    services.merge_persons(survivor=wife, alias=double, by=house.alice, at=LATER)
    assert survivor_id(third.pk) == wife.pk
    with pytest.raises(Conflict, match="merged-further"):
        services.undo_merge(merge=first, by=house.alice, at=LATER)
    with pytest.raises(Conflict, match="merge-too-old"):
        services.undo_merge(merge=first, by=house.alice, at=LATER + timedelta(days=31))


def test_two_who_are_two_are_asked_about_once(house: House) -> None:
    _home, wife, _second, double = twice(house)
    scope = house.scope(house.alice)
    ((pair,), total) = double_pairs(scope, MORNING)
    assert total == 1 and {pair.first.membership.person, pair.second.membership.person} == {wife, double}
    services.tell_apart(one=double, other=wife, by=house.alice, at=LATER)
    services.tell_apart(one=wife, other=double, by=house.alice, at=LATER)
    assert double_pairs(scope, MORNING) == ([], 0) and KnownApart.objects.count() == 1
    assert double_pairs(house.scope(house.charlie), MORNING) == ([], 0)


def test_after_thirty_days_only_the_id_is_left(house: House) -> None:
    home, wife, _second, double = twice(house)
    services.merge_persons(survivor=wife, alias=double, by=house.alice, at=LATER)
    late = LATER + timedelta(days=31)
    assert erasure.merges_past(late).count() == 1 and erasure.verify_merges(late) > 0
    assert erasure.erase_merges(late, 10) == 1
    assert erasure.verify_merges(late) == 0 and erasure.merges_past(late).count() == 0
    double.refresh_from_db()
    assert double.name == "" and survivor_id(double.pk) == wife.pk
    services.close_household(household=home, by=house.alice, at=late)
    gone = late + timedelta(days=200)
    erasure.erase_register(gone, 50)
    assert not Person.objects.exists() and not PersonMerge.objects.exists()


def test_the_pages(house: House, alice: Client) -> None:
    home, wife, _second, double = twice(house, phone="19900010799")
    listed = alice.get(reverse("people:doubles")).content.decode()
    assert "王桂英" in listed and "19900010799" not in listed
    address = reverse("people:merge_pair", args=[wife.pk, double.pk])
    shown = alice.get(address).content.decode()
    assert "19900010799" in shown and "19900010713" in shown
    said = {
        "command_id": str(uuid7()),
        "home": str(wife.pk),
        "phone": str(double.pk),
        "birth": str(wife.pk),
    }
    wrong = alice.post(address, {**said, "home": "nowhere"})
    assert wrong.status_code == 422
    for _twice in range(2):
        assert alice.post(address, said).status_code == 302
        if PersonMerge.objects.count() == 1:
            break
    wife.refresh_from_db()
    assert wife.phone == "19900010799" and PersonMerge.objects.count() == 1
    (merged,) = merges_for(house.scope(house.alice), LATER)
    undo = reverse("people:undo_merge", args=[merged.row.pk])
    assert alice.post(undo, {"command_id": str(uuid7())}).status_code == 302
    double.refresh_from_db()
    assert double.voided_at is None and selectors.household_of(wife) == home
    apart = reverse("people:tell_apart", args=[wife.pk, double.pk])
    assert alice.post(apart, {"command_id": str(uuid7())}).status_code == 302
    assert KnownApart.objects.count() == 1


def test_entering_somebody_who_is_on_file_asks_first(house: House, alice: Client) -> None:
    family(house.door)
    second = services.open_household(dwelling=house.next_door, by=house.alice, at=MORNING)
    address = reverse("people:add_person", args=[second.pk])
    said = {"command_id": str(uuid7()), "name": "王桂英", "relation": "head", "birth": "1941"}
    asked = alice.post(address, said)
    assert asked.status_code == 422 and Person.objects.count() == 2
    assert 'name="other"' in asked.content.decode() and "501" in asked.content.decode()
    assert alice.post(address, {**said, "other": "on"}).status_code == 302 and Person.objects.count() == 3
    stranger = {**said, "command_id": str(uuid7()), "name": "周海燕"}
    assert alice.post(address, {**stranger, "relation": "spouse"}).status_code == 302


def test_entering_says_not_where_to_whom_may_not_see(house: House, client: Client) -> None:
    grid = add_grid(community=house.community, code="2", name="第二网格", by=OPERATOR, at=MORNING)
    other = ensure_building(community=house.community, code="9", grid=grid, by=OPERATOR, at=MORNING)
    family(ensure_dwelling(leaf=other, door="901", floor=9, by=OPERATOR, at=MORNING))
    here = services.open_household(dwelling=house.door, by=house.alice, at=MORNING)
    appoint(place=house.grid, role=Role.GRID_HEAD, holder=house.bob, by=OPERATOR, at=MORNING)
    client.force_login(house.bob, backend="django.contrib.auth.backends.ModelBackend")
    said = {"command_id": str(uuid7()), "name": "王桂英", "relation": "head", "phone": "19900010713"}
    answer = client.post(reverse("people:add_person", args=[here.pk]), said)
    shown = answer.content.decode()
    assert answer.status_code == 422 and 'name="other"' in shown and "901" not in shown
