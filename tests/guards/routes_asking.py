"""Asking every route as everybody: addresses from the URL configuration, and what an answer amounts to."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from shouwang.core.ids import uuid7
from tests.guards.routes_bodies import body_for
from tests.guards.routes_goods_custody import CUSTODY_ELSEWHERE, CUSTODY_VALUES
from tests.guards.routes_goods_groups import GROUP_ELSEWHERE, GROUP_VALUES
from tests.guards.routes_goods_medicine import MEDICINE_ELSEWHERE, MEDICINE_VALUES
from tests.guards.routes_goods_runs import RUN_ELSEWHERE
from tests.guards.routes_goods_shopping import (
    SHOPPING_ELSEWHERE,
    SHOPPING_OF_A_WORD,
    SHOPPING_VALUES,
    SHOPPING_WORDS,
)
from tests.guards.routes_goods_store import VALUES as STORE_VALUES
from tests.guards.routes_world import ANONYMOUS, Corner, World

API = "api/v1/"
OPEN_API = {"api/v1/openapi.json", "api/v1/", "api/v1/<path:rest>"}
METHODS = ("GET", "POST")
# In: it was answered or acted on; 403 says no to somebody who may see it; gone: it does not exist for who asks.
IN, REFUSED, GONE, SIGN_IN, NO_TOKEN, BROKEN = "in", "refused", "gone", "sign-in", "no-token", "broken"

Value = Callable[[World, Corner, str], Any]


def _own(name: str) -> Value:
    """Something of the asker's own; of a foreign corner, its secretary's."""

    def find(world: World, corner: Corner, role: str) -> Any:
        owners = corner.owners
        return getattr(owners[role if corner is world.here and role in owners else "stairwell_head"], name).pk

    return find


def _of(name: str) -> Value:
    return lambda world, corner, role: getattr(corner, name).pk


def _request(state: str) -> Value:
    return lambda world, corner, role: corner.requests[state].pk


def _photo(world: World, corner: Corner, role: str) -> Any:
    return corner.requests["done"].events.exclude(photo=None).values_list("photo_id", flat=True)[0]


def _confidant(world: World, corner: Corner, role: str) -> Any:
    named = corner.requests["confidential"].confidants.filter(until_at=None)
    return named.order_by("from_at").values_list("pk", flat=True)[0]


VALUES: dict[str, Value] = {
    **STORE_VALUES,
    **{f"{name}_id": _of(name) for name in (
        "building", "dwelling", "household", "person", "flag", "contact", "proxy", "post", "incident", "volunteer",
        "entry", "community", "ticket", "merge", "glass", "contradiction",
        "round", "roster_entry", "set_aside", "tube", "consignment", "walk_in", "kind", "own_kind", "proposal",
        "slot", "walking_list", "campaign", "spot", "parcel",
    )},
    "list_id": _of("tracing_list"),
    "line_id": _of("tracing_line"),
    "confidant_id": _confidant,
    "first_id": _of("person"),
    "second_id": _of("relative"),
    "place_id": _of("stairwell"),
    "import_id": _of("staged"),
    "period_id": lambda world, corner, role: corner.volunteer.availability.all()[0].pk,
    "token_id": _own("token"),
    "session_id": _own("session"),
    "device_id": _own("device"),
    "channel_id": _own("channel"),
    "message_id": _own("message"),
    "request_id": _request("in_hand"),
    "assignment_id": _of("assignment"),
    "file_id": _photo,
    "door_code": lambda world, corner, role: corner.stairwell.door_code,
    "code": lambda world, corner, role: "power_out",
    "choice": lambda world, corner, role: "medicine",
    "phone_link": lambda world, corner, role: corner.phone_link,
    "token": lambda world, corner, role: corner.link,
    "role": lambda world, corner, role: "secretary",
    "rest": lambda world, corner, role: "nothing/here",
    **GROUP_VALUES,
    **MEDICINE_VALUES,
    **CUSTODY_VALUES,
    **SHOPPING_VALUES,
}  # fmt: skip
# Where another object of the same kind is meant: what the buttons of that page are for.
ELSEWHERE: dict[tuple[str, str], Value] = {
    **GROUP_ELSEWHERE,
    **MEDICINE_ELSEWHERE,
    **CUSTODY_ELSEWHERE,
    **RUN_ELSEWHERE,
    **SHOPPING_ELSEWHERE,
    ("rounds/<uuid:round_id>/buildings/<uuid:place_id>/", "place_id"): _of("building"),
    ("incidents/<uuid:incident_id>/line/<uuid:place_id>/", "place_id"): _of("building"),
    ("rounds/calling/slots/<uuid:slot_id>/back/", "slot_id"): _of("slot_called"),
    ("rounds/walks/<uuid:walking_list_id>/give/", "walking_list_id"): _of("walk_waiting"),
    ("places/glass/<uuid:glass_id>/end/", "glass_id"): _own("glass"),
    ("people/doors/<uuid:dwelling_id>/open/", "dwelling_id"): _of("empty"),
    ("rounds/<uuid:round_id>/answers/", "round_id"): _of("asked_round"),
    ("rounds/<uuid:round_id>/turns/end/", "round_id"): _of("asked_round"),
    ("people/care/<uuid:flag_id>/decide/", "flag_id"): _of("proposed"),
    ("help/requests/<uuid:request_id>/emergency/", "request_id"): _request("life"),
    ("help/requests/<uuid:request_id>/step/", "request_id"): _request("life"),
    ("help/requests/<uuid:request_id>/ring/", "request_id"): _request("life"),
    ("help/requests/<uuid:request_id>/confidants/", "request_id"): _request("confidential"),
    ("help/requests/<uuid:request_id>/verify/", "request_id"): _request("portal"),
    ("help/requests/<uuid:request_id>/offer/", "request_id"): _request("new"),
    ("help/requests/<uuid:request_id>/link/", "request_id"): _request("portal"),
    ("help/requests/<uuid:request_id>/photos/<uuid:file_id>/", "request_id"): _request("done"),
    ("field/requests/<uuid:request_id>/take/", "request_id"): _request("asked"),
    ("field/requests/<uuid:request_id>/decline/", "request_id"): _request("asked"),
    ("api/v1/requests/<uuidstr:request_id>/offer", "request_id"): _request("new"),
    ("api/v1/requests/<uuidstr:request_id>/accept", "request_id"): _request("asked"),
    ("api/v1/requests/<uuidstr:request_id>/decline", "request_id"): _request("asked"),
    ("api/v1/requests/<uuidstr:request_id>/confirm", "request_id"): _request("done"),
    ("api/v1/requests/<uuidstr:request_id>/reopen", "request_id"): _request("closed"),
}
# A word in an address that decides what is done: a line of its own in the table for each.
WORDS = {
    "act": ("start", "right", "reopen"),
    "answer": ("accept", "decline", "release"),
    "quick": ("done", "away"),
    "decision": ("apply", "leave-out"),
    **SHOPPING_WORDS,
}
OF_A_WORD: dict[tuple[str, str], Value] = {
    **SHOPPING_OF_A_WORD,
    ("right", "request_id"): _request("done"),
    ("reopen", "request_id"): _request("closed"),
    ("accept", "assignment_id"): _of("offer"),
    ("decline", "assignment_id"): _of("offer"),
}
PLACEHOLDER = re.compile(r"<(?:[^:>]+:)?(\w+)>")
# Lists of the API that are asked about one community.
QUERIES = {"api/v1/checks": lambda world, corner: {"community_id": str(corner.community.pk)}}


class Unlisted(LookupError):
    """A route asks for something that VALUES does not know: enter it there, and the route in routes.toml."""


@dataclass(frozen=True)
class Line:
    """One method of one route: a line of the table. `word` is the choice that the address makes, if it makes one."""

    method: str
    route: str
    word: str = ""

    def __str__(self) -> str:
        return f"{self.method} /{self.route} {self.word}".strip()

    @property
    def is_api(self) -> bool:
        return self.route.startswith(API) and self.route not in OPEN_API

    @property
    def is_app(self) -> bool:
        """What the app on a phone asks: JSON, in the browser's session, answered in JSON."""
        return self.route.startswith("field/phone/")

    def values(self, world: World, corner: Corner, role: str) -> dict[str, str]:
        """What stands in the address. Raises Unlisted."""
        return {name: str(self._value(name)(world, corner, role)) for name in PLACEHOLDER.findall(self.route)}

    def _value(self, name: str) -> Value:
        if name in WORDS:
            return lambda world, corner, role: self.word
        found = OF_A_WORD.get((self.word, name)) or ELSEWHERE.get((self.route, name)) or VALUES.get(name)
        if found is None:
            raise Unlisted(f"{self.route}: nothing to put for <{name}>")
        return found

    def address(self, world: World, corner: Corner, role: str) -> str:
        values = self.values(world, corner, role)
        return "/" + PLACEHOLDER.sub(lambda found: values[found[1]], self.route)


