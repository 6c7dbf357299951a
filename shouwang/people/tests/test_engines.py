"""Names, numbers and dates: plain calculation."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.people.engines.births import read_birth, same_birth
from shouwang.people.engines.names import clean_name, typed_forms
from shouwang.people.engines.numbers import (
    clean_id,
    clean_phone,
    is_phone,
    is_resident_id,
    mask_id,
    mask_phone,
)
from shouwang.people.tests.house import made_up_id


@pytest.mark.parametrize(
    ("name", "letters", "pinyin"),
    [("王桂英", "wgy", "wangguiying"), ("曾小雨", "zxy", "zengxiaoyu"), ("单晓丽", "sxl", "shanxiaoli"), ("尉迟恭", "ycg", "yuchigong"),
     ("Anna Li", "al", "annali"), ("古丽·买买提", "glmmt", "gulimaimaiti")],
)  # fmt: skip
def test_names_are_typed_by_their_letters(name: str, letters: str, pinyin: str) -> None:
    assert typed_forms(name) == (letters, pinyin)


def test_names_lose_spaces_between_characters_only() -> None:
    assert clean_name(" 李　强 ") == "李强"
    assert clean_name("Anna  Li") == "Anna Li"


@given(st.text(max_size=80))
def test_any_name_has_typed_forms(name: str) -> None:
    letters, pinyin = typed_forms(clean_name(name))
    assert len(letters) <= 40
    assert len(pinyin) <= 160
    assert clean_name(clean_name(name)) == clean_name(name)


@given(st.text(max_size=40))
def test_a_mask_hides_the_middle_and_keeps_the_length(number: str) -> None:
    if len(number) >= 12:
        assert mask_phone(number)[3:-4] == "·" * (len(number) - 7)
        assert mask_id(number)[4:-4] == "•" * (len(number) - 8)


def test_masks_as_agreed() -> None:
    assert mask_phone("19900010713") == "199····0713"
    assert mask_id("150199194103050024") == "1501••••••••••0024"
    assert mask_phone("12345") == "···45"


@given(st.dates(date(1900, 1, 1), date(2020, 1, 1)), st.integers(0, 999), st.integers(0, 17))
def test_one_wrong_digit_is_noticed(born: date, serial: int, place: int) -> None:
    number = made_up_id(born.strftime("%Y%m%d"), serial)
    assert is_resident_id(number)
    wrong = number[:place] + ("1" if number[place] != "1" else "2") + number[place + 1 :]
    assert not is_resident_id(wrong)


def test_numbers_as_people_write_them() -> None:
    assert clean_phone("+86 199-0001-0713") == "19900010713"
    assert clean_phone("１９９ 0001 0713") == "19900010713"
    assert clean_id(" 150199 19410305 002x ") == "15019919410305002X"
    assert is_phone("0471-1234567".replace("-", ""))
    assert not is_phone("1990001")
    assert not is_phone("")


@pytest.mark.parametrize(
    ("said", "birth"),
    [("1941", (1941, None, None)), ("1941年", (1941, None, None)), ("1941年3月", (1941, 3, None)), ("1941-03-05", (1941, 3, 5)),
     ("1941.3.5", (1941, 3, 5)), ("19410305", (1941, 3, 5)), ("194103", (1941, 3, None)), ("1941年3月5日", (1941, 3, 5)),
     ("1941-13", None), ("三月", None), ("", None), ("1790", None), ("1941-02-30", None)],
)  # fmt: skip
def test_birth_dates_are_read_as_far_as_they_go(said: str, birth: object) -> None:
    assert read_birth(said) == birth


def test_dates_agree_in_what_both_say() -> None:
    assert same_birth((1941, None, None), (1941, 3, 5))
    assert not same_birth((1941, 4, None), (1941, 3, 5))
    assert not same_birth(None, (1941, 3, 5))
