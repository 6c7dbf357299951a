"""The sample registers hold exactly what their plan says, and making them again changes nothing."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from stdnum.cn import ric

from shouwang.ledgers.engines.rows import read_register

ROOT = Path(__file__).resolve().parents[3]
SAMPLES = ROOT / "samples"
EXPECTED = json.loads((SAMPLES / "expected.json").read_text("utf-8"))


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_counts_are_exactly_those_of_the_plan(name):
    sheet = read_register(SAMPLES / name)
    expected = EXPECTED[name]
    assert (sheet.counted, len(sheet.rows), len(sheet.refused)) == (
        expected["rows"],
        expected["taken"],
        expected["refused"],
    )
    assert sheet.households == expected["households"]
    assert len(sheet.doors) == expected["doors"]
    assert sheet.sheet_date.isoformat() == expected["as_of"]
    assert Counter(issue.code for issue in sheet.warnings) == expected["warnings"]
    assert sheet.title


def test_the_sheets_of_the_scenes_have_their_known_figures():
    figures = {name: (held["households"], held["rows"]) for name, held in EXPECTED.items()}
    assert figures["guihu-street.xlsx"] == (28, 41)
    assert figures["tower.xlsx"] == (109, 253)
    assert EXPECTED["biantai.xlsx"]["on_care_list"] == 165


def test_zone_c_has_its_doors_stairwells_occupancies_and_care():
    sheet = read_register(SAMPLES / "zone-c.xlsx")
    expected = EXPECTED["zone-c.xlsx"]
    lived = {}
    for row in [*sheet.rows, *sheet.doors]:
        lived.setdefault(row.door_key, row.occupancy)
    assert len(lived) == expected["dwellings"] == 1214
    assert len({key[1:3] for key in lived}) == expected["stairwells"] == 118
    assert len({key[1] for key in lived}) == expected["buildings"] == 24
    assert Counter(lived.values()) == expected["occupancy"]
    assert Counter(flag for row in sheet.rows for flag in row.care) == expected["care"]
    assert {row.grid for row in sheet.rows} == {"第一网格", "第二网格", "第三网格"}


def test_guihu_street_tells_where_everybody_came_from():
    sheet = read_register(SAMPLES / "guihu-street.xlsx")
    expected = EXPECTED["guihu-street.xlsx"]
    assert Counter(row.extra["来源地"] for row in sheet.rows) == expected["origins"]
    state = {row.household: row.extra["观察状态"] for row in sheet.rows if "观察状态" in row.extra}
    people = Counter(state[row.household] for row in sheet.rows)
    households = Counter(state.values())
    assert [households["已解除"], people["已解除"]] == expected["released"] == [15, 25]
    assert [households["居家观察中"], people["居家观察中"]] == expected["at_home"] == [13, 16]


def test_the_same_list_as_gb18030_text_reads_the_same():
    def people(name):
        rows = read_register(SAMPLES / name).rows
        return [(row.name, row.door_key, row.id_number, row.phones) for row in rows]

    assert people("guihu-street-2020.3.4.csv") == people("guihu-street.xlsx")


def test_biantai_has_two_grids_of_eleven_yards_and_a_flag_for_everybody():
    sheet = read_register(SAMPLES / "biantai.xlsx")
    yards = {(row.grid, row.building) for row in sheet.rows}
    assert Counter(grid for grid, _ in yards) == {"第一网格": 11, "第二网格": 11}
    assert all(row.care and row.is_yard for row in sheet.rows)
    assert Counter(flag for row in sheet.rows for flag in row.care) == EXPECTED["biantai.xlsx"]["care"]


def test_the_tower_is_a_lane_and_a_number_without_stairwells():
    sheet = read_register(SAMPLES / "tower.xlsx")
    assert {(row.lane, row.building, row.stairwell) for row in sheet.rows} == {("191", "5", "")}


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_everybody_is_made_up(name):
    sheet = read_register(SAMPLES / name)
    for row in sheet.rows:
        assert row.id_number is None or row.id_number.startswith("150199")
        assert row.id_number is None or row.id_number[-1] == ric.calc_check_digit(row.id_number)
        assert all(phone.startswith("19900") for phone in row.phones)


def test_telephone_and_id_numbers_are_held_by_one_person_only():
    names = [name for name in EXPECTED if not name.endswith(".csv")]
    rows = [row for name in names for row in read_register(SAMPLES / name).rows]
    for held in ([p for r in rows for p in r.phones], [r.id_number for r in rows if r.id_number]):
        assert len(held) == len(set(held))


def test_making_the_samples_again_gives_the_same_bytes(tmp_path):
    subprocess.run(
        [sys.executable, ROOT / "tools/make_samples.py", tmp_path], check=True, capture_output=True
    )
    for name in [*EXPECTED, "expected.json"]:
        assert (tmp_path / name).read_bytes() == (SAMPLES / name).read_bytes(), name


def test_ten_thousand_rows_are_read_and_none_is_lost():
    rows = read_register(SAMPLES / "zone-c.xlsx").rows
    from shouwang.ledgers.engines.writing import HEADINGS, person_cells, write_csv

    lines = [[str(at), *person_cells(row)] for at, row in enumerate((rows * 4)[:10_000])]
    for line in lines:
        line[3] = str(int(line[3]) + 24 * (int(line[0]) // len(rows)))  # further buildings
    content = write_csv(["序号", *(heading for heading, _ in HEADINGS)], lines)
    sheet = read_register(content, "x.csv")
    assert len(sheet.rows) == 10_000
