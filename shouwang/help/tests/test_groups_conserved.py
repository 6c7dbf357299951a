"""Under any order of commands, and from ten devices at once, money and goods of a group purchase are conserved."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shouwang.core.errors import Refusal
from shouwang.help.models import GroupPurchase, MoneyEntry
from shouwang.help.selectors.groups import counts_of, items_of, one_row, part_rows
from shouwang.help.selectors.groups_money import acts_of, money_of
from shouwang.help.selectors.groups_promise import groups_astray
from shouwang.help.services import groups, groups_goods, groups_money
from shouwang.help.services.groups_joining import join_group, put_back_part, take_back_part
from shouwang.help.states import GroupState
from shouwang.help.tests.groups_world import MIXED, estate, join_all, joining, parts_of, purchase
from shouwang.help.tests.scene import AT, again

DOORS = 4


class Steps:
    """Every command there is, by number; `number` and `size` choose the door and the amount."""

    def __init__(self, made: Any, group: GroupPurchase) -> None:
        self.made, self.group = made, group
        self.acting: dict[str, Any] = {"by": made.alice, "at": AT}

    def do(self, name: str, number: int, size: int) -> None:
        try:
            getattr(self, name)(number, size)
        except Refusal:
            return

    def fresh(self) -> GroupPurchase:
        return again(self.group)

    def part(self, number: int) -> Any:
        return parts_of(self.group)[number % DOORS]

    def join(self, number: int, size: int) -> None:
        row = joining(self.made, self.group, number % DOORS, size % 4, size % 3)
        join_group(group=self.group, rows=[row], **self.acting)

    def out(self, number: int, size: int) -> None:
        take_back_part(part=self.part(number), **self.acting)

    def in_again(self, number: int, size: int) -> None:
        put_back_part(part=self.part(number), **self.acting)

    def pay(self, number: int, size: int) -> None:
        groups_money.pay_in(part=self.part(number), fen=size * 100 if size % 2 else None, **self.acting)

    def pay_back(self, number: int, size: int) -> None:
        groups_money.pay_back(part=self.part(number), **self.acting)

    def undo(self, number: int, size: int) -> None:
        part = self.part(number)
        acts = acts_of(part)
        if acts:
            groups_money.take_back_payment(part=part, act=acts[size % len(acts)].act, **self.acting)

    def close(self, number: int, size: int) -> None:
        groups.close_group(group=self.fresh(), **self.acting)

    def order(self, number: int, size: int) -> None:
        groups_goods.order_group(group=self.fresh(), paid_fen=size * 1000, anyway=True, **self.acting)

    def count(self, number: int, size: int) -> None:
        counted = {item.pk: (size, min(size, number % 2)) for item in items_of(self.group)}
        groups_goods.count_arrival(group=self.fresh(), counted=counted, **self.acting)

    def split(self, number: int, size: int) -> None:
        rule = "by_order" if size % 2 else "in_proportion"
        groups_goods.split_group(group=self.fresh(), rule=rule, **self.acting)

    def put_right(self, number: int, size: int) -> None:
        item = items_of(self.group)[size % 2]
        groups_goods.change_given(part=self.part(number), item=item, given=number % 3, **self.acting)

    def supplier(self, number: int, size: int) -> None:
        groups_money.take_supplier_refund(group=self.fresh(), fen=size * 500, **self.acting)

    def off(self, number: int, size: int) -> None:
        groups.withdraw_group(group=self.fresh(), reason="车不来", **self.acting)

    def settle(self, number: int, size: int) -> None:
        groups_money.settle_group(group=self.fresh(), reason="零头归付款人", **self.acting)

    def stands(self) -> None:
        """What must hold after every command."""
        group = self.fresh()
        assert groups_astray(AT, None)[1] == []
        money = money_of(group)
        assert sum(money.parts.values()) + money.holder + money.shop == 0
        for count in counts_of(group):
            if group.split_at:
                assert count.given + count.left_over == count.usable and count.left_over >= 0


NAMES = [
    name for name in vars(Steps) if not name.startswith("_") and name not in ("do", "fresh", "part", "stands")
]
ALONG = ["join", "pay", "close", "order", "count", "split", "pay_back", "settle"]
commands = st.tuples(st.sampled_from(NAMES), st.integers(0, 7), st.integers(0, 9))


@pytest.mark.django_db
@pytest.mark.both
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    said=st.lists(st.lists(commands, max_size=3), min_size=len(ALONG), max_size=len(ALONG)),
    size=st.integers(1, 9),
)
def test_any_order_of_commands_conserves_goods_and_money(
    said: list[list[tuple[str, int, int]]], size: int, transactional_world: Callable[[], Any]
) -> None:
    """The usual way from sign-up to settling, with anything else in between."""
    steps = transactional_world()
    for name, between in zip(ALONG, said, strict=True):
        for command in [*between, (name, size, size)]:
            steps.do(*command)
        steps.stands()
        assert steps.group.parts.exists(), "nobody who signed up is dropped"


@pytest.fixture
def transactional_world() -> Callable[[], Steps]:
    """A purchase of two things by four doors; a new one each time within one neighbourhood."""
    made = estate(DOORS)

    def fresh() -> Steps:
        group = purchase(made, MIXED, minimum=1)
        join_all(made, group, [(2, 1), (1, 1), (3, 0), (1, 2)])
        return Steps(made, group)

    return fresh


def at_once(number: int, act: Callable[[int], None]) -> list[str]:
    """Runs `act` from so many threads at one moment; the codes of what was refused."""
    refused: list[str] = []
    start = threading.Barrier(number)

    def run(which: int) -> None:
        start.wait()
        try:
            act(which)
        except Refusal as refusal:
            refused.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(which,)) for which in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_ten_devices_pay_split_and_give_back_once() -> None:
    made = estate(10)
    group = purchase(made, minimum=1)
    join_all(made, group, [2] * 10)
    parts = parts_of(group)
    acting: dict[str, Any] = {"by": made.alice, "at": AT}
    assert (
        at_once(10, lambda n: groups_money.pay_in(part=parts[n % 2], **acting) and None)
        == ["more-than-owed"] * 8
    )
    for part in parts[2:]:
        groups_money.pay_in(part=part, **acting)
    groups.close_group(group=group, **acting)
    groups_goods.order_group(group=again(group), paid_fen=20 * 4990, **acting)
    groups_goods.count_arrival(group=again(group), counted={items_of(group)[0].pk: (17, 0)}, **acting)
    refused = at_once(10, lambda n: groups_goods.split_group(group=group, rule="by_order", **acting) and None)
    assert len(refused) == 9
    owed = [row.part for row in part_rows(again(group)) if row.back]
    assert sum(one_row(again(part)).back for part in owed) == 3 * 4990
    assert len(at_once(10, lambda n: groups_money.pay_back(part=owed[n % 2], **acting) and None)) == 8
    groups_money.take_supplier_refund(group=group, fen=3 * 4990, **acting)
    refused = at_once(4, lambda n: groups_money.settle_group(group=again(group), **acting) and None)
    assert len(refused) == 3
    assert again(group).state == GroupState.SETTLED
    assert sum(MoneyEntry.objects.values_list("amount_fen", flat=True)) == 0
    assert groups_astray(AT, None)[1] == []
