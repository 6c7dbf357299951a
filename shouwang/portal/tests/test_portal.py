"""Asking at a door's code and following on a private link."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.actors import OPERATOR
from shouwang.core.ids import uuid7
from shouwang.help import services as help_services
from shouwang.help.models import HelpRequest
from shouwang.help.states import RequestState
from shouwang.people.services import add_person, open_household
from shouwang.places import selectors as places
from shouwang.places import services as places_services
from shouwang.places.models import Place
from shouwang.places.states import Role
from shouwang.portal.rules import MOST_ASKED
from shouwang.volunteers.models import Volunteer
from shouwang.volunteers.services import enrol

pytestmark = pytest.mark.django_db
THEN = datetime(2022, 2, 20, 1, 0, tzinfo=UTC)


def user(name: str) -> User:
    return User.objects.create(username=uuid7().hex, name=name, joined_at=THEN)


@pytest.fixture
def stairwell() -> Place:
    community = places_services.create_community(code="jinxiu", name="锦绣社区", by=OPERATOR, at=THEN)
    building = places_services.ensure_building(community=community, code="8", by=OPERATOR, at=THEN)
    leaf = places_services.ensure_stairwell(building=building, code="2", by=OPERATOR, at=THEN)
    door = places_services.ensure_dwelling(leaf=leaf, door="501", by=OPERATOR, at=THEN)
    home = open_household(dwelling=door, from_on=THEN.date(), by=OPERATOR, at=THEN)
    add_person(household=home, name="王桂英", relation="head", by=OPERATOR, at=THEN, phone="19900010001")
    secretary = user("陈静")
    places_services.appoint(place=community, role=Role.SECRETARY, holder=secretary, by=OPERATOR, at=THEN)
    return leaf


@pytest.fixture
def volunteer(stairwell: Place) -> Volunteer:
    person = user("张敏")
    return enrol(user=person, by=OPERATOR, at=THEN, home=stairwell)


def ask(client: Client, stairwell: Place, choice: str = "shopping", **fields: str) -> str:
    values = {"command_id": str(uuid7()), "choice": choice, "door": "501", "words": "土豆5斤", **fields}
    response = client.post(f"/q/{stairwell.door_code}/{choice}/", values)
    assert response.status_code == 302, response.content.decode()[:2000]
    return str(response.url)


def test_five_choices_and_120_first(client: Client, stairwell: Place) -> None:
    page = client.get(f"/q/{stairwell.door_code}/").content.decode()
    assert page.index('href="tel:120"') < page.index("我现在不舒服")
    assert page.count('class="big') == 5 + 1 or page.count('<a class="big') == 5
    assert client.get("/q/nothinghere/").status_code == 404


def test_a_list_becomes_lines_and_the_link_shows_the_state(client: Client, stairwell: Place) -> None:
    link = ask(client, stairwell, words="土豆5斤、鸡蛋三十个", door="8号楼2单元501室", phone="199 0009 0001")
    request = HelpRequest.objects.get()
    assert [(line.name, str(line.quantity.normalize())) for line in request.lines.order_by("order")] == [
        ("土豆", "5"), ("鸡蛋", "3E+1"),
    ]  # fmt: skip
    assert (request.verified, request.source, request.asker_phone) == ("no", "portal", "19900090001")
    assert request.household is not None
    page = client.get(link).content.decode()
    assert request.spoken_number in page and "已收到" in page and "还没有人看" in page
    assert "王桂英" not in page and "19900090001" not in page


def test_the_answer_never_says_who_lives_there(client: Client, stairwell: Place) -> None:
    known = client.get(ask(client, stairwell, door="501", phone="19900010001")).content.decode()
    unknown = client.get(ask(client, stairwell, door="909", phone="19900019998")).content.decode()

    def bare(page: str) -> str:
        page = re.sub(r"/r/[\w-]+/", "/r/", page)
        page = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "id", page)
        page = re.sub(r'value="[\w]{64}"|content="[\w]{64}"', "csrf", page)
        return re.sub(r"\b\d+\b", "0", page)

    assert bare(known) == bare(unknown)


def test_danger_in_the_words_outranks_the_choice(client: Client, stairwell: Place) -> None:
    ask(client, stairwell, "other", words="老伴摔倒了起不来")
    assert (HelpRequest.objects.get().urgency, HelpRequest.objects.get().category) == ("life", "emergency")


def test_unwell_needs_no_words(client: Client, stairwell: Place) -> None:
    ask(client, stairwell, "unwell", words="")
    assert HelpRequest.objects.get().urgency == "life"


def test_sent_twice_it_is_one_request_and_one_link(client: Client, stairwell: Place) -> None:
    command = str(uuid7())
    first = ask(client, stairwell, command_id=command)
    assert ask(client, stairwell, command_id=command) == first
    assert HelpRequest.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"door": ""}, "这个字段是必填项"),
        ({"words": " "}, "请用几个字写下您需要什么"),
        ({"phone": "一二三"}, "这不是电话号码"),
    ],
)
def test_a_wrong_field_gets_its_sentence_and_nothing_is_written(
    client: Client, stairwell: Place, fields: dict[str, str], sentence: str
) -> None:
    values = {"command_id": str(uuid7()), "choice": "shopping", "door": "501", "words": "土豆5斤", **fields}
    response = client.post(f"/q/{stairwell.door_code}/shopping/", values)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not HelpRequest.objects.exists()


def test_a_flood_is_turned_to_the_telephone_but_never_a_danger(client: Client, stairwell: Place) -> None:
    for number in range(MOST_ASKED):
        ask(client, stairwell, door=f"{number}")
    values = {"command_id": str(uuid7()), "choice": "shopping", "door": "501", "words": "土豆5斤"}
    response = client.post(f"/q/{stairwell.door_code}/shopping/", values)
    assert response.status_code == 422 and "请直接给居委会打电话" in response.content.decode()
    ask(client, stairwell, "unwell", words="")


def test_each_step_shows_and_the_resident_confirms(
    client: Client, stairwell: Place, volunteer: Volunteer
) -> None:
    link = ask(client, stairwell)
    request, now = HelpRequest.objects.get(), clock.now()
    mark = client.get(link).headers["X-After"]
    assert client.get(f"{link}?after={mark}").status_code == 204
    help_services.offer_request(request=request, volunteer=volunteer, by=OPERATOR, at=now)
    help_services.accept_offer(request=request, volunteer=volunteer, by=volunteer.user, at=now)
    assert "张敏接下了" in client.get(f"{link}?after={mark}").content.decode()
    request.refresh_from_db()
    help_services.start_request(request=request, by=volunteer.user, at=now)
    assert "张敏正在路上" in client.get(link).content.decode()
    request.refresh_from_db()
    help_services.finish_request(request=request, by=volunteer.user, at=now)
    assert "收到，没问题" in client.get(link).content.decode()
    client.post(f"{link}confirm/", {"command_id": str(uuid7()), "right": "yes"})
    request.refresh_from_db()
    assert request.state == RequestState.CLOSED
    HelpRequest.objects.update(closed_at=now - timedelta(days=8))
    assert client.get(link).status_code == 404


def test_something_missing_opens_it_again(client: Client, stairwell: Place, volunteer: Volunteer) -> None:
    link, now = ask(client, stairwell), clock.now()
    request = HelpRequest.objects.get()
    help_services.accept_offer(request=request, volunteer=volunteer, by=volunteer.user, at=now)
    request.refresh_from_db()
    help_services.finish_request(request=request, by=volunteer.user, at=now)
    client.post(f"{link}confirm/", {"command_id": str(uuid7()), "right": "no", "words": "少了两个鸡蛋"})
    request.refresh_from_db()
    assert request.is_open() and request.state != RequestState.DONE
    assert "您说：有问题" in client.get(link).content.decode()


def test_a_word_more_stops_nothing_that_rises(client: Client, stairwell: Place) -> None:
    """What the resident adds is no answer: nobody has taken the request on by it."""
    link = ask(client, stairwell, "unwell", words="")
    before = HelpRequest.objects.get()
    client.post(f"{link}words/", {"command_id": str(uuid7()), "words": "越来越疼"})
    after = HelpRequest.objects.get()
    assert (after.acknowledged_at, after.seen_at) == (before.acknowledged_at, None)
    assert after.events.filter(kind="note").count() == 1


def test_taking_back(client: Client, stairwell: Place) -> None:
    link = ask(client, stairwell)
    client.post(f"{link}withdraw/", {"command_id": str(uuid7()), "words": ""})
    assert HelpRequest.objects.get().state == RequestState.WITHDRAWN
    assert "已撤回" in client.get(link).content.decode()


def test_the_sheet_at_the_door_leads_here(client: Client, stairwell: Place) -> None:
    secretary = places.post_holders(stairwell.community_id, clock.now(), [Role.SECRETARY])[0].holder
    client.force_login(secretary, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/places/{stairwell.pk}/door-sheet/").content.decode()
    assert f"/q/{stairwell.door_code}/" in page and "<svg" in page
