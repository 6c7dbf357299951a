"""The pages of people: each opens for whoever answers for the place and does not exist for anybody else."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shouwang.core.ids import uuid7
from shouwang.core.models import AuditEntry
from shouwang.people import selectors, services
from shouwang.people.models import CareFlag, Contact, DoorState, Household, Membership, Person, Proxy, Stay
from shouwang.people.tests.house import House, family, made_up_id
from shouwang.places.services import ensure_dwelling, ensure_dwellings


@pytest.fixture
def alice(house: House, client: Client) -> Client:
    client.force_login(house.alice, backend="django.contrib.auth.backends.ModelBackend")
    return client


def other(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def send(client: Client, name: str, said: dict[str, Any] | None = None, /, **about: Any) -> Any:
    return client.post(reverse(f"people:{name}", kwargs=about), {"command_id": str(uuid7()), **(said or {})})


def pages_about(house: House, household: Any, person: Any, flag: Any) -> list[tuple[str, dict[str, Any]]]:
    home, who = {"household_id": household.pk}, {"household_id": household.pk, "person_id": person.pk}
    return [
        *(
            (name, home)
            for name in (
                "note_household",
                "close_household",
                "add_person",
                "add_flag",
                "add_contact",
                "add_proxy",
            )
        ),
        *(
            (name, who)
            for name in ("change_person", "end_membership", "move_person", "void_person", "record_stay")
        ),
        ("door", {"dwelling_id": house.door.pk}),
    ]


def test_every_page_opens_and_is_nowhere_for_a_stranger(house: House, alice: Client) -> None:
    household, wife, _husband = family(house.door)
    flag = services.add_flag(
        household=household, person=wife, kind="dialysis", source="探访", by=house.alice, state="proposed"
    )
    for name in ("household_list", "unknown_doors", "care_queue"):
        assert alice.get(reverse(f"people:{name}")).status_code == 200, name
    for name, about in pages_about(house, household, wife, flag):
        address = reverse(f"people:{name}", kwargs=about)
        assert alice.get(address).status_code == 200, name
        assert other(house.charlie).get(address).status_code == 404, name
        assert Client().get(address).status_code == 302, name


def test_buttons_do_nothing_for_a_stranger(house: House) -> None:
    household, wife, _husband = family(house.door)
    flag = services.add_flag(household=household, person=wife, kind="to_door", source="探访", by=house.alice)
    contact = services.add_contact(person=wife, name="李芳", phone="19900010001", by=house.alice)
    proxy = services.add_proxy(
        household=household, kind="neighbour", name="周敏", phone="19900010002", by=house.alice
    )
    charlie = other(house.charlie)
    for name, about in (
        ("end_flag", {"flag_id": flag.pk}), ("review_flag", {"flag_id": flag.pk}), ("decide_flag", {"flag_id": flag.pk}),
        ("end_contact", {"contact_id": contact.pk}), ("end_proxy", {"proxy_id": proxy.pk}),
        ("open_household", {"dwelling_id": house.door.pk}),
    ):  # fmt: skip
        assert send(charlie, name, **about).status_code == 404, name
    flag.refresh_from_db()
    assert flag.state == "accepted"


def test_a_stairwell_head_reads_but_does_not_write(house: House) -> None:
    household, _wife, _husband = family(house.door)
    bob = other(house.bob)
    assert bob.get(reverse("people:household_list")).status_code == 200
    assert bob.get(reverse("people:door", kwargs={"dwelling_id": house.door.pk})).status_code == 200
    assert send(bob, "door", {"occupancy": "empty"}, dwelling_id=house.door.pk).status_code == 404
    assert bob.get(reverse("people:add_person", kwargs={"household_id": household.pk})).status_code == 404


def test_somebody_lives_here(house: House, alice: Client) -> None:
    answer = send(alice, "open_household", dwelling_id=house.door.pk)
    household = Household.objects.get()
    assert answer.url == reverse("people:add_person", kwargs={"household_id": household.pk})
    said = {"name": "王桂英", "relation": "head", "birth": "1941年3月", "phone": "199 0001 0713"}
    assert send(alice, "add_person", said, household_id=household.pk).status_code == 302
    person = Person.objects.get()
    assert (person.birth_year, person.birth_month, person.birth_day, person.phone) == (
        1941,
        3,
        None,
        "19900010713",
    )


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "王桂英", "phone": "1990001"}, "phone"),
        ({"name": "王桂英", "birth": "三月"}, "birth"),
        ({"name": "王桂英", "birth": "2030"}, "birth"),
        ({"name": "王桂英", "id_kind": "resident_id", "id_number": "150199194103050000"}, "id_number"),
    ],
)
def test_a_typing_error_is_shown_at_its_field(
    house: House, alice: Client, said: dict[str, str], field: str
) -> None:
    household = services.open_household(dwelling=house.door, by=house.alice)
    answer = send(alice, "add_person", {"relation": "other", **said}, household_id=household.pk)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not Person.objects.exists()


def test_sent_twice_it_is_entered_once(house: House, alice: Client) -> None:
    household = services.open_household(dwelling=house.door, by=house.alice)
    said = {"command_id": str(uuid7()), "name": "赵磊", "relation": "head"}
    address = reverse("people:add_person", kwargs={"household_id": household.pk})
    assert [alice.post(address, said).status_code for _time in range(2)] == [302, 302]
    assert Person.objects.count() == 1


def test_changing_moving_leaving(house: House, alice: Client) -> None:
    household, wife, husband = family(house.door)
    about = {"household_id": household.pk, "person_id": husband.pk}
    said = {"name": "李建国", "relation": "other", "birth": "1939-07", "phone": "19900020000", "sex": "m"}
    assert send(alice, "change_person", said, **about).status_code == 302
    husband.refresh_from_db()
    assert (husband.birth_month, husband.phone, husband.sex) == (7, "19900020000", "m")
    assert send(alice, "move_person", {"door": "8-2-999", "relation": "head"}, **about).status_code == 422
    assert (
        send(alice, "move_person", {"door": "8号楼2单元502", "relation": "head"}, **about).status_code == 302
    )
    assert selectors.household_of(husband).dwelling_id == house.next_door.pk
    assert send(alice, "end_membership", household_id=household.pk, person_id=wife.pk).status_code == 302
    assert selectors.household_of(wife) is None


def test_nobody_is_moved_to_a_door_out_of_reach(house: House) -> None:
    household, wife, _husband = family(house.door)
    from shouwang.core.actors import OPERATOR
    from shouwang.places.services import add_grid, appoint, ensure_building
    from shouwang.places.states import Role

    grid = add_grid(community=house.community, code="2", name="第二网格", by=OPERATOR)
    yard = ensure_building(community=house.community, code="9", grid=grid, by=OPERATOR)
    ensure_dwelling(leaf=yard, door="101", by=OPERATOR)
    appoint(place=house.grid, role=Role.GRID_WORKER, holder=house.bob, by=OPERATOR)
    about = {"household_id": household.pk, "person_id": wife.pk}
    assert send(
        other(house.bob), "move_person", {"door": "9-101", "relation": "head"}, **about
    ).status_code in (403, 422)
    assert selectors.household_of(wife).pk == household.pk


def test_flags_are_added_decided_ended(house: House, alice: Client) -> None:
    household, wife, _husband = family(house.door)
    said = {"kind": "walks_badly", "about": str(wife.pk), "source": "门口物资附言", "note": "拄拐"}
    assert send(alice, "add_flag", said, household_id=household.pk).status_code == 302
    again = send(alice, "add_flag", said, household_id=household.pk)
    assert again.status_code == 409
    assert list(again.context["form"].errors) == ["kind"]
    flag = CareFlag.objects.get()
    assert flag.note == "拄拐"
    assert send(alice, "end_flag", flag_id=flag.pk).status_code == 302
    proposed = services.add_flag(
        household=household, kind="to_door", source="短信", by=house.bob, state="proposed"
    )
    assert "短信" in alice.get(reverse("people:care_queue")).content.decode()
    answer = send(alice, "decide_flag", {"accept": "yes", "from": "queue"}, flag_id=proposed.pk)
    assert answer.url == reverse("people:care_queue")
    proposed.refresh_from_db()
    assert proposed.state == "accepted"
    assert send(alice, "review_flag", flag_id=proposed.pk).status_code == 302


def test_contacts_proxies_stays(house: House, alice: Client) -> None:
    household, wife, _husband = family(house.door)
    said = {"person": str(wife.pk), "name": "李芳", "phone": "19900010001", "relation": "女儿"}
    assert send(alice, "add_contact", said, household_id=household.pk).status_code == 302
    proxy = {"kind": "neighbour", "name": "周敏", "phone": "19900010002"}
    assert send(alice, "add_proxy", proxy, household_id=household.pk).status_code == 302
    stay = {"kind": "hospital", "where": "市一院"}
    assert send(alice, "record_stay", stay, household_id=household.pk, person_id=wife.pk).status_code == 302
    assert Stay.objects.get().where == "市一院"
    assert (
        send(alice, "record_stay", {"kind": "home"}, household_id=household.pk, person_id=wife.pk).status_code
        == 302
    )
    assert Stay.objects.get().until_at is not None
    send(alice, "end_contact", contact_id=Contact.objects.get().pk)
    send(alice, "end_proxy", proxy_id=Proxy.objects.get().pk)
    assert Contact.objects.get().until_at is not None
    assert Proxy.objects.get().until_at is not None


def test_a_door_is_entered_and_leaves_the_gaps(house: House, alice: Client) -> None:
    assert "8号楼 2单元 501" in alice.get(reverse("people:unknown_doors")).content.decode()
    assert (
        send(alice, "door", {"occupancy": "empty", "source": "物业"}, dwelling_id=house.door.pk).status_code
        == 302
    )
    assert DoorState.objects.get(dwelling=house.door).occupancy == "empty"
    assert "8号楼 2单元 501" not in alice.get(reverse("people:unknown_doors")).content.decode()


def test_a_household_moves_out(house: House, alice: Client) -> None:
    household, *_ = family(house.door)
    assert send(alice, "close_household", household_id=household.pk).status_code == 302
    assert not Membership.objects.filter(until_on__isnull=True).exists()
    assert (
        send(alice, "note_household", {"note": "钥匙在邻居家"}, household_id=household.pk).status_code == 302
    )
    assert Household.objects.get().note == "钥匙在邻居家"


def test_the_list_filters_and_searches_by_post(house: House, alice: Client) -> None:
    household, wife, _husband = family(house.door)
    services.add_flag(household=household, person=wife, kind="walks_badly", source="探访", by=house.alice)
    address = reverse("people:household_list")
    for query in ({}, {"show": "care"}, {"building": str(house.building.pk)}):
        assert "8号楼 2单元 501" in alice.get(address, query).content.decode(), query
    for query in ({"show": "alone"}, {"show": "away"}):
        assert "8号楼 2单元 501" not in alice.get(address, query).content.decode(), query
    assert alice.get(address, {"building": str(house.elsewhere.pk)}).status_code == 404
    assert "王桂英" in alice.post(address, {"q": "wgy"}).content.decode()
    partial = alice.post(address, {"q": "0713"}, headers={"HX-Request": "true"}).content.decode()
    assert "王桂英" in partial
    assert "<html" not in partial
    assert (
        "王桂英"
        in alice.post(
            reverse("people:search"), {"q": "8-2-501"}, headers={"HX-Request": "true"}
        ).content.decode()
    )


def test_nothing_said_to_a_form_is_in_the_audit(house: House, alice: Client) -> None:
    household = services.open_household(dwelling=house.door, by=house.alice)
    number = made_up_id("19410305", 2)
    said = {
        "name": "王桂英",
        "relation": "head",
        "phone": "19900010713",
        "id_kind": "resident_id",
        "id_number": number,
    }
    send(alice, "add_person", said, household_id=household.pk)
    told = " ".join(str(row.payload) for row in AuditEntry.objects.all())
    assert not [word for word in ("王桂英", "19900010713", number) if word in told]


def test_the_list_asks_as_often_for_many_as_for_few(
    house: House, alice: Client, django_assert_max_num_queries: Any
) -> None:
    wanted = [(house.stairwell, f"{floor}01", floor) for floor in range(1, 31) if floor != 5]
    doors = ensure_dwellings(wanted=wanted, by=house.alice)
    rows = [
        {"dwelling_id": door.pk, "household_id": None, "name": "赵磊", "flags": [("infant", "")]}
        for door in doors.values()
    ]
    services.add_people_in_bulk(rows=rows, by=house.alice)
    with django_assert_max_num_queries(30):
        page = alice.get(reverse("people:household_list")).content.decode()
    assert page.count("赵磊") == len(doors) == 31
