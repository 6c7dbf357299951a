from __future__ import annotations

import re
import time

from django.utils import translation

from shouwang.ui import sample, wall
from shouwang.ui.wall import cells_of, floor_labels, grid_html, overview_html, summary_words


def building(*stairwells: dict[str, object]) -> dict[str, object]:
    return {"label": "3号楼", "sub": "", "url": "/b", "stairwells": list(stairwells)}


def cell(label: str, tone: str = "", mark: str = "") -> dict[str, str]:
    return {
        "id": f"i{label}",
        "label": label,
        "url": f"/d/{label}",
        "tone": tone,
        "mark": mark,
        "title": f"{label} <x>",
    }


def stairwell(label: str, floors: dict[str, list[dict[str, str]]], **more: object) -> dict[str, object]:
    return {
        "label": label,
        "lead": "张敏",
        "floors": [{"label": f, "cells": c} for f, c in floors.items()],
        **more,
    }


def test_the_sample_is_the_whole_compound() -> None:
    buildings = sample.compound()["buildings"]
    assert len(buildings) == 24
    assert sum(len(b["stairwells"]) for b in buildings) == 118
    assert sum(1 for b in buildings for _ in cells_of(b)) == 1214


def test_a_compound_is_drawn_in_little_time() -> None:
    compound = sample.compound()
    overview_html(compound)
    times = []
    for _ in range(5):
        begun = time.process_time()
        overview_html(compound)
        times.append(time.process_time() - begun)
    assert min(times) < 0.025


def test_readers_get_the_counts_and_the_gaps_in_words() -> None:
    legend = [
        {"tone": "need", "mark": "·", "label": "not yet"},
        {"tone": "note", "mark": "↑", "label": "at the door"},
    ]
    one = building(
        stairwell("1", {"1": [cell("101", "need", "·"), cell("102", "need", "·")]}),
        stairwell("2", {"1": [cell("101", "calm")]}, lead_gap=True),
    )
    with translation.override("en"):
        assert summary_words(one, legend) == "3号楼: 3 doors, not yet 2, nobody answers for 2"


def test_every_tone_with_a_mark_is_drawn_with_it() -> None:
    for entry in sample.legend():
        html = wall.legend_mark(entry)
        assert ('class="m ' in html) == bool(entry["mark"])
        assert f"c-{entry['tone'] or 'none'}" in html


def test_a_gap_is_shown_under_its_stairwell() -> None:
    html = overview_html(
        {"buildings": [building(stairwell("1", {"1": [cell("101")]}, lead_state="none"))], "legend": []}
    )
    assert "w-gap" in html
    assert "张敏" not in html


def test_the_grid_has_one_tab_stop_and_the_open_one_is_it() -> None:
    one = building(stairwell("1", {"2": [cell("201"), cell("202")], "1": [cell("101"), cell("102")]}))
    html = grid_html(one, "i102")
    assert re.findall(r'id="cell-(\w+)"[^>]*tabindex="0"', html) == ["i102"]
    assert 'id="cell-i102"' in html
    assert html.count('aria-current="true"') == 1
    assert re.findall(r'id="cell-(\w+)"[^>]*tabindex="0"', grid_html(one)) == ["i201"]


def test_uneven_stairwells_keep_their_floors_in_line() -> None:
    tall = stairwell("1", {"3": [cell("301")], "2": [cell("201")], "1": [cell("101")]})
    odd = stairwell("2", {"2": [cell("201"), cell("202")], "1A": [cell("1A1")], "1": []})
    assert floor_labels([tall, odd]) == ["3", "2", "1A", "1"]
    html = grid_html(building(tall, odd))
    rows = re.findall(r'<tr><th scope="row">(.*?)</tr>', html)
    assert [row.count('role="gridcell"') for row in rows] == [3, 3, 3, 3]


def test_what_is_given_is_escaped() -> None:
    evil = {**building(stairwell("<s>", {"1": [cell("<c>")]}, lead="<l>")), "label": "<b>", "sub": "<u>"}
    html = overview_html({"buildings": [evil], "legend": []}) + grid_html(evil)
    for name in "scxlbu":
        assert f"<{name}>" not in html.replace("<b class", "")


def test_an_empty_building_is_no_error() -> None:
    assert "bld" in overview_html({"buildings": [building()], "legend": []})
    assert "grid" in grid_html(building())
