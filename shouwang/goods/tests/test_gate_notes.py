"""What is read off a bag, and what is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.goods.engines.notes import WORDS, read_note
from shouwang.people.states import Care

READ = {
    "老年多病，腿脚不便，走不动": {"walks_badly", "chronic_illness"},
    "一个人在家带宝宝，麻烦送到家门口": {"alone_with_child", "infant", "to_door"},
    "独自带两个孩子，下不去楼，请送上来": {"alone_with_child", "to_door"},
    "老人独居，请放门口": {"lives_alone", "to_door"},
    "奶奶一个人住 7楼": {"lives_alone"},
    "老两口，都拄拐": {"couple_alone", "walks_badly"},
    "孕妇，请送上楼": {"pregnant", "to_door"},
    "透析病人，走路困难": {"dialysis", "walks_badly"},
    "没有手机，敲门": {"no_phone"},
    "坐月子，请送到门口": {"postpartum", "to_door"},
    "6个月宝宝的奶粉": {"infant"},
    "老人 腿脚不便 请送上楼，谢谢！": {"walks_badly", "to_door"},
    "old and ill, cannot walk well": {"chronic_illness", "walks_badly"},
    "Alone with a baby, please bring it to the door": {"alone_with_child", "infant", "to_door"},
    "不用送到门口，自己下楼取": set(),
    "不是孕妇用品": set(),
    "no need to bring it up, I come down": set(),
    "张三 3-2-501 共2件": set(),
    "易碎，轻放": set(),
    "": set(),
}


@pytest.mark.parametrize("note", READ)
def test_a_note_says_what_it_says(note: str) -> None:
    assert set(read_note(note)) == READ[note]


def test_what_is_read_is_a_care_flag() -> None:
    assert set(WORDS) <= set(Care.values)


@given(st.text(max_size=80))
def test_no_note_is_too_odd_to_be_read(note: str) -> None:
    assert set(read_note(note)) <= set(WORDS)
