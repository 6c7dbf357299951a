"""Shares to the fen: they add up, none is off by a whole fen, and nobody pays for what was not brought."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.help.engines.settling import Priced, settle, share, times
from shouwang.help.engines.wishes import read_list, row_about, shelf_of

AMOUNTS = st.decimals(min_value=0, max_value=500, places=3, allow_nan=False)
WEIGHTS = st.lists(AMOUNTS, min_size=1, max_size=12).filter(any)


@given(st.integers(0, 10_000_00), WEIGHTS)
def test_shares_add_up_and_none_is_off_by_a_fen(total: int, weights: list[Decimal]) -> None:
    parts = share(total, weights)
    whole = sum(Fraction(weight) for weight in weights)
    assert sum(parts) == total
    assert all(
        abs(part - total * Fraction(weight) / whole) < 1 for part, weight in zip(parts, weights, strict=True)
    )
    assert all(part == 0 for part, weight in zip(parts, weights, strict=True) if not weight)


def test_nothing_is_shared_among_nobody() -> None:
    assert share(0, []) == [] and share(0, [0, 0]) == [0, 0]
    for weights in ([], [0], [1, -1]):
        with pytest.raises(ValueError, match="share by"):
            share(5, weights)
    assert share(100, [1, 1, 1]) == [34, 33, 33]


@st.composite
def bought(draw: st.DrawFn) -> Priced:
    got = draw(st.decimals(min_value="0.001", max_value=100, places=3))
    return Priced(draw(st.integers(1, 100_00)), got, got * draw(st.sampled_from([0, 1])) or draw(
        st.decimals(min_value=0, max_value=got, places=3)))  # fmt: skip


@given(st.lists(bought(), min_size=1, max_size=10), st.integers(0, 5_000_00))
def test_the_receipt_is_what_all_paid_and_no_household_pays_more(lines: list[Priced], receipt: int) -> None:
    found = settle(lines, receipt)
    assert sum(one.paid for one in found) == receipt
    for line, one in zip(lines, found, strict=True):
        assert 0 <= one.charged <= one.paid
        assert one.charged == one.paid or line.delivered < line.bought
        assert abs(one.charged * line.bought - one.paid * line.delivered) <= line.bought / 2


def test_a_till_rounds_half_a_fen_up() -> None:
    assert [times(333, Decimal("1.5")), times(398, Decimal("3.1")), times(0, Decimal(3))] == [500, 1234, 0]


def test_words_of_scene_e9_and_their_like() -> None:
    """The brand, the place it is from, 20 jin; size M nappies; at most so much; the like will do."""
    rice, nappies, eggs, paper, parcel, odd = read_list(
        "五常大米20斤，要金龙鱼的\n帮宝适尿不湿M码2包 不要换别的牌子\n鸡蛋30个，不超过40.5元\n卫生纸一提，什么牌子都行\n"
        "顺便帮我们取一下快递\n老样子"
    )
    assert (rice.name, rice.quantity, rice.unit, rice.brand, rice.origin) == (
        "大米",
        "20",
        "斤",
        "金龙鱼",
        "五常",
    )
    assert (nappies.size, nappies.brand, nappies.may_substitute) == ("M", "帮宝适", False)
    assert (eggs.ceiling, paper.may_substitute, parcel.kind) == (4050, True, "parcel")
    assert (odd.name, odd.unclear) == ("老样子", "amount")
    two = read_list("五常大米20斤，鸡蛋30个")
    assert [(one.name, one.origin) for one in two if one.name == "鸡蛋"] == [("鸡蛋", "")]
    assert [shelf_of(name) for name in ("猪肉", "儿童洗衣液", "布洛芬", "奇怪")] == [
        "meat", "cleaning", "pharmacy", "other"]  # fmt: skip
    assert (row_about("土豆", "你好\n土豆5斤"), row_about("土豆", "土豆5斤\n土豆泥")) == ("土豆5斤", "")


@given(st.text(max_size=120))
def test_whatever_is_written_is_read(text: str) -> None:
    found = read_list(text)
    assert all(wish.unclear in ("", "unit", "amount") and len(wish.name) <= 80 for wish in found)
