"""What is past its days goes, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shouwang.core.models import Tombstone
from shouwang.core.registry import erasers, purposes
from shouwang.people import services
from shouwang.people.models import CareFlag, Contact, Household, Membership, Person, Proxy, Stay
from shouwang.people.tests.house import MORNING, House, family

pytestmark = pytest.mark.both


def days(purpose: str) -> timedelta:
    return timedelta(days=purposes.get(purpose).days)


def test_who_left_is_kept_for_the_days_and_then_gone(house: House) -> None:
    household, wife, _husband = family(house.door)
    services.note_household(household=household, note="钥匙在邻居家", by=house.alice, at=MORNING)
    services.add_flag(
        household=household, person=wife, kind="dialysis", source="探访", by=house.alice, at=MORNING
    )
    services.close_household(household=household, by=house.alice, at=MORNING)
    eraser = erasers.get("people.register")
    before, after = MORNING + days("register"), MORNING + days("register") + timedelta(days=2)
    assert (eraser.count(before), eraser.verify(before)) == (0, 0)
    assert eraser.count(after) == 3
    assert eraser.verify(after) == 3
    assert eraser.erase_batch(after, 10) == 3
    assert (eraser.count(after), eraser.verify(after)) == (0, 0)
    assert not Person.objects.exists()
    assert not Household.objects.exists()
    assert not CareFlag.objects.exists()
    assert {"people.person", "people.household"} <= set(Tombstone.objects.values_list("kind", flat=True))


def test_who_lives_here_or_moved_within_stays(house: House) -> None:
    household, wife, _husband = family(house.door)
    home = services.open_household(dwelling=house.next_door, by=house.alice, at=MORNING)
    services.move_person(person=wife, household=home, relation="head", by=house.alice, at=MORNING)
    much_later = MORNING + timedelta(days=4000)
    assert erasers.get("people.register").count(much_later) == 0
    assert erasers.get("people.register").erase_batch(much_later, 10) == 0
    assert Person.objects.count() == 2
    assert household.memberships.count() == 2


def test_one_batch_is_no_larger_than_asked(house: House) -> None:
    household, *_ = family(house.door)
    services.close_household(household=household, by=house.alice, at=MORNING)
    after = MORNING + days("register") + timedelta(days=2)
    eraser = erasers.get("people.register")
    assert eraser.erase_batch(after, 1) == 1
    assert eraser.count(after) == 1


def test_what_ended_goes_in_its_own_time(house: House) -> None:
    household, wife, _husband = family(house.door)
    flag = services.add_flag(
        household=household, person=wife, kind="pregnant", source="探访", by=house.alice, at=MORNING
    )
    kept = services.add_flag(
        household=household, person=wife, kind="dialysis", source="探访", by=house.alice, at=MORNING
    )
    services.end_flag(flag=flag, by=house.alice, at=MORNING)
    services.record_stay(person=wife, kind="hospital", where="市一院", by=house.alice, at=MORNING)
    services.record_stay(person=wife, kind="home", by=house.alice, at=MORNING)
    contact = services.add_contact(person=wife, name="李芳", phone="19900010001", by=house.alice, at=MORNING)
    services.end_contact(contact=contact, by=house.alice, at=MORNING)
    proxy = services.add_proxy(
        household=household, kind="neighbour", name="周敏", phone="19900010002", by=house.alice, at=MORNING
    )
    services.end_proxy(proxy=proxy, by=house.alice, at=MORNING)
    for code, expected in (("people.care", 1), ("people.stay", 1), ("people.contact", 2)):
        eraser, after = erasers.get(code), MORNING + days(code.split(".")[1]) + timedelta(minutes=1)
        assert eraser.count(after - timedelta(minutes=2)) == 0, code
        assert (eraser.count(after), eraser.verify(after)) == (expected, expected), code
        assert eraser.erase_batch(after, 10) == expected, code
        assert (eraser.count(after), eraser.verify(after)) == (0, 0), code
    assert list(CareFlag.objects.values_list("pk", flat=True)) == [kept.pk]
    assert not Stay.objects.exists()
    assert not Contact.objects.exists()
    assert not Proxy.objects.exists()
    assert Membership.objects.count() == 2
