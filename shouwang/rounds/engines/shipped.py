"""The kinds of rounds that come with the product: one file each, beside this one."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("kinds")
# The order in which they are offered.
CODES = (
    "sampling", "antigen", "survey", "daily_call", "door_visit", "six_ones", "vaccination", "handing_out", "disinfection",
)  # fmt: skip


@lru_cache(maxsize=1)
def shipped_kinds() -> tuple[dict[str, Any], ...]:
    """Each kind as its file has it, in the order in which they are offered."""
    return tuple(json.loads((FOLDER / f"{code}.json").read_text("utf-8")) for code in CODES)
