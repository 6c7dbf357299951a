"""Marked values go through every form, page and program's door; then logs, addresses, queues, receipts, sessions, cache,
the record of acts, every row of the database and every file are looked through for them."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.db import connection
from django.db.models import Model

from shouwang.core.due import do_until
from shouwang.core.models import AuditEntry, CommandReceipt, DueRow
from tests.guards.routes_asking import Line, Visitor, text_of, undone
from tests.guards.routes_bodies import body_for
from tests.guards.routes_world import World
from tests.guards.test_leaks import addresses_in
from tests.guards.test_routes_access import LINES, TABLE_READ
from tests.trials.field_canaries import canaries, furnish
from tests.trials.record import record_trial

pytestmark = pytest.mark.django_db
# What is sealed in the database (decision 0009): never plain in a row or a file, wherever it stands.
SEALED = (
    "id_number", "care_note", "household_note", "register_remark", "words", "attempt_note", "evening_remark",
    "staged_id_number", "channel_address",
)  # fmt: skip
# Words of one's own for a kind of care: they stand in the program's lists and are nobody's.
NOBODYS = {"care_kind", "birth"}
# What the database keeps is looked at on both; who walks through it matters less there.
ROLES = (pytest.param("secretary", marks=pytest.mark.both), "grid_worker", "volunteer", "anonymous")
# They end what the others need.
LAST = {"POST /accounts/sign-out/", "POST /accounts/sessions/end/", "POST /accounts/password/"}


class Heard(logging.Handler):
    """Every line that anything writes to a log, of any level."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def heard() -> Iterator[Heard]:
    handler, root = Heard(), logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield handler
    root.removeHandler(handler)
    root.setLevel(before)


def marks(world: World, fields: Iterable[str] | None = None) -> dict[str, tuple[str, ...]]:
    """The longest form of each field, in every corner."""
    found: dict[str, list[str]] = {}
    for corner in (world.here, world.next_door, world.away):
        for field, forms in canaries(corner).items():
            if field not in NOBODYS and (fields is None or field in fields):
                found.setdefault(field, []).append(forms[0])
    return {field: tuple(forms) for field, forms in found.items()}


def hits(text: str, wanted: Mapping[str, tuple[str, ...]], where: str) -> list[str]:
    return [f"{where}: {field}" for field, forms in wanted.items() if any(form in text for form in forms)]


def go_through(visitor: Visitor) -> Iterator[str]:
    """Every line of the table that lets this role in, one after the other, nothing taken back; the addresses met."""
    lines = [LINES[name] for name, expected in TABLE_READ.items() if visitor.role in expected.inside]
    for line in sorted(lines, key=lambda line: (str(line) in LAST, line.method)):
        yield from addresses_in(_said(visitor, line))


def _said(visitor: Visitor, line: Line) -> str:
    here = visitor.world.here
    body = body_for(line.route, visitor.world, here) if line.method == "POST" else None
    address = line.address(visitor.world, here, visitor.role)
    answer = visitor.api(line, address, here, body) if line.is_api else visitor.page(line, address, body)
    return text_of(answer)


def rows_of(model: type[Model]) -> Iterator[str]:
    for row in model._default_manager.all():
        yield json.dumps(
            {f.attname: str(getattr(row, f.attname)) for f in model._meta.concrete_fields}, ensure_ascii=False
        )


def database() -> Iterator[tuple[str, str]]:
    """Each table, and all that stands in it as the database itself keeps it."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            yield table, "\n".join(_plain(row) for row in cursor.fetchall())


def _plain(row: Iterable[Any]) -> str:
    return " ".join(
        bytes(cell).decode("utf-8", "replace") if isinstance(cell, bytes | memoryview) else str(cell)
        for cell in row
    )


@pytest.mark.parametrize("role", ROLES)
def test_nothing_marked_is_where_it_must_not_be(
    role: str, world: World, visitors: dict[str, Visitor], heard: Heard
) -> None:
    with undone():
        furnish(world)
        everything, sealed = marks(world), marks(world, SEALED)
        addresses = set(go_through(visitors[role]))
        do_until(world.at + timedelta(hours=1))
        looked, found = 0, []
        for where, texts in {
            "a log": heard.lines,
            "an address": addresses,
            "the queue": rows_of(DueRow),
            "a receipt": rows_of(CommandReceipt),
            "the record of acts": rows_of(AuditEntry),
            "a session": (str(row.get_decoded()) for row in Session.objects.all()),
            "the cache": [repr(vars(caches[name])) for name in settings.CACHES],
        }.items():
            for text in texts:
                looked += len(everything)
                found += hits(text, everything, where)
        for table, text in database():
            looked += len(sealed)
            found += hits(text, sealed, f"table {table}")
        for path in filter(Path.is_file, (Path(settings.SHOUWANG_HOME) / "files").rglob("*")):
            looked += len(everything)
            found += hits(path.read_bytes().decode("utf-8", "replace"), everything, "a file")
    record_trial(
        23, trials=looked, failed=len(found),
        what="marked values looked for in logs, addresses, queue, receipts, record, sessions, cache, tables and files,"
        " after every route was gone through",
    )  # fmt: skip
    assert not found, "\n  ".join(sorted(set(found))[:40])


@pytest.mark.both
def test_the_look_finds_what_is_plain(world: World) -> None:
    """Names and doors are plain in the tables (decision 0009): the same look sees them there."""
    plain = marks(world, ["name", "phone", "wish_title"])
    seen = {hit for table, text in database() for hit in hits(text, plain, table)}
    assert {"people_person: name", "people_person: phone", "help_helprequest: wish_title"} <= seen
