"""The air between a phone and the program: a signal that can go, that loses requests or answers, and repeats others."""

from __future__ import annotations

import http.client
import random
import socket
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}


class Air:
    """A proxy before the live server. Without a signal nobody answers, as on the stairs.

    `loses`: half of what the phone sends to the app's protocol is lost, some of it only after it was delivered; each
    that is delivered is delivered twice. `counts` says how often what happened.
    """

    def __init__(self, server: str, seed: int = 20260220) -> None:
        self.target = urlsplit(server)
        self.signal, self.loses = True, False
        self.counts: Counter[str] = Counter()
        self._chance, self._lock = random.Random(seed), threading.Lock()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()

    def fate(self, path: str) -> str:
        """What becomes of a request."""
        if not self.signal:
            return "no signal"
        if not self.loses or not path.startswith("/field/phone/"):
            return "once"
        with self._lock:
            drawn = self._chance.random()
        return "lost" if drawn < 0.25 else "answer lost" if drawn < 0.5 else "twice"

    def deliver(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, Any, bytes]:
        """Brings it to the program, and the answer back."""
        connection = http.client.HTTPConnection(self.target.hostname or "", self.target.port, timeout=30)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            connection.close()


def _handler(air: Air) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _meet(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            fate = air.fate(self.path)
            air.counts[fate] += 1
            if fate in ("no signal", "lost"):
                self._hang_up()
                return
            headers = {k: v for k, v in self.headers.items() if k.lower() not in HOP}
            status, given, answer = air.deliver(self.command, self.path, headers, body)
            if fate != "once":
                status, given, answer = air.deliver(self.command, self.path, headers, body)
            if fate == "answer lost":
                self._hang_up()
            else:
                self._pass_on(status, given, answer)

        def _pass_on(self, status: int, given: Any, answer: bytes) -> None:
            self.send_response_only(status)
            for name, value in given:
                if name.lower() not in HOP:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def _hang_up(self) -> None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)

        do_GET = do_POST = _meet  # noqa: N815  (the names that http.server calls)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Says nothing."""

    return Handler
