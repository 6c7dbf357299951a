"""Time that does not jump. An old PC's clock does: its battery is empty, somebody sets it by hand, a network server
corrects it by years. Deadlines and escalations must neither come early nor be passed over by that.

All processes of one machine go by one frame: how far the wall's clock is from the seconds since the machine was
started, kept in a file beside the database. Small corrections (up to TOLERANCE) are followed. A jump is held off:
time goes on as before, until a person sets the clock right or says that the new time is the right one.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

# Network time is corrected in steps below this; a person who sets a clock moves it by more.
TOLERANCE = 60.0
# How often the file says anew how far time has come, and how much of slow drift it may miss.
NOTED_EVERY = 60.0
DRIFT = 5.0
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def since_boot() -> float:
    """Seconds since the machine was started, its sleep included (Linux)."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def boot_id() -> str:
    """What tells this start of the machine from all others; empty where the system does not say (not Linux)."""
    with contextlib.suppress(OSError):
        return BOOT_ID.read_text(encoding="ascii").strip()
    return ""


@dataclass
class Frame:
    """`offset`: the wall's clock minus the seconds since boot. `seen`: the latest second reached. `unsure`: the machine
    was started with a clock behind that, so the first later time is believed."""

    boot: str
    offset: float
    seen: float
    unsure: bool = False


class Steady:
    """Seconds since 1970 that never jump. `wall` and `boot` give the two clocks, `kept_in` the file."""

    def __init__(
        self,
        kept_in: Path | None,
        wall: Callable[[], float] = time.time,
        boot: Callable[[], float] = since_boot,
        boot_name: Callable[[], str] = boot_id,
    ) -> None:
        self.kept_in = kept_in
        self._wall, self._boot, self._name = wall, boot, boot_name()
        self._frame: Frame | None = None
        self.held = 0.0

    def now(self) -> float:
        """The present second, with its fractions. `held` then says how far off the wall's clock is (0: not at all)."""
        wall = self._wall()
        if not self._name:
            return wall  # elsewhere seconds since boot leave out sleep, which would look like a jump
        boot = self._boot()
        frame = self._frame or self._begin(wall, boot)
        steady = frame.offset + boot
        if abs(wall - steady) > TOLERANCE and not (frame.unsure and wall > steady):
            # Somebody may have accepted the new time in another process.
            frame = self._frame = self._read() or frame
            steady = frame.offset + boot
        if abs(wall - steady) <= TOLERANCE or (frame.unsure and wall > steady):
            frame.unsure = False
            self._follow(frame, wall, boot)
            return wall
        self.held = wall - steady
        self._note(frame, steady)
        return steady

    def accept(self) -> None:
        """The wall's clock is right: time goes on from there, in every process."""
        wall = self._wall()
        self._frame = Frame(self._name, wall - self._boot(), wall) if self._name else None
        self.held = 0.0
        if self._frame is not None:
            self._write(self._frame)

    def _begin(self, wall: float, boot: float) -> Frame:
        kept = self._read()
        if kept is None:
            frame = Frame(self._name, wall - boot, wall)
        elif kept.boot == self._name:
            frame = kept
        elif wall < kept.seen - TOLERANCE:
            frame = Frame(self._name, kept.seen - boot, kept.seen, unsure=True)
        else:
            frame = Frame(self._name, wall - boot, wall)
        self._frame = frame
        if frame is not kept:
            self._write(frame)
        return frame

    def _follow(self, frame: Frame, wall: float, boot: float) -> None:
        drifted = abs(wall - boot - frame.offset) > DRIFT
        if drifted:
            frame.offset = wall - boot
        self.held = 0.0
        self._note(frame, wall, at_once=drifted)

    def _note(self, frame: Frame, reached: float, *, at_once: bool = False) -> None:
        if at_once or reached >= frame.seen + NOTED_EVERY:
            frame.seen = max(frame.seen, reached)
            self._write(frame)

    def _read(self) -> Frame | None:
        if self.kept_in is None:
            return None
        # A file that cannot be read is a file that is not there: time goes on by the wall.
        with contextlib.suppress(OSError, ValueError, TypeError):
            return Frame(**json.loads(self.kept_in.read_text(encoding="utf-8")))
        return None

    def _write(self, frame: Frame) -> None:
        if self.kept_in is None:
            return
        beside = self.kept_in.with_suffix(f".{os.getpid()}")
        # A full disk must not stop the time.
        with contextlib.suppress(OSError):
            beside.write_text(json.dumps(vars(frame)), encoding="utf-8")
            beside.replace(self.kept_in)
