"""Child processes under supervision: one that dies is started again, all end together."""

from __future__ import annotations

import ctypes
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

PATIENCE_SECONDS = 15.0
STEADY_SECONDS = 30.0
MOST_STARTS = 5
PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """In a new child: on Linux the kernel ends it when the supervisor is gone, however that went."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    """A command that is kept running. `starts` counts starts since it last ran steadily."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    running: subprocess.Popen[bytes] | None = None
    starts: int = 0
    began: float = 0.0
    not_before: float = 0.0

    def start(self, now: float) -> None:
        self.running = subprocess.Popen(
            list(self.command),
            env=dict(self.environment),
            start_new_session=True,  # Ctrl-C reaches the supervisor alone, which ends them in order
            preexec_fn=end_with_parent,
        )
        self.began = now
        self.starts += 1

    def has_died(self) -> bool:
        return self.running is not None and self.running.poll() is not None


@dataclass
class Supervisor:
    """Keeps children running until told to stop, or until one of them can't stay up."""

    children: list[Child]
    say: Callable[[str], None]
    stopping: bool = field(default=False)
    gave_up: bool = field(default=False)

    def stop(self, *_signal: object) -> None:
        self.stopping = True

    def run(self, turn: Callable[[], None] = lambda: None) -> bool:
        """Runs until stopped, calling `turn` in between; whether it ended as wished."""
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        try:
            while not self.stopping:
                self.look(time.monotonic())
                turn()
                time.sleep(0.2)
        finally:
            self.end_all()
        return not self.gave_up

    def look(self, now: float) -> None:
        """Starts what is not running; gives up on a child that dies again and again."""
        for child in self.children:
            if child.has_died():
                self._bury(child, now)
            if child.running is None and now >= child.not_before and not self.stopping:
                child.start(now)

    def _bury(self, child: Child, now: float) -> None:
        code = child.running.returncode if child.running else 0
        child.running = None
        if now - child.began >= STEADY_SECONDS:
            child.starts = 0
        if child.starts >= MOST_STARTS:
            self.say(f"{child.name} died {child.starts} times, last with {code}; giving up")
            self.gave_up = self.stopping = True
            return
        child.not_before = now + 0.5 * child.starts
        self.say(f"{child.name} died with {code}; starting it again")

    def end_all(self) -> None:
        """Asks every child to end, and after a while makes it."""
        alive = [child.running for child in self.children if child.running and child.running.poll() is None]
        for running in alive:
            running.terminate()
        until = time.monotonic() + PATIENCE_SECONDS
        for running in alive:
            try:
                running.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                running.kill()
                running.wait()
