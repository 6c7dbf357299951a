"""What a trial counted, kept for docs/reliability.md: one line of JSON a trial in test-results/trials.jsonl."""

from __future__ import annotations

import json
import os
from pathlib import Path

from django.db import connection

KEPT_IN = Path(__file__).resolve().parents[2] / "test-results" / "trials.jsonl"


def record_trial(
    row: int | str, *, trials: int, failed: int, what: str, **measured: float | int | str
) -> None:
    """Appends what was counted: `row` of the catalogue, how often it was tried, how often it failed.

    `what` is one English sentence of what was done; `measured` further figures with their unit in the name
    (`worst_ms`, `largest_mb`). Whoever calls asserts for themselves; this only writes down.
    """
    KEPT_IN.parent.mkdir(exist_ok=True)
    line = {
        "row": str(row),
        "database": connection.vendor,
        "profile": os.environ.get("SHOUWANG_TEST_PROFILE", "usual"),
        "trials": trials,
        "failed": failed,
        "what": what,
        **measured,
    }
    with KEPT_IN.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")
