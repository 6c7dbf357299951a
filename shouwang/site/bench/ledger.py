"""The register in and out, beside the same rows written and read by the database alone."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

import xlsxwriter
from django.db import connection, transaction

from shouwang.core import clock
from shouwang.core.actors import OPERATOR
from shouwang.core.models import AuditEntry
from shouwang.ledgers.services import export_register, import_at_once
from shouwang.people.models import CareFlag, DoorState, Household, Membership, Person
from shouwang.people.selectors import register_snapshot
from shouwang.places.models import Coverage, Dwelling, Place
from shouwang.places.services import create_community
from shouwang.site.bench.replay import reads_of, replay, statements_of
from shouwang.site.bench.timing import Pair
from shouwang.site.bench.world import World, grown_sheet

WRITTEN = (Place, Coverage, Dwelling, DoorState, Household, Person, Membership, CareFlag, AuditEntry)
COPY = "bench_copy_of_"


def import_pair(world: World) -> Pair:
    """A whole import, from the file's bytes to the last row, each time into a community of its own."""
    content, people = grown_sheet(world.size.copies)
    bare = BareRows()
    here: dict[str, Place] = {}

    def before(turn: int) -> None:
        here["now"] = create_community(code=f"bench-{turn}", name="量尺社区", by=OPERATOR, at=world.at)

    def ours(turn: int) -> None:
        staged, _preview = import_at_once(
            community=here["now"], content=content, name="zone-c.xlsx", by=OPERATOR, at=world.at
        )
        if staged.counts["taken"] != people:
            raise RuntimeError(f"{staged.counts['taken']} of {people} people were taken")
        bare.take(here["now"].pk)

    def rival(turn: int) -> None:
        bare.write()

    return Pair(
        "register.import",
        aim=5000,
        beside="the same rows by executemany into like tables",
        ours=ours,
        rival=rival,
        rows=people,
        rounds=world.size.imports,
        before=before,
        warm=False,
    )


class BareRows:
    """The rows of one community as the database holds them, and empty tables like those they stand in."""

    def __init__(self) -> None:
        self.rows: dict[str, list[Any]] = {}

    def take(self, community_id: UUID) -> None:
        """Reads the rows and makes the tables anew, with every index and constraint."""
        for model in WRITTEN:
            column = "household__community_id" if model is Membership else "community_id"
            chosen = model._default_manager.filter(**{column: community_id}).values("pk").query
            table, key = model._meta.db_table, model._meta.pk.column
            sql, params = chosen.get_compiler(connection=connection).as_sql()
            with connection.cursor() as cursor:
                cursor.execute(f'SELECT * FROM "{table}" WHERE "{key}" IN ({sql})', params)  # noqa: S608  (our own names)
                self.rows[table] = cursor.fetchall()
            _like(table)

    def write(self) -> None:
        """Writes them all in one transaction."""
        with transaction.atomic(), connection.cursor() as cursor:
            for table, rows in self.rows.items():
                marks = ", ".join(["%s"] * len(rows[0]))
                cursor.executemany(f'INSERT INTO "{COPY}{table}" VALUES ({marks})', rows)  # noqa: S608


def _like(table: str) -> None:
    """An empty table like this one under another name."""
    with connection.cursor() as cursor:
        cursor.execute(f'DROP TABLE IF EXISTS "{COPY}{table}"')
        if connection.vendor == "postgresql":
            cursor.execute(f'CREATE TABLE "{COPY}{table}" (LIKE "{table}" INCLUDING ALL)')
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE tbl_name = %s AND sql IS NOT NULL", [table])
        for name, sql in cursor.fetchall():
            renamed = sql.replace(f'"{name}"', f'"{COPY}{name}"', 1)
            cursor.execute(
                renamed if name == table else renamed.replace(f' ON "{table}"', f' ON "{COPY}{table}"', 1)
            )


def export_pair(world: World) -> Pair:
    """The register as .xlsx, beside its reads and the cells alone."""
    export = statements_of(lambda: export_register(community=world.community, by=OPERATOR, at=clock.now()))
    people = len(register_snapshot(world.community.pk))
    cells = [f"格{number % 97}" for number in range(16)]

    def rival(turn: int) -> None:
        replay(reads_of(export))
        with xlsxwriter.Workbook(io.BytesIO(), {"constant_memory": False}) as book:
            sheet = book.add_worksheet()
            for row in range(people):
                for column, cell in enumerate(cells):
                    sheet.write_string(row, column, cell)

    return Pair(
        "register.export",
        aim=200,
        beside="its own reads, and as many cells through xlsxwriter",
        ours=lambda turn: export_register(community=world.community, by=OPERATOR, at=clock.now()),
        rival=rival,
        rounds=min(world.size.rounds, 7),
    )
