"""Schemathesis walks the description of the API: whatever is sent, no answer is the server's own failure."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode

from shouwang.accounts import services as accounts
from shouwang.core import clock
from shouwang.core.actors import OPERATOR
from shouwang.help.services import take_in_request
from shouwang.incidents.services import open_incident
from shouwang.people import services as people
from shouwang.places import services as places
from shouwang.places.states import Role
from shouwang.site.api import described
from shouwang.volunteers import services as volunteers
from tests.trials.crashing import trials_wanted
from tests.trials.record import record_trial

pytestmark = [pytest.mark.django_db, pytest.mark.both]
SCHEMA = schemathesis.openapi.from_dict(described())
EXAMPLES = trials_wanted(5, 150)
OPERATIONS = [found.ok() for found in SCHEMA.get_all_operations()]


@dataclass(frozen=True)
class Known:
    """A token and the ids of what is really there, by the names that the API uses."""

    secret: str
    ids: dict[str, str]


@pytest.fixture
def known() -> Known:
    community = places.create_community(code="here", name="社区", by=OPERATOR)
    building = places.ensure_building(community=community, code="8", by=OPERATOR)
    leaf = places.ensure_stairwell(building=building, code="2", by=OPERATOR)
    dwelling = places.ensure_dwelling(leaf=leaf, door="501", by=OPERATOR)
    household = people.open_household(
        dwelling=dwelling, from_on=clock.now().date(), by=OPERATOR, at=clock.now()
    )
    alice = accounts.create_user(username="alice", name="甲", password=None, by=OPERATOR)
    post = places.appoint(place=community, role=Role.SECRETARY, holder=alice, by=OPERATOR)
    helper = volunteers.enrol(user=alice, by=OPERATOR, home=leaf)
    asked, _link = take_in_request(
        community_id=community.pk, place=leaf, dwelling=dwelling, household=household, category="shopping",
        urgency="today", source="phone", title="土豆", words="", by=alice,
    )  # fmt: skip
    incident = open_incident(community=community, name="C区", protocol="heat", places=[building], by=alice)
    there = {
        "community_id": community, "place_id": leaf, "dwelling_id": dwelling, "household_id": household,
        "post_id": post, "holder_id": alice, "volunteer_id": helper, "request_id": asked, "incident_id": incident,
    }  # fmt: skip
    secret = accounts.create_token(name="walk", user=alice, reach="write", by=OPERATOR)[1]
    return Known(secret, {name: str(row.pk) for name, row in there.items()})


def aim(case: schemathesis.Case, ids: dict[str, str]) -> schemathesis.Case:
    """The case with made-up ids replaced by real ones, so that it gets past 'there is nothing here'."""
    case.path_parameters = {
        name: ids.get(name, value) for name, value in (case.path_parameters or {}).items()
    }
    if isinstance(case.body, dict):
        case.body = {
            name: ids[name] if name in ids and isinstance(value, str) else value
            for name, value in case.body.items()
        }
    return case


def send(case: schemathesis.Case, secret: str) -> tuple[int, str, bytes]:
    """Sends a case through Django; (status, media type, body)."""
    sent = case.as_transport_kwargs(base_url="http://testserver")
    headers = {str(k): str(v) for k, v in (sent.get("headers") or {}).items() if _is_header(str(v))}
    body = sent.get("json")
    answer = Client(raise_request_exception=True).generic(
        case.method,
        "/" + sent["url"].split("/", 3)[3],
        b"" if body is None else json.dumps(body).encode(),
        "application/json",
        query_params=_query(sent.get("params")),
        headers=headers | {"Authorization": f"Bearer {secret}"},
    )
    return answer.status_code, answer.headers.get("Content-Type", ""), answer.content


def _is_header(text: str) -> bool:
    return text.isascii() and text.isprintable()


def _query(params: object) -> dict[str, str]:
    return {str(k): str(v) for k, v in dict(params or {}).items()}


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["fit", "unfit"])
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_no_answer_is_a_failure_of_ours(
    operation: schemathesis.APIOperation, mode: GenerationMode, known: Known
) -> None:
    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def walk(case: schemathesis.Case) -> None:
        aimed = aim(case, known.ids) if mode is GenerationMode.POSITIVE else case
        status, media, body = send(aimed, known.secret)
        assert status < 500, body
        assert status < 400 or status == 405 or media == "application/problem+json"

    walk()
    record_trial(15, trials=EXAMPLES, failed=0, what="cases made from the API's description, fit and unfit")


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_without_a_token_no_operation_answers(operation: schemathesis.APIOperation) -> None:
    @settings(max_examples=2, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(), wrong=st.sampled_from(["sw_wrong", "x y", "é"]))
    def knock(case: schemathesis.Case, wrong: str) -> None:
        assert send(case, wrong)[0] == 401

    knock()
    record_trial(15, trials=2, failed=0, what="operations of the API asked with a wrong token")


def test_every_operation_is_walked() -> None:
    walked = {operation.label for operation in OPERATIONS}
    told = {
        f"{method.upper()} {path}" for path, methods in described()["paths"].items() for method in methods
    }
    assert walked == told
    assert len(walked) > 30
