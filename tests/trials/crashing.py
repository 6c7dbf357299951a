"""The program's three processes, killed without warning and started again; and clients who send until they are told."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import threading
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any
from uuid import UUID

from django.db import close_old_connections

from shouwang.core.ids import uuid7
from tests.journeys.processes import RUN, environment

PATIENCE = 30.0
ROUND = 6


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Running:
    """web, clock and worker on the test's database; each is a process group of its own."""

    port: int = field(default_factory=free_port)
    threads: tuple[str, ...] = ("--threads", "4")
    alive: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str) -> None:
        words = [name, "--port", str(self.port), *self.threads] if name == "serve" else [name]
        self.alive[name] = subprocess.Popen(
            [*RUN, *words],
            env=environment(),
            start_new_session=True,
            stderr=subprocess.DEVNULL,
        )

    def kill(self, name: str) -> None:
        """kill -9 for the process and its children: nobody says good-bye."""
        process = self.alive.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)

    def kill_all(self) -> None:
        for name in list(self.alive):
            self.kill(name)


@dataclass
class Sender:
    """Sends one request for help until it has a receipt, always under the same key; then perhaps once more."""

    port: int
    token: str
    body: dict[str, Any]
    again: bool
    key: UUID = field(default_factory=uuid7)
    receipts: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)

    def run(self) -> None:
        ends = time.monotonic() + PATIENCE
        while len(self.receipts) < 1 + self.again and not self.told_no() and time.monotonic() < ends:
            try:
                self._send()
            except (OSError, HTTPException):
                time.sleep(0.05)

    def told_no(self) -> bool:
        """A refusal is an answer: whoever is told 422 does not send again."""
        return any(status < 500 for status, _text in self.refused)

    def _send(self) -> None:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": str(self.key),
                       "Content-Type": "application/json"}  # fmt: skip
            connection.request("POST", "/api/v1/requests", json.dumps(self.body), headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        if answer.status in (200, 201):
            self.receipts.append((answer.status, json.loads(text)))
        else:
            self.refused.append((answer.status, text[:300]))
            time.sleep(0.05)


def send_while_killing(
    running: Running, victim: str, senders: list[Sender], chance: random.Random, pause: float
) -> None:
    """Lets all senders loose, kills the victim `pause` seconds later, starts it again, waits for every receipt."""
    threads = [threading.Thread(target=sender.run) for sender in senders]
    for thread in threads:
        thread.start()
        time.sleep(chance.uniform(0, 0.02))
    time.sleep(pause)
    running.kill(victim)
    running.start(victim)
    for thread in threads:
        thread.join(PATIENCE + 20)
    close_old_connections()


def trials_wanted(usual: int, nightly: int) -> int:
    """How many by the profile that runs."""
    return nightly if os.environ.get("SHOUWANG_TEST_PROFILE") == "nightly" else usual
