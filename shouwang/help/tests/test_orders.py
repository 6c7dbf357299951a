"""A shopping list from the resident's words to the fen (scenes E7, E8, E9)."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import Http404

from shouwang.core.due import keys_due
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.registry import invariants
from shouwang.help import services
from shouwang.help.models import HelpRequest, MoneyEntry, Order, OrderLine, ShoppingRun
from shouwang.help.selectors import accounts
from shouwang.help.selectors.order_past import lines_past, runs_past
from shouwang.help.selectors.orders import order_for, unread_requests, waiting_orders
from shouwang.help.selectors.shopping import by_shelf, lines_in, run_for, work_for
from shouwang.help.services.order_erasing import erase_order_words, order_words_left
from shouwang.help.states import (
    AskedHow,
    LineState,
    MoneyAccount,
    OrderState,
    PaidHow,
    RequestState,
    RunState,
)
from shouwang.help.tests import scene
from shouwang.help.tests.scene import AT, again, minutes
from shouwang.people.services import open_household

pytestmark = [pytest.mark.django_db, pytest.mark.both]

# Scene E7, to the letter: the unit of the pork is misprinted.
E7 = "土豆5斤\n辣椒3斤\n豆角2斤\n白菜5斤\n猪肉5\n儿童洗衣液1瓶"


@pytest.fixture
def here() -> SimpleNamespace:
    made = scene.neighbourhood()
    made.shopper = scene.volunteer(made, "李楠")
    return made


def listed(here: SimpleNamespace, words: str = E7, **more: Any) -> Order:
    request = scene.asked(here, title="买菜", words=words, **more)
    return services.make_order(request=request, by=here.alice, at=AT)


def line(order: Order, name: str) -> OrderLine:
    return order.lines.filter(name=name).latest("pk")


def gathered(here: SimpleNamespace, *orders: Order) -> ShoppingRun:
    return services.gather_run(orders=orders, shop="惠民超市", volunteer=here.shopper, by=here.alice, at=AT)


def in_the_shop(here: SimpleNamespace, *orders: Order) -> ShoppingRun:
    run = gathered(here, *orders)
    return services.start_run(run=run, by=here.shopper.user, at=AT + minutes(10))


def tick(of: Order, name: str, price: int, bought: str | None = None, *, by: Any, at: datetime = AT) -> None:
    services.tick_line(
        line=line(of, name), by=by, at=at, bought=Decimal(bought) if bought else None, price_fen=price
    )


def broken() -> dict[str, list[Any]]:
    codes = (
        "help.money.adds-up",
        "help.order.quantities-reconcile",
        "help.order.watched",
        "help.request.has-owner-and-due",
    )
    return {code: list(invariants.get(code).run(AT, None).broken) for code in codes}


def test_the_six_lines_to_the_fen(here: SimpleNamespace) -> None:
    order = listed(here)
    pork = line(order, "猪肉")
    assert [row.name for row in order.lines.all()] == ["土豆", "辣椒", "豆角", "白菜", "猪肉", "儿童洗衣液"]
    assert (pork.state, pork.quantity, pork.unit, pork.said) == (LineState.TO_ASK, 5, "", "猪肉5")
    services.change_line(line=pork, by=here.alice, at=AT, unit="斤")
    assert again(pork).state == LineState.OPEN and not keys_due("help.answer")
    run, me = in_the_shop(here, order), here.shopper.user
    assert again(order.request).state == RequestState.UNDER_WAY
    services.hand_out_advance(run=run, amount_fen=200_00, by=here.alice, at=AT)
    tick(order, "土豆", 14_90, by=me)
    tick(order, "辣椒", 14_40, "3.1", by=me)
    tick(order, "白菜", 9_95, by=me)
    tick(order, "猪肉", 79_00, "4.9", by=me)
    services.miss_line(line=line(order, "豆角"), by=me, at=AT)
    services.leave_out(line=line(order, "豆角"), by=me, at=AT, how=AskedHow.RANG)
    services.ask_line(line=line(order, "儿童洗衣液"), question="立白儿童洗衣液1瓶", by=me, at=AT)
    new = services.agree_to(line=line(order, "儿童洗衣液"), by=me, at=AT, how=AskedHow.RANG)
    assert (new.quantity, new.unit, new.brand) == (1, "瓶", "立白")
    services.tick_line(line=new, by=me, at=AT, price_fen=25_90)
    services.leave_shop(run=run, by=me, at=AT)
    # The till takes the odd fen off: 144.15 becomes 144.10.
    services.record_receipt(run=run, total_fen=144_10, by=me, at=AT)
    with pytest.raises(Refusal, match="difference-unsigned"):
        services.count_line(line=line(order, "土豆"), received="4.8", by=here.bob, at=AT)
    services.count_line(line=line(order, "土豆"), received="4.8", by=here.bob, at=AT, words="坏了一个")
    services.end_count(run=run, by=here.bob, at=AT)
    services.deliver_line(line=line(order, "白菜"), delivered="4", by=me, at=AT)
    done = services.deliver_order(order=order, by=me, at=AT)
    assert again(order.request).state == RequestState.DONE
    owed = accounts.owing_of(done)
    assert owed.charged == sum(row.charged_fen or 0 for row in order.lines.all()) == 141_51
    services.pay_order(order=done, amount_fen=owed.left, how=PaidHow.CASH, by=me, at=AT)
    assert again(order).state == OrderState.SETTLED and again(order.request).state == RequestState.CLOSED
    sums = accounts.sums_of(run)
    assert (sums.uncharged, [one.fen for one in sums.held]) == (144_10 - 141_51, [200_00 - 144_10 + 141_51])
    services.refund_from_shop(run=run, amount_fen=1_99, by=here.alice, at=AT)
    services.give_change(run=run, holder=me, amount_fen=199_40, by=here.alice, at=AT)
    with pytest.raises(Refusal, match="reason-missing"):
        services.close_run(run=run, by=here.alice, at=AT)
    services.close_run(run=run, by=here.alice, at=AT, reason="一个土豆坏了")
    assert again(run).state == RunState.SETTLED
    assert sum(MoneyEntry.objects.values_list("amount_fen", flat=True)) == 0
    assert not any(broken().values())


def test_a_parcel_rides_along(here: SimpleNamespace) -> None:
    """Scene E8: seventh floor; and would you fetch our parcel as well?"""
    order = listed(here, "土豆5斤\n顺便把我们的快递也取上来")
    parcel = order.lines.get(kind="parcel")
    run = in_the_shop(here, order)
    tick(order, "土豆", 1000, by=here.shopper.user)
    services.leave_shop(run=run, by=here.alice, at=AT)
    services.record_receipt(run=run, total_fen=1000, by=here.alice, at=AT)
    services.end_count(run=run, by=here.alice, at=AT)
    with pytest.raises(Refusal, match="parcel-open"):
        services.deliver_order(order=order, by=here.alice, at=AT)
    services.fetch_parcel(line=parcel, by=here.alice, at=AT)
    services.deliver_order(order=order, by=here.alice, at=AT)
    assert again(parcel).delivered == 1 and accounts.owing_of(again(order)).left == 1000


def test_exact_wishes_stand_at_the_shelf(here: SimpleNamespace) -> None:
    """Scene E9: the brand, the place it is from, 20 jin; size M nappies."""
    order = listed(here, "五常大米20斤，要金龙鱼的\n帮宝适尿不湿M码2包 不要换别的牌子")
    run = gathered(here, order)
    goods = {one.name: one for shelf in by_shelf(lines_in(run)) for one in shelf.goods}
    assert (goods["大米"].exact, goods["大米"].total) == ("金龙鱼 · 五常", "20斤")
    assert goods["尿不湿"].exact.startswith("帮宝适 · M")
    assert goods["尿不湿"].rows[0].line.said == "帮宝适尿不湿M码2包 不要换别的牌子"


def test_the_same_goods_of_two_households_share_a_price(here: SimpleNamespace) -> None:
    other = open_household(dwelling=here.next_door, by=here.alice, at=AT)
    orders = [listed(here, "土豆5斤"), listed(here, "土豆3斤", dwelling=here.next_door, household=other)]
    run = in_the_shop(here, *orders)
    potatoes = by_shelf(lines_in(run))[0].goods[0]
    assert (potatoes.total, [row.amount for row in potatoes.rows]) == ("8斤", ["5斤", "3斤"])
    for order in orders:
        services.tick_line(line=line(order, "土豆"), by=here.alice, at=AT)
    services.price_lines(lines=[row.line for row in potatoes.rows], per_unit_fen=333, by=here.alice, at=AT)
    assert [line(order, "土豆").price_fen for order in orders] == [1665, 999]
    services.price_lines(lines=[row.line for row in potatoes.rows], total_fen=1001, by=here.alice, at=AT)
    assert [line(order, "土豆").price_fen for order in orders] == [626, 375]


def test_what_is_unclear_is_asked_and_reminded_of(here: SimpleNamespace) -> None:
    order = listed(here, "猪肉5")
    assert keys_due("help.answer") == {str(line(order, "猪肉").pk)}
    assert not any(broken().values())
    scene.run_clock(AT + timedelta(hours=3))
    with pytest.raises(Refusal):
        services.change_line(line=line(order, "猪肉"), by=here.alice, at=AT, quantity="5")
    run = in_the_shop(here, order)
    with pytest.raises(Refusal, match="amount-unclear"):
        services.tick_line(line=line(order, "猪肉"), by=here.alice, at=AT)
    with pytest.raises(Refusal, match="lines-open"):
        services.leave_shop(run=run, by=here.alice, at=AT)


def test_above_the_ceiling_is_not_bought(here: SimpleNamespace) -> None:
    order = listed(here, "鸡蛋30个，不超过40元")
    in_the_shop(here, order)
    with pytest.raises(Refusal, match="above-ceiling"):
        tick(order, "鸡蛋", 41_00, by=here.alice)
    tick(order, "鸡蛋", 40_00, by=here.alice)


def test_a_tick_is_taken_back(here: SimpleNamespace) -> None:
    order = listed(here, "土豆5斤")
    in_the_shop(here, order)
    tick(order, "土豆", 1000, "4", by=here.alice)
    assert line(order, "土豆").left_out == 1
    services.untick_line(line=line(order, "土豆"), by=here.alice, at=AT)
    found = line(order, "土豆")
    assert (found.state, found.bought, found.left_out, found.price_fen) == (LineState.OPEN, None, 0, None)
    services.ask_line(line=found, question="红薯5斤", by=here.alice, at=AT)
    services.agree_to(line=found, by=here.alice, at=AT)
    services.untick_line(line=line(order, "土豆"), by=here.alice, at=AT)
    assert line(order, "红薯").state == LineState.LEFT_OUT and not any(broken().values())


def test_a_withdrawn_request_takes_its_list_along(here: SimpleNamespace) -> None:
    order = listed(here)
    run = in_the_shop(here, order)
    services.withdraw_request(request=order.request, by=here.alice, at=AT)
    assert again(order).state == OrderState.DROPPED
    assert set(order.lines.values_list("state", flat=True)) == {LineState.LEFT_OUT}
    services.leave_shop(run=run, by=here.alice, at=AT)
    services.end_count(run=run, by=here.alice, at=AT)
    services.close_run(run=again(run), by=here.alice, at=AT)
    assert not any(broken().values())


def test_who_sees_what(here: SimpleNamespace) -> None:
    order = listed(here)
    run = gathered(here, order)
    mine = scene.scope(here.shopper.user)
    assert run_for(mine, run.pk) == run and order_for(mine, order.pk) == order
    assert [item.key for item in work_for(here.shopper.user, AT)] == [f"shopping:{run.pk}"]
    far = scene.strangers()
    for stranger in (
        scene.scope(far.charlie),
        scene.scope(here.bob),
        scene.scope(here.alice).at_the_counter(),
    ):
        with pytest.raises(Http404):
            run_for(stranger, run.pk)
    secret = scene.asked(here, category="medicine", confidential=True)
    with pytest.raises(Refusal, match="confidential"):
        services.make_order(request=secret, by=here.alice, at=AT)
    assert not unread_requests(scene.scope(here.alice)).exists()


def test_stood_down_in_the_shop(here: SimpleNamespace) -> None:
    from shouwang.volunteers.services import stand_down
    from shouwang.volunteers.states import StandDownReason

    order = listed(here)
    run = in_the_shop(here, order)
    stand_down(volunteer=here.shopper, reason=StandDownReason.values[0], by=here.alice, at=AT)
    scene.run_clock(AT)
    assert again(run).volunteer is None and not any(broken().values())
    other = scene.volunteer(here, "王强")
    services.give_run(run=run, volunteer=other, by=here.alice, at=AT)
    assert again(run).volunteer == other and again(order.request).state in ("accepted", "under_way")


def test_hardship_is_borne_and_signed(here: SimpleNamespace) -> None:
    order = listed(here, "土豆5斤")
    run = in_the_shop(here, order)
    tick(order, "土豆", 1000, by=here.alice)
    services.leave_shop(run=run, by=here.alice, at=AT)
    services.record_receipt(run=run, total_fen=1000, by=here.alice, at=AT)
    with pytest.raises(Conflict):
        services.record_receipt(run=run, total_fen=1000, by=here.alice, at=AT)
    services.take_receipt_back(run=run, by=here.alice, at=AT)
    services.record_receipt(run=run, total_fen=990, by=here.alice, at=AT)
    services.end_count(run=run, by=here.alice, at=AT)
    services.pay_order(order=order, amount_fen=1000, how=PaidHow.COMMITTEE, by=here.alice, at=AT)
    services.deliver_order(order=order, by=here.alice, at=AT)
    assert accounts.owing_of(again(order)).left == -10
    services.pay_back(order=order, amount_fen=10, how=PaidHow.COMMITTEE, by=here.alice, at=AT)
    assert again(order).state == OrderState.SETTLED
    sums = accounts.sums_of(run)
    assert (sums.receipt, sums.charged, sums.paid) == (990, 990, 990)
    two = listed(here, "白菜2斤")
    run2 = in_the_shop(here, two)
    tick(two, "白菜", 500, by=here.alice)
    services.leave_shop(run=run2, by=here.alice, at=AT)
    services.record_receipt(run=run2, total_fen=500, by=here.alice, at=AT)
    services.end_count(run=run2, by=here.alice, at=AT)
    services.deliver_order(order=two, by=here.alice, at=AT)
    services.bear_order(order=two, reason="低保户", by=here.alice, at=AT)
    assert again(two).state == OrderState.SETTLED
    held = MoneyEntry.objects.filter(account=MoneyAccount.SIGNED_OFF)
    assert sum(held.values_list("amount_fen", flat=True)) == 500


def test_words_go_thirty_days_after(here: SimpleNamespace) -> None:
    order = listed(here)
    services.close_request(request=order.request, by=here.alice, at=AT, reason="不要了")
    late = AT + timedelta(days=31)
    assert lines_past(AT).count() == 0 and lines_past(late).count() == 6 and not runs_past(late)
    assert erase_order_words(late, 4) == 4
    assert order_words_left(late) == 2
    erase_order_words(late, 100)
    assert order_words_left(late) == 0 and not order.lines.exclude(name="").exists()


def test_the_board(here: SimpleNamespace) -> None:
    order = listed(here)
    reader = scene.scope(here.alice)
    assert [row.order for row in waiting_orders(reader)] == [order]
    assert waiting_orders(reader)[0].unclear == 1
    assert HelpRequest.objects.count() == 1
    gathered(here, order)
    assert not waiting_orders(reader)
