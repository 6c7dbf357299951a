"""A group purchase from its opening to the last fen."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from shouwang.core.errors import Conflict, Refusal
from shouwang.core.registry import invariants
from shouwang.help.models import GroupLine, GroupPurchase, MoneyEntry
from shouwang.help.selectors.groups import counts_of, items_of, one_row, part_rows, reach_of
from shouwang.help.selectors.groups_faces import copy_parts, group_items, household_groups
from shouwang.help.selectors.groups_money import acts_of, money_of
from shouwang.help.services import groups, groups_goods, groups_money
from shouwang.help.services.groups_erasing import erase_groups, group_words_left, groups_past
from shouwang.help.services.groups_joining import Joining, join_group, put_back_part, take_back_part
from shouwang.help.states import GroupState
from shouwang.help.tests.groups_world import MIXED, estate, join_all, joining, parts_of, purchase
from shouwang.help.tests.scene import AT, again, run_clock, scope
from shouwang.notices.models import Message

pytestmark = pytest.mark.django_db


def holds() -> bool:
    return all(
        not invariants.get(code).run(AT, None).broken for code in ("help.group.closes", "help.group.adds-up")
    )


def ready_to_split(made: Any, group: GroupPurchase, came: int, damaged: int = 0) -> GroupPurchase:
    """Everybody has paid; it was closed, ordered, paid and counted."""
    for part in parts_of(group):
        groups_money.pay_in(part=part, by=made.alice, at=AT)
    groups.close_group(group=again(group), by=made.alice, at=AT)
    reach = reach_of([group])[group.pk]
    groups_goods.order_group(group=again(group), paid_fen=reach.fen, by=made.alice, at=AT)
    counted = {items_of(group)[0].pk: (came, damaged)}
    return groups_goods.count_arrival(group=again(group), counted=counted, by=made.alice, at=AT)


def test_two_of_thirty_did_not_come_and_everything_settles_at_nothing() -> None:
    made = estate()
    group = purchase(made)
    done = join_all(made, group, [1] * 30)
    assert (done.new, done.same) == (30, 0)
    ready_to_split(made, group, came=29, damaged=1)
    split = groups_goods.split_group(group=again(group), rule="by_order", by=made.alice, at=AT)
    rows = part_rows(split)
    assert [row.back for row in rows] == [0] * 28 + [4990, 4990]
    assert money_of(split).shop == 2 * 4990
    with pytest.raises(Refusal) as refused:
        groups_money.settle_group(group=split, by=made.alice, at=AT)
    assert refused.value.code == "doors-open"
    for row in rows[28:]:
        assert groups_money.pay_back(part=row.part, by=made.alice, at=AT) == 4990
    with pytest.raises(Refusal, match="difference-unsigned"):
        groups_money.settle_group(group=split, by=made.alice, at=AT)
    groups_money.take_supplier_refund(group=split, fen=9980, by=made.alice, at=AT)
    settled = groups_money.settle_group(group=split, by=made.alice, at=AT)
    assert (settled.state, settled.difference_fen) == (GroupState.SETTLED, 0)
    money = money_of(settled)
    assert (money.holder, money.shop, set(money.parts.values())) == (0, 0, {0})
    assert holds()


def test_a_grown_chain_writes_the_difference_only() -> None:
    made = estate(6)
    group = purchase(made)
    join_all(made, group, [2, 1, 1])
    first = [
        joining(made, group, 0, 2),
        joining(made, group, 1, 3),
        joining(made, group, 2, 0),
        joining(made, group, 3, 1),
    ]
    done = join_group(group=again(group), rows=first, by=made.alice, at=AT)
    assert done.as_counts() == {"new": 1, "changed": 1, "back": 1, "same": 1}
    assert join_group(group=again(group), rows=first, by=made.alice, at=AT).as_counts()["same"] == 4
    assert [part.order for part in parts_of(group)] == [1, 2, 3, 4]
    assert reach_of([group])[group.pk].pieces == 6


def test_a_door_that_changed_since_it_was_read_is_not_overwritten() -> None:
    made = estate(4)
    group = purchase(made)
    join_all(made, group, [2])
    item = items_of(group)[0]
    row = joining(made, group, 0, 1, before={item.pk: 5})
    with pytest.raises(Conflict) as refused:
        join_group(group=group, rows=[row], by=made.alice, at=AT)
    assert refused.value.values["row"] == 0
    with pytest.raises(Refusal, match="door-twice"):
        join_group(
            group=group, rows=[joining(made, group, 1, 1), joining(made, group, 1, 2)], by=made.alice, at=AT
        )
    assert reach_of([group])[group.pk].pieces == 2


def test_a_door_as_it_was_said_is_its_own_and_has_its_own_account() -> None:
    made = estate(4)
    group = purchase(made, minimum=1)
    item = items_of(group)[0]
    rows = [
        Joining({item.pk: 1}, door_said="五楼东", name_said="钱"),
        Joining({item.pk: 2}, door_said="六楼西"),
    ]
    join_group(group=group, rows=rows, by=made.alice, at=AT)
    one, two = parts_of(group)
    groups_money.pay_in(part=two, by=made.alice, at=AT)
    assert (one_row(one).owes, one_row(two).owes) == (4990, 0)
    with pytest.raises(Refusal, match="who-missing"):
        join_group(group=group, rows=[Joining({item.pk: 1})], by=made.alice, at=AT)


def test_taking_back_gives_the_money_back_and_can_be_undone() -> None:
    made = estate(4)
    group = purchase(made)
    join_all(made, group, [2])
    (part,) = parts_of(group)
    groups_money.pay_in(part=part, by=made.alice, at=AT)
    take_back_part(part=part, by=made.alice, at=AT)
    assert one_row(again(part)).back == 9980
    put_back_part(part=again(part), by=made.alice, at=AT)
    assert one_row(again(part)).owes == 0
    act = acts_of(part)[0]
    groups_money.take_back_payment(part=part, act=act.act, by=made.alice, at=AT)
    with pytest.raises(Conflict):
        groups_money.take_back_payment(part=part, act=act.act, by=made.alice, at=AT)
    assert one_row(again(part)).owes == 9980
    assert holds()


def test_paid_twice_is_refused_and_part_payments_add_up() -> None:
    made = estate(4)
    group = purchase(made)
    join_all(made, group, [1])
    (part,) = parts_of(group)
    groups_money.pay_in(part=part, fen=990, by=made.alice, at=AT)
    assert groups_money.pay_in(part=part, by=made.alice, at=AT) == 4000
    with pytest.raises(Refusal, match="more-than-owed"):
        groups_money.pay_in(part=part, by=made.alice, at=AT)


def test_it_closes_by_itself_and_tells_its_organiser() -> None:
    made = estate(4)
    group = purchase(made, minimum=3)
    join_all(made, group, [1, 1])
    (part, _two) = parts_of(group)
    groups_money.pay_in(part=part, by=made.alice, at=AT)
    run_clock(AT + timedelta(days=1))
    closed = again(group)
    assert closed.state == GroupState.NOT_REACHED
    assert Message.objects.get(template="help.group_not_reached").to == made.alice
    assert one_row(again(part)).back == 4990
    assert group_items(scope(made.alice), AT)[0].url.endswith("/refunds/")
    groups_money.pay_back(part=again(part), by=made.alice, at=AT)
    reopened = groups.reopen_group(
        group=closed, closes_at=AT + timedelta(days=3), by=made.alice, at=AT + timedelta(days=2)
    )
    assert reopened.state == GroupState.OPEN
    assert one_row(again(part)).to_collect == 4990
    assert holds()


def test_two_things_are_split_in_proportion_and_put_right_at_the_door() -> None:
    made = estate(5)
    group = purchase(made, MIXED, minimum=1)
    join_all(made, group, [(4, 2), (2, 2), (0, 2)])
    ready = ready_to_split
    milk, yoghurt = items_of(group)
    for part in parts_of(group):
        groups_money.pay_in(part=part, by=made.alice, at=AT)
    groups.close_group(group=group, by=made.alice, at=AT)
    groups_goods.order_group(group=again(group), by=made.alice, at=AT)
    groups_goods.count_arrival(
        group=again(group), counted={milk.pk: (3, 0), yoghurt.pk: (8, 0)}, by=made.alice, at=AT
    )
    split = groups_goods.split_group(group=again(group), rule="in_proportion", by=made.alice, at=AT)
    given = list(GroupLine.objects.filter(item=milk).order_by("part__order").values_list("given", flat=True))
    assert given == [2, 1, 0]
    assert [count.left_over for count in counts_of(split)] == [0, 2]
    first = parts_of(split)[0]
    groups_goods.change_given(part=first, item=milk, given=1, by=made.alice, at=AT)
    assert one_row(again(first)).back == 3 * 4990
    with pytest.raises(Refusal, match="not-left"):
        groups_goods.change_given(part=first, item=milk, given=3, by=made.alice, at=AT)
    assert holds()
    assert ready


def test_called_off_after_ordering_everybody_gets_everything_back() -> None:
    made = estate(5)
    group = purchase(made, minimum=1)
    join_all(made, group, [1, 2])
    for part in parts_of(group):
        groups_money.pay_in(part=part, by=made.alice, at=AT)
    groups.close_group(group=group, by=made.alice, at=AT)
    groups_goods.order_group(group=again(group), paid_fen=14970, by=made.alice, at=AT)
    with pytest.raises(Refusal, match="reason-missing"):
        groups.withdraw_group(group=again(group), reason=" ", by=made.alice, at=AT)
    off = groups.withdraw_group(group=again(group), reason="车进不来", by=made.alice, at=AT)
    assert [row.back for row in part_rows(off)] == [4990, 9980]
    for part in parts_of(group):
        groups_money.pay_back(part=part, by=made.alice, at=AT)
    groups_money.take_supplier_refund(group=off, fen=14000, by=made.alice, at=AT)
    settled = groups_money.settle_group(
        group=off, reason="供货商扣了运费，付款人自己认", by=made.alice, at=AT
    )
    assert settled.difference_fen == -970
    assert money_of(settled).holder == 0
    assert holds()


def test_the_household_sees_its_own_and_the_words_go_after_thirty_days() -> None:
    made = estate(4)
    group = purchase(made, minimum=1)
    join_all(made, group, [1, 1])
    section = household_groups(made.household.pk, scope(made.alice), AT)
    assert section is not None and len(section["groups"]) == 1
    assert len(copy_parts(made.resident.pk, AT)) == 1
    off = groups.withdraw_group(group=group, reason="不买了", by=made.alice, at=AT)
    groups_money.settle_group(group=off, by=made.alice, at=AT)
    later = AT + timedelta(days=31)
    assert groups_past(later).count() == 1 and group_words_left(later) == 3
    assert erase_groups(later, 10) == 1
    assert groups_past(later).count() == 0 and group_words_left(later) == 0
    assert MoneyEntry.objects.count() == 0
