"""Sensitive fields x roles over pages, searches, exports, errors, counts and the API: fields.toml says who may read
what, every field holds something that stands nowhere else, and every answer is looked through."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pytest
from django.conf import LazySettings
from django.http import HttpResponse
from django.urls import get_resolver, path

from shouwang.core.access import public
from tests.guards.reading import told
from tests.guards.routes_asking import Line, Visitor, text_of
from tests.guards.routes_world import ANONYMOUS, POSTS, ROLES, Corner, World
from tests.guards.test_leaks import SEARCHES, bare
from tests.guards.test_routes_access import (
    BY_ADDRESS,
    LINES,
    TABLE_READ,
    foreign_corners,
    foreign_lines,
)
from tests.trials.field_canaries import canaries, furnish, read_fields, readers_by_post
from tests.trials.record import record_trial

pytestmark = pytest.mark.django_db
FIELDS = read_fields()
# Reads that are posts: what is asked for is in the body, and what comes is more than a word.
READING_POSTS = (
    *SEARCHES,
    "POST /help/call/who/",
    "POST /people/codes/read/",
    "POST /ledgers/imports/<uuid:import_id>/problems/",
    "POST /ledgers/register/<uuid:community_id>/export/",
)
NOBODYS = "15019919410305888X"
# It names every kind of care there is, whoever lives here.
NOBODY_IN_IT = {"GET /api/v1/openapi.json"}
# Nonsense of every type, so that a page has something to say about it.
WRONG: dict[str, Any] = {
    "name": "", "phone": "12", "id_number": "15019919410305000X", "day": "32", "q": "\x00", "urgency": "none", "lines": 7,
}  # fmt: skip
# In `make test`, errors and foreign addresses for those with the fewest rights of each kind; nightly for everybody.
FEWEST = ("clerk", "seconded_officer", "stairwell_head", "volunteer", "newcomer", ANONYMOUS)
THOROUGH = os.environ.get("SHOUWANG_TEST_PROFILE") == "nightly"
CLOSELY = ROLES if THOROUGH else FEWEST
Told = tuple[str, set[str]]


@pytest.fixture(scope="module", autouse=True)
def furnished(world: World, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        furnish(world)


def reading_lines() -> list[Line]:
    """Every line that reads, for everybody: what is refused says nothing either."""
    return [
        LINES[name]
        for name in TABLE_READ
        if (name.startswith("GET ") or name in READING_POSTS) and name not in NOBODY_IN_IT
    ]


def errors_for(role: str) -> list[Line]:
    """Lines that write and let the role in, to be sent nonsense."""
    return [
        LINES[name]
        for name, expected in TABLE_READ.items()
        if name.startswith("POST ") and role in expected.inside and name not in READING_POSTS
    ]


def looked_through(visitor: Visitor) -> tuple[list[Told], list[Told]]:
    """What the answers tell about what is one's own, and about what is foreign."""
    here = visitor.world.here
    own = list(walked(visitor, reading_lines(), here))
    if visitor.role not in CLOSELY:
        return own, []
    own += walked(visitor, errors_for(visitor.role), here, WRONG)
    reads = [line for line in foreign_lines(visitor.role) if line.method == "GET"]
    return own, [
        said
        for corner in foreign_corners(visitor)
        for said in walked(visitor, [line for line in reads if is_foreign(visitor, line, corner)], corner)
    ]


def is_foreign(visitor: Visitor, line: Line, corner: Corner) -> bool:
    """Whether the line means something else there than here: what came with the product is nobody's."""
    here = line.values(visitor.world, visitor.world.here, visitor.role)
    return line.values(visitor.world, corner, visitor.role) != here


def found_in(text: str, line: Line, corner: Corner) -> set[str]:
    """The fields of a corner that an answer tells, but for what a private link is there to tell."""
    by_link = line.route.startswith(BY_ADDRESS)
    return {
        field
        for field, forms in canaries(corner).items()
        if any(form in text for form in forms) and not (by_link and FIELDS[field].link)
    }


def walked(visitor: Visitor, lines: Iterable[Line], corner: Corner, body: Any = None) -> Iterator[Told]:
    for line in lines:
        yield str(line), found_in(text_of(visitor.ask(line, corner, body)), line, corner)


def leaks(role: str, seen: Iterable[Told], foreign: bool = False) -> list[str]:
    return [
        f"{role} {line}: tells {field}"
        for line, fields in seen
        for field in sorted(fields)
        if foreign or role not in FIELDS[field].readers
    ]


def test_the_table_is_what_the_roles_may_read() -> None:
    """For those with a post it follows from the class, unless it says why it is narrower."""
    assert set(canaries_of_nobody()) == set(FIELDS)
    found = []
    for field in FIELDS.values():
        by_post = readers_by_post(field.field_class)
        if field.see - by_post or (field.see != by_post and not field.narrower):
            found.append(f"{field.name}: {sorted(field.see ^ by_post)}")
        if field.job & set(POSTS):
            found.append(f"{field.name}: a post is no job")
    assert not found, told(found)


