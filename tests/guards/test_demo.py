"""The made-up neighbourhood and its open sign-ins are for the machine they run on, and for nobody else."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.auth import SESSION_KEY, get_user_model
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from shouwang.accounts.rules import DEMO_ROLES
from tests.guards.reading import ROOT
from tests.guards.test_routes import all_routes

LOOPBACK = {"localhost", "127.0.0.1", "[::1]", "testserver"}


def hosts_allowed(home: Path, **environment: str) -> set[str]:
    """What a fresh process would answer to."""
    done = subprocess.run(
        [sys.executable, "-c", "from shouwang.site import settings; print(*settings.ALLOWED_HOSTS)"],
        env={"PATH": os.environ["PATH"], "SHOUWANG_HOME": str(home), **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


def test_the_demo_answers_to_loopback_only(tmp_path: Path) -> None:
    assert hosts_allowed(tmp_path, SHOUWANG_DEMO="1", SHOUWANG_HOSTS="watch.example.org") <= LOOPBACK


@pytest.mark.parametrize("command", ["demo", "serve"])
def test_the_demo_refuses_an_open_address(command: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "shouwang.site.cli", command, "--host", "0.0.0.0", "--port", "1"],
        env={
            "PATH": os.environ["PATH"],
            "SHOUWANG_HOME": str(tmp_path),
            "SHOUWANG_DEMO": "1",
            "LC_ALL": "C.UTF-8",
        },
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert len(done.stderr.strip().split("\n")) == 1, "the reason, in one line"


def test_the_real_thing_answers_to_its_names(tmp_path: Path) -> None:
    """The other way round, so that the test above cannot pass by accident."""
    assert "watch.example.org" in hosts_allowed(tmp_path, SHOUWANG_HOSTS="watch.example.org")


FAR = "203.0.113.9"
NEAR = "127.0.0.1"


def demo_routes() -> list[str]:
    """Every address with `demo` in it, for the first of the demo's people."""
    routes = [route for route, _view in all_routes(get_resolver().url_patterns) if "demo" in route]
    return ["/" + re.sub(r"<[^>]+>", DEMO_ROLES[0].code, route) for route in routes]


def opened(client: Client, routes: Iterable[str], **origin: str) -> list[str]:
    """What answers otherwise than with 'there is no such page', or leaves somebody signed in."""
    found = []
    for route in routes:
        for answer in (client.get(route, **origin), client.post(route, **origin)):
            if answer.status_code not in (404, 405) or SESSION_KEY in client.session:
                found.append(f"{answer.wsgi_request.method} {route}: {answer.status_code}")
    return found


@pytest.fixture
def somebody_to_be() -> None:
    role = DEMO_ROLES[0]
    get_user_model().objects.create(username=role.username, name="演示", joined_at=timezone.now())


@pytest.mark.django_db
@pytest.mark.usefixtures("somebody_to_be")
def test_without_the_demo_there_is_no_open_sign_in(settings: LazySettings, client: Client) -> None:
    assert not settings.SHOUWANG_DEMO, "tests must not run as the demo"
    assert len(demo_routes()) >= 2
    assert opened(client, demo_routes(), REMOTE_ADDR=NEAR) == []


@pytest.mark.django_db
@pytest.mark.usefixtures("somebody_to_be")
@pytest.mark.parametrize("origin", [{"REMOTE_ADDR": FAR}, {"REMOTE_ADDR": NEAR, "HTTP_X_FORWARDED_FOR": FAR}])
def test_the_demo_is_shut_to_other_machines(
    settings: LazySettings, client: Client, origin: dict[str, str]
) -> None:
    settings.SHOUWANG_DEMO = True
    assert opened(client, demo_routes(), **origin) == []


@pytest.mark.django_db
@pytest.mark.usefixtures("somebody_to_be")
def test_an_open_demo_is_noticed(settings: LazySettings, client: Client) -> None:
    """The same look finds the door open where it is meant to be."""
    settings.SHOUWANG_DEMO = True
    assert opened(client, demo_routes(), REMOTE_ADDR=NEAR)
