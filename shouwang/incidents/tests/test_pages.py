"""The pages of incidents: opening by form, moving by click, asking before suspending."""

from __future__ import annotations

import re

import pytest

from shouwang.core.ids import uuid7
from shouwang.incidents import selectors, services
from shouwang.incidents.models import Incident
from shouwang.incidents.tests.neighbourhood import Neighbourhood, settle, signed_in
from shouwang.places.services import make_area

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Neighbourhood:
    return settle()


@pytest.fixture
def incident(here: Neighbourhood) -> Incident:
    return services.open_incident(
        community=here.community, name="C区封控", protocol="sealed_zone", places=here.buildings[:2], by=here.alice,
        at=here.at,
    )  # fmt: skip


def test_opened_over_an_area_by_form(here: Neighbourhood) -> None:
    area = make_area(
        community=here.community, kind="zone", name="C区", places=here.buildings[1:], by=here.alice
    )
    client = signed_in(here.alice)
    asked = {
        "command_id": uuid7(), "name": "C区封控", "protocol": "sealed_zone", "community": here.community.pk, "area": area.pk,
    }  # fmt: skip
    answer = client.post("/incidents/open/", asked)
    again = client.post("/incidents/open/", asked)
    incident = Incident.objects.get()
    assert (answer.status_code, again.headers["Location"]) == (302, answer.headers["Location"])
    assert selectors.inside_line(incident, incident.opened_at) == here.buildings[1:]
    assert client.get(answer.headers["Location"]).status_code == 200


def test_a_form_without_places_says_what_to_do(here: Neighbourhood) -> None:
    asked = {"command_id": uuid7(), "name": "C区", "protocol": "heat", "community": here.community.pk}
    answer = signed_in(here.alice).post("/incidents/open/", asked, headers={"Accept-Language": "en"})
    assert answer.status_code == 422
    assert "Choose an area or at least one building." in answer.content.decode()
    assert not Incident.objects.exists()


def test_a_click_moves_a_building_and_another_takes_it_back(here: Neighbourhood, incident: Incident) -> None:
    client, building = signed_in(here.alice), here.buildings[2]
    url = f"/incidents/{incident.pk}/line/{building.pk}/"
    page = client.post(url, {"command_id": uuid7(), "to": "in"}, follow=True)
    assert building.pk in selectors.inside_ids(incident, page.wsgi_request.at)
    assert f'id="line-{building.pk}"' in page.content.decode()
    undo = re.findall(rf'action="{url}".*?</form>', page.content.decode(), re.S)
    assert any('value="out"' in form for form in undo)
    page = client.post(url, {"command_id": uuid7(), "to": "out"}, follow=True)
    assert building.pk not in selectors.inside_ids(incident, page.wsgi_request.at)


def test_the_same_click_twice_moves_once(here: Neighbourhood, incident: Incident) -> None:
    client, sent = signed_in(here.alice), {"command_id": uuid7(), "to": "out"}
    url = f"/incidents/{incident.pk}/line/{here.buildings[0].pk}/"
    assert [client.post(url, sent).status_code for _time in range(2)] == [302, 302]
    assert len(selectors.moves_of(incident)) == 2


def test_earlier_times_are_shown_and_cannot_be_moved(here: Neighbourhood, incident: Incident) -> None:
    services.move_line(incident=incident, remove=[here.buildings[0]], by=here.alice, at=here.later(60))
    client = signed_in(here.alice)
    page = client.get(f"/incidents/{incident.pk}/", {"on": here.later(30).isoformat()}).content.decode()
    assert '<button class="line-building' not in page
    assert page.count("line-building line-in") == 2
    now = client.get(f"/incidents/{incident.pk}/").content.decode()
    assert now.count("line-building line-in") == 1
    assert client.get(f"/incidents/{incident.pk}/", {"on": "yesterday"}).status_code == 200


def test_suspending_asks_once_more(here: Neighbourhood, incident: Incident) -> None:
    client, url = signed_in(here.alice), f"/incidents/{incident.pk}/suspend/"
    page = client.get(url)
    assert page.status_code == 200
    assert "C区封控" in page.content.decode()
    incident.refresh_from_db()
    assert incident.state == "open"
    assert client.post(url, {"command_id": uuid7()}).status_code == 302
    incident.refresh_from_db()
    assert incident.state == "suspended"
    assert client.get(url).status_code == 404
    client.post(f"/incidents/{incident.pk}/resume/", {"command_id": uuid7()})
    incident.refresh_from_db()
    assert incident.state == "open"


def test_others_cannot(here: Neighbourhood, incident: Incident) -> None:
    move = f"/incidents/{incident.pk}/line/{here.buildings[0].pk}/"
    for user in (here.bob, here.charlie):
        client = signed_in(user)
        for url in (move, f"/incidents/{incident.pk}/suspend/", f"/incidents/{incident.pk}/resume/"):
            assert client.post(url, {"command_id": uuid7(), "to": "out"}).status_code == 404
    assert signed_in(here.charlie).get(f"/incidents/{incident.pk}/").status_code == 404
    assert signed_in(here.bob).get(f"/incidents/{incident.pk}/").status_code == 200
    assert "line-building line-in" in signed_in(here.bob).get(f"/incidents/{incident.pk}/").content.decode()
    assert len(selectors.moves_of(incident)) == 1


def test_the_list_and_nothing_new(here: Neighbourhood, incident: Incident) -> None:
    client = signed_in(here.alice)
    assert "C区封控" in client.get("/incidents/").content.decode()
    page = client.get(f"/incidents/{incident.pk}/")
    assert client.get(f"/incidents/{incident.pk}/", {"after": page["X-After"]}).status_code == 204
    services.move_line(incident=incident, remove=[here.buildings[0]], by=here.alice)
    news = client.get(f"/incidents/{incident.pk}/", {"after": page["X-After"]})
    assert news.status_code == 200
    assert "<html" not in news.content.decode()
