"""The bare database: the statements of a piece of work, taken down once and sent again with nothing around them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import Any

from django.db import connection, transaction

Statement = tuple[str, Any, bool]
READS = ("SELECT", "WITH")
# Transactions are opened by whoever replays.
FRAMES = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")


class Undo(Exception):
    """Takes a transaction back that was only run to see its statements."""


def statements_of(work: Callable[[], Any]) -> list[Statement]:
    """What `work` sends to the database."""
    found: list[Statement] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found.append((sql, params, many))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        work()
    return [entry for entry in found if not entry[0].lstrip().upper().startswith(FRAMES)]


def statements_undone(work: Callable[[], Any]) -> list[Statement]:
    """The same for work that writes: it is taken back at once."""

    def seen() -> None:
        # Undo is raised here and for nothing else: it rolls the work back.
        with suppress(Undo), transaction.atomic():
            work()
            raise Undo

    return statements_of(seen)


def reads_of(statements: Sequence[Statement]) -> list[Statement]:
    """Those that only read."""
    return [entry for entry in statements if entry[0].lstrip().upper().startswith(READS)]


def replay(statements: Sequence[Statement], *, together: bool = False) -> None:
    """Sends them again and fetches every row; in one transaction when they are `together` or lock rows."""
    locks = any("FOR UPDATE" in sql for sql, _params, _many in statements)
    frame: AbstractContextManager[Any] = transaction.atomic() if together or locks else nullcontext()
    with frame, connection.cursor() as cursor:
        for sql, params, many in statements:
            if many:
                cursor.executemany(sql, params)
            else:
                cursor.execute(sql, params)
            if cursor.description:
                cursor.fetchall()
