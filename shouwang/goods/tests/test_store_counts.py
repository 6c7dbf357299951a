"""Stock-taking: blind, twice where it differs, signed; and what was given, with a receipt."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from shouwang.core.errors import Conflict, Refusal
from shouwang.core.ids import uuid7
from shouwang.goods.models import Movement, StockTake
from shouwang.goods.selectors.store import stock_of
from shouwang.goods.services import donations, stocktakes
from shouwang.goods.services.store import In
from shouwang.goods.states import CountState, MovementKind
from shouwang.goods.tests.store_world import AT, an_item, brought, later, store_world, taken

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def here() -> SimpleNamespace:
    made = store_world()
    made.flour, made.rice = an_item(made), an_item(made, "大米")
    brought(made, made.flour, 100)
    brought(made, made.rice, 50)
    return made


def begun(here: SimpleNamespace) -> StockTake:
    return stocktakes.begin_stock_take(shelf=here.room, by=here.alice, at=AT)


def counted(take: StockTake, item: object, quantity: int, by: object) -> str:
    line = take.lines.get(lot__item=item)
    return stocktakes.count_line(line=line, quantity=quantity, by=by, at=AT).state  # type: ignore[arg-type]


def test_a_store_that_agrees_closes_at_zero_difference(here: SimpleNamespace) -> None:
    take = begun(here)
    with pytest.raises(Conflict, match="counted-already"):
        begun(here)
    assert counted(take, here.flour, 100, here.bob) == CountState.AGREES
    with pytest.raises(Refusal, match="not-counted"):
        stocktakes.sign_stock_take(stock_take=take, by=here.alice, at=AT)
    assert counted(take, here.rice, 50, here.bob) == CountState.AGREES
    closed = stocktakes.sign_stock_take(stock_take=take, by=here.alice, at=AT)
    assert (closed.state, closed.differences, closed.act) == ("closed", 0, None)
    assert not Movement.objects.filter(kind=MovementKind.COUNTED).exists()
    with pytest.raises(Conflict, match="count-over"):
        counted(take, here.rice, 50, here.bob)


def test_where_it_differs_somebody_else_counts_and_a_third_signs(here: SimpleNamespace) -> None:
    take = begun(here)
    counted(take, here.rice, 50, here.bob)
    assert counted(take, here.flour, 97, here.bob) == CountState.AGAIN
    with pytest.raises(Refusal, match="same-person"):
        counted(take, here.flour, 97, here.bob)
    assert counted(take, here.flour, 98, here.dora) == CountState.DIFFERS
    line = take.lines.get(lot__item=here.flour)
    assert (line.difference, [row.quantity for row in line.counts.order_by("number")]) == (-2, [97, 98])
    with pytest.raises(Refusal, match="no-reason"):
        stocktakes.sign_stock_take(stock_take=take, by=here.alice, at=AT)
    closed = stocktakes.sign_stock_take(stock_take=take, reason="一袋漏了", by=here.alice, at=AT)
    [row] = Movement.objects.filter(kind=MovementKind.COUNTED)
    assert (row.act, row.quantity, row.reason, row.by) == (closed.act, -2, "一袋漏了", here.alice)
    assert (closed.differences, stock_of(here.flour)) == (1, 98)


def test_what_moves_meanwhile_is_accounted_for(here: SimpleNamespace) -> None:
    take = begun(here)
    taken(here, here.flour, 10, at=later(minutes=1))
    assert counted(take, here.flour, 90, here.bob) == CountState.AGREES
    counted(take, here.rice, 52, here.bob)
    taken(here, here.rice, 20, at=later(minutes=2))
    assert counted(take, here.rice, 32, here.dora) == CountState.DIFFERS
    taken(here, here.rice, 5, at=later(minutes=3))
    stocktakes.sign_stock_take(stock_take=take, reason="多放了", by=here.alice, at=later(minutes=4))
    assert (stock_of(here.flour), stock_of(here.rice)) == (90, 27)


def test_a_first_mistake_that_the_second_count_clears_is_no_difference(here: SimpleNamespace) -> None:
    take = begun(here)
    counted(take, here.flour, 90, here.bob)
    assert counted(take, here.flour, 100, here.dora) == CountState.AGREES
    counted(take, here.rice, 0, here.bob)
    counted(take, here.rice, 0, here.dora)
    line = stocktakes.count_again(line=take.lines.get(lot__item=here.rice), by=here.alice, at=AT)
    assert line.state == CountState.AGAIN
    assert counted(take, here.rice, 50, here.bob) == CountState.AGREES
    assert stocktakes.sign_stock_take(stock_take=take, by=here.alice, at=AT).differences == 0


def test_a_difference_larger_than_what_is_left_is_not_written(here: SimpleNamespace) -> None:
    take = begun(here)
    counted(take, here.flour, 100, here.bob)
    counted(take, here.rice, 10, here.bob), counted(take, here.rice, 10, here.dora)
    taken(here, here.rice, 20)
    with pytest.raises(Refusal, match="not-enough"):
        stocktakes.sign_stock_take(stock_take=take, reason="少了", by=here.alice, at=AT)
    take.refresh_from_db()
    assert (take.state, stock_of(here.rice)) == ("counting", 30)
    assert stocktakes.call_off_stock_take(stock_take=take, by=here.alice, at=AT).state == "called_off"
    assert begun(here).lines.count() == 2


def test_what_is_found_and_not_on_the_list_is_counted_too(here: SimpleNamespace) -> None:
    oil = an_item(here, "油")
    take = begun(here)
    [line] = stocktakes.add_found_item(stock_take=take, item=oil, by=here.bob, at=AT)
    assert stocktakes.add_found_item(stock_take=take, item=here.rice, by=here.bob, at=AT) == []
    for who in (here.bob, here.dora):
        stocktakes.count_line(line=line, quantity=20, by=who, at=AT)
    counted(take, here.flour, 100, here.bob), counted(take, here.rice, 50, here.bob)
    stocktakes.sign_stock_take(stock_take=take, reason="上次漏记", by=here.alice, at=AT)
    assert stock_of(oil) == 20


def test_a_donation_has_a_number_a_year_and_comes_in_once(here: SimpleNamespace) -> None:
    act = uuid7()
    gift = {"lines": [In(here.rice, here.room, 20)], "by": here.alice, "at": AT}
    first = donations.receive_donation(donor_name="锦绣超市", may_be_named=True, act=act, **gift)
    again = donations.receive_donation(donor_name="锦绣超市", may_be_named=True, act=act, **gift)
    second = donations.receive_donation(donor_name="", **gift)
    assert (first, again.spoken_number, second.spoken_number) == (again, "2022-0001", "2022-0002")
    assert stock_of(here.rice) == 90
    next_year = donations.receive_donation(donor_name="", **gift | {"at": later(days=365)})
    assert next_year.spoken_number == "2023-0001"
    with pytest.raises(Refusal, match="no-donor"):
        donations.receive_donation(donor_name=" ", may_be_named=True, **gift)
