"""What is wrong gets its sentence where it was typed, and nothing of it is written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shouwang.core import clock
from shouwang.core.ids import uuid7
from shouwang.core.sheets import MAX_ROWS
from shouwang.help import services as help_services
from shouwang.help.models import HelpRequest
from shouwang.incidents.services import open_incident
from shouwang.places.models import Post
from shouwang.places.states import Role
from shouwang.volunteers.services import stand_down
from tests.journeys.ledger_sheet import HEADINGS, workbook
from tests.journeys.visitors import zh
from tests.journeys.world import World, other_community, small_community

pytestmark = pytest.mark.django_db

ROW = ("8号楼", "2", "502", "高远", "户主", "男", "1991-03-04", "", "19900880102", "", "")


@pytest.fixture
def world() -> World:
    return small_community()


def at_desk(world: World, username: str = "alice") -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(world.people[username], backend="django.contrib.auth.backends.ModelBackend")
    return client


def rows() -> dict[str, int]:
    """How many rows every table of ours has."""
    models = [m for m in apps.get_models() if m.__module__.startswith("shouwang.")]
    return {model._meta.label: model._default_manager.count() for model in models}


@contextmanager
def nothing_written() -> Iterator[None]:
    before = rows()
    yield
    after = rows()
    assert {name: (before[name], after[name]) for name in after if before[name] != after[name]} == {}


def field_error(page: str, field: str, sentence: str) -> None:
    """The sentence stands at the field, tied to it for readers."""
    start = page.find(f'id="id_{field}-error"')
    assert start >= 0, f"nothing is said at {field}"
    assert sentence in page[start : page.index("</p>", start)]
    assert 'aria-describedby="' in page and f"id_{field}-error" in page.split(f'id="id_{field}-error"')[0]


def send(client: Client, path: str, **values: Any) -> Any:
    return client.post(path, {"command_id": str(uuid7()), **values})


def asked(world: World) -> HelpRequest:
    made, _link = help_services.take_in_request(
        community_id=world.community.pk, place=None, dwelling=world.doors["8-2-501"], household=None,
        category="shopping", urgency="normal", source="phone", title="土豆5斤", words="", by=world.people["clerk"],
    )  # fmt: skip
    return made


# The import


def test_a_sheet_that_cannot_be_used_is_refused_with_its_reason(world: World) -> None:
    alice = at_desk(world)
    too_long = ",".join(HEADINGS) + "\n" + "\n".join(["1"] * (MAX_ROWS + 1))
    sheets = {
        "This is not a spreadsheet. Save it as .xlsx or .csv and choose it again.": ("台账.xlsx", b"\x89PNG\r\n" * 50),
        "No line with column headings was found: it needs a column for the name and for the door.": (
            "台账.csv", "苹果,3\n梨,4\n".encode(),
        ),
        "The sheet has more than %(limit)s rows. Split it and import the parts.": ("台账.csv", too_long.encode()),
    }  # fmt: skip
    for sentence, (name, content) in sheets.items():
        with nothing_written():
            answer = send(
                alice, "/ledgers/", community=world.community.pk, file=SimpleUploadedFile(name, content)
            )
        assert answer.status_code == 422, sentence
        limit = {"limit": MAX_ROWS} if "%(limit)s" in sentence else {}
        field_error(answer.content.decode(), "file", zh(sentence, **limit))


def test_a_sheet_of_tomorrow_is_refused_at_its_day(world: World) -> None:
    with nothing_written():
        answer = send(
            at_desk(world), "/ledgers/", community=world.community.pk, as_of="2999-01-01",
            file=SimpleUploadedFile("台账.xlsx", workbook([ROW])),
        )  # fmt: skip
    assert answer.status_code == 422
    field_error(answer.content.decode(), "as_of", zh("The sheet's day lies in the future."))


def test_no_file_at_all_is_said(world: World) -> None:
    with nothing_written():
        answer = send(at_desk(world), "/ledgers/", community=world.community.pk)
    assert answer.status_code == 422
    assert 'id="id_file-error"' in answer.content.decode()


# Asking


def test_a_call_without_anything_is_refused_where_it_was_typed(world: World) -> None:
    with nothing_written():
        answer = send(
            at_desk(world, "clerk"), "/help/call/", source="phone", category="other", urgency="normal",
            community=world.community.pk,
        )  # fmt: skip
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "field-error" in page
    assert zh("Nothing was saved yet. Please put this right:") in page


def test_a_bad_telephone_at_the_door_is_said_at_the_field(world: World) -> None:
    code = world.leaf("8", "2").door_code
    visitor = Client(headers={"accept-language": "zh-hans"})
    with nothing_written():
        answer = send(
            visitor, f"/q/{code}/shopping/", choice="shopping", door="501", words="土豆5斤", phone="不告诉你"
        )
    assert answer.status_code == 422
    page = answer.content.decode()
    field_error(page, "phone", zh("This is not a telephone number. Eleven digits, or leave it empty."))
    assert "土豆5斤" in page, "what was typed is still there"


def test_asking_for_nothing_at_the_door_is_said_at_the_field(world: World) -> None:
    code = world.leaf("8", "2").door_code
    with nothing_written():
        answer = send(Client(), f"/q/{code}/shopping/", choice="shopping", door="501", words="  ")
    assert answer.status_code == 422
    field_error(answer.content.decode(), "words", zh("Write in a few words what you need."))


# Posts, volunteers, the line


def test_a_post_held_already_is_refused_at_the_name(world: World) -> None:
    leaf, bob = world.leaf("8", "2"), world.people["bob"]
    with nothing_written():
        answer = send(
            at_desk(world), f"/places/{leaf.pk}/posts/fill/", role=Role.STAIRWELL_HEAD.value, holder=bob.pk
        )
    assert answer.status_code == 422
    field_error(answer.content.decode(), "holder", zh("%(name)s holds this post already.", name=bob.name))


def test_somebody_stood_down_is_not_asked(world: World) -> None:
    request, vera = asked(world), world.volunteers["vera"]
    stand_down(volunteer=vera, reason="ill", by=world.people["alice"])
    with nothing_written():
        answer = send(at_desk(world, "clerk"), f"/help/requests/{request.pk}/offer/", volunteer=vera.pk)
    assert answer.status_code == 422
    assert zh("This volunteer is stood down and cannot be asked.") in answer.content.decode()


def test_a_building_of_another_community_does_not_enter_the_line(world: World) -> None:
    alice = world.people["alice"]
    building = world.building("8")
    incident = open_incident(
        community=world.community, name="C区", protocol="sealed_zone", places=[building], by=alice
    )
    foreign = other_community(world).building("1")
    client = at_desk(world)
    with nothing_written():
        answer = send(client, f"/incidents/{incident.pk}/line/{foreign.pk}/", to="in")
    assert answer.status_code == 404, "what is not mine does not exist"
    with nothing_written():
        answer = send(
            client, "/incidents/open/", name="", protocol="sealed_zone", community=world.community.pk
        )
    assert answer.status_code == 422
    assert 'id="id_name-error"' in answer.content.decode()
    with nothing_written():
        answer = send(
            client, "/incidents/open/", name="空的", protocol="sealed_zone", community=world.community.pk
        )
    assert answer.status_code == 422
    field_error(answer.content.decode(), "buildings", zh("Choose an area or at least one building."))


def test_a_photo_that_is_none_is_said_at_the_field(world: World) -> None:
    request, bob = asked(world), world.volunteers["bob"]
    help_services.offer_request(request=request, volunteer=bob, by=world.people["clerk"])
    help_services.accept_offer(assignment=request.assignments.get(), by=bob.user)
    phone = at_desk(world, "bob")
    no_photo = SimpleUploadedFile("door.jpg", b"%PDF-1.7 no picture", "image/jpeg")
    with nothing_written():
        answer = send(phone, f"/field/requests/{request.pk}/finish/", note="好了", photo=no_photo)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'id="id_photo-error"' in page
    assert "好了" in page
    request.refresh_from_db()
    assert request.state == "accepted"


# The same form twice


def test_a_form_sent_twice_acts_once_and_other_content_is_refused(world: World) -> None:
    client, leaf = at_desk(world), world.leaf("9", "1")
    first = {"command_id": str(uuid4()), "role": "stairwell_head", "holder": world.people["vera"].pk}
    path = f"/places/{leaf.pk}/posts/fill/"
    assert client.post(path, first).status_code == 302
    with nothing_written():
        assert client.post(path, first).status_code == 302
    with nothing_written():
        other = client.post(path, {**first, "holder": world.people["bob"].pk})
    assert other.status_code == 409
    assert zh("This form was already sent with other content. Open it anew.") in other.content.decode()
    assert Post.objects.filter(place=leaf).count() == 1


def test_the_resident_who_presses_twice_has_asked_once(world: World) -> None:
    code = world.leaf("8", "2").door_code
    sent = {"command_id": str(uuid4()), "choice": "other", "door": "501", "words": "请来一下"}
    first = Client().post(f"/q/{code}/other/", sent)
    second = Client().post(f"/q/{code}/other/", sent)
    assert first.status_code == second.status_code == 302
    assert first.url == second.url
    assert HelpRequest.objects.count() == 1
    with nothing_written():
        third = Client().post(f"/q/{code}/other/", {**sent, "words": "别的事"})
    assert third.status_code == 409
    assert clock.now() >= HelpRequest.objects.get().received_at
