"""A home and a database of the run's own: what belongs to somebody is never touched."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlparse, urlunparse

from django.conf import settings
from django.db import connection
from django.db.utils import Error as DatabaseError
from django.utils.translation import gettext as _

from shouwang.core.command_line import Unusable


def run_apart(words: list[str]) -> int:
    """Runs `shouwang bench` with these words in a process whose home and database are thrown away; its exit code."""
    Path(settings.SHOUWANG_HOME).mkdir(parents=True, exist_ok=True)
    # Beside the home in use and not in the system's temporary folder, which may be memory: a disk is part of the figures.
    with (
        tempfile.TemporaryDirectory(prefix="bench-", dir=settings.SHOUWANG_HOME) as home,
        _database(home) as url,
    ):
        (Path(home) / "static").mkdir()
        environment = {
            **os.environ,
            "SHOUWANG_HOME": home,
            "SHOUWANG_DATABASE_URL": url,
            "SHOUWANG_CHANNELS": "",
        }
        command = [sys.executable, "-m", "shouwang.site.cli", "bench", *words]
        return subprocess.run(command, env=environment, check=False).returncode


@contextmanager
def _database(home: str) -> Iterator[str]:
    """The address of an empty database: a file, or a new database on the PostgreSQL server that is in use."""
    if connection.vendor != "postgresql":
        yield f"sqlite:///{home}/bench.sqlite3"
        return
    name = f"shouwang_bench_{secrets.token_hex(4)}"
    _command(f'CREATE DATABASE "{name}"')
    try:
        yield urlunparse(urlparse(os.environ["SHOUWANG_DATABASE_URL"])._replace(path=f"/{name}"))
    finally:
        _command(f'DROP DATABASE "{name}" WITH (FORCE)')


def _command(sql: str) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
    except DatabaseError as fault:
        raise Unusable(
            _("The server gives no database to measure in: %(reason)s") % {"reason": fault}
        ) from fault
