from __future__ import annotations

import os
import sys
import time
from http.client import HTTPException
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from django.core.management import call_command
from django.core.management.base import CommandParser
from django.db import connections
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from shouwang.accounts.selectors import demo_key, demo_people
from shouwang.core import clock
from shouwang.core.command_line import Command as Base
from shouwang.core.command_line import Unusable
from shouwang.core.registry import pages
from shouwang.places.selectors import all_communities, leaf_places
from shouwang.site.children import Child, Supervisor
from shouwang.site.management.commands.serve import (
    default_port,
    port_number,
    refuse_open_demo,
    refuse_taken_port,
)

ASK_EVERY_SECONDS = 1.0


class Command(Base):
    help = "Builds the made-up neighbourhood if there is none, and runs it on this computer only."
    example = "PORT=8080 shouwang demo"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="loopback addresses only")
        parser.add_argument(
            "--port", type=port_number, default=default_port(), help="default: PORT, else 8000"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        refuse_open_demo(host)
        refuse_taken_port(port)
        self.prepare()
        lines = sign_in_lines(f"http://localhost:{port}")
        connections.close_all()
        supervisor = Supervisor(children_of(host, port), lambda words: self.stderr.write(f"· {words}"))
        greeting = Greeting(f"http://127.0.0.1:{port}/healthz", lambda: self.stdout.write("\n".join(lines)))
        self.stdout.write(f"· {_('starting')} …")
        if not supervisor.run(greeting.turn):
            raise SystemExit(1)
        self.stdout.write(f"· {_('stopped')}")

    def prepare(self) -> None:
        """The database at this version, with the demo's neighbourhood in it and nobody else's."""
        from shouwang.site.demo import build_demo

        call_command("migrate", verbosity=0, interactive=False)
        if demo_people():
            return
        if all_communities():
            raise Unusable(
                _(
                    "This home holds a real neighbourhood, and the demo lets everybody in. Give it a home of its own:"
                )
                + " SHOUWANG_HOME=./demo shouwang demo"
            )
        began = time.monotonic()
        self.stdout.write(f"· {_('building the made-up neighbourhood (once)')} …")
        build_demo(at=clock.now())
        self.stdout.write(f"· {_('built in %(seconds)d s') % {'seconds': time.monotonic() - began}}")


class Greeting:
    """Asks whether everything is alive, and says once where to look."""

    def __init__(self, url: str, say: Any) -> None:
        self.url = url
        self.say = say
        self.said = False
        self.next_at = 0.0

    def turn(self) -> None:
        if self.said or time.monotonic() < self.next_at:
            return
        self.next_at = time.monotonic() + ASK_EVERY_SECONDS
        if is_healthy(self.url):
            self.said = True
            self.say()


def is_healthy(url: str) -> bool:
    """Whether database, clock and worker answer there."""
    try:
        with urlopen(url, timeout=2) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except (URLError, HTTPException, OSError):
        return False


def children_of(host: str, port: int) -> list[Child]:
    """The web server, the clock and the worker."""
    start = [sys.executable, "-m", "shouwang.site.cli"]
    serve = [*start, "serve", "--host", host, "--port", str(port)]
    return [
        Child("web", serve, os.environ),
        Child("clock", [*start, "clock"], os.environ),
        Child("worker", [*start, "worker"], os.environ),
    ]


def sign_in_lines(base: str) -> list[str]:
    """What is said when everything is alive: the address, and a link for each role that signs in by one click."""
    lines = ["", f"  守望 Shouwang   {base}", ""]
    people = demo_people()
    width = max((len(role.code) for role, _user in people), default=0)
    for role, user in people:
        address = reverse("accounts:demo_sign_in", args=[role.code])
        lines.append(f"  {role.code:<{width}}  {user.name}  {base}{address}?key={demo_key(role.code)}")
    lines += [f"  {'resident':<{width}}  {base}{door}" for door in doors_to_try()]
    return [*lines, "", f"  {_('Ctrl-C stops it.')}", ""]


def doors_to_try() -> list[str]:
    """The page behind the QR code of one door, as a resident's phone opens it."""
    page = pages.find("portal.ask")
    codes = [
        place.door_code for here in all_communities()[:1] for place in leaf_places(here.pk) if place.door_code
    ]
    try:
        return [reverse(page.url_name, kwargs={"door_code": codes[0]})] if page and codes else []
    except NoReverseMatch:
        return []
