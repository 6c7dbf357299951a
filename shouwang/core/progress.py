"""How far long work has come, and asking it to stop: small files beside the database, because what a transaction has
done so far nobody else can see in it. They hold numbers only."""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings


class Stopped(Exception):
    """Somebody asked the work to stop: it takes back what it did."""


@dataclass(frozen=True)
class Progress:
    """`done` of `total` steps; `stopping` once somebody has asked it to stop."""

    done: int = 0
    total: int = 0
    stopping: bool = False

    @property
    def percent(self) -> int:
        """0 to 100; 0 before the work has counted its steps."""
        return min(100, self.done * 100 // self.total) if self.total else 0


def _folder() -> Path:
    return Path(settings.SHOUWANG_HOME) / "progress"


def _path(work_id: UUID) -> Path:
    return _folder() / f"{work_id.hex}.json"


def _stop_path(work_id: UUID) -> Path:
    return _folder() / f"{work_id.hex}.stop"


def report(work_id: UUID, done: int, total: int) -> None:
    """Says how far the work is. Raises Stopped when somebody has asked for that."""
    if _stop_path(work_id).exists():
        raise Stopped
    _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = _path(work_id).with_suffix(f".{os.getpid()}")
    beside.write_text(json.dumps([done, total]), encoding="utf-8")
    beside.replace(_path(work_id))


def progress_of(work_id: UUID) -> Progress:
    """How far the work is; nothing done of nothing before it has begun."""
    stopping = _stop_path(work_id).exists()
    try:
        done, total = json.loads(_path(work_id).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return Progress(stopping=stopping)
    return Progress(done, total, stopping)


def ask_to_stop(work_id: UUID) -> None:
    """Asks the work to stop at its next step."""
    _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    _stop_path(work_id).touch()


def clear(work_id: UUID) -> None:
    """The work is over, or has not begun: nothing is said of it."""
    for path in (_path(work_id), _stop_path(work_id)):
        with contextlib.suppress(FileNotFoundError):
            path.unlink()
