"""Quantities as people say them: out and back again."""

from __future__ import annotations

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from shouwang.goods.engines.packs import MOST, Packing, QuantityUnread, packs_said, read_packs
from shouwang.goods.engines.stock_lists import read_stock_list
from shouwang.goods.forms.store import ItemForm
from shouwang.goods.views.donations import EXAMPLE

PILLS = Packing("粒", (("盒", 120), ("板", 12)))
WORDS = st.lists(
    st.sampled_from(["箱", "盒", "板", "袋", "提", "瓶", "大箱", "片", "斤"]),
    min_size=1,
    max_size=4,
    unique=True,
)


@st.composite
def packings(draw: st.DrawFn) -> Packing:
    *packs, unit = draw(WORDS)
    size, found = 1, []
    for name in packs:
        size *= draw(st.integers(2, 25))
        found.append((name, size))
    return Packing(unit, tuple(sorted(found, key=lambda one: -one[1])))


@given(packings(), st.integers(0, MOST))
def test_what_is_said_is_read_back(packing: Packing, quantity: int) -> None:
    assert packing.read(packing.said(quantity)) == quantity


@given(packings())
def test_packs_are_written_and_read_back(packing: Packing) -> None:
    assert read_packs(packs_said(packing.packs, packing.unit), packing.unit) == packing.packs


@pytest.mark.parametrize(
    ("said", "units"),
    [
        ("3盒2板5粒", 389), ("40", 40), ("4,000", 4000), ("三盒", 360), ("两盒半", 300), ("十二粒", 12), ("一盒零五粒", 125),
        ("2 盒 3 板", 276), ("１盒", 120), ("三百二十粒", 320), ("两板", 24), ("一万粒", 10_000), ("2盒,1板", 252), ("0", 0),
    ],
)  # fmt: skip
def test_people_say_it_in_many_ways(said: str, units: int) -> None:
    assert PILLS.read(said) == units


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("", "empty"), ("盒", "number"), ("3瓶", "unit"), ("2板3盒", "order"), ("1盒1盒", "order"), ("-3", "number"),
        ("99999999", "too-much"), ("3盒2", "unit"), ("半盒", "number"), ("1.5盒", "unit"), ("两粒半", "number"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why(said: str, code: str) -> None:
    with pytest.raises(QuantityUnread) as fault:
        PILLS.read(said)
    assert fault.value.code == code


def test_the_weight_of_fifty_grams_is_no_figure() -> None:
    weight = Packing("两", (("斤", 10),))
    assert weight.read("三斤二两") == 32
    assert weight.read("三两") == 3
    assert weight.read("两斤") == 20


@pytest.mark.parametrize(
    ("said", "packs"),
    [
        ("12粒/板×10板/盒", (("盒", 120), ("板", 12))), ("盒=10板 板=12粒", (("盒", 120), ("板", 12))), ("", ()),
        ("50斤/袋", (("袋", 50),)), ("1箱=24瓶", (("箱", 24),)), ("24瓶／箱", (("箱", 24),)),
    ],
)  # fmt: skip
def test_packs_as_they_are_printed_on_boxes(said: str, packs: object) -> None:
    unit = {"50斤/袋": "斤"}.get(said, "瓶" if "瓶" in said else "粒")
    assert read_packs(said, unit) == packs


@pytest.mark.parametrize(
    "said", ["盒=10板", "盒=盒", "板=1粒", "粒=3板", "盒=2板 板=3盒", "盒", "盒=12粒 板=12粒"]
)
def test_packs_that_hang_on_nothing(said: str) -> None:
    with pytest.raises(QuantityUnread):
        read_packs(said, "粒")


@pytest.mark.parametrize(
    ("said", "unit", "packs"),
    [
        ("12 tablets/strip × 10 strips/box", "tablet", (("box", 120), ("strip", 12))),
        ("12 tablets/strip x 10 strips/box", "tablet", (("box", 120), ("strip", 12))),
        ("box=10 strips strip=12 tablets", "tablet", (("box", 120), ("strip", 12))),
        ("bag=50 jin", "jin", (("bag", 50),)),
    ],
)
def test_packs_as_the_english_page_shows_them(said: str, unit: str, packs: object) -> None:
    assert read_packs(said, unit) == packs


def test_amounts_in_english_words() -> None:
    tablets = Packing("tablet", (("box", 120), ("strip", 12)))
    assert tablets.read("3 boxes 2 strips") == tablets.read("3box 2strip") == 384
    assert tablets.read("1 box, 5 tablets") == 125
    with pytest.raises(QuantityUnread):
        tablets.read("3 boxers")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_what_the_store_shows_as_examples_is_read(language: str) -> None:
    with override(language):
        lines = read_stock_list(str(EXAMPLE), {})
        help_texts = str(ItemForm.base_fields["packs"].help_text)
    assert [line.errors for line in lines] == [{}, {}, {}]
    assert [line.quantity for line in lines] == [600, 384, 60]
    packs, unit = (
        ("12 tablets/strip × 10 strips/box", "tablet") if language == "en" else ("12粒/板×10板/盒", "粒")
    )
    bag, weight = ("bag=50 jin", "jin") if language == "en" else ("袋=50斤", "斤")
    assert packs in help_texts and [size for _name, size in read_packs(packs, unit)] == [120, 12]
    assert bag in help_texts and [size for _name, size in read_packs(bag, weight)] == [50]