def routes(patterns: Iterable[Any] | None = None, before: str = "") -> list[str]:
    """Every route of the URL configuration, once."""
    found: dict[str, None] = {}
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found |= dict.fromkeys(routes(pattern.url_patterns, route))
        elif isinstance(pattern, URLPattern):
            found[route] = None
    return list(found)


def lines_of(found: Iterable[str]) -> Iterator[Line]:
    """Each route with each method, and with each word that it takes."""
    for route in found:
        words = next((WORDS[name] for name in PLACEHOLDER.findall(route) if name in WORDS), ("",))
        yield from (Line(method, route, word) for method in METHODS for word in words)


@contextmanager
def undone() -> Iterator[None]:
    """What is written inside is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@lru_cache
def _client() -> Client:
    """One for all: a new one reads the whole middleware and every static file anew."""
    return Client(raise_request_exception=False)


def browser() -> Client:
    """A browser without cookies, which makes a page of every fault."""
    client = _client()
    client.cookies.clear()
    return client


class Visitor:
    """One role at the door: a browser that is signed in, and a program with a token."""

    def __init__(self, world: World, role: str) -> None:
        self.world, self.role = world, role
        self.belongings = world.users.get(role)
        self.session = ""
        if self.belongings is not None:
            client = Client()
            client.force_login(self.belongings.user, "django.contrib.auth.backends.ModelBackend")
            self.session = client.cookies[settings.SESSION_COOKIE_NAME].value

    @contextmanager
    def behind_the_counter(self) -> Iterator[None]:
        """With counter mode on in this browser."""
        for on in (True, False):
            session = SessionStore(self.session)
            session["counter"] = on
            session.save()
            if on:
                yield

    def ask(self, line: Line, corner: Corner, body: dict[str, Any] | None = None, **more: Any) -> Any:
        """The answer to one request; what it wrote is taken back."""
        address = line.address(self.world, corner, self.role)
        if body is None and line.method == "POST":
            body = body_for(line.route, self.world, corner)
        with undone():
            return (
                self.api(line, address, corner, body, **more)
                if line.is_api
                else self.page(line, address, body)
            )

    def page(self, line: Line, address: str, body: dict[str, Any] | None) -> Any:
        client = browser()
        if self.session:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.session
        if line.method == "GET":
            return client.get(address)
        if line.is_app:
            return client.post(address, body or {}, "application/json")
        return client.post(address, {"command_id": str(uuid7()), **(body or {})})

    def api(
        self, line: Line, address: str, corner: Corner, body: Any, reach: str = "write", **more: Any
    ) -> Any:
        client = browser()
        headers = {"Idempotency-Key": str(uuid7()), **more}
        if self.belongings is not None:
            headers["Authorization"] = f"Bearer {getattr(self.belongings, f'{reach}_secret')}"
        if line.method == "GET":
            asked = QUERIES.get(line.route, lambda world, corner: {})(self.world, corner)
            return client.get(address, asked, headers=headers)
        return client.post(address, body or {}, "application/json", headers=headers)


def outcome(answer: Any) -> str:
    """What an answer amounts to."""
    status = answer.status_code
    if status in (301, 302) and answer.headers["Location"].startswith("/accounts/sign-in/?next="):
        return SIGN_IN
    if status >= 500 and not _is_health(answer):
        return BROKEN
    return {401: NO_TOKEN, 403: REFUSED, 404: GONE, 405: GONE}.get(status, IN)


def _is_health(answer: Any) -> bool:
    """/healthz says 503 as its own: the clock does not run in a test."""
    return bool(answer.wsgi_request.path == "/healthz")


def text_of(answer: Any) -> str:
    """Everything that an answer says: a workbook opened, JSON read, headers too."""
    raw = answer.getvalue() if answer.streaming else answer.content
    if raw.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(raw)) as book:
            raw = b"\n".join(book.read(name) for name in book.namelist())
    text = raw.decode("utf-8", "replace")
    if "json" in answer.headers.get("Content-Type", "") and text:
        text = json.dumps(json.loads(text), ensure_ascii=False)
    return text + "\n" + "\n".join(f"{name}: {value}" for name, value in answer.headers.items())


def told_of(answer: Any, corner: Corner) -> list[str]:
    """Secrets of a corner that stand in an answer."""
    text = text_of(answer)
    return [secret for secret in corner.secrets if secret in text]


def everybody(world: World) -> dict[str, Visitor]:
    return {role: Visitor(world, role) for role in (*world.users, ANONYMOUS)}
