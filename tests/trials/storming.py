"""Phones that come back in the same moment: each sends what it kept and waits as docs/offline.md says, over real
connections; and a desk that goes on reading Today meanwhile."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

# As in phone/src/net: courier.ts, server.ts, phone.ts.
FIRST_S, LONGEST_S = 2.0, 300.0
PATIENCE_S = 30.0
AFTER_ONLINE_S = 2.0
PULL_EVERY_S = 60.0
MOST_IN_BATCH = 100
SETTLED = ("accepted", "duplicate", "quarantined")


@dataclass
class Reply:
    """What came back; status 0: nothing did."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def json(self) -> Any:
        return json.loads(self.body) if self.body else None

    def pause(self) -> float:
        return float(self.headers.get("retry-after", "0"))


@dataclass
class Kept:
    """A phone before the storm: its outbox as it travels, by command id, and the cookie of its sign-in."""

    outbox: dict[str, dict[str, Any]]
    cookie: str


@dataclass
class Storm:
    """One storm against the server at `port`; what it counted stands in the fields.

    `cut`: how many in a thousand answers get lost, half of them after the phone has hung up in the middle.
    """

    port: int
    chance: random.Random
    cut: int = 50
    sync_s: list[float] = field(default_factory=list)
    today_s: list[float] = field(default_factory=list)
    drained_s: list[float] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    fetched: int = 0
    cuts: int = 0

    async def ask(
        self, what: str, method: str, path: str, *, body: bytes = b"", more: Mapping[str, str] | None = None
    ) -> Reply:
        """One request on a connection of its own, as a proxy makes them; counted by what was asked and its status."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                reply = await self._exchange(method, path, body, more or {})
            self.answers[f"{what} {reply.status}"] += 1
        except TimeoutError:
            reply = Reply()
            self.answers[f"{what} too late"] += 1
        except (OSError, EOFError):
            reply = Reply()
            self.answers[f"{what} broken off"] += 1
        return reply

    async def _exchange(self, method: str, path: str, body: bytes, more: Mapping[str, str]) -> Reply:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(_head(method, path, len(body), self.port, more) + body)
            return _reply(await reader.read(-1))
        finally:
            writer.close()

    async def hang_up(self, path: str, body: bytes) -> None:
        """Sends a request whole and is gone before the answer."""
        # Whether it arrived nobody will know: that is the trial.
        with contextlib.suppress(OSError):
            _reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            writer.write(_head("POST", path, len(body), self.port, {}) + body)
            await writer.drain()
            writer.close()

    async def send_all(self, kept: Kept) -> None:
        """The courier of one phone: until its outbox is empty."""
        began, tries = time.monotonic(), 0
        while kept.outbox:
            reply = await self._send(kept, list(kept.outbox.values())[:MOST_IN_BATCH])
            heard = self._hear(kept, reply)
            if heard:
                tries = 0
                continue
            # A time that the server named is an appointment and no failure, as courier.ts has it.
            named = reply.pause()
            await asyncio.sleep(named + pause_after(0 if named else tries, self.chance.random()))
            tries += not named
        self.drained_s.append(time.monotonic() - began)

    async def _send(self, kept: Kept, batch: list[dict[str, Any]]) -> Reply:
        body = json.dumps({"commands": batch}).encode()
        lost = self.chance.randrange(1000) < self.cut
        self.cuts += lost
        if lost and self.chance.random() < 0.5:
            await self.hang_up("/field/phone/sync/", body)
            return Reply()
        began = time.monotonic()
        reply = await self.ask(
            "sync", "POST", "/field/phone/sync/", body=body, more={**JSON, "Cookie": kept.cookie}
        )
        self.sync_s.append(time.monotonic() - began)
        return Reply() if lost else reply

    def _hear(self, kept: Kept, reply: Reply) -> bool:
        """Takes receipts in; false when there was none for anything that waits."""
        if reply.status != 200:
            return False
        settled = [line["id"] for line in reply.json()["receipts"] if line["status"] in SETTLED]
        waiting = len(kept.outbox)
        for pk in settled:
            kept.outbox.pop(pk, None)
        return len(kept.outbox) < waiting

    async def fetch(self, kept: Kept) -> None:
        """Asks for work and rosters until they came; the app tries once a minute."""
        while not await self._fetched(kept):
            await asyncio.sleep(PULL_EVERY_S)
        self.fetched += 1

    async def _fetched(self, kept: Kept) -> bool:
        me = await self.ask("me", "GET", "/field/phone/me/", more={"Cookie": kept.cookie})
        if me.status != 200:
            return False
        csrf = me.headers["set-cookie"].partition(";")[0]
        more = {**JSON, "Cookie": f"{kept.cookie}; {csrf}", "X-CSRFToken": me.json()["csrf"]}
        pulled = await self.ask("pull", "POST", "/field/phone/pull/", body=b"{}", more=more)
        if pulled.status != 200:
            return False
        return (await self.ask("me", "GET", "/field/phone/me/", more={"Cookie": kept.cookie})).status == 200

    async def _phone(self, kept: Kept, fetching: set[asyncio.Task[None]]) -> None:
        await asyncio.sleep(self.chance.random() * AFTER_ONLINE_S)
        fetching.add(asyncio.create_task(self.fetch(kept)))
        await self.send_all(kept)

    async def _watch_today(self, cookie: str) -> None:
        async with asyncio.TaskGroup() as asked:
            while True:
                asked.create_task(self._look_at_today(cookie))
                await asyncio.sleep(1)

    async def _look_at_today(self, cookie: str) -> None:
        began = time.monotonic()
        await self.ask("today", "GET", "/desk/", more={"Cookie": cookie})
        self.today_s.append(time.monotonic() - began)

    async def run(self, phones: Iterable[Kept], desk_cookie: str, patience: float) -> float:
        """Lets all loose and waits until every outbox is empty, `patience` seconds at most; how long it took."""
        began = time.monotonic()
        fetching: set[asyncio.Task[None]] = set()
        desk = asyncio.create_task(self._watch_today(desk_cookie))
        sending = [asyncio.create_task(self._phone(kept, fetching)) for kept in phones]
        await asyncio.wait(sending, timeout=patience)
        took = time.monotonic() - began
        left = [*sending, *fetching, desk]
        for task in left:
            task.cancel()
        ended = await asyncio.gather(*left, return_exceptions=True)
        broken = [fault for fault in ended if isinstance(fault, Exception)]
        if broken:
            raise ExceptionGroup("phones that broke", broken)
        return took

    def wrong_answers(self) -> list[str]:
        """What nobody should have been answered: no phone anything but its answer, when to come again, or nothing in
        time; and the desk its page alone."""
        fine = {
            f"{what} {end}" for what in ("sync", "me", "pull") for end in ("200", "429", "503", "too late")
        }
        return [
            f"answered {what}: {n} times"
            for what, n in self.answers.items()
            if what not in {*fine, "today 200"}
        ]


JSON = {"Content-Type": "application/json"}


def pause_after(tries: int, chance: float) -> float:
    """Seconds until the next try, as courier.ts has it."""
    return chance * min(LONGEST_S, FIRST_S * 2 ** min(tries, 20))


def _head(method: str, path: str, length: int, port: int, more: Mapping[str, str]) -> bytes:
    said = {"Host": f"127.0.0.1:{port}", "Connection": "close", "Content-Length": str(length), **more}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in said.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _reply(said: bytes) -> Reply:
    """The answer in parts. EOFError when it was broken off."""
    head, line, body = said.partition(b"\r\n\r\n")
    if not line:
        raise EOFError
    first, *rest = head.decode("latin-1").split("\r\n")
    pairs = (row.partition(": ") for row in rest)
    headers = {name.lower(): value for name, _sign, value in pairs}
    if len(body) < int(headers.get("content-length", "0")):
        raise EOFError
    return Reply(int(first.split(" ")[1]), headers, body)


def at_share(seconds: list[float], share: float) -> float:
    """The value that this share of them does not exceed; 0 of none."""
    return sorted(seconds)[max(0, round(len(seconds) * share) - 1)] if seconds else 0.0
