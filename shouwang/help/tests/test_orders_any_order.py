"""Money is conserved and the four quantities of every line reconcile, whatever is done in whatever order, by ten at once."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from shouwang.core.errors import Refusal
from shouwang.core.ids import uuid7
from shouwang.goods.selectors.custody import cash_of
from shouwang.goods.services import custody
from shouwang.help import services
from shouwang.help.models import MoneyEntry, Order, OrderLine, ShoppingRun
from shouwang.help.selectors.accounts import (
    acts_that_do_not_add_up,
    lines_that_do_not_reconcile,
    reconciles,
    sums_of,
)
from shouwang.help.selectors.order_promise import orders_unwatched
from shouwang.help.states import MoneyAccount, OrderState, RunState
from shouwang.help.tests import scene
from shouwang.help.tests.scene import AT, again

LISTS = ("土豆5斤\n猪肉5\n儿童洗衣液1瓶", "土豆3斤\n鸡蛋30个，不超过40元\n顺便取一下快递")


def world() -> SimpleNamespace:
    """A run of two households' lists that somebody has in hand."""
    return scene.one_run_of_two(LISTS)


def a_step(made: SimpleNamespace, chance: random.Random) -> Callable[[], Any]:
    """Something that one of the devices might send now, sensible or not."""
    lines = list(OrderLine.objects.filter(order__in=made.orders).order_by("position", "pk"))
    line, order, run = chance.choice(lines), chance.choice(made.orders), made.run
    amount = chance.choice(["0.1", "0.2", "0.3", "1", "2.7", "5", "7.35"])
    fen = chance.choice([1, 10, 333, 1999, 5000])
    by = {"by": made.alice, "at": AT}
    one, whole, walk = {"line": line, **by}, {"order": order, **by}, {"run": run, **by}
    money = {"amount_fen": fen, "how": chance.choice(["cash", "committee"])}
    # What moves a run on is chosen as often as what happens at a line, or nothing would ever get to a door.
    steps: list[tuple[int, Callable[[], Any]]] = [
        (8, lambda: services.tick_line(bought=Decimal(amount), price_fen=fen, **one)),
        (4, lambda: services.tick_line(price_fen=fen, **one)),
        (2, lambda: services.untick_line(**one)),
        (2, lambda: services.miss_line(**one)),
        (3, lambda: services.ask_line(question="红薯2斤", **one)),
        (3, lambda: services.agree_to(**one)),
        (5, lambda: services.leave_out(**one)),
        (3, lambda: services.change_line(quantity=amount, unit="斤", **one)),
        (2, lambda: services.price_lines(lines=[row for row in lines if row.name == line.name], total_fen=fen, **by)),
        (4, lambda: services.count_line(received=amount, words="少了", **one)),
        (4, lambda: services.deliver_line(delivered=amount, **one)),
        (4, lambda: services.fetch_parcel(fetched=chance.random() < 0.5, **one)),
        (5, lambda: services.deliver_order(**whole)),
        (1, lambda: services.take_out(**whole)),
        (1, lambda: services.drop_order(**whole)),
        (1, lambda: services.withdraw_request(request=again(order.request), **by)),
        (4, lambda: services.start_run(**walk)),
        (6, lambda: services.leave_shop(**walk)),
        (1, lambda: services.go_back(**walk)),
        (5, lambda: services.end_count(**walk)),
        (5, lambda: services.record_receipt(total_fen=fen * 3, **walk)),
        (1, lambda: services.take_receipt_back(**walk)),
        (2, lambda: services.hand_out_advance(amount_fen=fen, **walk)),
        (2, lambda: services.give_change(holder=made.shopper.user, amount_fen=fen, **walk)),
        (2, lambda: services.refund_from_shop(amount_fen=fen, **walk)),
        (4, lambda: services.pay_order(**money, **whole)),
        (3, lambda: services.pay_back(**money, **whole)),
        (2, lambda: services.bear_order(reason="困难", **whole)),
        (3, lambda: services.close_run(reason="差额", **walk)),
        (3, lambda: hands(made, chance.choice(["pass_on", "confirm", "give_back", "missing", "clock"]))),
    ]  # fmt: skip
    return chance.choices([step for _often, step in steps], [often for often, _step in steps])[0]


def hands(made: SimpleNamespace, what: str) -> None:
    """Something with the run's cash in custody, beside its money; or the clock comes by."""
    cash = cash_of(made.run.pk).first()
    if what == "clock" or cash is None:
        scene.run_clock(AT)
    elif what == "pass_on":
        custody.pass_on(holding=cash, to_user=made.bob, by=made.bob, at=AT)
    else:
        getattr(custody, what)(holding=cash, by=cash.holder, at=AT)


def check(made: SimpleNamespace) -> None:
    """What must hold at every instant."""
    scene.run_clock(AT)
    assert sum(MoneyEntry.objects.values_list("amount_fen", flat=True)) == 0
    assert acts_that_do_not_add_up(None)[1] == []
    assert lines_that_do_not_reconcile(None)[1] == []
    assert orders_unwatched(None)[1] == []
    run = again(made.run)
    if run.state == RunState.SETTLED:
        assert sums_of(run).is_even
        left = MoneyEntry.objects.filter(account=MoneyAccount.HOUSEHOLD).values_list("amount_fen", flat=True)
        assert sum(left) == 0
    # Custody says of the cash what the entries say, to the fen.
    held = {one.holder_id: one.fen for one in sums_of(run).held if one.fen > 0}
    in_hands: Counter[Any] = Counter()
    for row in cash_of(run.pk):
        in_hands[row.holder_id] += row.amount_fen or 0
    assert in_hands == held
    for order in Order.objects.exclude(charged_fen=None):
        lines = order.lines.values_list("charged_fen", flat=True)
        assert order.charged_fen == sum(fen or 0 for fen in lines)
        entries = MoneyEntry.objects.filter(kind="charged", household=order.household, account="household")
        assert sum(entries.values_list("amount_fen", flat=True)) == order.charged_fen, "charged once"


