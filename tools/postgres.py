"""A private PostgreSQL that is thrown away afterwards.

    python tools/postgres.py with pytest -m both     run a command beside it
    python tools/postgres.py with sh                 a shell beside it, to look around

The command finds the address in SHOUWANG_DATABASE_URL. The cluster lives in a temporary folder on a spare
port of 127.0.0.1, without fsync: nothing in it outlives the command. It never touches a server that is
already on the machine.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_connections": "60",
    "autovacuum": "off",
    "log_min_messages": "warning",
    "listen_addresses": "127.0.0.1",
}
SECONDS_TO_START = 30


class CannotStart(Exception):
    """Said to the person who typed the command; the words are the message."""


def newest_bin() -> Path:
    """The programs of the newest PostgreSQL that Debian has installed."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")]
    if not found:
        raise CannotStart(
            "PostgreSQL is not installed; `make test` installs it, or: apt-get install postgresql"
        )
    return max(found, key=lambda path: int(path.parent.name))


def spare_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def owner_prefix() -> list[str]:
    """PostgreSQL refuses to run as root, so root lends it the account that Debian made for it."""
    if os.geteuid() != 0:
        return []
    if shutil.which("runuser") is None:
        raise CannotStart("Started as root, but `runuser` is missing (Debian package util-linux).")
    return ["runuser", "-u", "postgres", "--"]


@contextlib.contextmanager
def private_cluster() -> Iterator[str]:
    """Yields the database address; the cluster is gone when the block ends."""
    folder = Path(tempfile.mkdtemp(prefix="shouwang-postgres-"))
    try:
        if os.geteuid() == 0:
            account = pwd.getpwnam("postgres")
            os.chown(folder, account.pw_uid, account.pw_gid)
        server, port = start(folder)
        try:
            yield f"postgres://shouwang@127.0.0.1:{port}/shouwang"
        finally:
            stop(server)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def start(folder: Path) -> tuple[subprocess.Popen[bytes], int]:
    programs, prefix = newest_bin(), owner_prefix()
    cluster, port = folder / "cluster", spare_port()
    initdb = [str(programs / "initdb"), "-D", str(cluster), "-U", "shouwang", "-A", "trust"]
    initdb += ["--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    made = subprocess.run(prefix + initdb, cwd=folder, capture_output=True, text=True)
    if made.returncode:
        raise CannotStart(f"initdb failed: {made.stderr.strip() or made.stdout.strip()}")
    command = [str(programs / "postgres"), "-D", str(cluster), "-p", str(port), "-k", str(folder)]
    for name, value in SETTINGS.items():
        command += ["-c", f"{name}={value}"]
    log = (folder / "log").open("wb")
    # Its own session: Ctrl-C belongs to the command beside it, which stops it in its turn.
    server = subprocess.Popen(
        prefix + command, cwd=folder, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True
    )
    wait_until_it_answers(server, programs, port, folder)
    createdb = [str(programs / "createdb"), "-h", "127.0.0.1", "-p", str(port), "-U", "shouwang", "shouwang"]
    subprocess.run(createdb, cwd=folder, check=True)
    return server, port


def wait_until_it_answers(server: subprocess.Popen[bytes], programs: Path, port: int, folder: Path) -> None:
    ready = [str(programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port), "-U", "shouwang"]
    ends = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < ends:
        if server.poll() is not None:
            break
        if subprocess.run([*ready, "-d", "postgres"], cwd=folder).returncode == 0:
            return
        time.sleep(0.1)
    stop(server)
    raise CannotStart("PostgreSQL did not start: " + (folder / "log").read_text(errors="replace")[-2000:])


def stop(server: subprocess.Popen[bytes]) -> None:
    """Immediate shutdown: the data is thrown away with the folder."""
    if server.poll() is None:
        os.killpg(server.pid, signal.SIGQUIT)
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def run_beside(command: list[str]) -> int:
    with private_cluster() as address:
        print(f"· PostgreSQL {newest_bin().parent.name} for this run", flush=True)
        return subprocess.run(command, env={**os.environ, "SHOUWANG_DATABASE_URL": address}).returncode


def main() -> int:
    parser = argparse.ArgumentParser(
        description="A private, throw-away PostgreSQL.",
        epilog="Example: python tools/postgres.py with pytest -m both",
    )
    parser.add_argument("verb", choices=["with"])
    parser.add_argument("command", nargs=argparse.REMAINDER)
    given = parser.parse_args()
    if not given.command:
        parser.error("say which command to run beside it")
    # A polite end of this program must stop the server too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        return run_beside(given.command)
    except CannotStart as reason:
        print(f"✗ {reason}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
