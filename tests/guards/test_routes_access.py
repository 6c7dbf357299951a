"""Role x route x own or foreign, for pages and the API alike; the expectation is routes.toml.

Own: who is named in the table gets in, others find nothing. Foreign: nobody finds anything. What is not in it fails.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings, settings
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver, path
from django.views.decorators.csrf import csrf_exempt

from shouwang.core.access import public
from shouwang.people.selectors import code_text
from shouwang.places.rules import ROLE_RIGHTS
from tests.guards.reading import told
from tests.guards.routes_asking import (
    BROKEN,
    GONE,
    IN,
    NO_TOKEN,
    OPEN_API,
    PLACEHOLDER,
    REFUSED,
    SIGN_IN,
    Line,
    Unlisted,
    Visitor,
    lines_of,
    outcome,
    routes,
    told_of,
)  # fmt: skip
from tests.guards.routes_world import ANONYMOUS, ROLES, STAIRWELL_ONLY, Corner, World, id_number
from tests.guards.test_routes import all_routes
from tests.trials.record import record_trial

pytestmark = pytest.mark.django_db
TABLE = Path(__file__).with_name("routes.toml")
# Public by what is in the address, whoever asks: no own and no foreign.
BY_ADDRESS = ("q/", "r/", "c/", "goods/medicine/leaflets/")
SEALED = "field/phone/sync/"  # needs no session, so there is none to be misused
NOTHING_HERE = {GONE, SIGN_IN, NO_TOKEN}


@dataclass(frozen=True)
class Expected:
    """Who gets in on their own, and who is told that it is not for them."""

    inside: frozenset[str]
    refused: frozenset[str] = frozenset()

    def outcome(self, role: str, line: Line) -> str:
        if role in self.inside:
            return IN
        if role in self.refused:
            return REFUSED
        if role == ANONYMOUS and self.has_door:
            return NO_TOKEN if line.is_api or line.is_app else SIGN_IN
        return GONE

    @property
    def has_door(self) -> bool:
        """Whether there is something behind it for somebody; else it is a 404 for the anonymous as well."""
        return bool(self.inside or self.refused)


Table = Mapping[str, Expected]


def read_table(text: str) -> dict[str, Expected]:
    """The table by line ("GET /desk/")."""
    read = tomllib.loads(text)
    groups = {name: frozenset(roles.split()) for name, roles in read["groups"].items()}

    def named(said: str) -> frozenset[str]:
        found = frozenset(role for word in said.split() for role in groups.get(word, {word}))
        assert found <= set(ROLES), f"no such role: {found - set(ROLES)}"
        return found

    return {
        line: Expected(named(said))
        if isinstance(said, str)
        else Expected(named(said["in"]), named(said["refused"]))
        for line, said in read["routes"].items()
    }


TABLE_READ = read_table(TABLE.read_text("utf-8"))
LINES = {str(line): line for line in lines_of(routes())}


def unknown(table: Table, lines: Mapping[str, Line]) -> list[str]:
    """Routes that the table does not have, lines of it that are no route, and addresses that cannot be filled."""
    routes_told = {lines[name].route for name in table if name in lines}
    missing = {line.route: f"/{line.route}: not in {TABLE.name}" for line in lines.values()
               if line.route not in routes_told}  # fmt: skip
    return [*missing.values(), *(f"{name}: no such route" for name in table if name not in lines)]


def unfilled(lines: Iterable[Line], world: World) -> list[str]:
    """Routes with something in their address that nothing is entered for."""
    found = []
    for line in lines:
        try:
            for corner in (world.here, world.next_door, world.away):
                line.values(world, corner, ANONYMOUS)
        except Unlisted as fault:
            found.append(str(fault))
    return found


def otherwise(table: Table, visitor: Visitor, lines: Mapping[str, Line]) -> list[str]:
    """Where what happens to this role on its own is not what the table says; and words of others in the answer."""
    found = []
    for name, expected in table.items():
        line, world = lines[name], visitor.world
        answer = visitor.ask(line, world.here)
        happened, wanted = outcome(answer), expected.outcome(visitor.role, line)
        if happened != wanted:
            found.append(f"{visitor.role} {name}: {wanted} expected, {_said(answer)}")
        found += [f"{visitor.role} {name}: says {secret}" for secret in told_of(answer, world.away)]
    return found


def _said(answer: Any) -> str:
    fault = getattr(answer, "exc_info", None)
    return f"{outcome(answer)} ({answer.status_code}{f' {fault[1]!r}' if fault else ''})"


def foreign_corners(visitor: Visitor) -> list[Corner]:
    world = visitor.world
    return [world.away, world.next_door] if visitor.role in STAIRWELL_ONLY else [world.away]


def open_to_strangers(lines: Iterable[Line], visitor: Visitor) -> list[str]:
    """Where something foreign answers as if it existed, or a word of it is said."""
    found = []
    for line in lines:
        own = line.values(visitor.world, visitor.world.here, visitor.role)
        for corner in foreign_corners(visitor):
            if line.values(visitor.world, corner, visitor.role) == own:
                continue
            answer = visitor.ask(line, corner)
            if outcome(answer) not in NOTHING_HERE:
                found.append(f"{visitor.role} {line} of {corner.mark}: {_said(answer)}")
            found += [f"{visitor.role} {line}: says {secret}" for secret in told_of(answer, corner)]
    return found


def has_owner(line: Line) -> bool:
    """Whether the address names something that belongs to somebody."""
    names = set(PLACEHOLDER.findall(line.route)) - {"role", "rest"}
    return bool(names) and not line.route.startswith(BY_ADDRESS)


def foreign_lines(role: str) -> list[Line]:
    """Lines by which a role could reach what is foreign: where it gets in on its own. Nightly: all of them."""
    thorough = os.environ.get("SHOUWANG_TEST_PROFILE") == "nightly"
    return [
        LINES[name]
        for name, expected in TABLE_READ.items()
        if has_owner(LINES[name]) and (thorough or role in expected.inside | expected.refused)
    ]


# The table


def test_every_route_is_in_the_table(world: World) -> None:
    found = unknown(TABLE_READ, LINES) + unfilled(LINES.values(), world)
    assert not found, told(found)


@pytest.mark.parametrize("role", ROLES)
def test_own(role: str, visitors: dict[str, Visitor]) -> None:
    found = otherwise(TABLE_READ, visitors[role], LINES)
    record_trial(
        19,
        trials=len(TABLE_READ),
        failed=len(found),
        what="routes asked for by 14 roles, on what is their own",
    )
    assert not found, told(found)


@pytest.mark.parametrize("role", ROLES)
def test_foreign(role: str, visitors: dict[str, Visitor]) -> None:
    lines = foreign_lines(role)
    found = open_to_strangers(lines, visitors[role])
    record_trial(
        19, trials=len(lines), failed=len(found), what="routes asked for by 14 roles, on what is foreign"
    )
    assert not found, told(found)


@pytest.mark.parametrize("role", ["secretary", "newcomer", ANONYMOUS])
def test_what_is_not_in_the_table_does_not_exist(role: str, visitors: dict[str, Visitor]) -> None:
    visitor = visitors[role]
    left = [line for name, line in LINES.items() if name not in TABLE_READ]
    asked = [(line, visitor.ask(line, visitor.world.here)) for line in left]
    found = [
        f"{role} {line}: {_said(answer)}" for line, answer in asked if outcome(answer) not in NOTHING_HERE
    ]
    assert not found, told(found)


def test_the_table_gives_nobody_more_than_the_declared_access() -> None:
    """`needs("x")` in the code, the rights of a role in places.rules, and the table say the same."""
    access = {
        route: str(getattr(view, "access", "")) for route, view in all_routes(get_resolver().url_patterns)
    }
    found = []
    for name, expected in TABLE_READ.items():
        declared = access.get(LINES[name].route, "")
        if declared.startswith("needs "):
            holders = {role for role, rights in ROLE_RIGHTS.items() if declared[6:] in rights.capabilities}
            found += [f"{name} {declared}: {role}" for role in (expected.inside | expected.refused) - holders]
        if ANONYMOUS in expected.inside and not declared.startswith("public: "):
            found.append(f"{name}: open to everybody, declared {declared}")
    assert not found, told(found)


# What is foreign named in what is sent, where the address is one's own


def foreign_bodies(world: World) -> list[tuple[str, dict[str, Any]]]:
    away, here = world.away, world.here
    people = "/people/households/<uuid:household_id>"
    asked = {"category": "shopping", "urgency": "normal", "title": "土豆", "words": "", "source": "phone"}
    api = {"community_id": str(here.community.pk), "category": "shopping", "title": "土豆"}
    return [
        ("POST /help/call/", {**asked, "household": str(away.household.pk)}),
        ("POST /help/call/", {**asked, "community": str(away.community.pk)}),
        ("POST /help/call/who/", {"phone": away.phone}),
        ("POST /help/search/", {"q": away.phone}),
        ("POST /desk/search/", {"q": f"李{away.mark}"}),
        ("POST /desk/search/", {"q": away.phone}),
        ("POST /people/search/", {"q": f"李{away.mark}"}),
        ("POST /people/", {"q": away.phone[-4:]}),
        ("POST /people/codes/read/", {"q": code_text(away.code)}),
        ("POST /people/codes/read/", {"q": id_number(away.number)}),
        ("POST /volunteers/", {"words": away.mark}),
        ("POST /help/paste/", {"take": "all", "community": str(away.community.pk), "taken0": str(away.household.pk)}),
        ("POST /help/directory/", {"name": "药店", "phone": "01990002", "order": "1", "community": str(away.community.pk)}),
        ("POST /help/requests/<uuid:request_id>/offer/", {"volunteer": str(away.volunteer.pk)}),
        ("POST /help/requests/<uuid:request_id>/ring/", {"outcome": "rang", "entry": str(away.entry.pk)}),
        (f"POST {people}/contacts/", {"person": str(away.person.pk), "name": "甲", "phone": "19900060009"}),
        (f"POST {people}/care/", {"kind": "infant", "about": str(away.person.pk), "source": "来访"}),
        ("POST /incidents/open/", {"name": "停", "protocol": "heat", "community": str(away.community.pk),
                                   "buildings": str(away.building.pk)}),
        ("POST /ledgers/", {"community": str(away.community.pk)}),
        ("POST /volunteers/enrol/", {"name": "甲", "home": str(away.stairwell.pk), "username": "zhao.san",
                                     "password": "three words unrelated", "carries_kg": "1", "at_most": "1"}),
        ("POST /places/<uuid:place_id>/posts/fill/", {"role": "stairwell_head", "holder": str(away.volunteer.user_id)}),
        ("POST /api/v1/requests", {**api, "household_id": str(away.household.pk)}),
        ("POST /api/v1/requests", {**api, "dwelling_id": str(away.dwelling.pk)}),
        ("POST /api/v1/requests", {**api, "place_id": str(away.stairwell.pk)}),
        ("POST /api/v1/requests", {**api, "community_id": str(away.community.pk)}),
        ("POST /api/v1/requests", {**api, "community_id": str(away.community.pk),
                                   "door": {"building": "8", "stairwell": "1", "door": "501"}}),
        ("POST /api/v1/requests/<uuidstr:request_id>/offer", {"volunteer_id": str(away.volunteer.pk)}),
        ("POST /api/v1/posts", {"place_id": str(away.stairwell.pk), "role": "stairwell_head",
                                "holder_id": str(here.owners["volunteer_free"].user.pk)}),
        ("POST /api/v1/incidents", {"community_id": str(away.community.pk), "name": "停", "protocol": "heat",
                                    "place_ids": [str(away.building.pk)]}),
        ("POST /api/v1/incidents", {"community_id": str(here.community.pk), "name": "停", "protocol": "heat",
                                    "place_ids": [str(away.building.pk)]}),
        ("POST /api/v1/incidents/<uuidstr:incident_id>/line", {"add": [str(away.building.pk)]}),
    ]  # fmt: skip


# A search finds nothing, and says so.
ANSWERED = ("/search/", "/people/", "/codes/read/", "/volunteers/", "/who/", "/paste/")


def test_what_is_sent_reaches_nothing_foreign(world: World, visitors: dict[str, Visitor]) -> None:
    visitor, found = visitors["secretary"], []
    for name, body in foreign_bodies(world):
        answer = visitor.ask(LINES[name], world.here, body)
        searched = name.endswith(ANSWERED)
        if answer.status_code not in ((200,) if searched else (403, 404, 422)):
            found.append(f"{name} {sorted(body)}: {_said(answer)}")
        sent = set(body.values()) if searched else set()
        found += [
            f"{name} {sorted(body)}: says {secret}"
            for secret in told_of(answer, world.away)
            if not any(secret in str(value) for value in sent)
        ]
    assert not found, told(found)


# Tokens and forged forms


def test_a_token_that_reads_does_not_write(visitors: dict[str, Visitor]) -> None:
    visitor = visitors["secretary"]
    writes = [LINES[name] for name in TABLE_READ if name.startswith("POST /api/") and LINES[name].is_api]
    asked = [(line, visitor.ask(line, visitor.world.here, reach="read")) for line in writes]
    found = [f"{line}: {_said(answer)}" for line, answer in asked if answer.status_code != 403]
    assert len(writes) > 15
    assert not found, told(found)


def unguarded(addresses: Iterable[str], session: str) -> list[str]:
    """Addresses that act on a form that another site could have sent."""
    found = []
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    for number, address in enumerate(addresses):
        for method in ("post", "put", "patch", "delete") if number < 3 else ("post",):
            client.cookies[settings.SESSION_COOKIE_NAME] = session
            answer = getattr(client, method)(address)
            if answer.status_code != 403:
                found.append(f"{method} {address}: {answer.status_code}")
    return found


def test_no_form_can_be_forged(visitors: dict[str, Visitor]) -> None:
    visitor = visitors["secretary"]
    pages = {line for line in LINES.values() if not line.route.startswith(("api/", SEALED))}
    addresses = sorted({line.address(visitor.world, visitor.world.here, "secretary") for line in pages})
    assert len(addresses) > 80
    found = unguarded(addresses, visitor.session)
    record_trial(22, trials=len(addresses), failed=len(found), what="forms sent without their token")
    assert not found, told(found)


def test_a_cookie_opens_nothing_of_the_api(visitors: dict[str, Visitor]) -> None:
    """So there is nothing to forge."""
    visitor, client, found = visitors["secretary"], Client(), []
    client.cookies[settings.SESSION_COOKIE_NAME] = visitor.session
    for name in TABLE_READ:
        line = LINES[name]
        if line.is_api:
            address = line.address(visitor.world, visitor.world.here, "secretary")
            answer = (
                client.get(address) if line.method == "GET" else client.post(address, {}, "application/json")
            )
            if answer.status_code != 401:
                found.append(f"{name}: {answer.status_code}")
    assert not found, told(found)


# Each of the looks above sees what it is there to see


def test_a_wrong_expectation_is_noticed(visitors: dict[str, Visitor]) -> None:
    name = "GET /desk/record/"
    wrong = {name: replace(TABLE_READ[name], inside=TABLE_READ[name].inside | {"clerk"})}
    assert otherwise(wrong, visitors["clerk"], LINES) == ["clerk GET /desk/record/: in expected, gone (404)"]
    wrong = {name: Expected(frozenset({"clerk"}))}
    assert otherwise(wrong, visitors["secretary"], LINES) == [
        "secretary GET /desk/record/: gone expected, in (200)"
    ]


def test_a_route_too_many_or_too_few_is_noticed(world: World) -> None:
    fewer = {name: expected for name, expected in TABLE_READ.items() if name != "GET /desk/record/"}
    assert unknown(fewer, LINES) == [f"/desk/record/: not in {TABLE.name}"]
    more = {**TABLE_READ, "GET /desk/gossip/": Expected(frozenset())}
    assert unknown(more, LINES) == ["GET /desk/gossip/: no such route"]
    assert unfilled([Line("GET", "desk/<uuid:gossip_id>/")], world)


def test_an_open_door_is_noticed(visitors: dict[str, Visitor], settings: LazySettings) -> None:
    """A page that asks nobody who they are, and one that takes any form."""
    away = visitors["clerk"].world.away

    @csrf_exempt
    @public("forgets to ask")
    def careless(request: Any, household_id: Any) -> HttpResponse:
        return HttpResponse(f"李{away.mark}")

    route = "careless/<uuid:household_id>/"
    settings.ROOT_URLCONF = (*get_resolver().url_patterns, path(route, careless))
    line = Line("GET", route)
    found = open_to_strangers([line], visitors["clerk"])
    assert len(found) == 2 and found[1].endswith(f"says {away.mark}")
    address = line.address(visitors["clerk"].world, away, "clerk")
    assert len(unguarded([address], visitors["clerk"].session)) == 4


def test_a_fault_is_noticed(visitors: dict[str, Visitor], settings: LazySettings) -> None:
    @public("breaks")
    def broken(request: Any) -> HttpResponse:
        return HttpResponse(status=500)

    settings.ROOT_URLCONF = (*get_resolver().url_patterns, path("broken/", broken))
    line = Line("GET", "broken/")
    answer = visitors["clerk"].ask(line, visitors["clerk"].world.here)
    assert outcome(answer) == BROKEN and line.route not in OPEN_API