class AnyShopping(RuleBasedStateMachine):
    """Any steps in any order, refused or not."""

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()

    def teardown(self) -> None:
        """Runs do not see one another."""
        transaction.savepoint_rollback(self.savepoint)

    @initialize()
    def begin(self) -> None:
        self.made = world()

    @rule(seed=st.integers(0, 2**32))
    def step(self, seed: int) -> None:
        try:
            with transaction.atomic():
                a_step(self.made, random.Random(seed))()
        except Refusal as fault:
            assert fault.code, "a refusal is an answer too; what must hold is looked at after it"

    @invariant()
    def everything_fits(self) -> None:
        if hasattr(self, "made"):
            check(self.made)


@pytest.mark.both
class AnyShoppingTest(TestCase):
    def test_any_order_of_steps(self) -> None:
        run_state_machine_as_test(  # type: ignore[no-untyped-call]
            AnyShopping,
            settings=settings(
                max_examples=12, stateful_step_count=60, deadline=None, phases=(Phase.generate,),
                suppress_health_check=list(HealthCheck),
            ),
        )  # fmt: skip


def ten_devices(made: SimpleNamespace, seed: int, steps: int) -> tuple[Counter[str], list[BaseException]]:
    """Ten at once, each with steps of its own; how they went."""
    went: Counter[str] = Counter()
    faults: list[BaseException] = []
    together = threading.Barrier(10)

    def device(number: int) -> None:
        chance = random.Random(f"{seed}-{number}")
        together.wait(30)
        try:
            for _step in range(steps):
                try:
                    a_step(made, chance)()
                    went["done"] += 1
                except Refusal as refusal:
                    went[refusal.code] += 1
        except BaseException as fault:  # a thread's fault is told by the test
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=device, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return went, faults


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", [5, 7, 8, 9])
def test_ten_devices_at_once(seed: int) -> None:
    made = world()
    services.start_run(run=made.run, by=made.alice, at=AT)
    went, faults = ten_devices(made, seed, 25)
    assert [str(fault) for fault in faults] == []
    assert went["done"], went
    check(made)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_one_bag_is_delivered_and_charged_once_whoever_presses() -> None:
    """The same press from ten devices, to the fen: one receipt, one charge, one delivery."""
    made = world()
    services.start_run(run=made.run, by=made.alice, at=AT)
    for line in OrderLine.objects.filter(order__in=made.orders, kind="goods"):
        if line.state == "to_ask":
            services.change_line(line=line, unit="斤", by=made.alice, at=AT)
        services.tick_line(line=line, price_fen=1000, by=made.alice, at=AT)
    parcel = OrderLine.objects.get(order__in=made.orders, kind="parcel")
    services.fetch_parcel(line=parcel, by=made.alice, at=AT)
    services.leave_shop(run=made.run, by=made.alice, at=AT)
    presses = [
        lambda: services.record_receipt(run=made.run, total_fen=4990, by=made.alice, at=AT),
        lambda: services.end_count(run=made.run, by=made.alice, at=AT),
        lambda: services.deliver_order(order=made.orders[0], by=made.alice, at=AT),
        lambda: services.deliver_order(order=made.orders[1], by=made.alice, at=AT),
    ]
    for press in presses:
        assert at_once(press) == 1
    assert again(made.run).state == RunState.DELIVERED and sums_of(again(made.run)).charged == 4990
    check(made)


def at_once(press: Callable[[], Any]) -> int:
    """How many of ten presses were taken."""
    taken: list[Any] = []
    together = threading.Barrier(10)

    def device() -> None:
        together.wait(30)
        try:
            taken.append(press())
        except Refusal as fault:
            assert fault.code, "a refusal is an answer too; what must hold is looked at after it"
        finally:
            connections.close_all()

    threads = [threading.Thread(target=device) for _number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(taken)


@pytest.mark.django_db
@pytest.mark.both
def test_the_checks_can_fail() -> None:
    """A figure written past the services: the database refuses what does not reconcile, the promise sees the rest."""
    made = world()
    services.start_run(run=made.run, by=made.alice, at=AT)
    line = OrderLine.objects.get(order=made.orders[0], name="土豆")
    services.tick_line(line=line, bought=Decimal("5.3"), price_fen=1000, by=made.alice, at=AT)
    for wrong in ({"bought": 4}, {"received": 4}, {"left_out": Decimal("0.1")}, {"taken_back": -1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            OrderLine.objects.filter(pk=line.pk).update(**wrong)
    changed = again(line)
    changed.bought -= Decimal("0.001")
    assert reconciles(again(line)) and not reconciles(changed)
    Order.objects.filter(pk=made.orders[0].pk).update(state=OrderState.DELIVERED)
    assert lines_that_do_not_reconcile(None)[1] == [made.orders[0].pk]
    entry = {
        "kind": "advance",
        "community_id": made.community.pk,
        "subject_id": made.run.pk,
        "at": AT,
        "act": uuid7(),
    }
    MoneyEntry.objects.create(line=1, account=MoneyAccount.CASH_BOX, amount_fen=-5, **entry)
    assert acts_that_do_not_add_up(None)[1] == [made.run.pk]
    ShoppingRun.objects.filter(pk=made.run.pk).update(state=RunState.CANCELLED)
    assert made.orders[1].pk in orders_unwatched(None)[1]
