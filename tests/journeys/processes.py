"""The program's own processes, started on the test's database as they are started in earnest."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connection

from shouwang.core import clock
from shouwang.core.due import is_alive

RUN = [sys.executable, "-c", "from shouwang.site.cli import main; main()"]


def database_address() -> str:
    """The test's database, as SHOUWANG_DATABASE_URL says it."""
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{given['NAME']}"
    return f"postgres://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}/{given['NAME']}"


def environment() -> dict[str, str]:
    home = str(settings.SHOUWANG_HOME)
    return {**os.environ, "SHOUWANG_HOME": home, "SHOUWANG_DATABASE_URL": database_address()}


def shouwang(*words: str) -> subprocess.CompletedProcess[str]:
    """Runs a command to its end."""
    return subprocess.run(
        [*RUN, *words], env=environment(), capture_output=True, text=True, timeout=60, check=False
    )


@contextmanager
def running(name: str) -> Iterator[None]:
    """A process that goes on until the block ends; entered when its heart beats."""
    began = clock.now()
    process = subprocess.Popen([*RUN, name], env=environment())
    try:
        wait_until(lambda: is_alive(name, clock.now(), (clock.now() - began).total_seconds()), 40)
        yield
    finally:
        process.terminate()
        assert process.wait(20) == 0


def wait_until(holds: Any, seconds: float) -> None:
    """Looks ten times a second until it holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(0.1)
