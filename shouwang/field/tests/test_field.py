"""A volunteer's phone: asked, taken, set out, done; and what is never shown there."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.actors import OPERATOR
from shouwang.core.files import read_file
from shouwang.core.ids import uuid7
from shouwang.core.models import StoredFile
from shouwang.help import services as help_services
from shouwang.help.models import Attempt, HelpRequest
from shouwang.help.states import RequestState
from shouwang.people.services import add_flag, add_person, open_household
from shouwang.places import services as places_services
from shouwang.places.models import Place
from shouwang.volunteers.models import Commitment, Volunteer
from shouwang.volunteers.services import enrol

THEN = datetime(2022, 2, 20, 1, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def stairwell() -> Place:
    community = places_services.create_community(code="jinxiu", name="锦绣社区", by=OPERATOR, at=THEN)
    building = places_services.ensure_building(community=community, code="8", by=OPERATOR, at=THEN)
    return places_services.ensure_stairwell(building=building, code="2", by=OPERATOR, at=THEN)


def serve(name: str, stairwell: Place) -> Volunteer:
    person = User.objects.create(username=uuid7().hex, name=name, joined_at=THEN)
    return enrol(user=person, by=OPERATOR, at=THEN, home=stairwell)


@pytest.fixture
def bob(stairwell: Place) -> Volunteer:
    return serve("李楠", stairwell)


@pytest.fixture
def job(stairwell: Place) -> HelpRequest:
    door = places_services.ensure_dwelling(leaf=stairwell, door="501", by=OPERATOR, at=THEN)
    home = open_household(dwelling=door, from_on=THEN.date(), by=OPERATOR, at=THEN)
    person = add_person(household=home, name="王桂英", relation="head", by=OPERATOR, at=THEN)
    add_flag(household=home, person=person, kind="dialysis", source="register", by=OPERATOR, at=THEN)
    request, _token = help_services.take_in_request(
        community_id=stairwell.community_id, place=None, dwelling=door, household=home, category="shopping",
        urgency="today", source="phone", title="土豆5斤", words="我在做透析，下不了楼",
        lines=[{"name": "土豆", "quantity": "5", "unit": "斤", "note": ""}], by=OPERATOR, at=clock.now(),
        asker_name="王女士", asker_phone="19900010001", verified="call",
    )  # fmt: skip
    return request


@pytest.fixture
def phone(client: Client, bob: Volunteer) -> Client:
    client.force_login(bob.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def tap(phone: Client, job: HelpRequest, step: str, **values: object) -> int:
    fields = {"command_id": str(uuid7()), "words": "", **values}
    return phone.post(f"/field/requests/{job.pk}/{step}/", fields).status_code


def photo_with_place() -> SimpleUploadedFile:
    picture, content = Image.new("RGB", (2400, 1200), "green"), io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Camera"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (40.0, 49.0, 0.0)
    picture.save(content, "JPEG", exif=exif)
    return SimpleUploadedFile("door.jpg", content.getvalue(), "image/jpeg")


def test_from_the_offer_to_the_end(phone: Client, bob: Volunteer, job: HelpRequest) -> None:
    assert "现在没有事" in phone.get("/field/").content.decode()
    assert phone.get(f"/field/requests/{job.pk}/").status_code == 404
    help_services.offer_request(request=job, volunteer=bob, by=OPERATOR, at=clock.now())
    assert "回应" in phone.get("/field/").content.decode()
    assert tap(phone, job, "take") == 302
    assert tap(phone, job, "start") == 302
    page = phone.get(f"/field/requests/{job.pk}/").content.decode()
    assert "tel:19900010001" in page and "5斤" in page
    form = {"note": "放门口了", "photo": photo_with_place()}
    assert tap(phone, job, "finish", **form) == 302
    job.refresh_from_db()
    assert job.state == RequestState.DONE
    kept = read_file(StoredFile.objects.get())
    with Image.open(io.BytesIO(kept)) as picture:
        assert not picture.getexif() and max(picture.size) <= 1600
    assert Commitment.objects.filter(state="open").count() == 0
    assert phone.get(f"/field/requests/{job.pk}/").status_code == 404, "seen only while it lasts"


def test_what_to_do_at_the_door_never_why(phone: Client, bob: Volunteer, job: HelpRequest) -> None:
    help_services.offer_request(request=job, volunteer=bob, by=OPERATOR, at=clock.now())
    for path in ("/field/", f"/field/requests/{job.pk}/"):
        assert "透析" not in phone.get(path).content.decode()


def test_another_volunteers_job_does_not_exist(phone: Client, job: HelpRequest, stairwell: Place) -> None:
    other = serve("张敏", stairwell)
    help_services.offer_request(request=job, volunteer=other, by=OPERATOR, at=clock.now())
    assert phone.get(f"/field/requests/{job.pk}/").status_code == 404
    assert {tap(phone, job, step) for step in ("take", "decline", "start", "give-back", "could-not")} == {404}
    assert phone.get(f"/field/requests/{job.pk}/finish/").status_code == 404


def test_declining_and_giving_back_ask_for_no_reason(phone: Client, bob: Volunteer, job: HelpRequest) -> None:
    help_services.offer_request(request=job, volunteer=bob, by=OPERATOR, at=clock.now())
    assert tap(phone, job, "decline") == 302
    job.refresh_from_db()
    assert job.state == RequestState.NEW
    help_services.offer_request(request=job, volunteer=bob, by=OPERATOR, at=clock.now())
    tap(phone, job, "take")
    assert tap(phone, job, "give-back") == 302
    job.refresh_from_db()
    assert job.state == RequestState.NEW and job.accept_due_at is not None


def test_a_refusal_at_the_door_is_an_outcome(phone: Client, bob: Volunteer, job: HelpRequest) -> None:
    help_services.offer_request(request=job, volunteer=bob, by=OPERATOR, at=clock.now())
    tap(phone, job, "take")
    assert tap(phone, job, "could-not", outcome="refused", note="改天再说") == 302
    assert Attempt.objects.get().outcome == "refused"
    job.refresh_from_db()
    assert job.is_open()


def test_a_file_that_is_no_photo_gets_its_sentence(phone: Client, bob: Volunteer, job: HelpRequest) -> None:
    help_services.offer_request(request=job, volunteer=bob, by=OPERATOR, at=clock.now())
    tap(phone, job, "take")
    bad = SimpleUploadedFile("x.jpg", b"<script>alert(1)</script>", "image/jpeg")
    response = phone.post(
        f"/field/requests/{job.pk}/finish/", {"command_id": str(uuid7()), "note": "", "photo": bad}
    )
    assert response.status_code == 422 and "field has-error" in response.content.decode()
    job.refresh_from_db()
    assert job.state == RequestState.ACCEPTED and not StoredFile.objects.exists()


def test_tapped_twice_it_is_done_once(phone: Client, bob: Volunteer, job: HelpRequest) -> None:
    help_services.offer_request(request=job, volunteer=bob, by=OPERATOR, at=clock.now())
    command = str(uuid7())
    assert tap(phone, job, "take", command_id=command) == tap(phone, job, "take", command_id=command) == 302
    assert job.events.filter(kind="accepted").count() == 1
