"""Two who do not know of each other write one field: the later word stands, neither is lost, and no word that keeps
somebody alive goes by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.http import Http404
from django.test import Client

from shouwang.core.errors import Conflict
from shouwang.core.ids import uuid7
from shouwang.core.registry import erasers
from shouwang.field.models import SetAside
from shouwang.field.selectors import snapshot_for
from shouwang.field.tests.phones import Phone, phone_of
from shouwang.people import services
from shouwang.people.models import CareFlag, Contradiction, FieldWord, Person
from shouwang.people.selectors import cautious_flags
from shouwang.people.selectors.contradictions import (
    contradiction_for,
    contradictions_told,
    marks_of,
    work_for,
)
from shouwang.people.selectors.own_copy import copy_parts
from shouwang.people.tests.house import MORNING, House, build_house, family
from shouwang.places.services import appoint
from shouwang.places.states import Role

pytestmark = pytest.mark.both
OLD, NEW, NEWER = "19900000001", "19900000002", "19900000003"


@pytest.fixture
def house(db: None) -> House:
    return build_house()


@pytest.fixture
def wife(house: House) -> Person:
    appoint(place=house.grid, role=Role.GRID_WORKER, holder=house.bob, by=house.alice, at=MORNING)
    _home, wife, _husband = family(house.door)
    return services.change_person(person=wife, phone=OLD, by=house.alice, at=MORNING)


def amend(of: Phone, person: Person, **said: Any) -> str:
    home = person.memberships.get(until_on=None).household_id
    of.make("people.amend", {"household": str(home), "person": str(person.pk), **said})
    (line,) = of.sync(MORNING)
    return line.status


def test_words_of_people_who_knew_leave_nothing_to_decide(house: House, wife: Person) -> None:
    phone = phone_of(house.bob, MORNING)
    assert amend(phone, wife, phone={"value": NEW, "seen": marks_of(wife)["phone"]}) == "accepted"
    wife.refresh_from_db()
    assert (wife.phone, wife.phone_reversed) == (NEW, NEW[::-1])
    services.change_person(person=wife, phone=NEWER, by=house.alice, at=MORNING, seen=marks_of(wife))
    assert not Contradiction.objects.exists()
    assert FieldWord.objects.get(person=wife, field="phone").by == house.alice


def test_the_later_word_stands_and_the_other_is_kept_for_its_author(house: House, wife: Person) -> None:
    phone, seen = phone_of(house.bob, MORNING), marks_of(wife)
    services.change_person(person=wife, phone=NEW, by=house.alice, at=MORNING, seen=seen)
    assert amend(phone, wife, phone={"value": NEWER, "seen": seen["phone"]}) == "accepted"
    wife.refresh_from_db()
    row = Contradiction.objects.get()
    assert wife.phone == NEWER
    assert (row.field, row.stands, row.other, row.stands_by, row.other_by) == (
        "phone", NEWER, NEW, house.bob, house.alice,
    )  # fmt: skip
    assert [item.kind for item in work_for(house.alice, MORNING)] == ["people.contradiction"]
    assert work_for(house.bob, MORNING) == []
    assert any(NEW in said for part in copy_parts(wife.pk, MORNING) for _when, said in part.lines)


def test_fields_merge_one_by_one(house: House, wife: Person) -> None:
    phone, seen = phone_of(house.bob, MORNING), marks_of(wife)
    services.change_person(person=wife, phone=NEW, by=house.alice, at=MORNING, seen=seen)
    assert amend(phone, wife, name={"value": "王桂瑛", "seen": seen["name"]}) == "accepted"
    wife.refresh_from_db()
    assert (wife.name, wife.phone) == ("王桂瑛", NEW)
    assert not Contradiction.objects.exists()


def test_the_same_word_twice_is_no_contradiction(house: House, wife: Person) -> None:
    phone, seen = phone_of(house.bob, MORNING), marks_of(wife)
    services.change_person(person=wife, phone=NEW, by=house.alice, at=MORNING, seen=seen)
    assert amend(phone, wife, phone={"value": NEW, "seen": seen["phone"]}) == "accepted"
    assert not Contradiction.objects.exists()


def test_nobody_contradicts_themselves(house: House, wife: Person) -> None:
    phone, seen = phone_of(house.bob, MORNING), marks_of(wife)
    home = str(wife.memberships.get().household_id)
    first = phone.make(
        "people.amend",
        {"household": home, "person": str(wife.pk), "phone": {"value": NEW, "seen": seen["phone"]}},
    )
    phone.make(
        "people.amend",
        {"household": home, "person": str(wife.pk), "phone": {"value": NEWER, "seen": f"own:{first}"}},
    )
    assert {line.status for line in phone.sync(MORNING)} == {"accepted"}
    assert not Contradiction.objects.exists()
    late = {"value": OLD, "seen": f"own:{first}"}
    assert amend(phone, wife, phone=late) == "accepted"
    assert Contradiction.objects.get().other == NEWER, "it did not know of what came after its own word"


def test_what_a_sheet_said_meanwhile_is_nobodys_word(house: House, wife: Person) -> None:
    phone, seen = phone_of(house.bob, MORNING), marks_of(wife)
    Person.objects.filter(pk=wife.pk).update(phone=NEW, phone_reversed=NEW[::-1])
    assert amend(phone, wife, phone={"value": NEWER, "seen": seen["phone"]}) == "accepted"
    assert (Contradiction.objects.get().other, Contradiction.objects.get().other_by) == (NEW, None)


def test_that_somebody_has_it_counts_at_once_and_waits_for_a_person(house: House, wife: Person) -> None:
    phone = phone_of(house.bob, MORNING)
    said = [{"kind": "oxygen", "holds": True}]
    assert amend(phone, wife, safety=said) == amend(phone, wife, safety=said) == "accepted"
    flag = CareFlag.objects.get()
    assert (flag.state, flag.person, flag.noted_by) == ("proposed", wife, house.bob)
    assert [kind.value for kind in cautious_flags(flag.household)] == ["oxygen"]


def test_that_somebody_has_it_no_longer_ends_nothing(house: House, wife: Person) -> None:
    phone, home = phone_of(house.bob, MORNING), wife.memberships.get().household
    flag = services.add_flag(
        household=home, person=wife, kind="oxygen", source="探访", by=house.alice, at=MORNING
    )
    said = [{"kind": "oxygen", "holds": False}]
    assert amend(phone, wife, safety=said) == amend(phone, wife, safety=said) == "accepted"
    row = Contradiction.objects.get()
    flag.refresh_from_db()
    assert (flag.state, row.flag, row.other_by) == ("accepted", flag, house.bob)
    services.decide_contradiction(contradiction=row, take_other=True, by=house.alice, at=MORNING)
    flag.refresh_from_db()
    assert flag.state == "ended"
    assert amend(phone, wife, safety=said) == "accepted"
    assert Contradiction.objects.count() == 1, "where no flag is there is nothing to contradict"


def test_another_kind_of_flag_is_set_aside(house: House, wife: Person) -> None:
    assert (
        amend(phone_of(house.bob, MORNING), wife, safety=[{"kind": "dibao", "holds": True}]) == "quarantined"
    )
    assert not CareFlag.objects.exists()


def test_a_person_says_which_holds_once(house: House, wife: Person) -> None:
    seen = marks_of(wife)
    services.change_person(person=wife, phone=NEW, by=house.alice, at=MORNING, seen=seen)
    services.change_person(person=wife, phone=NEWER, by=house.bob, at=MORNING, seen=seen)
    row = Contradiction.objects.get()
    services.decide_contradiction(contradiction=row, take_other=True, by=house.alice, at=MORNING)
    wife.refresh_from_db()
    assert wife.phone == NEW
    with pytest.raises(Conflict):
        services.decide_contradiction(contradiction=row, take_other=False, by=house.alice, at=MORNING)
    assert Contradiction.objects.count() == 1, "deciding contradicts nobody"
    assert work_for(house.alice, MORNING) == []
    eraser, after = erasers.get("people.contradiction"), MORNING + timedelta(days=31)
    assert (eraser.count(MORNING), eraser.count(after), eraser.verify(after)) == (0, 1, 1)
    assert eraser.erase_batch(after, 5) == 1
    assert eraser.verify(after) == 0


def test_whoever_moved_is_found_at_the_new_door_and_elsewhere_is_out_of_reach(
    house: House, wife: Person
) -> None:
    phone, seen, home = phone_of(house.bob, MORNING), marks_of(wife), wife.memberships.get().household
    there = services.open_household(dwelling=house.next_door, by=house.alice, at=MORNING)
    services.move_person(person=wife, household=there, relation="head", by=house.alice, at=MORNING)
    body = {"household": str(home.pk), "person": str(wife.pk), "phone": {"value": NEW, "seen": seen["phone"]}}
    phone.make("people.amend", body)
    assert phone.sync(MORNING)[0].status == "accepted"
    far = phone_of(house.charlie, MORNING)
    far.make("people.amend", body)
    assert (far.sync(MORNING)[0].reason, Person.objects.get(pk=wife.pk).phone) == ("gone", NEW)
    assert SetAside.objects.count() == 1


def test_only_who_looks_after_a_grid_carries_its_register(house: House, wife: Person) -> None:
    given = snapshot_for(house.scope(house.bob), MORNING, after=0, mark="")
    (home,) = given["homes"]
    assert [one["name"] for one in home["people"]] == ["王桂英", "李建国"]
    assert home["people"][0]["seen"] == marks_of(wife)
    assert OLD not in str(given), "the number stays at the office"
    assert [one["code"] for one in given["safety"]] == ["dialysis", "oxygen", "injectable", "pregnant"]
    others = snapshot_for(house.scope(house.alice), MORNING, after=0, mark="")
    assert (others["homes"], others["safety"]) == ([], [])


def test_an_illness_is_read_by_those_who_may(house: House, wife: Person) -> None:
    flag = services.add_flag(
        household=wife.memberships.get().household, person=wife, kind="oxygen", source="探访", by=house.alice, at=MORNING
    )  # fmt: skip
    services.hear_safety(person=wife, kind="oxygen", holds=False, by=house.bob, at=MORNING)
    row = Contradiction.objects.get(flag=flag)
    assert contradiction_for(house.scope(house.alice), row.pk) == row
    assert len(contradictions_told(house.scope(house.alice))) == 1
    with pytest.raises(Http404):
        contradiction_for(house.scope(house.charlie), row.pk)


def test_a_form_that_is_old_goes_over_nothing_unseen(client: Client, house: House, wife: Person) -> None:
    """A page stood open while somebody else wrote: what was left as it was is left, what was written is kept beside."""
    home = wife.memberships.get().household
    address = f"/people/households/{home.pk}/people/{wife.pk}/"
    client.force_login(house.alice, backend="django.contrib.auth.backends.ModelBackend")
    form = client.get(address).context["form"]
    shown = {name: form[name].value() or "" for name in form.fields if name != "other"}
    services.change_person(person=wife, phone=NEW, by=house.bob, at=MORNING)
    said = {**shown, "name": "王桂瑛", "command_id": str(uuid7())}
    assert client.post(address, said).status_code == 302
    wife.refresh_from_db()
    assert (wife.name, wife.phone) == ("王桂瑛", NEW)
    assert not Contradiction.objects.exists()
    # Both fields now differ from what that page showed; the name in it is its own word.
    said |= {"phone": NEWER, "command_id": str(uuid7())}
    client.post(address, said)
    assert [(row.stands, row.other) for row in Contradiction.objects.filter(field="phone")] == [(NEWER, NEW)]


def test_the_page_shows_both_and_takes_a_decision(client: Client, house: House, wife: Person) -> None:
    seen = marks_of(wife)
    services.change_person(person=wife, phone=NEW, by=house.bob, at=MORNING, seen=seen)
    services.change_person(person=wife, phone=NEWER, by=house.alice, at=MORNING, seen=seen)
    client.force_login(house.alice, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/people/contradictions/").content.decode()
    assert NEW in page
    assert NEWER in page
    row = Contradiction.objects.get()
    decide = {"holds": "other", "command_id": str(uuid7())}
    answer = client.post(f"/people/contradictions/{row.pk}/decide/", decide, follow=True)
    assert answer.status_code == 200
    wife.refresh_from_db()
    assert wife.phone == NEW