def canaries_of_nobody() -> Mapping[str, tuple[str, ...]]:
    class Nobody:
        mark, number, phone = "无", 0, ""

    return canaries(Nobody())  # type: ignore[arg-type]


def test_fields_by_role(visitors: dict[str, Visitor]) -> None:
    """Own: only whom the table names, and each of them somewhere. Foreign: nobody, nothing."""
    found: list[str] = []
    checks: Counter[str] = Counter()
    seen_by: dict[str, set[str]] = {}
    for role, visitor in visitors.items():
        own, foreign = looked_through(visitor)
        found += leaks(role, own) + leaks(role, foreign, foreign=True)
        checks += Counter(own=len(own) * len(FIELDS), foreign=len(foreign) * len(FIELDS))
        seen_by[role] = set().union(*(fields for _line, fields in own))
    blind = [f"{role} sees no {name}" for name, field in FIELDS.items() for role in sorted(field.readers)
             if name not in seen_by[role]]  # fmt: skip
    record_trial(
        20, trials=checks["own"], failed=len(found),
        what="fields of a household and its requests, in every answer to every role: pages, searches, sheets, errors, API",
        roles=len(ROLES), fields=len(FIELDS),
    )  # fmt: skip
    record_trial(
        19, trials=checks["foreign"], failed=len(found),
        what="the same fields of another stairwell or community, asked for by their addresses",
    )  # fmt: skip
    assert not found, told(found)
    assert not blind, told(blind)


# What stands on the private link's page is the asker's, and programs have no screen.
AT_THE_COUNTER = {"name", "relative_name", "contact_name", "proxy_name", "asker_name"}


def test_at_the_counter_a_screen_tells_names_and_doors(visitors: dict[str, Visitor]) -> None:
    """The secretary and a grid head with the counter mode on: of all fields only names, on every page they have."""
    found, checks = [], 0
    # Protocols name kinds of care, of nobody.
    lines = [line for line in reading_lines() if not line.is_api and "protocols" not in line.route]
    for role in ("secretary", "grid_head"):
        visitor = visitors[role]
        with visitor.behind_the_counter():
            seen = list(walked(visitor, lines, visitor.world.here))
        checks += len(seen) * len(FIELDS)
        found += [
            f"{role} {line}: tells {field}" for line, fields in seen for field in fields - AT_THE_COUNTER
        ]
        assert "name" in set().union(*(fields for _line, fields in seen))
    record_trial(20, trials=checks, failed=len(found), what="the same fields on every page in counter mode")
    assert not found, told(sorted(found))


def test_searching_says_nothing_of_what_may_not_be_read(world: World, visitors: dict[str, Visitor]) -> None:
    """Looking for the hidden value answers as looking for one that nobody has: neither found nor counted."""
    found, asked = [], 0
    hidden = (
        "id_number",
        "confidential_title",
        *(("words", "care_note", "household_note") if THOROUGH else ()),
    )
    for role, visitor in visitors.items():
        lines = [LINES[name] for name in SEARCHES if role in TABLE_READ[name].inside]
        for field in (field for field in hidden if role not in FIELDS[field].readers):
            there, nowhere = (
                canaries(world.here)[field][0],
                NOBODYS if field == "id_number" else "从来没有的话语",
            )
            for line in lines:
                asked += 1
                if answer_to(visitor, line, world, there) != answer_to(visitor, line, world, nowhere):
                    found.append(f"{role} {line}: answers otherwise for {field}")
    record_trial(
        20, trials=asked, failed=len(found), what="searches for a value that the asker may not read"
    )  # fmt: skip
    assert asked > 50
    assert not found, told(found)


def answer_to(visitor: Visitor, line: Line, world: World, words: str) -> str:
    text = bare(text_of(visitor.ask(line, world.here, {"q": words, "words": words})))
    return text.replace(words, "…")


def test_searching_finds_what_may_be_read(world: World, visitors: dict[str, Visitor]) -> None:
    """So the look above would see a difference."""
    line, there = LINES["POST /people/search/"], canaries(world.here)["id_number"][0]
    secretary = visitors["secretary"]
    assert answer_to(secretary, line, world, there) != answer_to(secretary, line, world, NOBODYS)


def test_a_page_that_tells_too_much_is_noticed(
    world: World, visitors: dict[str, Visitor], settings: LazySettings
) -> None:
    here = world.here

    @public("says what it knows")
    def careless(request: Any) -> HttpResponse:
        return HttpResponse(f"{here.person.name} {here.person.id_number} 药{here.mark}")

    settings.ROOT_URLCONF = (*get_resolver().url_patterns, path("careless/", careless))
    line = Line("GET", "careless/")
    said = leaks("clerk", walked(visitors["clerk"], [line], here))
    assert said == ["clerk GET /careless/: tells id_number"]
    assert len(leaks(ANONYMOUS, walked(visitors[ANONYMOUS], [line], here))) == 3
    assert len(leaks("secretary", walked(visitors["secretary"], [line], here), foreign=True)) == 3
