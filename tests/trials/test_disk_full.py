"""A full disk: refused with 503, no receipt for what is not there, and as soon as there is room all goes on as before."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.test import Client

from shouwang.accounts.services import create_token
from shouwang.core.ids import uuid7
from shouwang.help.models import HelpRequest
from tests.journeys.world import World, small_community
from tests.trials.filling import Served, full_for_this_connection, kinds, served
from tests.trials.record import record_trial

pytestmark = pytest.mark.django_db(transaction=True)
SENT = 12
PROBLEM = "application/problem+json"
# Large enough that the pages already there do not hold many of them.
WORDS = "土豆5斤，" * 400
FEWER_WORDS = "土豆5斤，" * 190


def api_token(world: World) -> str:
    clerk = world.people["clerk"]
    return create_token(name="load", user=clerk, reach="write", by=clerk, at=world.at)[1]


def asked_for(world: World) -> dict[str, Any]:
    return {
        "community_id": str(world.community.pk),
        "category": "shopping",
        "source": "phone",
        "words": WORDS,
    }


class Caller:
    """Sends requests by the API and by a resident's page; each is sent again under its own id."""

    def __init__(self, world: World, server: Served) -> None:
        self.world, self.code = world, world.leaf("8", "2").door_code
        self.http = httpx.Client(base_url=server.address, timeout=40, headers={"Accept-Language": "en"})
        self.token = {"Authorization": f"Bearer {api_token(world)}"}

    def send(self, key: str) -> httpx.Response:
        headers = {**self.token, "Idempotency-Key": key}
        return self.http.post("/api/v1/requests", json=asked_for(self.world), headers=headers)

    def ask_at_the_door(self, key: str) -> httpx.Response:
        address = f"/q/{self.code}/shopping/"
        page = self.http.get(address)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert page.status_code == 200 and token
        form = {"choice": "shopping", "words": FEWER_WORDS, "door": "501", "command_id": key}
        return self.http.post(address, data={**form, "csrfmiddlewaretoken": token[1]})

    def there(self) -> set[str]:
        """Ids of all requests, read from the server itself."""
        answer = self.http.get("/api/v1/requests", params={"limit": 200}, headers=self.token)
        assert answer.status_code == 200
        return {row["id"] for row in answer.json()["items"]}


def refused_rightly(answer: httpx.Response) -> bool:
    return answer.status_code == 503 and "Retry-After" in answer.headers


def faults_when_full(caller: Caller, keys: list[str], there: set[str]) -> list[str]:
    """What is wrong with the answers on the full disk; fills `there` with what was receipted all the same."""
    faults, refused = [], 0
    for key in keys:
        answer = caller.send(key)
        if answer.status_code == 201:
            there.add(answer.json()["id"])
        elif not refused_rightly(answer) or answer.headers["Content-Type"] != PROBLEM:
            faults.append(f"the API: {answer.status_code} {answer.text[:200]}")
        refused += answer.status_code == 503
    page = caller.ask_at_the_door(str(uuid7()))
    if not refused_rightly(page) or "it was not kept" not in page.text:
        faults.append(f"the page: {page.status_code} {page.text[:200]}")
    if not refused:
        faults.append("the disk was not full")
    if caller.there() != there:
        faults.append("what is there is not what was receipted")
    return faults


@pytest.mark.sqlite
@pytest.mark.parametrize("kind", kinds())
def test_a_full_disk_keeps_nothing_and_needs_no_repair(kind: str, tmp_path: Path) -> None:
    world = small_community()
    token = api_token(world)
    with served(kind, tmp_path) as server:
        caller = Caller(world, server)
        caller.token = {"Authorization": f"Bearer {token}"}
        there = {caller.send(str(uuid7())).json()["id"]}
        keys = [str(uuid7()) for _number in range(SENT)]
        server.fill()
        faults = faults_when_full(caller, keys, there)
        server.empty()
        answers = [caller.send(key) for key in keys]
        faults += [
            f"with room again: {answer.status_code}"
            for answer in answers
            if answer.status_code not in (200, 201)
        ]
        there |= {answer.json()["id"] for answer in answers if answer.status_code in (200, 201)}
        if caller.there() != there or len(there) != SENT + 1:
            faults.append("with room again: not each of them once")
        if caller.ask_at_the_door(str(uuid7())).status_code != 302:
            faults.append("with room again: the page does not take it in")
    record_trial(
        4, trials=SENT + 1, failed=len(faults),
        what="requests sent while no file may grow, then again" if kind == "limit"
        else "requests sent on a full disk of the server's own, then again",
    )  # fmt: skip
    assert faults == []


@pytest.mark.both
def test_what_the_database_says_of_its_disk_is_told_to_people_and_programs() -> None:
    """PostgreSQL's own error for a full disk, SQLite's count of pages."""
    world, client = small_community(), Client(raise_request_exception=False)
    headers = {"Authorization": f"Bearer {api_token(world)}"}

    def send(key: str) -> Any:
        return client.post(
            "/api/v1/requests",
            asked_for(world),
            "application/json",
            headers={**headers, "Idempotency-Key": key},
        )

    def ask(key: str) -> Any:
        address = f"/q/{world.leaf('8', '2').door_code}/shopping/"
        return client.post(
            address, {"choice": "shopping", "words": FEWER_WORDS, "door": "501", "command_id": key}
        )

    keys = [str(uuid7()) for _number in range(SENT)]
    with full_for_this_connection():
        answers = [send(key) for key in keys]
        pages = [ask(str(uuid7())).status_code for _key in keys]
    refused = [answer for answer in answers if answer.status_code == 503]
    kept = [answer.json()["id"] for answer in answers if answer.status_code == 201]
    assert refused and len(refused) + len(kept) == SENT
    assert {answer.json()["code"] for answer in refused} == {"out-of-order"}
    assert 503 in pages and set(pages) <= {503, 302}
    there = {str(key) for key in HelpRequest.objects.values_list("pk", flat=True)}
    assert there >= set(kept) and len(there) == len(kept) + pages.count(302)
    again = [send(key).status_code for key in keys]
    record_trial(
        4, trials=2 * SENT, failed=0,
        what="requests that the database refuses because its disk is full, then again",
    )  # fmt: skip
    assert set(again) <= {200, 201} and HelpRequest.objects.count() == SENT + pages.count(302)
    assert ask(str(uuid7())).status_code == 302
