"""The clock and the worker: the same loop over different lanes of due rows."""

from __future__ import annotations

import logging
import signal
import time
from datetime import timedelta

from django.db import close_old_connections, connection
from django.db.utils import Error as DatabaseError

from shouwang.core import clock
from shouwang.core.due import beat, do_one, schedule
from shouwang.core.registry import erasers

log = logging.getLogger("shouwang.loops")
IDLE_SECONDS = 0.5
BEAT_SECONDS = 5.0


def enter_standing_rows() -> None:
    """The due rows that always exist: one a day for each eraser, and the audit's chain."""
    from shouwang.core.models import DueRow

    at = clock.now()
    standing = set(
        DueRow.objects.filter(kind__in=["core.erase", "core.seal_audit"]).values_list("kind", "key")
    )
    for eraser in erasers:
        if ("core.erase", eraser.code) not in standing:
            schedule("core.erase", at=at + timedelta(minutes=1), key=eraser.code)
    if ("core.seal_audit", "chain") not in standing:
        schedule("core.seal_audit", at=at, key="chain")


class Loop:
    """Does due rows of one lane until told to stop by SIGTERM or SIGINT."""

    def __init__(self, lane: str, beats: bool = True) -> None:
        self.lane = lane
        self.beats = beats
        self.running = True
        self.done = 0
        self._last_beat = 0.0
        self._told_held = timedelta()

    def stop(self, *_signal: object) -> None:
        self.running = False

    def run(self) -> None:
        """Runs until stopped; a lost database is waited for, never a reason to die."""
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        if self.lane == "clock":
            enter_standing_rows()
        self.go_round()

    def go_round(self) -> None:
        """Turn after turn until stopped; in a thread of its own, too."""
        while self.running:
            try:
                busy = self.turn()
            except DatabaseError:
                log.warning("%s: the database does not answer; trying again", self.lane)
                connection.close()
                time.sleep(2)
                continue
            if not busy:
                time.sleep(IDLE_SECONDS)

    def turn(self) -> bool:
        """One heartbeat if it is time, one due row if there is one; whether there was."""
        close_old_connections()
        if self.beats and time.monotonic() - self._last_beat >= BEAT_SECONDS:
            beat(self.lane, clock.now(), self.done)
            self._last_beat = time.monotonic()
            self._tell_of_a_jump()
        busy = do_one(self.lane, clock.now())
        self.done += busy
        return busy

    def _tell_of_a_jump(self) -> None:
        held = clock.held()
        if held != self._told_held:
            self._told_held = held
            log.error("%s: the computer's clock has jumped by %s and is not followed", self.lane, held)
