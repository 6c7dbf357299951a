"""`shouwang plan runs` as a person at a terminal meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import call_command

from shouwang.core.command_line import Unusable
from shouwang.goods.engines.runs.instances import afternoon

pytest.importorskip("pyvrp")


def test_a_file_becomes_a_plan_in_the_contracts_shape(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "afternoon.json"
    file.write_text(json.dumps(afternoon(1, stops=20, buildings=4, volunteers=2)), "utf-8")
    call_command("plan_runs", str(file), "--seconds", "1", "--seed", "2", "--iterations", "200")
    first = capsys.readouterr().out
    plan = json.loads(first)
    assert set(plan) == {"volunteers", "last_return_s", "late"}
    assert set(plan["volunteers"][0]) == {"id", "trips"}
    assert set(plan["volunteers"][0]["trips"][0]) == {"start_s", "load_kg", "stops", "end_s"}
    assert set(plan["volunteers"][0]["trips"][0]["stops"][0]) == {"id", "arrive_s", "done_s"}
    call_command("plan_runs", str(file), "--seconds", "9", "--seed", "2", "--iterations", "200")
    assert capsys.readouterr().out == first


@pytest.mark.parametrize("text", ["", "[1, 2]", "{", '{"stops": 1}', '{"stops": [], "travel_s": [[NaN]]}'])
def test_a_file_that_cannot_be_used_is_refused_with_its_reason(tmp_path: Path, text: str) -> None:
    file = tmp_path / "broken.json"
    file.write_text(text, "utf-8")
    with pytest.raises(Unusable):
        call_command("plan_runs", str(file))


@pytest.mark.parametrize(
    "words", [("--seconds", "0"), ("--seconds", "nan"), ("--iterations", "0"), ("--seed", "-1")]
)
def test_what_cannot_be_asked_for_is_said(tmp_path: Path, words: tuple[str, str]) -> None:
    with pytest.raises(Unusable, match=words[0]):
        call_command("plan_runs", str(tmp_path / "none.json"), *words)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match=r"none\.json"):
        call_command("plan_runs", str(tmp_path / "none.json"))
