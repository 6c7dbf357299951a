from __future__ import annotations

import logging
import os
import socket
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.db import connections
from django.utils.translation import gettext as _
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from shouwang.core.command_line import Command as Base
from shouwang.core.command_line import Unusable, require_migrated
from shouwang.site.doorman import application_behind_doorman, threads_needed

KILL_AFTER_SECONDS = 10
# Connections that are open at once, and as many again that wait to be; the doorman says no to what is too much.
MOST_CONNECTIONS = 4096


class Command(Base):
    help = "Serves the pages and the API. Phones elsewhere need HTTPS in front: docs/https.md."
    example = "shouwang serve --host 127.0.0.1 --port 8000"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--host", default="127.0.0.1", help="address to listen on; 0.0.0.0 is all of them"
        )
        parser.add_argument(
            "--port", type=port_number, default=default_port(), help="default: PORT, else 8000"
        )
        parser.add_argument(
            "--threads", type=int, default=default_threads(), help="requests at the same time"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_open_demo(options["host"])
        require_migrated()
        refuse_taken_port(options["port"])
        connections.close_all()  # nothing open is handed to the server's processes
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
        threads = max(1, options["threads"])
        # It warns of the doorman's many threads; nearly all of them only wait.
        logging.getLogger("_granian").addFilter(lambda said: "Python threads" not in said.getMessage())
        Granian(
            "shouwang.site.wsgi:application",
            address="127.0.0.1" if options["host"] == "localhost" else options["host"],
            port=options["port"],
            interface=Interfaces.WSGI,
            workers=1,
            blocking_threads=threads_needed(threads),
            backlog=MOST_CONNECTIONS,
            backpressure=connections_allowed(),
            workers_kill_timeout=KILL_AFTER_SECONDS,
            respawn_failed_workers=True,
            websockets=False,
            log_level=LogLevels.warning,
        ).serve(target_loader=partial(application_behind_doorman, threads), wrap_loader=False)


def connections_allowed() -> int:
    """MOST_CONNECTIONS, or what the system's bound of open files leaves for them; the bound is raised as far as it goes.

    systemd starts a service with 1,024.
    """
    try:
        import resource
    except ImportError:  # Windows
        return 256
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return MOST_CONNECTIONS
    wanted = 2 * MOST_CONNECTIONS if hard == resource.RLIM_INFINITY else min(hard, 2 * MOST_CONNECTIONS)
    if wanted > soft:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return max(64, min(MOST_CONNECTIONS, max(soft, wanted) // 2))


def default_threads() -> int:
    """Two a core and one more, up to 8: beyond that Python's threads wait for each other."""
    return min(8, 2 * (os.cpu_count() or 1) + 1)


def default_port() -> int:
    return port_number(os.environ.get("PORT") or "8000")


def port_number(text: str) -> int:
    """A port as typed: 1 to 65535."""
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise Unusable(_("%(text)s is no port; choose one from 1 to 65535.") % {"text": text})
    return int(text)


def is_loopback_host(host: str) -> bool:
    """Whether only this machine can reach a server that listens there."""
    try:
        return host == "localhost" or ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def refuse_open_demo(host: str) -> None:
    """Unusable when the demo, whose sign-ins need no password, would be open to others."""
    if settings.SHOUWANG_DEMO and not is_loopback_host(host):
        raise Unusable(
            _(
                "The demo lets everybody in, so it listens on this computer only: --host 127.0.0.1 (asked: %(host)s)."
            )
            % {"host": host}
        )
    if settings.SHOUWANG_DEMO and settings.SHOUWANG_HTTPS:
        raise Unusable(
            _("The demo lets everybody in, so it does not run behind a proxy: unset SHOUWANG_HTTPS.")
        )


def refuse_taken_port(port: int, host: str = "127.0.0.1") -> None:
    """Unusable when something else listens there already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as fault:
            raise Unusable(
                _("Port %(port)d is taken. Choose another: PORT=%(other)d")
                % {"port": port, "other": port + 1}
            ) from fault
