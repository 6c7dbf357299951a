"""Stands before the program: lets in as many requests as it can serve, has some wait, and sends the rest away with the
time at which to come again.

When a mast comes back, thousands of phones ask in the same two seconds. Served in the order of their coming, whoever
comes last waits longer than a phone has patience (30 s); it asks again, and the work for the first answer was for
nothing. So each kind of request has its own lane, with so many inside and so many waiting. What phones bring has the
widest one, what they fetch the narrowest: a roster can be fetched a minute later, and the desk has a lane without them.
"""

from __future__ import annotations

import json
import math
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import Any

from django.db import close_old_connections

Asked = dict[str, Any]
Application = Callable[[Asked, Any], Iterable[bytes]]
BRING, FETCH, WHO = "/field/phone/sync/", "/field/phone/pull/", "/field/phone/me/"
# What phones bring goes together (field/services/together.py): those inside at once are about two transactions.
BRING_INSIDE, BRING_WAITING = 40, 80
FETCH_INSIDE, FETCH_WAITING = 1, 8
# Asked before a roster is fetched and once more before it is kept: were the second refused, it would be fetched in vain.
WHO_INSIDE, WHO_WAITING = 1, 40
OTHER_WAITING = 100
READS = frozenset({"GET", "HEAD"})
# Threads that are neither inside nor waiting: they say no at once.
SPARE = 8
LONGEST_AWAY_S = 300
# Longer than that nobody is let wait for their turn: a phone gives up after 30 s.
LONGEST_WAIT_S = 8
# Python lets a thread that counts run for 5 ms before another gets its turn. Whoever brings what phones kept asks the
# database some 18 things a phone, and would wait so long after each of them.
SWITCH_S = 0.0005
# Some more are called than can be served: a lane that stands empty serves nobody, and one too many is sent away again.
CALLED = 0.8
# Until a lane has served somebody, and how much the newest request counts for its pace.
FIRST_GUESS_S, NEWEST = 0.01, 0.01
BUSY = "现在太忙，请 {0} 秒后再试。/ Too busy now. Please try again in {0} seconds.\n"


@dataclass
class Lane:
    """At most `inside` requests at work and `room` waiting, first come first served.

    Whoever is sent away is given a time of their own, one after the other at the pace at which the lane serves, so that
    they do not all come again together.
    """

    inside: int
    room: int
    at_work: int = 0
    waiting: deque[Event] = field(default_factory=deque)
    lock: Lock = field(default_factory=Lock)
    pace: float = FIRST_GUESS_S
    served_at: float = 0.0
    given_away_until: float = 0.0

    def enter(self, *, reading: bool, now: float) -> int:
        """Comes back inside, answering 0; or at once, with the seconds to stay away. Whoever only reads finds half the
        room."""
        with self.lock:
            if self.at_work < self.inside:
                self.at_work += 1
                return 0
            room = min(self.room, LONGEST_WAIT_S / self.pace)
            if len(self.waiting) >= (room // 2 if reading else room):
                return self._appointment(now)
            turn = Event()
            self.waiting.append(turn)
        turn.wait()
        return 0

    def leave(self, now: float) -> None:
        """Gives the place to whoever has waited longest."""
        with self.lock:
            if self.waiting:
                # Only what it takes under pressure says something of the pace.
                self.pace += NEWEST * (min(max(now - self.served_at, 0.001), 1.0) - self.pace)
                self.waiting.popleft().set()
            else:
                self.at_work -= 1
            self.served_at = now

    def _appointment(self, now: float) -> int:
        queue_ends = now + self.pace * len(self.waiting)
        self.given_away_until = max(self.given_away_until, queue_ends) + CALLED * self.pace
        return self.until_over(now)

    def until_over(self, now: float) -> int:
        """Whole seconds until all who were sent away should have been served."""
        return max(1, min(LONGEST_AWAY_S, math.ceil(self.given_away_until - now)))


class Doorman:
    """The WSGI application behind its lanes; `threads` requests other than phones' are inside at once."""

    def __init__(self, application: Application, threads: int) -> None:
        self.application = application
        self.bring = Lane(BRING_INSIDE, BRING_WAITING)
        self.fetch = Lane(FETCH_INSIDE, FETCH_WAITING)
        self.who = Lane(WHO_INSIDE, WHO_WAITING)
        self.other = Lane(threads, OTHER_WAITING)
        self.lanes = {BRING: self.bring, FETCH: self.fetch, WHO: self.who}

    def __call__(self, asked: Asked, start_response: Any) -> Iterable[bytes]:
        lane = self.lanes.get(asked["PATH_INFO"], self.other)
        reading = asked["REQUEST_METHOD"] in READS
        if away := self._fetches_in_vain(lane) or lane.enter(reading=reading, now=time.monotonic()):
            return sent_away(asked["PATH_INFO"], away, start_response)
        try:
            return self._whole(asked, start_response)
        finally:
            lane.leave(time.monotonic())

    def _fetches_in_vain(self, lane: Lane) -> int:
        """Seconds to stay away, for phones that only ask while others wait to bring something."""
        if lane is self.bring or lane is self.other or not self.bring.waiting:
            return 0
        return self.bring.until_over(time.monotonic())

    def _whole(self, asked: Asked, start_response: Any) -> Iterable[bytes]:
        """The answer in one piece, closed by the thread that made it: so its connection to the database is given back
        here, and not kept by a thread that waits."""
        answer: Any = self.application(asked, start_response)
        if getattr(answer, "streaming", False):
            close_old_connections()
            return answer  # type: ignore[no-any-return]
        try:
            return list(answer)
        finally:
            if hasattr(answer, "close"):
                answer.close()


def sent_away(path: str, seconds: int, start_response: Any) -> list[bytes]:
    """503 with the time to come again: JSON for programs, a sentence for people."""
    kind, body = "text/plain; charset=utf-8", BUSY.format(seconds)
    if path.startswith(("/api/", "/field/phone/")):
        said = {"type": "about:blank", "status": 503, "code": "busy", "title": "busy", "detail": body.strip()}
        kind, body = "application/problem+json", json.dumps(said, ensure_ascii=False)
    whole = body.encode()
    headers = [("Retry-After", str(seconds)), ("Content-Type", kind), ("Content-Length", str(len(whole))),
               ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")]  # fmt: skip
    start_response("503 Service Unavailable", headers)
    return [whole]


def threads_needed(threads: int) -> int:
    """How many threads the server needs so that whoever has no place is told so at once."""
    phones = BRING_INSIDE + BRING_WAITING + FETCH_INSIDE + FETCH_WAITING + WHO_INSIDE + WHO_WAITING
    return phones + threads + OTHER_WAITING + SPARE


def application_behind_doorman(threads: int) -> Doorman:
    """What a process of the server serves; called there, since loading the program opens its database."""
    from shouwang.site.wsgi import application

    sys.setswitchinterval(SWITCH_S)
    return Doorman(application, threads)
