"""What may be written about people, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from shouwang.core.actors import OPERATOR
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.models import AuditEntry
from shouwang.core.registry import invariants
from shouwang.people import selectors, services
from shouwang.people.models import CareFlag, DoorState, Household, Membership
from shouwang.people.signals import care_changed, home_changed
from shouwang.people.tests.house import MORNING, House, family, made_up_id

DAY = date(2022, 2, 20)


def kinds() -> list[str]:
    return list(
        AuditEntry.objects.filter(kind__startswith="people.").order_by("id").values_list("kind", flat=True)
    )


def test_a_known_number_is_refused_without_saying_whose(house: House) -> None:
    household, *_ = family(house.door)
    with pytest.raises(Refusal) as refused:
        services.add_person(
            household=household,
            name="王桂芳",
            id_kind="resident_id",
            id_number=made_up_id("19410305", 2),
            by=house.alice,
        )
    assert (refused.value.code, refused.value.field) == ("id-known", "id_number")
    assert "王桂英" not in refused.value.sentence()


def test_a_household_has_one_head(house: House) -> None:
    household, _wife, husband = family(house.door)
    with pytest.raises(Refusal, match="head-there"):
        services.add_person(household=household, name="李小雨", relation="head", by=house.alice)
    row = Membership.objects.get(person=husband)
    with pytest.raises(Refusal, match="head-there"):
        services.change_relation(membership=row, relation="head", by=house.alice)


def test_nothing_is_half_written(house: House) -> None:
    household, *_ = family(house.door)
    before = (Household.objects.count(), len(kinds()))
    with pytest.raises(Refusal):
        services.add_person(household=household, name="赵磊", relation="head", by=house.alice)
    assert not selectors.search_people(house.scope(house.alice), "赵磊")
    assert (Household.objects.count(), len(kinds())) == before


def test_a_flag_moves_by_its_table_and_is_announced(house: House) -> None:
    household, wife, _husband = family(house.door)
    heard: list[tuple[str, str]] = []

    def hear(sender: object, **told: object) -> None:
        heard.append((str(told["kind"]), str(told["state"])))

    care_changed.connect(hear)
    try:
        about = {"household": household, "person": wife, "kind": "to_door", "source": "门口附言"}
        flag = services.add_flag(**about, state="proposed", by=OPERATOR, at=MORNING)
        assert services.add_flag(**about, state="proposed", by=OPERATOR, at=MORNING).pk == flag.pk
        services.decide_flag(flag=flag, accept=True, by=house.alice, at=MORNING)
        with pytest.raises(Conflict):
            services.decide_flag(
                flag=CareFlag.objects.get(pk=flag.pk), accept=False, by=house.alice, at=MORNING
            )
        services.end_flag(flag=flag, by=house.alice, at=MORNING)
    finally:
        care_changed.disconnect(hear)
    assert heard == [("to_door", "proposed"), ("to_door", "accepted"), ("to_door", "ended")]
    assert kinds()[-3:] == ["people.flag.proposed", "people.flag.accepted", "people.flag.ended"]
    assert "to_door" not in str(list(AuditEntry.objects.values_list("payload", flat=True)))


def test_accepting_what_is_proposed_accepts_it(house: House) -> None:
    household, *_ = family(house.door)
    proposed = services.add_flag(
        household=household, kind="infant", source="短信", by=OPERATOR, state="proposed"
    )
    accepted = services.add_flag(household=household, kind="infant", source="探访", by=house.alice)
    assert accepted.pk == proposed.pk
    assert accepted.state == "accepted"


def test_flags_about_a_person_go_with_the_person(house: House) -> None:
    household, wife, husband = family(house.door)
    hers = services.add_flag(household=household, person=wife, kind="dialysis", source="探访", by=house.alice)
    his = services.add_flag(
        household=household, person=husband, kind="no_phone", source="探访", by=house.alice
    )
    home = services.open_household(dwelling=house.next_door, by=house.alice)
    services.move_person(person=wife, household=home, relation="head", by=house.alice)
    hers.refresh_from_db()
    assert (hers.household_id, hers.state) == (home.pk, "accepted")
    row = Membership.objects.get(person=husband, until_on__isnull=True)
    services.end_membership(membership=row, by=house.alice)
    his.refresh_from_db()
    assert his.state == "ended"


def test_a_move_is_announced_with_both_homes(house: House) -> None:
    household, wife, _husband = family(house.door)
    home = services.open_household(dwelling=house.next_door, by=house.alice)
    heard: list[tuple[object, object]] = []

    def hear(sender: object, **told: object) -> None:
        heard.append((told["before"], told["after"]))

    home_changed.connect(hear)
    try:
        services.move_person(person=wife, household=home, relation="head", by=house.alice)
    finally:
        home_changed.disconnect(hear)
    assert heard == [(household.pk, home.pk)]


def test_a_later_word_about_a_door_stays(house: House) -> None:
    services.set_occupancy(
        dwelling=house.door, occupancy="empty", source="上门", as_of=DAY, by=house.alice, at=MORNING
    )
    with pytest.raises(Refusal, match="door-known-later"):
        services.set_occupancy(
            dwelling=house.door,
            occupancy="owner",
            source="旧表",
            as_of=DAY - timedelta(days=30),
            by=house.alice,
            at=MORNING,
        )
    rows = [
        {
            "dwelling_id": house.door.pk,
            "occupancy": "owner",
            "source": "台账",
            "as_of": DAY - timedelta(days=1),
        },
        {
            "dwelling_id": house.next_door.pk,
            "occupancy": "tenant",
            "source": "台账",
            "as_of": DAY - timedelta(days=1),
        },
    ]
    assert services.set_occupancies_in_bulk(rows=rows, by=house.alice, at=MORNING) == 1
    assert DoorState.objects.get(dwelling=house.door).occupancy == "empty"
    assert DoorState.objects.get(dwelling=house.next_door).occupancy == "tenant"


def test_every_door_is_known_or_a_gap(house: House) -> None:
    promise = invariants.get("people.door.known-or-gap")
    assert set(promise.run(MORNING, house.community.pk).broken) == {house.door.pk, house.next_door.pk}
    assert services.register_doors(community_id=house.community.pk, by=OPERATOR, at=MORNING) == 2
    assert services.register_doors(community_id=house.community.pk, by=OPERATOR, at=MORNING) == 0
    assert promise.run(MORNING, house.community.pk).counted == 2
    assert not promise.run(MORNING, house.community.pk).broken
    assert selectors.door_counts(house.community.pk)["gaps"] == 2
    family(house.door)
    counts = selectors.door_counts(house.community.pk)
    assert (counts["doors"], counts["gaps"], counts["lived_in"], counts["unknown"]) == (2, 1, 1, 2)


def test_a_stay_follows_a_stay(house: House) -> None:
    _household, wife, _husband = family(house.door)
    first = services.record_stay(person=wife, kind="hospital", where="市一院", by=house.alice, at=MORNING)
    services.record_stay(
        person=wife, kind="quarantine_hotel", by=house.alice, at=MORNING + timedelta(hours=5)
    )
    first.refresh_from_db()
    assert first.until_at == MORNING + timedelta(hours=5)
    assert selectors.stay_of(wife).kind == "quarantine_hotel"
    assert (
        services.record_stay(person=wife, kind="home", by=house.alice, at=MORNING + timedelta(days=1)) is None
    )
    assert selectors.stay_of(wife) is None
    with pytest.raises(Refusal, match="stay-ahead"):
        services.record_stay(
            person=wife, kind="away", from_at=MORNING + timedelta(days=9), by=house.alice, at=MORNING
        )


def test_contacts_keep_their_order(house: House) -> None:
    household, wife, _husband = family(house.door)
    for name, order in (("李芳", None), ("周敏", None), ("刘大夫", 1)):
        services.add_contact(person=wife, name=name, phone="19900010001", order=order, by=house.alice)
    assert [row.name for row in selectors.contacts_of(household)] == ["刘大夫", "李芳", "周敏"]
    services.end_contact(contact=selectors.contacts_of(household)[0], by=house.alice)
    assert [(row.order, row.name) for row in selectors.contacts_of(household)] == [(1, "李芳"), (2, "周敏")]


def test_who_was_entered_in_error_is_nowhere(house: House) -> None:
    household, wife, _husband = family(house.door)
    services.add_flag(household=household, person=wife, kind="dialysis", source="探访", by=house.alice)
    services.void_person(person=wife, by=house.alice, at=MORNING)
    assert [row.person.name for row in selectors.members_of(household)] == ["李建国"]
    assert not selectors.cautious_flags(household)
    with pytest.raises(Conflict):
        services.void_person(person=wife, by=house.alice, at=MORNING)
