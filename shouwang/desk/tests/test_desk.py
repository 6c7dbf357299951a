"""The coordinators' pages: the queue, the wall, the file, the record, the promise."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.actors import OPERATOR
from shouwang.core.audit import position_now
from shouwang.core.ids import uuid7
from shouwang.core.models import AuditEntry, DueRow
from shouwang.core.scope import scope_for
from shouwang.core.steady import boot_id, since_boot
from shouwang.desk.selectors import today_items, wall_for
from shouwang.help.models import HelpRequest
from shouwang.help.services import take_in_request
from shouwang.people.services import add_person, open_household, register_doors
from shouwang.places import selectors as places
from shouwang.places import services as places_services
from shouwang.places.models import Place
from shouwang.places.states import Role
from shouwang.ui.times import minutes_words

THEN = datetime(2022, 2, 20, 1, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def user(name: str) -> User:
    return User.objects.create(username=uuid7().hex, name=name, joined_at=THEN)


def compound(code: str = "jinxiu", buildings: int = 2) -> Place:
    community = places_services.create_community(code=code, name=code, by=OPERATOR, at=THEN)
    for number in range(1, buildings + 1):
        building = places_services.ensure_building(
            community=community, code=str(number), by=OPERATOR, at=THEN
        )
        for stairwell in ("1", "2"):
            leaf = places_services.ensure_stairwell(building=building, code=stairwell, by=OPERATOR, at=THEN)
            wanted = [(leaf, f"{floor}0{side}", floor) for floor in range(1, 7) for side in (1, 2)]
            places_services.ensure_dwellings(wanted=wanted, by=OPERATOR, at=THEN)
    register_doors(community_id=community.pk, by=OPERATOR, at=THEN)
    return community


@pytest.fixture
def community() -> Place:
    return compound()


@pytest.fixture
def alice(community: Place) -> User:
    secretary = user("陈静")
    places_services.appoint(place=community, role=Role.SECRETARY, holder=secretary, by=OPERATOR, at=THEN)
    return secretary


@pytest.fixture
def desk(client: Client, alice: User) -> Client:
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    return client


def ask(community: Place, **more: Any) -> HelpRequest:
    leaf = places.leaf_places(community.pk)[0]
    values: dict[str, Any] = {
        "category": "shopping", "urgency": "normal", "source": "phone", "title": "土豆5斤", "words": "", **more,
    }  # fmt: skip
    request, _token = take_in_request(
        community_id=community.pk,
        place=leaf,
        dwelling=None,
        household=None,
        by=OPERATOR,
        at=clock.now(),
        **values,
    )
    return request


def test_the_most_pressing_stands_first(desk: Client, alice: User, community: Place) -> None:
    ask(community)
    ask(community, urgency="life", category="emergency", title="摔倒起不来")
    items = today_items(scope_for(alice, clock.now()), clock.now())
    assert items[0].tone == "danger" and "摔倒起不来" in str(items[0].title)
    page = desk.get("/desk/").content.decode()
    assert page.index("摔倒起不来") < page.index("没有负责人")


def test_the_queue_is_live_without_reload(desk: Client, community: Place) -> None:
    page = desk.get("/desk/")
    position = page.headers["X-After"]
    assert desk.get(f"/desk/?after={position}").status_code == 204
    ask(community, title="牛奶2箱")
    fresh = desk.get(f"/desk/?after={position}")
    assert fresh.status_code == 200 and "<html" not in fresh.content.decode()


def test_a_desk_that_watches_asks_three_questions_while_nothing_happens(
    desk: Client, community: Place
) -> None:
    after = position_now()
    assert desk.get("/desk/", {"after": after}).status_code == 204
    with CaptureQueriesContext(connection) as asked:
        assert desk.get("/desk/", {"after": after}).status_code == 204
    assert len(asked) == 3, "who asks (two), and whether anything has happened"
    places_services.add_grid(community=community, code="9", name="第九网格", by=OPERATOR, at=clock.now())
    assert desk.get("/desk/", {"after": after}).status_code == 200
    desk.logout()
    assert desk.get("/desk/", {"after": position_now()}).status_code == 302


def test_another_place_s_news_wakes_nobody(desk: Client) -> None:
    elsewhere = compound("beiyuan", buildings=1)
    position = position_now()
    ask(elsewhere)
    assert desk.get(f"/desk/?after={position}").status_code == 204


def test_the_wall_shows_gaps_and_closes_them(desk: Client, alice: User, community: Place) -> None:
    leaf = places.leaf_places(community.pk)[0]
    before = wall_for(scope_for(alice, clock.now()), community, clock.now())
    assert [s["lead_gap"] for b in before["buildings"] for s in b["stairwells"]] == [True] * 4
    head = user("张敏")
    page = desk.get(f"/places/{leaf.pk}/posts/fill/").content.decode()
    assert "补人" in page
    form = {"command_id": str(uuid7()), "role": "stairwell_head", "holder": "", "username": head.username}
    assert desk.post(f"/places/{leaf.pk}/posts/fill/", form).status_code == 302
    assert desk.post(f"/places/{leaf.pk}/posts/fill/", form).status_code == 302, "sent twice, done once"
    after = wall_for(scope_for(alice, clock.now()), community, clock.now())
    assert [s["lead"] for b in after["buildings"] for s in b["stairwells"]] == ["张敏", "", "", ""]
    again = {**form, "command_id": str(uuid7())}
    refused = desk.post(f"/places/{leaf.pk}/posts/fill/", again)
    assert refused.status_code == 422 and "已经在这个岗位上了" in refused.content.decode()
    post = leaf.posts.get()
    desk.post(f"/places/posts/{post.pk}/end/", {"command_id": str(uuid7())})
    assert places.coverage_of(community.pk)[leaf.pk].state == "none"


def test_the_walls_questions_do_not_grow_with_the_doors(alice: User, community: Place) -> None:
    def asked() -> int:
        scope = scope_for(alice, clock.now())
        with CaptureQueriesContext(
            connection,
        ) as queries:
            wall_for(scope, community, clock.now())
        return len(queries)

    few = asked()
    building = places_services.ensure_building(community=community, code="9", by=OPERATOR, at=THEN)
    leaf = places_services.ensure_stairwell(building=building, code="1", by=OPERATOR, at=THEN)
    wanted = [(leaf, f"{floor}01", floor) for floor in range(1, 12)]
    places_services.ensure_dwellings(wanted=wanted, by=OPERATOR, at=THEN)
    assert asked() == few


def test_a_building_head_sees_one_building(client: Client, community: Place) -> None:
    building = places.buildings_in(community.pk)[0]
    head, other = user("龚丽娜"), places.buildings_in(community.pk)[1]
    places_services.appoint(place=building, role=Role.BUILDING_HEAD, holder=head, by=OPERATOR, at=THEN)
    client.force_login(head, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/desk/wall/").content.decode()
    assert "1号楼" in page and "2号楼" not in page
    assert client.get(f"/desk/buildings/{other.pk}/").status_code == 404
    assert client.get(f"/desk/places/{community.pk}/").status_code == 404
    assert client.get("/desk/record/").status_code == 404


def test_opening_a_file_is_on_record(desk: Client, community: Place) -> None:
    door = places.dwellings_in(community.pk)[0]
    empty = desk.get(f"/desk/doors/{door.pk}/").content.decode()
    assert "还没有登记的人" in empty
    home = open_household(dwelling=door, from_on=THEN.date(), by=OPERATOR, at=THEN)
    add_person(household=home, name="王桂英", relation="head", by=OPERATOR, at=THEN)
    assert "王桂英" in desk.get(f"/desk/households/{home.pk}/").content.decode()
    assert AuditEntry.objects.filter(kind="people.file.read").count() == 1
    beside = desk.get(f"/desk/doors/{door.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert "王桂英" in beside and "<html" not in beside


def test_the_record_speaks_in_sentences(desk: Client, community: Place) -> None:
    ask(community)
    page = desk.get("/desk/record/").content.decode()
    assert "help.request" not in page and "%(" not in page


def test_the_promise_names_who_is_missed(desk: Client, community: Place) -> None:
    request = ask(community, title="降压药1盒")
    DueRow.objects.filter(subject_id=request.pk).delete()
    page = desk.get("/desk/promise/").content.decode()
    assert "没有做到" in page and request.spoken_number in page


def test_search_is_posted_and_scoped(desk: Client, community: Place) -> None:
    elsewhere = compound("beiyuan", buildings=1)
    for where, name in ((community, "赵磊磊"), (elsewhere, "赵磊远")):
        door = places.dwellings_in(where.pk)[0]
        home = open_household(dwelling=door, from_on=THEN.date(), by=OPERATOR, at=THEN)
        add_person(household=home, name=name, relation="head", by=OPERATOR, at=THEN, phone="19900015555")
    assert desk.get("/desk/search/?q=赵磊").status_code == 405
    page = desk.post("/desk/search/", {"q": "赵磊"}).content.decode()
    assert "赵磊磊" in page and "赵磊远" not in page
    assert "赵磊磊" in desk.post("/desk/search/", {"q": "5555"}).content.decode()
    assert "没有找到" in desk.post("/desk/search/", {"q": "查无此人"}).content.decode()


def test_a_stairwell_head_opens_the_building_and_sees_the_own_stairwell(
    client: Client, community: Place
) -> None:
    leaf = places.find_leaf(community.pk, "1", "2")
    assert leaf is not None
    bob = user("张敏")
    places_services.appoint(place=leaf, role=Role.STAIRWELL_HEAD, holder=bob, by=OPERATOR, at=THEN)
    client.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/desk/buildings/{leaf.building_id}/")
    assert page.status_code == 200
    assert [s["label"] for s in page.context["wall"]["buildings"][0]["stairwells"]] == [leaf.name]
    foreign = places.find_leaf(community.pk, "2", "1")
    assert foreign is not None
    assert client.get(f"/desk/buildings/{foreign.building_id}/").status_code == 404


@pytest.fixture
def two_hours_fast() -> Iterator[None]:
    """The computer's clock was set two hours on while everything ran: time goes on as before."""
    if not boot_id():
        pytest.skip("this system does not say when it was started")
    kept_in = Path(settings.SHOUWANG_HOME) / "clock.json"
    before = time.time() - 7200
    kept_in.write_text(json.dumps({"boot": boot_id(), "offset": before - since_boot(), "seen": before}))
    clock.machine.cache_clear()
    yield
    kept_in.unlink()
    clock.machine.cache_clear()


@pytest.mark.usefixtures("two_hours_fast")
def test_a_clock_that_jumped_is_said_on_today_and_not_followed(
    desk: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    assert datetime.now(UTC) - clock.now() > timedelta(minutes=119)
    assert f"电脑的时钟快了{minutes_words(120)}" in desk.get("/desk/").content.decode()
    call_command("clock", accept_time=True)
    assert clock.now().isoformat()[:4] in capsys.readouterr().out
    assert datetime.now(UTC) - clock.now() < timedelta(minutes=1)
    assert "电脑的时钟" not in desk.get("/desk/").content.decode()
