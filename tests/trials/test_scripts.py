"""Scripts written into every field, and forms from elsewhere: whatever is shown is shown as text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import LazySettings
from django.http import HttpResponse
from django.urls import get_resolver, path
from django.utils.safestring import mark_safe

from shouwang.core.access import public
from tests.guards.reading import told
from tests.guards.routes_asking import Line, Visitor
from tests.guards.routes_world import World
from tests.guards.test_leaks import SEARCHES
from tests.guards.test_routes_access import LINES, TABLE_READ
from tests.trials.crashing import trials_wanted
from tests.trials.field_canaries import furnish
from tests.trials.record import record_trial
from tests.trials.scripts import Page, payloads, would_run, write_everywhere

PAYLOADS, AT_ONCE = 500, 125
# Who sees something that the secretary does not: their own pages, those for volunteers and for residents.
OTHERS = ("volunteer", "stairwell_head", "anonymous")


def shown_to(role: str) -> list[Line]:
    return [
        LINES[name] for name, expected in TABLE_READ.items()
        if name.startswith("GET ") and role in expected.inside and not LINES[name].is_api
    ]  # fmt: skip


def sent_by(role: str) -> list[Line]:
    """Searches, and every form: what is refused comes back in its field."""
    return [
        LINES[name] for name, expected in TABLE_READ.items()
        if name.startswith("POST ") and role in expected.inside and not LINES[name].is_api
    ]  # fmt: skip


def typed_in(texts: list[str]) -> dict[str, str]:
    """A payload in each field that any form has."""
    names = (
        "q words name phone title door note text number caller_name remark label username choice category kind source "
        "relation id_number where day from_time reason community household person holder role urgency outcome address"
    ).split()
    return {name: texts[place % len(texts)] for place, name in enumerate(names)}


def looked_at(visitor: Visitor, texts: list[str], sent: bool) -> Iterator[tuple[str, list[str], bool]]:
    here = visitor.world.here
    for line in shown_to(visitor.role):
        yield str(line), *would_run(visitor.ask(line, here), texts)
    if sent:
        for line in sent_by(visitor.role):
            yield str(line), *would_run(visitor.ask(line, here, typed_in(texts)), texts)
    elif visitor.role == "secretary":
        for line in (LINES[name] for name in SEARCHES):
            yield str(line), *would_run(visitor.ask(line, here, typed_in(texts)), texts)


@pytest.mark.django_db
def test_no_script_is_run_on_any_page(world: World, visitors: dict[str, Visitor]) -> None:
    """Each round another handful of payloads in all fields of all rows; nightly a handful is five, and for everybody."""
    furnish(world)
    found: list[str] = []
    pages = fields = 0
    reached: set[str] = set()
    every, size = payloads(PAYLOADS), trials_wanted(AT_ONCE, 5)
    for start in range(0, PAYLOADS, size):
        texts = every[start : start + size]
        fields = write_everywhere(texts)
        first = start == 0
        for role in ("secretary", *(OTHERS if first or size < AT_ONCE else ())):
            for name, faults, is_there in looked_at(visitors[role], texts, sent=first):
                pages += 1
                reached |= {name} if is_there else set()
                found += [f"{role} {name}: {fault}" for fault in faults]
    record_trial(
        22, trials=PAYLOADS, failed=len(found), pages=pages, fields=fields,
        what="scripts written into every text field, then every page, form and search looked through",
    )  # fmt: skip
    assert not found, told(sorted(set(found))[:40])
    assert len(reached) > 60, "the pages show what was written"


def test_what_would_run_is_noticed() -> None:
    for text in payloads(PAYLOADS)[20:60]:
        page = Page()
        page.feed(f"<p>{text}</p>")
        assert (
            page.faults or "onmouseover" in text or "onfocus=alert(1) autofocus" in text or "onerror" in text
        ), text


@pytest.mark.django_db
def test_a_page_that_trusts_its_texts_is_noticed(
    visitors: dict[str, Visitor], settings: LazySettings
) -> None:
    @public("trusts")
    def careless(request: Any) -> HttpResponse:
        return HttpResponse(mark_safe("<p><b onclick=x()>hi</b>"))

    settings.ROOT_URLCONF = (*get_resolver().url_patterns, path("careless/", careless))
    answer = visitors["secretary"].ask(Line("GET", "careless/"), visitors["secretary"].world.here)
    faults, _there = would_run(answer, ["<b onclick=x()>"])
    assert faults == ["as it was written: <b onclick=x()>", "<b onclick>"]
