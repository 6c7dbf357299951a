"""docs/reliability.md is made from the notebook, and says every trial that the tests hold."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tools.reliability import CATALOGUE, DATABASES, page_of

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "reliability.md"


def rows_tried() -> set[str]:
    """The rows of the catalogue that some trial writes down."""
    return {
        str(ast.literal_eval(call.args[0]))
        for path in (*HERE.glob("test_*.py"), *(HERE.parent / "guards").glob("test_*.py"))
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "record_trial"
    }


def test_the_page_has_every_row_that_is_tried_and_names_the_others() -> None:
    said = PAGE.read_text(encoding="utf-8")
    begun, _line, waiting = said.partition("## Not begun")
    assert {row for row in CATALOGUE if f"## {row}. {CATALOGUE[row]}\n" in begun} == rows_tried()
    assert all(f"- {row}. {CATALOGUE[row]}" in waiting for row in set(CATALOGUE) - rows_tried())


def test_the_page_is_made_from_the_notes() -> None:
    note = {
        "row": "8",
        "database": "sqlite",
        "profile": "usual",
        "trials": 1200,
        "failed": 1,
        "what": "W",
        "worst_ms": 3,
    }
    page = page_of([note])
    assert f"| W | {DATABASES['sqlite']} | 1,200 | 1 | worst ms 3 |" in page
    assert f"- 1. {CATALOGUE['1']}" in page
    with pytest.raises(ValueError, match="99"):
        page_of([{**note, "row": "99"}])
