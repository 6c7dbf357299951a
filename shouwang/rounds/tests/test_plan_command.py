"""`shouwang plan batches` as a person at a terminal meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import call_command

from shouwang.core.command_line import Unusable
from shouwang.rounds.engines.mornings import morning

pytest.importorskip("ortools")


def test_a_file_becomes_a_plan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "morning.json"
    file.write_text(json.dumps(morning(80, 4, 1)), "utf-8")
    call_command("plan_batches", str(file))
    plan = json.loads(capsys.readouterr().out)
    assert set(plan) == {"slots", "ends"}
    assert set(plan["slots"][0]) == {"starts", "building", "lane", "households", "people"}
    assert plan["slots"][0]["starts"] == "06:00"


@pytest.mark.parametrize("text", ["", "[1, 2]", "{", '{"households": 1}'])
def test_a_file_that_cannot_be_used_is_refused_with_its_reason(tmp_path: Path, text: str) -> None:
    file = tmp_path / "broken.json"
    file.write_text(text, "utf-8")
    with pytest.raises(Unusable):
        call_command("plan_batches", str(file))


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match=r"none\.json"):
        call_command("plan_batches", str(tmp_path / "none.json"))
