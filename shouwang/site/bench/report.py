"""What was measured: a table for people, bench.json for programs (the shape of docs/bench.md)."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import django
from django.db import connection

from shouwang.site.bench.timing import Measured
from shouwang.site.bench.world import Size

COLUMNS = ("figure", "median", "p95", "aim", "", "beside", "ratio", "queries", "beside what")


def as_json(lines: Sequence[Measured], machine: dict[str, Any], at: datetime) -> dict[str, Any]:
    """The contract's object."""
    return {
        "machine": machine,
        "at": at.isoformat(),
        "figures": [
            {
                "id": line.code,
                "unit": line.unit,
                "median": line.median,
                "p95": line.p95,
                "aim": line.aim,
                "beside": line.beside,
                "beside_median": line.beside_median,
                "ratio": line.ratio,
                "queries": line.queries,
            }
            for line in lines
        ],
    }


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Whole or not at all: a reader never finds half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", "utf-8")
    part.replace(path)


def machine_of(size: Size, clock: str) -> dict[str, Any]:
    """What the figures were made on, and of what size."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "load_1min": round(os.getloadavg()[0], 2),
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        "django": django.get_version(),
        "database": _database(),
        "clock": clock,
        "size": size.code,
        "copies_of_zone_c": size.copies,
        "open_requests": size.requests,
        "rounds": size.rounds,
    }


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text("utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in text.splitlines() if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _database() -> str:
    if connection.vendor == "sqlite":
        return f"SQLite {sqlite3.sqlite_version}"
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return f"PostgreSQL {cursor.fetchone()[0]}"


def as_table(lines: Sequence[Measured]) -> str:
    """A line a figure, columns under one another."""
    rows = [COLUMNS, *(_cells(line) for line in lines)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(COLUMNS))]
    return "\n".join(_line(row, widths) for row in rows)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    left = (0, len(COLUMNS) - 1)
    cells = [
        cell.ljust(width) if at in left else cell.rjust(width)
        for at, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]
    return "  ".join(cells).rstrip()


def _cells(line: Measured) -> tuple[str, ...]:
    return (
        line.code,
        f"{_short(line.median)} {line.unit}",
        _short(line.p95),
        _short(line.aim),
        "✓" if line.reached else "✗",
        _short(line.beside_median),
        f"{line.ratio:g}",
        str(line.queries),
        line.beside,
    )


def _short(number: float) -> str:
    return f"{number:,.0f}" if number >= 100 else f"{number:.1f}" if number >= 10 else f"{number:.2f}"
