"""Measuring: the shape of bench.json, fair turns, a database of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection

from shouwang.core.actors import OPERATOR
from shouwang.ledgers.engines.rows import read_register
from shouwang.people.engines.numbers import is_resident_id
from shouwang.places.models import Place
from shouwang.places.services import create_community
from shouwang.site.bench.engines import costs_of, evening
from shouwang.site.bench.replay import reads_of, replay, statements_of, statements_undone
from shouwang.site.bench.report import as_json, as_table, machine_of, write_json
from shouwang.site.bench.timing import Measured, Pair, measure, p95_of
from shouwang.site.bench.world import SIZES, NotEmpty, build_world, check_digit, grown_sheet

AT = datetime(2022, 2, 20, 1, 0, tzinfo=UTC)
LINE = Measured("page.wall", "ms", 70.0, 90.0, 60.0, "its own reads", 10.0, 7.0, 24)
FIGURE = {"id", "unit", "median", "p95", "aim", "beside", "beside_median", "ratio", "queries"}


@pytest.mark.django_db
def test_the_file_has_the_shape_that_others_read(tmp_path: Path) -> None:
    path = tmp_path / "home" / "bench.json"
    write_json(path, as_json([LINE], machine_of(SIZES["small"], "wall"), AT))
    read = json.loads(path.read_text("utf-8"))
    assert set(read) == {"machine", "at", "figures"}
    assert [set(figure) for figure in read["figures"]] == [FIGURE]
    assert datetime.fromisoformat(read["at"]) == AT
    assert list(path.parent.iterdir()) == [path]


def test_the_table_says_which_aim_is_missed() -> None:
    fast = Measured("register.import", "rows/s", 6000, 5500, 5000, "the same rows", 20000, 3.3, 900)
    missed, reached = as_table([LINE, fast]).splitlines()[1:]
    assert "✗" in missed and "70.0 ms" in missed
    assert "✓" in reached and "6,000 rows/s" in reached


def test_p95_is_the_largest_but_one_in_twenty() -> None:
    assert p95_of([1.0]) == 1.0
    assert p95_of(range(1, 21)) == 19
    assert p95_of(range(1, 101)) == 95


@pytest.mark.django_db
def test_both_are_measured_in_turns_and_the_first_turn_does_not_count() -> None:
    done: list[str] = []
    pair = Pair(
        "x", 1, "y", before=lambda turn: done.append(f"before {turn}"),
        ours=lambda turn: (done.append("ours"), Place.objects.count()), rival=lambda turn: done.append("rival"),
    )  # fmt: skip
    line = measure(pair, rounds=2, clock="wall")
    assert done == [word for turn in range(3) for word in (f"before {turn}", "ours", "rival")]
    assert line.queries == 1
    assert line.p95 >= line.median > 0


@pytest.mark.django_db
def test_statements_are_taken_down_and_sent_again() -> None:
    def write() -> Place:
        return create_community(code="jinxiu", name="锦绣社区", by=OPERATOR, at=AT)

    undone = statements_undone(write)
    assert not Place.objects.exists(), "looking leaves nothing behind"
    replay(undone, together=True)
    assert Place.objects.get().code == "jinxiu"
    reads = reads_of(statements_of(lambda: list(Place.objects.all())))
    assert len(reads) == 1 and reads[0][0].startswith("SELECT")


def test_a_grown_ledger_names_everybody_once() -> None:
    content, people = grown_sheet(2)
    sheet = read_register(content, "zone-c.xlsx")
    once = len(read_register(grown_sheet(1)[0], "zone-c.xlsx").rows)
    assert len(sheet.rows) == people == 2 * once
    numbers = [row.id_number for row in sheet.rows if row.id_number and len(row.id_number) == 18]
    assert len(numbers) == len(set(numbers)) > once
    assert all(is_resident_id(number) for number in numbers)
    assert not [row for row in sheet.rows if row.twice_of is not None]
    assert len({row.building for row in sheet.rows}) == 48


def test_the_check_digit_is_the_standards() -> None:
    assert check_digit("15019919490101001") in "0123456789X"
    assert is_resident_id("15019919490101001" + check_digit("15019919490101001"))


def test_the_evening_is_always_the_same() -> None:
    assert evening(300, 60) == evening(300, 60)
    assert len(costs_of(evening(300, 60))) > 300


@pytest.mark.django_db
def test_somebodys_database_is_left_alone() -> None:
    create_community(code="jinxiu", name="锦绣社区", by=OPERATOR, at=AT)
    with pytest.raises(NotEmpty):
        build_world(SIZES["small"])


@pytest.mark.slow
def test_a_whole_run_leaves_the_figures_and_nothing_else(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "SHOUWANG_HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}
    if connection.vendor == "postgresql":
        environment["SHOUWANG_DATABASE_URL"] = os.environ["SHOUWANG_DATABASE_URL"]
    done = subprocess.run(
        [sys.executable, "-m", "shouwang.site.cli", "bench", "--size", "small"],
        env=environment, capture_output=True, text=True, timeout=900,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    figures = json.loads((tmp_path / "bench.json").read_text("utf-8"))["figures"]
    assert {
        "register.import",
        "page.wall",
        "request.create",
        "assign.300x60",
        "message.read",
        "batches.plan.1400",
        "batches.lasts.1400",
        "runs.plan.400",
        "runs.lasts.400",
        "runs.live.400",
        "runs.late.400",
        "scans.batch.100",
    } <= {figure["id"] for figure in figures}
    assert not list(tmp_path.glob("bench-*"))
    assert not (tmp_path / "shouwang.sqlite3").exists()
