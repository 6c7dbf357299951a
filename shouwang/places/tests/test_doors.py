"""Doors as written: every spelling seen, and what only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.places.engines.doors import (
    door_key,
    door_order,
    find_doors,
    floor_of,
    lenient_door,
    read_door,
)

SPELLINGS = [
    ("3号楼2单元501", ("3", "2", "501")),
    ("3-2-501", ("3", "2", "501")),
    ("3栋2单元501室", ("3", "2", "501")),
    ("191弄5号1202", ("5", None, "1202")),
    ("石泉路191弄5号1202室", ("5", None, "1202")),
    ("8-1-2001", ("8", "1", "2001")),  # the twentieth floor, not a year
    ("12-2-2006室", ("12", "2", "2006")),
    ("23栋二单元1701室", ("23", "2", "1701")),
    ("12号楼1门201", ("12", "1", "201")),
    ("３号楼２单元５０１", ("3", "2", "501")),
    ("３－２－５０１", ("3", "2", "501")),
    ("三号楼二单元五零一", ("3", "2", "501")),
    ("十二号楼一单元一千二百零一室", ("12", "1", "1201")),
    ("3#2-501", ("3", "2", "501")),
    ("3#楼2单元501", ("3", "2", "501")),
    ("3楼2单元501", ("3", "2", "501")),
    ("3栋2-501", ("3", "2", "501")),
    ("3/2/501", ("3", "2", "501")),
    ("3—2—501", ("3", "2", "501")),
    ("3号楼 2单元 501", ("3", "2", "501")),
    ("3号院5号楼2门501", ("5", "2", "501")),
    ("8号楼502", ("8", None, "502")),
    ("5号1202室", ("5", None, "1202")),
    ("A座1203", ("A", None, "1203")),
    ("3栋2单元", ("3", "2", None)),
    ("3号楼", ("3", None, None)),
    ("3号院", ("3", None, None)),
    ("甲3号楼2单元501", ("甲3", "2", "501")),
    ("3-501", ("3", None, "501")),
    ("C区12号楼3单元1502", ("12", "3", "1502")),
    ("5号楼2单元0501", ("5", "2", "501")),
    ("3号楼2单元15楼1502", ("3", "2", "1502")),
    ("2单元501", (None, "2", "501")),
    ("3 2 501", ("3", "2", "501")),
    ("10号楼二门三零二", ("10", "2", "302")),
    ("7楼", ("7楼", None, None)),
    ("五楼东", ("五楼东", None, None)),
    ("3号楼2单元五楼东", ("3", "2", "五楼东")),
]
NOT_DOORS = [
    "5斤",
    "3-5斤",
    "10-200元",
    "2022-11-05",
    "2022年3月",
    "5-11-2022",
    "11月5号1202",
    "电话0471-123",
    "010-88886666",
    "199-0000-1234",
    "19900001234",
    "10:30",
    "8-10点",
    "12.5",
    "1:100",
    "血压88-120",
    "5号电池4节",
    "500-1000",
    "第三次核酸",
    "N95-100",
    "",
    "取件码 8-3-2045",
]


@pytest.mark.parametrize(("text", "parts"), SPELLINGS)
def test_spelling_is_read(text: str, parts: tuple[str | None, str | None, str | None]) -> None:
    door = read_door(text)
    assert door is not None
    assert (door.building, door.stairwell, door.door) == parts


@pytest.mark.parametrize("text", NOT_DOORS)
def test_other_numbers_are_no_doors(text: str) -> None:
    assert read_door(text) is None


@pytest.mark.parametrize("text", ["7楼", "五楼东", "3号楼2单元五楼东", "3 2 501", "2单元501"])
def test_what_may_be_something_else_is_unsure(text: str) -> None:
    door = read_door(text)
    assert door is not None
    assert door.is_unsure
    assert not door.is_whole


def test_lane_and_road_are_kept() -> None:
    door = read_door("石泉路191弄5号1202室")
    assert door is not None
    assert (door.lane, door.rest) == ("191", "石泉路")


def test_doors_in_running_text_have_their_spans() -> None:
    text = "我在３号楼２单元５０１，帮4-1-302带5斤土豆，10-200元都行"
    assert [text[start:end] for _, start, end in find_doors(text)] == ["３号楼２单元５０１", "4-1-302"]


def test_keys_of_two_spellings_are_equal() -> None:
    assert door_key("3号楼", "二单元", "0501室") == door_key("３", "2", "501")
    assert door_key("3", None, "501") != door_key("3", "1", "501")


@pytest.mark.parametrize(
    ("door", "floor"),
    [
        ("501", 5),
        ("1202", 12),
        ("0301", 3),
        ("B101", -1),
        ("7楼", 7),
        ("十二层", 12),
        ("东", None),
        (None, None),
    ],
)
def test_floor_of_a_door(door: str | None, floor: int | None) -> None:
    assert floor_of(door) == floor


def test_natural_order() -> None:
    doors = [("10", "1", "101"), ("2", "1", "1001"), ("2", "1", "201"), ("甲3", None, None)]
    assert sorted(doors, key=lambda d: door_order(*d)) == [doors[2], doors[1], doors[0], doors[3]]


@given(st.integers(1, 99), st.integers(1, 9), st.integers(1, 30), st.integers(1, 8))
def test_every_way_of_writing_reads_back(building: int, stairwell: int, floor: int, flat: int) -> None:
    number = f"{floor}{flat:02d}"
    for text in (
        f"{building}-{stairwell}-{number}",
        f"{building}号楼{stairwell}单元{number}",
        f"{building}栋{stairwell}门{number}室",
        f"{building}#{stairwell}-{number}",
    ):
        door = read_door(text)
        if (
            text.startswith(f"{building}-")
            and number.startswith(
                ("194", "195", "196", "197", "198", "199", "200", "201", "202", "203", "204")
            )
            and len(number) == 4
        ):
            continue
        assert door is not None
        assert (door.building, door.stairwell, door.door) == (str(building), str(stairwell), number)
        assert floor_of(door.door) == floor


@given(st.text(max_size=60))
def test_any_text_is_read_without_failing(text: str) -> None:
    ends = [0]
    for _, start, end in find_doors(text):
        assert ends[-1] <= start < end <= len(text)
        ends.append(end)


@pytest.mark.parametrize(
    "said",
    [
        "8-2-501", "8-2-5O1", "8-2-50l", "8.2.501", "8 2 501", "8,2,501", "8/2/501", "8一2一501", "8——2——501",
        "8#2#501", "8号搂2单元501", "8号楼2丹元501", "8号楼2单园501室", "8懂2单元501", "８。２。５０１", "8-2-501事",
    ],
)  # fmt: skip
def test_where_a_door_is_asked_for_slips_are_forgiven(said: str) -> None:
    found = lenient_door(said)
    assert found is not None and (found.building, found.stairwell, found.door) == ("8", "2", "501")


@pytest.mark.parametrize(
    "said", ["199 0001 0713", "19900010713", "150199 1941 0305", "王桂英", "wgy", "", "8", "0713"]
)
def test_what_is_no_door_stays_none(said: str) -> None:
    found = lenient_door(said)
    assert found is None or not (found.building and found.door)
