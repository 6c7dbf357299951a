"""A person's own copy: all that is kept about them, nothing of anybody else's, and on record."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shouwang.core import clock
from shouwang.core.actors import OPERATOR
from shouwang.core.models import AuditEntry
from shouwang.core.registry import copy_sources, purposes
from shouwang.desk.selectors import copy_of
from shouwang.help import services as help_services
from shouwang.people import services as people
from shouwang.people.tests.house import House, build_house, family, made_up_id
from shouwang.volunteers import services as volunteers

pytestmark = pytest.mark.django_db


def words(person: Any) -> str:
    return "\n".join(
        f"{part.title}\n" + "\n".join(f"{what}: {said}" for what, said in part.lines)
        for part in copy_of(person.pk, clock.now())
    )


@pytest.fixture
def house() -> House:
    return build_house()


def lived(house: House) -> tuple[Any, Any, Any]:
    """A household of which everything is known, each thing with a word of its own."""
    at = clock.now() - timedelta(hours=3)
    home, wife, husband = family(house.door)
    acting: dict[str, Any] = {"by": house.alice, "at": at}
    people.note_household(household=home, note="门铃坏了", **acting)
    people.change_person(person=wife, extra={"备注": "退休教师"}, **acting)
    people.add_flag(
        household=home, person=wife, kind="dialysis", source="探访", note="周二周五透析", **acting
    )
    people.add_flag(
        household=home, person=husband, kind="dementia", source="来电", note="丈夫走失过", **acting
    )
    people.add_contact(person=wife, name="女儿李红", phone="19900010002", relation="女儿", **acting)
    people.add_proxy(household=home, kind="neighbour", name="邻居周姐", phone="19900010003", **acting)
    people.record_stay(person=wife, kind="hospital", where="区医院透析室", **acting)
    asked: dict[str, Any] = {
        "community_id": house.community.pk, "place": None, "dwelling": house.door, "household": home,
        "category": "medicine", "urgency": "normal", "source": "phone", "asker_name": "王桂英",
        "asker_phone": "19900010713", "lines": [{"name": "铝碳酸镁", "quantity": "2", "unit": "盒", "note": "不要替代"}],
    }  # fmt: skip
    made, _link = help_services.take_in_request(title="胃药", words="夜里胃疼得厉害", **asked, **acting)
    help_services.record_attempt(request=made, outcome="not_in", note="敲门无人应", **acting)
    help_services.take_in_request(title="私下说的事", words="他打我", confidential=True, **asked, **acting)
    people.record_file_read(household=home, by=house.alice, at=at, why="call")
    return home, wife, husband


def test_everything_that_is_kept_is_in_it(house: House) -> None:
    _home, wife, _husband = lived(house)
    said = words(wife)
    for word in (
        "王桂英", "19900010713", made_up_id("19410305", 2), "退休教师", "门铃坏了", "周二周五透析", "女儿李红",
        "19900010002", "邻居周姐", "19900010003", "区医院透析室", "胃药", "夜里胃疼得厉害", "铝碳酸镁", "不要替代",
        "敲门无人应", house.alice.name,
    ):  # fmt: skip
        assert word in said, word


def test_nothing_of_anybody_elses_and_nothing_told_in_confidence(house: House) -> None:
    home, wife, husband = lived(house)
    assert "丈夫走失过" not in words(wife) and "丈夫走失过" in words(husband)
    for word in ("周二周五透析", "女儿李红", "区医院透析室", "19900010713 ·"):
        assert word not in words(husband).replace("王桂英 · 19900010713", ""), word
    for person in (wife, husband):
        assert "私下说的事" not in words(person) and "他打我" not in words(person)
    people.end_membership(membership=home.memberships.get(person=husband), by=house.alice)
    assert "门铃坏了" not in words(husband), "the note is about those who live there now"


def test_of_a_former_household_only_the_time_in_it(house: House) -> None:
    home, _wife, husband = lived(house)
    row = home.memberships.get(person=husband)
    type(row).objects.filter(pk=row.pk).update(until_on=clock.now().date() - timedelta(days=30))
    assert "胃药" not in words(husband)


def test_who_serves_reads_of_that_too(house: House) -> None:
    _home, wife, _husband = lived(house)
    volunteers.enrol(user=house.bob, person=wife, skills=["nurse"], by=OPERATOR, at=clock.now())
    assert len(copy_of(wife.pk, clock.now())) > 5 and "护士" in words(wife) or "nurse" in words(wife)


def test_the_page_asks_first_and_is_on_record(house: House, client: Client) -> None:
    home, wife, _husband = lived(house)
    client.force_login(house.alice, backend="django.contrib.auth.backends.ModelBackend")
    address = reverse("desk:own_copy", args=[home.pk, wife.pk])
    before = AuditEntry.objects.filter(kind="people.file.read").count()
    assert "夜里胃疼" not in client.get(address).content.decode()
    assert AuditEntry.objects.filter(kind="people.file.read").count() == before
    shown = client.post(address).content.decode()
    assert "夜里胃疼得厉害" in shown and all(str(purpose.sentence) in shown for purpose in purposes)
    assert AuditEntry.objects.filter(kind="people.file.read").count() == before + 1
    stranger = Client()
    stranger.force_login(house.bob, backend="django.contrib.auth.backends.ModelBackend")
    assert stranger.get(address).status_code == 404 == stranger.post(address).status_code


def test_every_room_that_keeps_something_of_residents_has_a_part() -> None:
    assert {source.code for source in copy_sources} == {
        "people", "help.requests", "help.orders", "help.groups", "volunteers", "goods.parcels", "goods.medicine",
        "goods.custody", "goods.gifts",
    }  # fmt: skip
