"""The cash of a shopping run is in custody like everything that changes hands: listed, recovered, gone when it is settled."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from shouwang.core.due import keys_due
from shouwang.core.registry import invariants, today_sources
from shouwang.goods.models import Holding
from shouwang.goods.selectors.custody import cash_of, held_by, to_recover
from shouwang.goods.services import custody
from shouwang.help import services
from shouwang.help.models import MoneyEntry, ShoppingRun
from shouwang.help.selectors.accounts import sums_of
from shouwang.help.services.run_cash import CASH_MOVED
from shouwang.help.states import RunState
from shouwang.help.tests import scene
from shouwang.help.tests.scene import AT, again, minutes
from shouwang.volunteers.services import stand_down

pytestmark = [pytest.mark.django_db, pytest.mark.both]
ADVANCE = 200_00


@pytest.fixture
def here() -> SimpleNamespace:
    """A run to one shop, with 200 yuan out of the box in the hands of whoever shops."""
    made = scene.neighbourhood()
    made.shopper = scene.volunteer(made, "李楠")
    made.order = services.make_order(
        request=scene.asked(made, title="买菜", words="土豆5斤"), by=made.alice, at=AT
    )
    made.run = services.gather_run(
        orders=[made.order], shop="惠民超市", volunteer=made.shopper, by=made.alice, at=AT
    )
    services.hand_out_advance(run=made.run, amount_fen=ADVANCE, by=made.alice, at=AT)
    return made


def in_custody(run: ShoppingRun) -> dict[str, int]:
    """What of the run's cash is in whose hands, by name."""
    return {row.holder.name: row.amount_fen or 0 for row in cash_of(run.pk) if row.holder}


def in_the_books(run: ShoppingRun) -> dict[str, int]:
    return {one.name: one.fen for one in sums_of(run).held if one.fen}


def held(here: SimpleNamespace) -> Holding:
    return cash_of(here.run.pk).get()


def custody_is_sound() -> bool:
    codes = ("goods.custody.chains", "goods.custody.recovered", "help.money.adds-up")
    return not any(invariants.get(code).run(AT, None).broken for code in codes)


def test_an_advance_is_in_the_buyers_hands_and_waits_for_their_word(here: SimpleNamespace) -> None:
    me = here.shopper.user
    assert list(held_by(me)) == [held(here)] and in_custody(here.run) == {"李楠": ADVANCE}
    first = held(here).handovers.get()
    assert (first.given_at, first.taken_at, first.said_by) == (AT, None, here.alice) and first.from_words
    custody.confirm(holding=held(here), by=me, at=AT)
    assert held(here).handovers.get().is_receipted
    services.hand_out_advance(run=here.run, amount_fen=50_00, by=here.alice, at=AT)
    assert in_custody(here.run) == {"李楠": 250_00} and Holding.objects.count() == 1
    assert custody_is_sound()


def test_stood_down_it_is_to_be_recovered_and_goes_on_with_the_books(here: SimpleNamespace) -> None:
    """Somebody fetches it: the entries follow, and the change comes back from their hands."""
    custody.confirm(holding=held(here), by=here.shopper.user, at=AT)
    stand_down(volunteer=here.shopper, reason="ill", by=here.alice, at=AT)
    later = scene.scope(here.alice, AT + minutes(1))
    assert list(to_recover(later)) == [held(here)]
    assert [item.key for item in today_sources.get("goods.custody").items(later, later.at)] == [
        "custody:recover"
    ]
    custody.pass_on(holding=held(here), to_user=here.bob, by=here.alice, at=AT + minutes(2))
    custody.confirm(holding=held(here), by=here.bob, at=AT + minutes(3))
    assert in_the_books(here.run) == {"李楠": ADVANCE}
    scene.run_clock(AT + minutes(3))
    assert in_the_books(here.run) == in_custody(here.run) == {"张敏": ADVANCE}
    assert not to_recover(scene.scope(here.alice, AT + minutes(4))).exists()
    assert sums_of(here.run).advance == ADVANCE and custody_is_sound()
    services.give_change(run=here.run, holder=here.bob, amount_fen=ADVANCE, by=here.alice, at=AT + minutes(5))
    assert in_custody(here.run) == {} and sums_of(here.run).change == ADVANCE and custody_is_sound()


