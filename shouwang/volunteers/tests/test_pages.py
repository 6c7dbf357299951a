"""The pages of volunteers: who sees what, and what the forms answer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shouwang.accounts.models import User
from shouwang.core.ids import uuid7
from shouwang.incidents.tests.neighbourhood import Neighbourhood, add_user, settle, signed_in
from shouwang.places.services import appoint
from shouwang.volunteers import selectors, services
from shouwang.volunteers.models import Commitment, StandDown, Volunteer

pytestmark = pytest.mark.django_db
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def here() -> Neighbourhood:
    return settle()


@pytest.fixture
def bob(here: Neighbourhood) -> Volunteer:
    return services.enrol(user=here.bob, by=here.alice, at=here.at, skills=["nurse"])


def test_the_list_by_name_and_by_filter(here: Neighbourhood, bob: Volunteer) -> None:
    services.enrol(user=add_user("Dave"), by=here.alice, at=here.at, home=here.buildings[2], second_line=True)
    client = signed_in(here.alice)
    page = client.get("/volunteers/").content.decode()
    assert "Bob" in page
    assert "Dave" in page
    assert "Dave" not in client.post("/volunteers/", {"words": "bo"}).content.decode()
    assert "Bob" not in client.get("/volunteers/", {"show": "second_line"}).content.decode()
    assert "Dave" not in client.get("/volunteers/", {"skill": "nurse"}).content.decode()
    assert client.get("/volunteers/", {"show": "nonsense", "skill": "x", "sort": "-load"}).status_code == 200


def test_enrolled_by_form_with_an_account(here: Neighbourhood) -> None:
    asked = {
        "command_id": uuid7(), "name": "王芳", "phone": "19900000713", "home": here.buildings[0].pk, "username": "wangfang",
        "password": "a-long-enough-pass", "skills": ["cooking"], "carries_kg": 12, "at_most": 4,
    }  # fmt: skip
    client = signed_in(here.alice)
    answer = client.post("/volunteers/enrol/", asked)
    assert answer.status_code == 302
    record = Volunteer.objects.get(user__username="wangfang")
    assert (record.home, record.skills, record.carries_kg) == (here.buildings[0], ["cooking"], 12)
    assert record.building_id == here.buildings[0].pk
    assert client.get(answer.headers["Location"]).status_code == 200
    assert client.post("/volunteers/enrol/", asked).headers["Location"] == answer.headers["Location"]
    assert Volunteer.objects.count() == 1


def test_a_taken_name_leaves_nothing_half_written(here: Neighbourhood) -> None:
    asked = {
        "command_id": uuid7(), "name": "王芳", "home": here.buildings[0].pk, "username": "bob",
        "password": "a-long-enough-pass", "carries_kg": 12, "at_most": 4,
    }  # fmt: skip
    before = User.objects.count()
    answer = signed_in(here.alice).post("/volunteers/enrol/", asked, headers=ENGLISH)
    assert answer.status_code == 422
    assert "This sign-in name is taken." in answer.content.decode()
    assert "a-long-enough-pass" not in answer.content.decode()
    assert (User.objects.count(), Volunteer.objects.count()) == (before, 0)


def test_a_foreign_home_cannot_be_chosen(here: Neighbourhood) -> None:
    asked = {
        "command_id": uuid7(), "name": "王芳", "home": here.elsewhere.pk, "username": "wangfang",
        "password": "a-long-enough-pass", "carries_kg": 12, "at_most": 4,
    }  # fmt: skip
    assert signed_in(here.alice).post("/volunteers/enrol/", asked).status_code == 422
    assert not Volunteer.objects.exists()


def test_stood_down_by_form_with_the_checklist(here: Neighbourhood, bob: Volunteer) -> None:
    services.commit(
        volunteer=bob,
        kind="help.request",
        subject_id=uuid7(),
        placed=here.stairwells[0],
        by=here.alice,
        at=here.at,
    )
    client, url = signed_in(here.alice), f"/volunteers/{bob.pk}/stand-down/"
    page = client.get(url, headers=ENGLISH).content.decode()
    assert "1 job in hand is offered to others." in page
    assert client.post(url, {"command_id": uuid7()}).status_code == 422
    assert not StandDown.objects.exists()
    assert client.post(url, {"command_id": uuid7(), "reason": "ill"}).status_code == 302
    assert StandDown.objects.get().reason == "ill"
    assert Commitment.objects.get().state == "to_reoffer"
    back = client.post(f"/volunteers/{bob.pk}/come-back/", {"command_id": uuid7()})
    assert back.status_code == 302
    assert not selectors.is_stood_down(bob, back.wsgi_request.at + timedelta(seconds=1))


def test_others_see_stood_down_and_never_why(here: Neighbourhood, bob: Volunteer) -> None:
    grace = add_user("Grace")
    appoint(place=here.grid, role="grid_head", holder=grace, by=here.alice, at=here.at)
    services.stand_down(volunteer=bob, reason="contact", by=here.alice, at=here.at)
    why, url = "close contact", f"/volunteers/{bob.pk}/"
    assert why in signed_in(here.alice).get(url, headers=ENGLISH).content.decode()
    seen = signed_in(grace).get(url, headers=ENGLISH).content.decode()
    assert "Stood down" in seen
    assert why not in seen
    assert why not in signed_in(grace).get("/volunteers/", headers=ENGLISH).content.decode()
    assert signed_in(here.charlie).get(url).status_code == 404


def test_whoever_is_stood_down_still_signs_in_and_sees_the_own_record(
    here: Neighbourhood, bob: Volunteer
) -> None:
    services.stand_down(volunteer=bob, reason="contact", by=here.alice, at=here.at)
    client = signed_in(here.bob)
    page = client.get("/volunteers/me/", follow=True, headers=ENGLISH)
    assert page.status_code == 200
    assert "close contact" in page.content.decode()
    assert client.post(f"/volunteers/{bob.pk}/come-back/", {"command_id": uuid7()}).status_code == 302


def test_one_may_keep_the_own_record_and_no_others(here: Neighbourhood, bob: Volunteer) -> None:
    dave = services.enrol(user=add_user("Dave"), by=here.alice, at=here.at, home=here.stairwells[0])
    client = signed_in(here.bob)
    asked = {
        "command_id": uuid7(),
        "skills": ["cooking"],
        "carries_kg": 5,
        "at_most": 2,
        "by_phone_only": "on",
    }
    assert client.post(f"/volunteers/{bob.pk}/change/", asked).status_code == 302
    bob.refresh_from_db()
    assert (bob.skills, bob.carries_kg, bob.at_most, bob.by_phone_only) == (["cooking"], 5, 2, True)
    assert client.get(f"/volunteers/{dave.pk}/").status_code == 200
    for part in ("change", "stand-down", "come-back", "times"):
        answer = client.post(
            f"/volunteers/{dave.pk}/{part}/", {**asked, "command_id": uuid7(), "reason": "ill"}
        )
        assert answer.status_code == 404, part
    assert not StandDown.objects.exists()


def test_times_are_added_and_taken_away(here: Neighbourhood, bob: Volunteer) -> None:
    client, url = signed_in(here.bob), f"/volunteers/{bob.pk}/times/"
    asked = {"command_id": uuid7(), "day": "2999-02-20", "from_time": "20:00", "until_time": "06:00"}
    assert client.post(url, asked).status_code == 302
    time = bob.availability.get()
    assert (time.until_at - time.from_at).total_seconds() == 10 * 3600
    wrong = client.post(
        url, {"command_id": uuid7(), "day": "tomorrow", "from_time": "20:00", "until_time": "06:00"}
    )
    assert wrong.status_code == 422
    assert client.post(f"{url}{time.pk}/end/", {"command_id": uuid7()}).status_code == 302
    assert not bob.availability.exists()


def test_the_checklist_is_live(here: Neighbourhood, bob: Volunteer) -> None:
    client, url = signed_in(here.alice), f"/volunteers/{bob.pk}/"
    page = client.get(url)
    assert client.get(url, {"after": page["X-After"]}).status_code == 204
    services.commit(
        volunteer=bob, kind="help.request", subject_id=uuid7(), placed=here.stairwells[0], by=here.alice
    )
    news = client.get(url, {"after": page["X-After"]})
    assert news.status_code == 200
    assert "<html" not in news.content.decode()
