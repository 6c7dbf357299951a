"""A shopping run's bags are set down at the gate on the way: each is a parcel of its household, rests, and comes up; nothing
is lost, and at every step somebody answers for it."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from shouwang.core.errors import Conflict, Refusal
from shouwang.core.models import AuditEntry
from shouwang.core.registry import invariants
from shouwang.goods import services as goods
from shouwang.goods.models import Parcel
from shouwang.help import services
from shouwang.help.models import Order, ShoppingRun
from shouwang.help.services.at_the_gate import set_bags_down
from shouwang.help.states import OrderState, RunState
from shouwang.help.tests import scene
from shouwang.help.tests.scene import AT, again, minutes
from shouwang.incidents.services import open_incident
from shouwang.volunteers.services import stand_down

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def here() -> SimpleNamespace:
    """Two households' bags, bought, receipted and packed."""
    made = scene.one_run_of_two(("土豆5斤", "土豆5斤"))
    by = made.by = {"by": made.shopper.user, "at": AT}
    services.start_run(run=made.run, **by)
    for order in made.orders:
        services.tick_line(line=order.lines.get(), price_fen=10_00, **by)
    services.leave_shop(run=made.run, **by)
    services.record_receipt(run=made.run, total_fen=20_00, **by)
    return made


def packed(here: SimpleNamespace) -> ShoppingRun:
    return services.end_count(run=here.run, by=here.bob, at=AT)


def sealed(here: SimpleNamespace) -> None:
    """Inside the line everything rests for two hours after it was disinfected."""
    open_incident(
        community=here.community, name="封控", protocol="sealed_zone", places=[here.community], by=here.alice, at=AT
    )  # fmt: skip


def standing(bags: list[Parcel]) -> set[tuple[str, Any]]:
    return {(bag.state, bag.holder) for bag in map(again, bags)}


def nothing_is_lost(at: datetime) -> bool:
    """Every bag is where its steps lead, every list watched, every figure fits."""
    checked = [one for one in invariants if one.code.startswith(("goods.parcel.", "help.order."))]
    assert len(checked) > 5
    return not any(one.run(at, None).broken for one in checked)


def test_each_bag_is_a_parcel_of_its_household(here: SimpleNamespace) -> None:
    with pytest.raises(Conflict, match="not-packed"):
        set_bags_down(run=here.run, **here.by)
    packed(here)
    bags = set_bags_down(run=here.run, **here.by)
    assert {bag.household_id for bag in bags} == {order.household_id for order in here.orders}
    assert [again(order).bag for order in here.orders] == [
        Parcel.objects.get(household_id=order.household_id) for order in here.orders
    ]
    # The gate has them: nobody carries them, and the run is as far as it was, in the shopper's hands.
    assert standing(bags) == {("released", None)}
    run = again(here.run)
    assert (run.state, run.volunteer) == (RunState.COUNTED, here.shopper)
    assert run.commitment.state == "open" and nothing_is_lost(AT)


def test_set_down_twice_it_is_set_down_once(here: SimpleNamespace) -> None:
    packed(here)
    first = set_bags_down(run=here.run, **here.by)
    assert set_bags_down(run=here.run, by=here.alice, at=AT + minutes(3)) == first
    assert Parcel.objects.count() == len(first) == 2
    assert AuditEntry.objects.filter(kind="help.order.bagged").count() == 2


def test_it_rests_before_it_comes_up_and_is_handed_over_with_the_list(here: SimpleNamespace) -> None:
    sealed(here)
    packed(here)
    bags, order = set_bags_down(run=here.run, **here.by), here.orders[0]
    with pytest.raises(Refusal):
        services.deliver_order(order=order, **here.by)
    assert again(order).state == OrderState.IN_RUN and standing(bags) == {("received", None)}
    goods.disinfect(parcels=bags, by=here.alice, at=AT)
    until = again(bags[0]).rest_until_at
    with pytest.raises(Refusal, match="still-resting"):
        services.deliver_order(order=order, by=here.shopper.user, at=AT + minutes(30))
    assert standing(bags) == {("resting", None)} and nothing_is_lost(AT + minutes(30))
    scene.run_clock(until)
    assert standing(bags) == {("released", None)}
    for one in here.orders:
        services.deliver_order(order=one, by=here.shopper.user, at=until)
    assert standing(bags) == {("handed_over", None)}
    assert again(here.run).state == RunState.DELIVERED
    assert [again(one).charged_fen for one in here.orders] == [10_00, 10_00] and nothing_is_lost(until)


def test_somebody_else_carries_it_up(here: SimpleNamespace) -> None:
    """The bag goes up with whoever goes: it is in their hands, and the list is checked at the door all the same."""
    packed(here)
    first, second = set_bags_down(run=here.run, **here.by)
    later = AT + minutes(20)
    goods.load_parcels(parcels=[first], holder=here.bob, by=here.bob, at=later)
    assert (again(first).state, again(first).holder) == ("on_the_way", here.bob)
    assert (again(second).state, again(second).holder) == ("released", None)
    goods.hand_over(parcel=first, by=here.bob, at=later)
    order = Order.objects.get(bag=first)
    assert order.state == OrderState.IN_RUN, "brought, and not yet gone through with the resident"
    services.deliver_order(order=order, by=here.bob, at=later)
    assert again(order).state == OrderState.DELIVERED and again(first).state == "handed_over"
    assert again(here.run).state == RunState.COUNTED and nothing_is_lost(later)


def test_whoever_set_it_down_is_stood_down(here: SimpleNamespace) -> None:
    """The run waits for somebody else; the bags stay where they are, and come up with them."""
    packed(here)
    bags = set_bags_down(run=here.run, **here.by)
    stand_down(volunteer=here.shopper, reason="contact", by=here.alice, at=AT + minutes(1))
    scene.run_clock(AT + minutes(2))
    run = again(here.run)
    assert (run.volunteer, run.state) == (None, RunState.COUNTED) and standing(bags) == {("released", None)}
    assert set_bags_down(run=run, by=here.alice, at=AT + minutes(3)) == bags
    assert nothing_is_lost(AT + minutes(3))
