"""Disks that are full: of a running process, of a server with a small disk of its own, of one connection."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from django.conf import settings
from django.db import connection

from tests.journeys.processes import RUN, environment, wait_until
from tests.trials.crashing import free_port

SMALL_DISK = "size=24m"
MOUNT = 'mount -t tmpfs -o "$3" none "$2" && cp -a "$1"/. "$2" && shift 3 && exec "$@"'
PRIVATE = (["unshare", "--mount"], ["unshare", "--map-root-user", "--mount"])


def family(pid: int) -> list[int]:
    """The process and all below it."""
    below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(found for child in below for found in family(int(child)))]


class Served:
    """`shouwang serve` whose disk can be filled and emptied while it runs."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process, self.port = process, port
        self.address = f"http://127.0.0.1:{port}"
        self.ballast: Path | None = None

    def fill(self) -> None:
        """No file of the server's may grow any more, or not a byte is left on its disk."""
        if self.ballast is None:
            self._limit(1)
            return
        with self.ballast.open("wb", buffering=0) as file:
            for size in (1 << 20, 4096):
                self._write_until_full(file, bytes(size))

    def _write_until_full(self, file: Any, block: bytes) -> None:
        while True:
            try:
                if file.write(block) < len(block):
                    return
            except OSError:
                return

    def empty(self) -> None:
        if self.ballast is None:
            self._limit(resource.RLIM_INFINITY)
        else:
            self.ballast.unlink()

    def _limit(self, most: int) -> None:
        for pid in family(self.process.pid):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))

    def is_up(self) -> bool:
        try:
            return httpx.get(f"{self.address}/accounts/sign-in/", timeout=2).status_code == 200
        except httpx.HTTPError:
            return False


@contextmanager
def served(kind: str, folder: Path) -> Iterator[Served]:
    """The server on the test's database; `disk`: on a copy of it, on a small disk that only the server sees."""
    port = free_port()
    words = [*RUN, "serve", "--port", str(port), "--threads", "2"]
    given = environment()
    if kind == "disk":
        home = folder / "home"
        kept_apart(folder / "kept")
        home.mkdir()
        words = [*unshared(), "sh", "-c", MOUNT, "sh", str(folder / "kept"), str(home), SMALL_DISK, *words]
        given |= {"SHOUWANG_HOME": str(home), "SHOUWANG_DATABASE_URL": f"sqlite:///{home}/test.sqlite3"}
    process = subprocess.Popen(words, env=given, start_new_session=True, stderr=subprocess.DEVNULL)
    server = Served(process, port)
    try:
        wait_until(server.is_up, 40)
        if kind == "disk":
            server.ballast = Path(f"/proc/{family(process.pid)[0]}/root{folder}/home/ballast")
        yield server
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def kept_apart(folder: Path) -> None:
    """The home of this test as it is now, its database in one piece."""
    home = Path(settings.SHOUWANG_HOME)
    folder.mkdir()
    shutil.copytree(home / "keys", folder / "keys")
    (folder / "static").mkdir()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(folder / "test.sqlite3")])


def unshared() -> list[str]:
    """The words that give a process mounts of its own; nothing where the system lets nobody have them."""
    probe = ["sh", "-c", "mount -t tmpfs none /mnt"]
    for words in PRIVATE:
        if (
            shutil.which("unshare")
            and not subprocess.run([*words, *probe], capture_output=True, check=False).returncode
        ):
            return words
    return []


def kinds() -> list[str]:
    """A limit on the size of files everywhere; a disk of its own where the system allows one."""
    return ["limit", "disk"] if sys.platform == "linux" and unshared() else ["limit"]


@contextmanager
def full_for_this_connection() -> Iterator[None]:
    """The database itself says that it is full: SQLite by its count of pages, PostgreSQL by its own error 53100."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("VACUUM")  # free pages of what was deleted would be filled first
            cursor.execute("PRAGMA page_count")
            cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0]}")
        else:
            cursor.execute(
                "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$"
            )
            cursor.execute(
                "CREATE TRIGGER full_disk BEFORE INSERT ON help_helprequest EXECUTE FUNCTION full_disk()"
            )
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA max_page_count = 1073741823")
            else:
                cursor.execute("DROP FUNCTION full_disk() CASCADE")
