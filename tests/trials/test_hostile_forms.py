"""Each field of each form, and each word of an address, is given what no person types: nothing breaks, nothing runs,
and what is refused is said in words."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.guards.routes_asking import Line, Visitor, browser, text_of, undone
from tests.guards.routes_bodies import body_for
from tests.guards.routes_world import World, photo
from tests.guards.test_routes_access import LINES, TABLE_READ
from tests.trials.record import record_trial

# PostgreSQL refuses more than SQLite does: what passes there breaks nothing here.
pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
SCRIPT = "<script>alert(7)</script>"
HOSTILE: dict[str, Callable[[], Any]] = {
    "nothing": lambda: "",
    "far too long": lambda: "长" * 20_000,
    "a zero byte": lambda: "李\x00秀英",
    "signs that turn the text round": lambda: "\u202eabc\u202c\x1b[31m",
    "half a character": lambda: b"\xed\xb3\xbf\xff",
    "a script": lambda: SCRIPT,
    "a formula": lambda: '=HYPERLINK("http://example.org","x")',
    "a quote": lambda: "'; DROP TABLE people_person; --",
    "less than nothing": lambda: "-1",
    "a number without end": lambda: "9" * 400,
    "no number": lambda: "NaN",
    "a day that is none": lambda: "2026-02-30T25:61",
    "two values": lambda: ["a", "b"],
    "a file": lambda: SimpleUploadedFile("x.jpg", photo(), "image/jpeg"),
}
# What found something, or could; the others are for the night.
USUAL = ("far too long", "a zero byte", "half a character", "a script")
NIGHTLY = os.environ.get("SHOUWANG_TEST_PROFILE") == "nightly"
TRIED = tuple(HOSTILE) if NIGHTLY else USUAL
QUERY = ("page", "after", "show", "sort", "lens", "building", "community", "q", "kind", "day", "sure", "next")
# What the machine says of itself is no page. A sign-in name is what the lock counts by; it is tried by the trial of row 21.
NOT_HERE = {"GET /healthz", "POST /accounts/sign-in/", "POST /accounts/second/"}
PARTS = 6


def forms() -> list[Line]:
    """Every form that the secretary may send."""
    return [
        LINES[name]
        for name, expected in TABLE_READ.items()
        if name.startswith("POST ")
        and "secretary" in expected.inside
        and not LINES[name].is_api
        and not LINES[name].is_app
        and name not in NOT_HERE
    ]


def pages() -> list[Line]:
    return [
        LINES[name]
        for name, expected in TABLE_READ.items()
        if name.startswith("GET ")
        and "secretary" in expected.inside
        and not LINES[name].is_api
        and not LINES[name].is_app
        and name not in NOT_HERE
    ]


def bodies(line: Line, world: World) -> Iterator[tuple[str, dict[str, Any]]]:
    """The form as a person would fill it in, made hostile one field at a time, or (in the usual run, but for the zero
    byte, which is what found something) in all fields at once; and each field left out."""
    usual = body_for(line.route, world, world.here) or {}
    fields = (*usual, "command_id", "from")
    for what in TRIED:
        if NIGHTLY or what == "a zero byte":
            for field in fields:
                yield f"{field}: {what}", {**body_for(line.route, world, world.here), field: HOSTILE[what]()}
        else:
            yield f"all: {what}", {field: HOSTILE[what]() for field in usual}
    for field in usual:
        yield f"{field}: left out", {name: said for name, said in usual.items() if name != field}


def wrong(answer: Any) -> str:
    """What is wrong with an answer; empty when nothing is."""
    if answer.status_code >= 500:
        return f"answers {answer.status_code}"
    return "repeats a script" if SCRIPT in text_of(answer) else ""


@pytest.mark.parametrize("part", range(PARTS))
def test_every_field_of_every_form(part: int, world: World, visitors: dict[str, Visitor]) -> None:
    tried, found = 0, []
    secretary = visitors["secretary"]
    for line in forms()[part::PARTS]:
        for what, body in bodies(line, world):
            tried += 1
            said = wrong(ask(secretary, line, body))
            found += [f"{line} {what} {said}"] if said else []
    record_trial(
        15, trials=tried, failed=len(found),
        what="fields of forms given what no person types: zero bytes, half characters, scripts, 20,000 signs",
    )  # fmt: skip
    assert not found, "\n  ".join(found[:60])


def ask(visitor: Visitor, line: Line, body: dict[str, Any]) -> Any:
    address = line.address(visitor.world, visitor.world.here, visitor.role)
    with undone():
        return visitor.page(line, address, body)


@pytest.mark.parametrize(
    "what", ["a zero byte", "half a character", "a script", "less than nothing", "a number without end"]
)
def test_every_word_of_an_address(what: str, world: World, visitors: dict[str, Visitor]) -> None:
    found, lines = [], pages()
    for line in lines:
        address = line.address(world, world.here, "secretary")
        with undone():
            client = browser()
            client.cookies[settings.SESSION_COOKIE_NAME] = visitors["secretary"].session
            said = wrong(client.get(address, dict.fromkeys(QUERY, HOSTILE[what]())))
        found += [f"{line} {what} {said}"] if said else []
    record_trial(
        15,
        trials=len(lines),
        failed=len(found),
        what="pages whose address says in each word what no page asks for",
    )
    assert not found, "\n  ".join(found[:60])
