"""Whatever stands in the cells: no crash, and every line counted once."""

import contextlib
import datetime as dt

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shouwang.core.sheets import Line, Sheet, UnreadableSheet
from shouwang.ledgers.engines.headers import find_header
from shouwang.ledgers.engines.rows import _Reader, read_register
from shouwang.ledgers.engines.sentences import ISSUES
from shouwang.ledgers.engines.writing import write_csv
from shouwang.ledgers.tests.engine_cells import HEAD, ID, person

cells = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "王芳",
            "户主",
            "3-2-501",
            "3号楼",
            "无",
            "空置",
            ID,
            "1.99E+10",
            "合计",
            "2022年2月19日",
            "独居",
            "=1+1",
            "姓名",
            "９",
        ]
    ),
    st.integers(-(10**20), 10**20).map(str),
    st.floats(allow_nan=True).map(str),
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.lists(cells, max_size=11), max_size=12))
def test_no_cells_break_it_and_every_line_is_counted_once(lines):
    clean = [[cell.replace("\x00", "").encode("utf-8", "ignore").decode() for cell in line] for line in lines]
    sheet = read_register(write_csv(HEAD, clean), "x.csv")
    taken = [row.number for row in sheet.rows]
    refused = [row.number for row in sheet.refused]
    doors = [door.number for door in sheet.doors]
    everywhere = taken + refused + doors + list(sheet.ignored_lines)
    assert len(everywhere) == len(set(everywhere))
    assert sheet.counted == len(taken) + len(refused)
    assert all(row.name and row.building and row.door and row.household for row in sheet.rows)
    assert {issue.row for issue in sheet.errors} == set(refused)
    assert all(issue.message % issue.params and issue.code in ISSUES for issue in sheet.issues)


@settings(max_examples=60, deadline=None)
@given(
    st.one_of(
        st.integers(-(2**70), 2**70),
        st.floats(),
        st.booleans(),
        st.dates(),
        st.datetimes(),
        st.times(),
        st.timedeltas(),
        st.text(),
    )
)
def test_no_sort_of_cell_breaks_a_line(cell):
    head = Line(1, (*HEAD, "出生日期", "年龄", "单元"))
    for column in range(len(head.cells)):
        line = [*person(), "", "", ""]
        line[column] = cell
        sheet = Sheet("", (head, Line(2, tuple(line))))
        reader = _Reader(sheet, find_header(sheet.lines), dt.date(2022, 3, 1))
        reader.read()
        assert len(reader.rows) + len(reader.refused) + len(reader.doors) + len(reader.ignored) == 2


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_break_it(content):
    with contextlib.suppress(UnreadableSheet):
        assert read_register(content).counted >= 0
