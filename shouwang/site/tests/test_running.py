"""The real processes: a new home is refused, then migrated, served, found healthy, and ended in time."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path

import pytest

from shouwang.accounts import services as accounts
from shouwang.core.actors import OPERATOR
from shouwang.core.command_line import Unusable
from shouwang.places import services as places
from shouwang.site.children import Supervisor
from shouwang.site.management.commands import demo

START = [sys.executable, "-m", "shouwang.site.cli"]
ROOT = Path(__file__).resolve().parents[3]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SHOUWANG_HOME", str(tmp_path))
    for name in ("SHOUWANG_DATABASE_URL", "SHOUWANG_DEMO"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.chdir(ROOT)
    return tmp_path


def answer_of(port: int, path: str) -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.status, answer.getheader("Location") or ""


@pytest.mark.sqlite
def test_a_new_home_is_refused_migrated_served_and_ended(home: Path) -> None:
    port = free_port()
    early = subprocess.run([*START, "serve", "--port", str(port)], capture_output=True, text=True, timeout=60)
    assert (early.returncode, len(early.stderr.splitlines())) == (2, 1)
    subprocess.run([*START, "migrate", "--verbosity", "0"], check=True, timeout=120)
    said: list[str] = []
    keeper = Supervisor(demo.children_of("127.0.0.1", port), said.append)
    until = time.monotonic() + 60
    try:
        while not demo.is_healthy(f"http://127.0.0.1:{port}/healthz"):
            assert time.monotonic() < until, said
            keeper.look(time.monotonic())
            time.sleep(0.3)
        assert answer_of(port, "/") == (302, "/accounts/sign-in/")
        assert answer_of(port, "/accounts/demo/")[0] == 404
        assert {path.name for path in (home / "keys").iterdir()} >= {"django"}
        assert (home / "keys").stat().st_mode & 0o077 == 0
    finally:
        began = time.monotonic()
        keeper.end_all()
    assert time.monotonic() - began < 12
    assert not said
    assert [child.running.returncode for child in keeper.children if child.running] == [0, 0, 0]


@pytest.mark.django_db
def test_the_demo_refuses_a_real_neighbourhood(monkeypatch: pytest.MonkeyPatch) -> None:
    places.create_community(code="jinxiu", name="锦绣社区", by=OPERATOR)
    accounts.create_user(username="chen", name="陈书记", password=None, by=OPERATOR)
    with pytest.raises(Unusable):
        demo.Command().prepare()


def test_a_taken_port_is_said_at_once() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(Unusable):
            demo.refuse_taken_port(taken.getsockname()[1])


@pytest.mark.django_db
def test_every_role_gets_its_link() -> None:
    for code in ("secretary", "volunteer"):
        accounts.create_user(username=f"demo-{code}", name=f"某{code}", password=None, by=OPERATOR)
    lines = [line for line in demo.sign_in_lines("http://localhost:8000") if "?key=" in line]
    assert [line.split()[0] for line in lines] == ["secretary", "volunteer"]
    assert "http://localhost:8000/accounts/demo/secretary/?key=" in lines[0]


def test_nothing_of_the_shell_is_lost_on_the_children(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOUWANG_HOME", "/somewhere")
    kept = demo.children_of("127.0.0.1", 8000)
    assert [child.name for child in kept] == ["web", "clock", "worker"]
    assert all(child.environment["SHOUWANG_HOME"] == "/somewhere" for child in kept)
    assert os.environ["SHOUWANG_HOME"] == "/somewhere"
