"""A real receiver on this machine for what goes out: an HTTP server on a free port that keeps what it gets."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Sink(ThreadingHTTPServer):
    """`got`: the JSON bodies received; `answer`: the status it gives."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Keeper)
        self.got: list[dict[str, Any]] = []
        self.answer = 200

    def address(self, path: str = "ring") -> str:
        return f"json://127.0.0.1:{self.server_port}/{path}"


class Keeper(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.got.append({"path": self.path, **json.loads(body)})  # type: ignore[attr-defined]
        self.send_response(self.server.answer)  # type: ignore[attr-defined]
        self.end_headers()

    def log_message(self, *_line: object) -> None:
        """Quiet."""


@contextmanager
def listening() -> Iterator[Sink]:
    sink = Sink()
    thread = threading.Thread(target=sink.serve_forever, daemon=True)
    thread.start()
    try:
        yield sink
    finally:
        sink.shutdown()
        sink.server_close()
        thread.join(5)


def dead_address() -> str:
    """An address at which nobody listens any more."""
    with listening() as sink:
        return sink.address()
