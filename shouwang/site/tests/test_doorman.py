"""The doorman: who comes in, who waits, and who is sent away until when."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.urls import reverse

from shouwang.site import doorman
from shouwang.site.doorman import Doorman, Lane

SYNC, PULL = "/field/phone/sync/", "/field/phone/pull/"


class Program:
    """A WSGI application whose answers wait until they are let go."""

    def __init__(self) -> None:
        self.go, self.inside, self.most, self.closed = threading.Event(), 0, 0, 0
        self.lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        with self.lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        self.go.wait(10)
        with self.lock:
            self.inside -= 1
        start_response("200 OK", [])
        return Answer(self)


class Answer(list[bytes]):
    def __init__(self, program: Program) -> None:
        super().__init__([b"done"])
        self.program = program

    def close(self) -> None:
        self.program.closed += 1


class Asked:
    """One request in a thread of its own."""

    def __init__(self, door: Doorman, path: str, method: str = "POST") -> None:
        self.status, self.headers, self.body = "", {}, b""
        self.door, self.environ = door, {"PATH_INFO": path, "REQUEST_METHOD": method}
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self) -> None:
        self.body = b"".join(self.door(self.environ, self.begin))

    def begin(self, status: str, headers: list[tuple[str, str]]) -> None:
        self.status, self.headers = status, dict(headers)

    def ended(self) -> str:
        self.thread.join(10)
        return self.status[:3]


def until(holds: Callable[[], bool]) -> None:
    ends = time.monotonic() + 5
    while not holds():
        assert time.monotonic() < ends
        time.sleep(0.005)


def full(door: Doorman, path: str, lane: Lane, method: str = "POST") -> list[Asked]:
    """As many requests as the lane takes in, at work and waiting."""
    room = lane.room // 2 if method == "GET" else lane.room
    asked = [Asked(door, path, method) for _number in range(lane.inside + room)]
    until(lambda: (lane.at_work, len(lane.waiting)) == (lane.inside, room))
    return asked


def test_so_many_are_inside_so_many_wait_and_the_next_is_told_when_to_come() -> None:
    program = Program()
    door = Doorman(program, 3)
    asked = full(door, SYNC, door.bring)
    away = Asked(door, SYNC)
    assert away.ended() == "503" and int(away.headers["Retry-After"]) >= 1
    assert json.loads(away.body)["code"] == "busy"
    program.go.set()
    assert {one.ended() for one in asked} == {"200"}
    assert (program.most, program.closed) == (door.bring.inside, len(asked))
    assert (door.bring.at_work, len(door.bring.waiting)) == (0, 0)


def test_a_full_lane_of_phones_keeps_nobody_from_the_desk() -> None:
    program = Program()
    door = Doorman(program, 3)
    phones = full(door, PULL, door.fetch) + full(door, SYNC, door.bring)
    desk = Asked(door, "/desk/", "GET")
    until(lambda: door.other.at_work == 1)
    program.go.set()
    assert desk.ended() == "200" and {one.ended() for one in phones} == {"200"}


def test_nobody_fetches_while_others_wait_to_bring_something() -> None:
    program = Program()
    door = Doorman(program, 3)
    brought = full(door, SYNC, door.bring)
    assert Asked(door, PULL).ended() == "503" and Asked(door, "/field/phone/me/", "GET").ended() == "503"
    program.go.set()
    assert {one.ended() for one in brought} == {"200"}
    assert Asked(door, PULL).ended() == "200"


def test_nobody_waits_longer_than_a_phone_has_patience() -> None:
    lane = Lane(1, 80, at_work=1, pace=2.0)
    lane.waiting.extend(threading.Event() for _number in range(3))
    ahead = threading.Thread(target=lane.enter, kwargs={"reading": False, "now": 0.0})
    ahead.start()
    until(lambda: len(lane.waiting) == 4)
    assert lane.enter(reading=False, now=0.0) == 10
    for _number in range(4):
        lane.leave(0.0)
    ahead.join(5)


def test_reading_is_sent_away_before_writing() -> None:
    program = Program()
    door = Doorman(program, 3)
    asked = full(door, "/desk/", door.other, "GET")
    away = Asked(door, "/desk/", "GET")
    assert away.ended() == "503" and away.headers["Content-Type"].startswith("text/plain")
    assert "太忙" in away.body.decode() and "busy" in away.body.decode()
    written = Asked(door, "/help/", "POST")
    until(lambda: len(door.other.waiting) == door.other.room // 2 + 1)
    program.go.set()
    assert {one.ended() for one in [*asked, written]} == {"200"}


def test_each_who_is_sent_away_gets_a_time_of_their_own() -> None:
    lane = Lane(1, 0, pace=0.5 / doorman.CALLED)
    assert lane.enter(reading=False, now=100.0) == 0
    assert [lane.enter(reading=False, now=100.0) for _phone in range(6)] == [1, 1, 2, 2, 3, 3]
    assert lane.enter(reading=False, now=104.0) == 1, "times that have passed are not counted again"
    lane.pace = 1000.0
    assert lane.enter(reading=False, now=104.0) == doorman.LONGEST_AWAY_S


def test_the_pace_follows_what_is_served_under_pressure() -> None:
    lane = Lane(1, 10)
    lane.waiting.extend(threading.Event() for _number in range(500))
    lane.at_work = 1
    for number in range(500):
        lane.leave(number * 0.2)
    assert lane.pace == pytest.approx(0.2, rel=0.05)


def test_the_lanes_are_for_addresses_that_there_are() -> None:
    named = [reverse(f"field:phone_{name}") for name in ("sync", "pull", "me")]
    assert named == list(Doorman(Program(), 1).lanes)


def test_a_program_that_breaks_gives_its_place_back() -> None:
    def broken(environ: Any, start_response: Any) -> Iterable[bytes]:
        raise RuntimeError

    door = Doorman(broken, 3)
    with pytest.raises(RuntimeError):
        door({"PATH_INFO": "/", "REQUEST_METHOD": "GET"}, lambda *_said: None)
    assert door.other.at_work == 0