def test_given_back_in_custody_is_change_in_the_box(here: SimpleNamespace) -> None:
    custody.give_back(holding=held(here), by=here.alice, at=AT)
    # Whoever settles the money before the clock has come by finds it written already.
    services.hand_out_advance(run=here.run, amount_fen=30_00, by=here.alice, at=AT)
    assert in_the_books(here.run) == in_custody(here.run) == {"李楠": 30_00}
    assert sums_of(here.run).change == ADVANCE and keys_due(CASH_MOVED)
    scene.run_clock(AT)
    assert not keys_due(CASH_MOVED)
    assert in_the_books(here.run) == {"李楠": 30_00} and custody_is_sound()


def test_two_pairs_of_hands_before_the_clock_comes_by(here: SimpleNamespace) -> None:
    me = here.shopper.user
    custody.confirm(holding=held(here), by=me, at=AT)
    custody.pass_on(holding=held(here), to_user=here.bob, by=here.bob, at=AT)
    custody.pass_on(holding=held(here), to_user=here.alice, by=here.alice, at=AT)
    scene.run_clock(AT)
    assert in_the_books(here.run) == in_custody(here.run) == {"陈书记": ADVANCE}


def test_only_a_receipt_says_that_it_is_spent(here: SimpleNamespace) -> None:
    custody.confirm(holding=held(here), by=here.shopper.user, at=AT)
    custody.use_up(holding=held(here), by=here.alice, at=AT, why="买菜用了")
    scene.run_clock(AT)
    assert in_the_books(here.run) == in_custody(here.run) == {"李楠": ADVANCE}


def shop(here: SimpleNamespace, fen: int) -> None:
    """Bought, receipted, counted, brought."""
    by: dict[str, Any] = {"by": here.shopper.user, "at": AT}
    services.start_run(run=here.run, **by)
    services.tick_line(line=here.order.lines.get(), price_fen=fen, **by)
    services.leave_shop(run=here.run, **by)
    services.record_receipt(run=here.run, total_fen=fen, **by)
    services.end_count(run=here.run, by=here.bob, at=AT)
    services.deliver_order(order=here.order, **by)


def test_it_follows_the_money_to_the_fen_and_is_gone_when_settled(here: SimpleNamespace) -> None:
    me = here.shopper.user
    shop(here, 144_10)
    assert in_custody(here.run) == {"李楠": ADVANCE - 144_10}
    services.pay_order(order=here.order, amount_fen=144_10, how="cash", by=me, at=AT)
    assert in_custody(here.run) == {"李楠": ADVANCE}
    services.give_change(run=here.run, holder=me, amount_fen=199_00, by=here.alice, at=AT)
    assert in_custody(here.run) == {"李楠": 1_00}
    services.close_run(run=here.run, by=here.alice, at=AT, reason="路上掉了一元")
    assert again(here.run).state == RunState.SETTLED and in_custody(here.run) == {}
    assert Holding.objects.get().state == "used_up"
    assert sum(MoneyEntry.objects.values_list("amount_fen", flat=True)) == 0 and custody_is_sound()


def test_spent_to_the_last_fen_and_cash_at_the_door(here: SimpleNamespace) -> None:
    shop(here, ADVANCE)
    assert in_custody(here.run) == {}
    services.pay_order(order=here.order, amount_fen=ADVANCE, how="cash", by=here.shopper.user, at=AT)
    assert in_custody(here.run) == {"李楠": ADVANCE}
    services.give_change(run=here.run, holder=here.shopper.user, amount_fen=ADVANCE, by=here.alice, at=AT)
    assert sorted(Holding.objects.values_list("state", flat=True)) == ["returned", "used_up"]
    # Whoever gave it back is asked for their own word.
    assert not Holding.objects.get(state="returned").handovers.order_by("id").last().is_receipted
    services.close_run(run=here.run, by=here.alice, at=AT)
    assert in_custody(here.run) == {} and custody_is_sound()


def test_a_receipt_taken_back_gives_it_back_to_whoever_is_off_duty(here: SimpleNamespace) -> None:
    by: dict[str, Any] = {"by": here.alice, "at": AT}
    services.start_run(run=here.run, **by)
    services.tick_line(line=here.order.lines.get(), price_fen=ADVANCE, **by)
    services.leave_shop(run=here.run, **by)
    services.record_receipt(run=here.run, total_fen=ADVANCE, **by)
    stand_down(volunteer=here.shopper, reason="ill", **by)
    services.take_receipt_back(run=here.run, by=here.alice, at=AT + minutes(1))
    assert in_custody(here.run) == {"李楠": ADVANCE}
    assert to_recover(scene.scope(here.alice, AT + minutes(2))).count() == 1
