"""The API from outside: tokens, keys, problems, cursors, what changed, and what others never see."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from shouwang.accounts import services as accounts
from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.actors import OPERATOR
from shouwang.core.ids import uuid7
from shouwang.core.models import AuditEntry
from shouwang.core.tests.waiting import wait_for_the_others
from shouwang.people import services as people
from shouwang.places import services as places
from shouwang.places.models import Dwelling, Place
from shouwang.places.states import Role
from shouwang.volunteers import services as volunteers

pytestmark = [pytest.mark.django_db, pytest.mark.both]


class Caller:
    """A program with a token."""

    def __init__(self, secret: str) -> None:
        self.headers = {"Authorization": f"Bearer {secret}"} if secret else {}

    def get(self, path: str, query: dict[str, Any] | None = None, **more: str) -> Any:
        return Client().get(f"/api/v1/{path}", query or {}, headers=self.headers | more)

    def post(self, path: str, body: Any = None, key: object = None, **more: str) -> Any:
        keyed = {"Idempotency-Key": str(key if key is not None else uuid7())} if key != "" else {}
        headers = self.headers | keyed | more
        return Client().post(
            f"/api/v1/{path}", body if body is not None else {}, "application/json", headers=headers
        )


def user(name: str) -> User:
    return accounts.create_user(
        username=name, name=f"人{name}", password=None, by=OPERATOR, phone="19900000009"
    )


def token(of: User, reach: str = "write") -> Caller:
    return Caller(accounts.create_token(name="test", user=of, reach=reach, by=OPERATOR)[1])


def neighbourhood(code: str) -> tuple[Place, Place, Dwelling]:
    community = places.create_community(code=code, name=f"社区{code}", by=OPERATOR)
    building = places.ensure_building(community=community, code="8", by=OPERATOR)
    stairwell = places.ensure_stairwell(building=building, code="2", by=OPERATOR)
    return community, stairwell, places.ensure_dwelling(leaf=stairwell, door="501", by=OPERATOR, floor=5)


@pytest.fixture
def here() -> tuple[Place, Place, Dwelling]:
    return neighbourhood("here")


@pytest.fixture
def alice(here: tuple[Place, Place, Dwelling]) -> User:
    """Answers for the place."""
    alice = user("alice")
    places.appoint(place=here[0], role=Role.SECRETARY, holder=alice, by=OPERATOR)
    return alice


@pytest.fixture
def charlie() -> User:
    """Belongs to another place."""
    charlie = user("charlie")
    places.appoint(place=neighbourhood("elsewhere")[0], role=Role.SECRETARY, holder=charlie, by=OPERATOR)
    return charlie


@pytest.fixture
def household(here: tuple[Place, Place, Dwelling]) -> Any:
    household = people.open_household(
        dwelling=here[2], from_on=clock.now().date(), by=OPERATOR, at=clock.now()
    )
    people.add_person(
        household=household,
        name="李秀兰",
        relation="head",
        birth=(1941, 3, None),
        phone="19900000123",
        by=OPERATOR,
    )
    return household


def a_request(here: tuple[Place, Place, Dwelling], **changes: Any) -> dict[str, Any]:
    asked = {
        "community_id": str(here[0].pk), "dwelling_id": str(here[2].pk), "category": "shopping",
        "lines": [{"name": "土豆", "quantity": "5", "unit": "斤"}],
    }  # fmt: skip
    return asked | changes


def test_description_is_openapi_3_1_and_open() -> None:
    answer = Client().get("/api/v1/openapi.json")
    assert answer.json()["openapi"].startswith("3.1")
    assert all(op.get("security") for path in answer.json()["paths"].values() for op in path.values())


@pytest.mark.parametrize("secret", ["", "sw_wrong"])
def test_without_a_token_nothing_opens(secret: str) -> None:
    answer = Caller(secret).get("communities")
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert (answer.json()["code"], answer["WWW-Authenticate"]) == ("not-signed-in", "Bearer")


def test_a_session_does_not_open_the_api(alice: User) -> None:
    client = Client()
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/api/v1/communities").status_code == 401


def test_a_token_that_reads_never_writes(alice: User, here: Any) -> None:
    reader = token(alice, "read")
    assert [one["code"] for one in reader.get("communities").json()] == ["here"]
    answer = reader.post("requests", a_request(here))
    assert (answer.status_code, answer.json()["code"]) == (403, "token-reads-only")


@pytest.mark.parametrize("key", ["", "not-a-uuid"])
def test_a_write_without_its_key_is_refused(alice: User, here: Any, key: str) -> None:
    answer = token(alice).post("requests", a_request(here), key=key)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency-key-missing")


def test_a_write_sent_again_answers_the_same_and_acts_once(alice: User, here: Any) -> None:
    caller, key = token(alice), uuid7()
    first, second = (caller.post("requests", a_request(here), key=key).json() for _ in range(2))
    assert (first["status"], second["status"]) == ("accepted", "duplicate")
    assert first["id"] == second["id"]
    assert len(caller.get("requests").json()["items"]) == 1


def test_a_key_with_another_body_is_a_conflict(alice: User, here: Any) -> None:
    caller, key = token(alice), uuid7()
    caller.post("requests", a_request(here), key=key)
    answer = caller.post("requests", a_request(here, category="medicine"), key=key)
    assert (answer.status_code, answer.json()["code"]) == (409, "command-reused")


def test_a_refusal_speaks_the_callers_language(alice: User, here: Any) -> None:
    body = a_request(here) | {"dwelling_id": None, "door": {"building": "99", "door": "1"}}
    said = {
        language: token(alice).post("requests", body, **{"Accept-Language": language}).json()
        for language in ("en", "zh-hans")
    }
    assert {one["code"] for one in said.values()} == {"door-unknown"}
    assert {one["field"] for one in said.values()} == {"door"}
    assert said["en"]["detail"].startswith("There is no such door")


@pytest.mark.parametrize("body", ["{", "[1]", '{"community_id": 3}'])
def test_unreadable_bodies_are_refused(alice: User, body: str) -> None:
    answer = Client().post(
        "/api/v1/requests",
        body,
        "application/json",
        headers=token(alice).headers | {"Idempotency-Key": str(uuid7())},
    )
    assert answer.status_code in (400, 422)
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["nowhere", "places", ""])
def test_what_is_not_there_is_a_problem(path: str) -> None:
    answer = Caller("").get(path)
    assert answer["Content-Type"] == "application/problem+json"


def test_a_request_goes_its_whole_way(alice: User, here: Any) -> None:
    bob = user("bob")
    helper = volunteers.enrol(user=bob, by=OPERATOR, home=here[1])
    desk, phone = token(alice), token(bob)
    made = desk.post("requests", a_request(here)).json()
    at = f"requests/{made['id']}"
    assert desk.get(f"{at}/suggestions").json()[0]["volunteer_id"] == str(helper.pk)
    assert desk.post(f"{at}/offer", {"volunteer_id": str(helper.pk)}).status_code == 200
    assert phone.post(f"{at}/accept").json()["state"] == "accepted"
    seen = phone.get(at).json()
    assert (seen["door"], seen["lines"][0]["quantity"]) == ("8号楼 2单元 501", "5")
    key = uuid7()
    assert phone.post(f"{at}/finish", {"note": "放在门口"}, key=key).json()["state"] == "done"
    assert phone.post(f"{at}/finish", {"note": "放在门口"}, key=key).json()["status"] == "duplicate"
    assert desk.post(f"{at}/confirm", {"right": True}).json()["state"] == "closed"


def test_a_door_with_one_household_is_that_household(alice: User, here: Any, household: Any) -> None:
    body = a_request(here) | {"dwelling_id": None, "door": {"building": "8", "stairwell": "2", "door": "501"}}
    made = token(alice).post("requests", body).json()
    answer = token(alice).get(f"requests/{made['id']}")
    assert answer.json()["household_id"] == str(household.pk)
    assert "土豆" in answer.content.decode()


def test_another_place_sees_nothing_and_changes_nothing(
    alice: User, charlie: User, here: Any, household: Any
) -> None:
    made = token(alice).post("requests", a_request(here)).json()
    stranger = token(charlie)
    asked, home = f"requests/{made['id']}", f"households/{household.pk}"
    place = f"places/{here[1].pk}"
    for path in (place, f"{place}/posts", home, f"{home}/persons", asked, f"{asked}/suggestions"):
        assert stranger.get(path).status_code == 404, path
    for path, body in (("requests", a_request(here)), (f"requests/{made['id']}/close", {"reason": "x"}),
                       (f"requests/{made['id']}/offer", {"volunteer_id": str(uuid4())}),
                       ("posts", {"place_id": str(here[1].pk), "role": "stairwell_head", "holder_id": str(charlie.pk)}),
                       ("incidents", {"community_id": str(here[0].pk), "name": "x", "protocol": "heat",
                                      "place_ids": [str(here[1].pk)]})):  # fmt: skip
        assert stranger.post(path, body).status_code == 404, path
    for path in ("places", "dwellings", "households", "requests", "coverage", "volunteers", "incidents"):
        items = stranger.get(path).json()["items"]
        assert not [one for one in items if str(here[0].pk) in str(one) or str(here[2].pk) in str(one)], path
    changed = stranger.get("changes").json()["items"]
    assert str(here[0].pk) not in {one["community_id"] for one in changed}


def test_nobody_without_a_post_sees_anybody(household: Any, here: Any) -> None:
    nobody = token(user("nobody"))
    assert nobody.get("households").json()["items"] == []
    assert nobody.get(f"households/{household.pk}").status_code == 404
    assert nobody.get("checks", {"community_id": str(here[0].pk)}).status_code == 404


def test_what_the_posts_do_not_show_is_null_and_reading_is_on_record(
    alice: User, household: Any, here: Any
) -> None:
    full = token(alice).get(f"households/{household.pk}").json()
    assert (full["persons"][0]["name"], full["persons"][0]["birth_year"]) == ("李秀兰", 1941)
    head = user("dora")
    places.appoint(place=here[1], role=Role.STAIRWELL_HEAD, holder=head, by=OPERATOR)
    seen = token(head).get(f"households/{household.pk}").json()["persons"][0]
    assert (seen["name"], seen["id_number"]) == ("李秀兰", None)
    reads = AuditEntry.objects.filter(kind="people.file.read", subject_id=household.pk)
    assert set(reads.values_list("actor_id", "source")) == {(alice.pk, "api"), (head.pk, "api")}


def test_posts_are_filled_and_ended(alice: User, here: Any) -> None:
    caller, bob = token(alice), user("bob")
    body = {"place_id": str(here[1].pk), "role": "stairwell_head", "holder_id": str(bob.pk)}
    post = caller.post("posts", body).json()
    assert caller.get("coverage").json()["items"][0]["state"] == "one"
    assert caller.post(f"posts/{post['id']}/end").status_code == 200
    assert caller.get("coverage").json()["items"][0]["state"] == "none"
    assert caller.post("posts", body | {"holder_id": str(uuid4())}).json()["code"] == "holder-unknown"


def test_an_incident_is_opened_moved_and_suspended(alice: User, here: Any) -> None:
    caller = token(alice)
    building = str(here[1].building_id)
    body = {
        "community_id": str(here[0].pk),
        "name": "C区",
        "protocol": "sealed_zone",
        "place_ids": [building],
    }
    made = caller.post("incidents", body).json()
    at = f"incidents/{made['id']}"
    assert caller.get(at).json()["inside"] == [building]
    assert caller.post(f"{at}/suspend").json()["state"] == "suspended"
    assert caller.post(f"{at}/resume").json()["state"] == "open"
    other = places.ensure_building(community=here[0], code="9", by=OPERATOR)
    caller.post(f"{at}/line", {"add": [str(other.pk)], "remove": [building]})
    assert caller.get(at).json()["inside"] == [str(other.pk)]


def test_a_volunteer_stands_down_and_nobody_hears_why(alice: User, here: Any) -> None:
    caller = token(alice)
    helper = volunteers.enrol(user=user("bob"), by=OPERATOR, home=here[1])
    at = f"volunteers/{helper.pk}"
    assert caller.post(f"{at}/stand-down", {"reason": "ill"}).status_code == 200
    shown = caller.get(at)
    assert shown.json()["stood_down"] is True
    assert "ill" not in shown.content.decode().replace("skill", "")
    caller.post(f"{at}/come-back")
    assert caller.get(at).json()["stood_down"] is False


def test_lists_are_read_to_their_end_by_cursor(alice: User, here: Any) -> None:
    places.ensure_dwellings(wanted=[(here[1], f"{n}01", n) for n in range(1, 5)], by=OPERATOR)
    caller, found, after = token(alice), [], None
    for _turn in range(9):
        page = caller.get("dwellings", {"limit": 2} | ({"after": after} if after else {})).json()
        found += [one["id"] for one in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert len(found) == len(set(found)) == 5


@pytest.mark.django_db(transaction=True)  # on PostgreSQL a change is told when it has been committed
def test_changes_come_in_order_and_go_on_from_the_cursor(alice: User, here: Any) -> None:
    caller = token(alice)
    wait_for_the_others()
    before = caller.get("changes").json()["next"]
    made = [caller.post("requests", a_request(here)).json()["id"] for _ in range(2)]
    wait_for_the_others()
    changes = caller.get("changes", {"after": before}).json()
    taken = [one["subject_id"] for one in changes["items"] if one["kind"].startswith("help.request.")]
    assert list(dict.fromkeys(one for one in taken if one in made)) == made
    positions = [one["position"] for one in changes["items"]]
    assert positions == sorted(positions)
    assert caller.get("changes", {"after": changes["next"]}).json()["items"] == []


def test_the_promise_is_answered_for_ones_own_community(alice: User, charlie: User, here: Any) -> None:
    query = {"community_id": str(here[0].pk)}
    promise = token(alice).get("checks", query).json()
    assert promise["invariants"]
    assert promise["holds"] == all(one["holds"] for one in promise["invariants"])
    assert token(charlie).get("checks", query).status_code == 404


def test_use_of_a_token_is_kept(alice: User) -> None:
    token(alice).get("communities")
    assert alice.tokens.get().last_used_at is not None


@pytest.mark.parametrize("text", ["a\x00b", "\x1b[0m"])
def test_control_characters_never_reach_the_database(alice: User, here: Any, text: str) -> None:
    answer = token(alice).post("requests", a_request(here, title=text))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "/title"
