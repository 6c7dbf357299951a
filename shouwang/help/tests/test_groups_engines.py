"""Sharing what came, and reading chains: plain calculation."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shouwang.help.engines.chains import ChainItem, read_chain
from shouwang.help.engines.sharing import RULES, share, share_by_order, share_in_proportion
from shouwang.help.engines.yuan import in_yuan

ONE = [ChainItem("A", "鲜牛奶")]
TWO = [ChainItem("A", "鲜牛奶"), ChainItem("B", "酸奶")]
wanted_lists = st.lists(st.integers(0, 50), max_size=60)


@given(wanted_lists, st.integers(0, 3000), st.sampled_from(sorted(RULES)))
def test_nothing_is_lost_and_nobody_gets_more_than_wanted(
    wanted: list[int], available: int, rule: str
) -> None:
    shares = share(wanted, available, rule)
    assert sum(shares) == min(available, sum(wanted))
    assert all(0 <= got <= number for got, number in zip(shares, wanted, strict=True))


@given(wanted_lists, st.integers(0, 3000))
def test_in_proportion_nobody_is_a_whole_unit_off_their_part(wanted: list[int], available: int) -> None:
    shares, total = share_in_proportion(wanted, available), sum(wanted)
    if available < total:
        assert all(
            abs(got * total - number * available) < total for got, number in zip(shares, wanted, strict=True)
        )
    order = [shares[at] for at in sorted(range(len(wanted)), key=lambda at: wanted[at])]
    assert order == sorted(order) or len(set(wanted)) < len(wanted)


@given(wanted_lists, st.integers(0, 3000))
def test_by_order_nobody_is_passed_over(wanted: list[int], available: int) -> None:
    shares = share_by_order(wanted, available)
    short = [at for at, (got, number) in enumerate(zip(shares, wanted, strict=True)) if got < number]
    assert not short or not any(shares[short[0] + 1 :])


def test_a_quantity_below_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="below zero"):
        share([-1], 3, "by_order")
    with pytest.raises(ValueError, match="below zero"):
        share([1], -3, "by_order")


@pytest.mark.parametrize(
    ("text", "items", "expected"),
    [
        ("1. 3-2-501 王阿姨 A套餐2份", TWO, [("3-2-501", "王阿姨", [2, None], [])]),
        ("1. 张先生 5号楼1203 1份", ONE, [("5号楼1203", "张先生", [1], [])]),
        ("1、3号楼2单元301 李 A2 B1", TWO, [("3号楼2单元301", "李", [2, 1], [])]),
        ("1. 6-1-202 酸奶一盒，鲜牛奶两箱", TWO, [("6-1-202", "", [2, 1], [])]),
        ("1. 2-3-405 +1", ONE, [("2-3-405", "", [1], [])]),
        ("1. 2-3-406 两份 19900001234 已转账99.80元", ONE, [("2-3-406", "", [2], [])]),
        ("1. 7-1-101 取消", TWO, [("7-1-101", "", [0, 0], [])]),
        ("1. 7-1-101 赵 鲜牛奶不要了，酸奶2盒", TWO, [("7-1-101", "赵", [None, None], ["cancels-some"])]),
        ("1. 9-1-101 半份", ONE, [("9-1-101", "", [None], ["not-whole"])]),
        ("1. 9-1-103", ONE, [("9-1-103", "", [None], ["no-quantity"])]),
        ("1. 9-1-103 2份", TWO, [("9-1-103", "", [None, None], ["no-quantity"])]),
        ("1. 9-1-103 A2 C1", TWO, [("9-1-103", "", [2, None], ["unread"])]),
        ("1. 钱奶奶 五楼东 一箱", ONE, [("五楼东", "钱奶奶", [1], ["no-door"])]),
        ("1. 9-1-103 40份", ONE, [("9-1-103", "", [40], ["many"])]),
    ],
)  # fmt: skip
def test_rows_as_people_write_them(text: str, items: list[ChainItem], expected: list[object]) -> None:
    rows = read_chain(text, items).rows
    assert [(row.door_said, row.name, row.quantities, row.doubts) for row in rows] == expected


def test_a_chain_in_one_line_and_a_door_in_two_rows() -> None:
    text = "#接龙 团购 1. 3-2-501 王阿姨 2份 2. 张先生 5号楼1203 1份 3. 3号楼2单元501 1份"
    chain = read_chain(text, ONE)
    assert [row.quantities for row in chain.rows] == [[2], [1], [1]]
    assert [row.doubts for row in chain.rows] == [[], [], ["twice"]]
    assert "团购" in chain.heading


def test_lines_without_numbers_are_rows_where_they_name_a_door() -> None:
    rows = read_chain("团购登记\n8-2-501 2份\n8-2-502 1份\n谢谢大家", ONE).rows
    assert [row.quantities for row in rows] == [[2], [1]]


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=120))
def test_no_text_fails(text: str) -> None:
    rows = read_chain(text, TWO).rows
    assert all(len(row.quantities) == len(TWO) for row in rows)


@given(st.integers(-10_000_000, 10_000_000))
def test_yuan_reads_back_to_the_fen(fen: int) -> None:
    assert round(float(in_yuan(fen).replace(",", "")) * 100) == fen
