"""The phone app as `phone/` built it: which script begins it, and what its worker keeps for work without a signal."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

ENTRY = "src/main.tsx"


@dataclass(frozen=True)
class BuiltApp:
    """`script`: the file that begins it; `worker`: the worker's source, which waits for its HOUSE."""

    script: str
    worker: str


def built_app(folder: Path) -> BuiltApp | None:
    """What lies in `folder`; None when nothing was built there (a machine without node)."""
    try:
        files = json.loads((folder / "built.json").read_text("utf-8"))
        return BuiltApp(files[ENTRY]["file"], (folder / "sw.js").read_text("utf-8"))
    except FileNotFoundError:
        return None


def worker_script(app: BuiltApp, page: str, base: str, addresses: list[str], parts: Iterable[bytes]) -> str:
    """The worker with what the program serves beside it. `parts`: the contents behind page and addresses; any change
    in them makes another worker, by which browsers notice that there is something new."""
    mark = sha256()
    told = [app.worker.encode(), *(address.encode() for address in addresses)]
    for part in (*told, *parts):
        mark.update(sha256(part).digest())
    house = {"mark": mark.hexdigest()[:20], "page": page, "base": base, "addresses": addresses}
    return f"self.HOUSE = {json.dumps(house)};\n{app.worker}"
