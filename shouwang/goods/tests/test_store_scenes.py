"""Scenes C8 and D4: the loads of one day and the store that closes at zero; flags and armbands for four groups."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from shouwang.goods.models import Handover, Holding, Movement
from shouwang.goods.selectors import store_checks
from shouwang.goods.selectors.stock_lists import day_of
from shouwang.goods.selectors.store import stock_of
from shouwang.goods.services import stocktakes, store
from shouwang.goods.services.store import In, Out
from shouwang.goods.services.store_acts import About
from shouwang.goods.states import CountState, MovementKind
from shouwang.goods.tests.store_world import TODAY, an_item, later, store_world, user

pytestmark = [pytest.mark.django_db, pytest.mark.both]
GROUPS = {"健康宣传组": (5, 700), "环境卫生组": (6, 800), "排查组": (6, 800), "后勤组": (6, 700)}


@pytest.fixture
def here() -> SimpleNamespace:
    return store_world()


def test_c8_the_loads_of_one_day_and_a_store_that_closes_at_zero(here: SimpleNamespace) -> None:
    """2 x 50 jin flour, 1 x 20 jin oil, 1 x 50 jin rice: 85 kg; and 45 vegetable bags. All in, all out, counted."""
    jin = {"unit": "斤", "unit_weight_g": 500}
    flour, rice = (
        an_item(here, "面粉", packs=[("袋", 50)], **jin),
        an_item(here, "大米", packs=[("袋", 50)], **jin),
    )
    oil = an_item(here, "食用油", packs=[("桶", 20)], **jin)
    bags = an_item(here, "蔬菜包", "袋")
    load = {flour: "2袋", oil: "1桶", rice: "1袋"}
    quantities = {item: item.packing.read(said) for item, said in load.items()}
    assert sum(n * (item.unit_weight_g or 0) for item, n in quantities.items()) == 85_000
    come = [In(item, here.room, n) for item, n in (*quantities.items(), (bags, 45))]
    store.bring_in_lines(
        lines=come, kind=MovementKind.ALLOCATED, origin="区指挥部", by=here.alice, at=later(hours=1)
    )
    out = [Out(item, here.room, n) for item, n in quantities.items()]
    morning = {"kind": MovementKind.ISSUED, "by": here.alice}
    store.take_out_lines(
        lines=out, about=About(to_user=here.bob, to_words="搬运队"), at=later(hours=2), **morning
    )
    for number, bag in enumerate((20, 20, 5)):
        store.take_out(
            item=bags,
            shelf=here.room,
            quantity=bag,
            to_words="搬运队",
            at=later(hours=3, minutes=number),
            **morning,
        )
    day = {one.item.name: one.said for one in day_of(here.community.pk, TODAY)}
    assert day == {
        "面粉": ("0斤", "2袋", "2袋", "0斤"), "大米": ("0斤", "1袋", "1袋", "0斤"), "食用油": ("0斤", "1桶", "1桶", "0斤"),
        "蔬菜包": ("0袋", "45袋", "45袋", "0袋"),
    }  # fmt: skip
    take = stocktakes.begin_stock_take(shelf=here.room, by=here.alice, at=later(hours=8))
    for item in (flour, oil, rice, bags):
        for line in stocktakes.add_found_item(stock_take=take, item=item, by=here.bob, at=later(hours=8)):
            counted = stocktakes.count_line(line=line, quantity=0, by=here.bob, at=later(hours=8))
            assert counted.state == CountState.AGREES
    closed = stocktakes.sign_stock_take(stock_take=take, by=here.alice, at=later(hours=9))
    assert (closed.state, closed.differences, take.lines.count()) == ("closed", 0, 4)
    assert not Movement.objects.filter(kind=MovementKind.COUNTED).exists()
    assert store_checks.uneven_balances()[1] == store_checks.lots_below_zero()[1] == []


def test_d4_flags_and_armbands_go_to_four_groups_and_somebody_has_each(here: SimpleNamespace) -> None:
    """23 flags and 3,000 armbands are issued; who took them is on record, and they can come back."""
    flags, bands = (
        an_item(here, name, unit, comes_back=True) for name, unit in (("队旗", "面"), ("红袖标", "个"))
    )
    come = [In(flags, here.room, 23), In(bands, here.room, 3000)]
    store.bring_in_lines(
        lines=come, kind=MovementKind.ALLOCATED, origin="区文明办", by=here.alice, at=later()
    )
    for number, (group, (few, many)) in enumerate(GROUPS.items()):
        leader = user(f"leader{number}", group[:2])
        lines = [Out(flags, here.room, few), Out(bands, here.room, many)]
        store.take_out_lines(
            lines=lines,
            kind=MovementKind.ISSUED,
            about=About(leader, group),
            by=here.alice,
            at=later(hours=number),
        )
    assert (stock_of(flags), stock_of(bands)) == (0, 0)
    assert sum(row.quantity for row in Holding.objects.filter(item=flags)) == 23
    assert sum(row.quantity for row in Holding.objects.filter(item=bands)) == 3000
    assert Handover.objects.values("to_user").distinct().count() == 4
    assert set(Movement.objects.filter(kind="issued").values_list("to_words", flat=True)) == set(GROUPS)
