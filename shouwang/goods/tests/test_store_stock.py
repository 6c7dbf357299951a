"""Stock comes and goes as movements; their sum is what is there, and it is never below zero."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction

from shouwang.core.errors import Conflict, Refusal
from shouwang.core.ids import uuid7
from shouwang.core.models import AuditEntry
from shouwang.goods.models import Balance, Holding, Movement
from shouwang.goods.selectors import store_checks
from shouwang.goods.selectors.store import left_to_give_back, lots_of, stock_of, stock_on
from shouwang.goods.services import erasing_store, store
from shouwang.goods.services.store import In, Out
from shouwang.goods.states import MovementKind
from shouwang.goods.tests.store_world import AT, an_item, brought, later, store_world, taken

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def here() -> SimpleNamespace:
    return store_world()


def all_is_well() -> bool:
    return not any(
        ask()[1] for ask in (store_checks.uneven_balances, store_checks.lots_below_zero, store_checks.acts_corrected_twice)
    )  # fmt: skip


def test_the_stock_is_the_sum_of_the_movements_at_any_time(here: SimpleNamespace) -> None:
    item = an_item(here)
    brought(here, item, 100)
    taken(here, item, 30, at=later(hours=1))
    brought(here, item, 5, at=later(hours=2), shelf=here.gate)
    assert stock_of(item) == 75
    assert [stock_of(item, later(minutes=m)) for m in (-1, 0, 60, 119, 120)] == [0, 100, 70, 70, 75]
    assert (stock_on(item, here.room), stock_on(item, here.gate)) == (70, 5)
    assert all_is_well()


def test_more_than_is_left_is_refused_with_what_is_left(here: SimpleNamespace) -> None:
    item = an_item(here, "药", "粒", packs=[("盒", 120), ("板", 12)])
    brought(here, item, 389)
    with pytest.raises(Refusal, match="not-enough") as refused:
        taken(here, item, 390)
    assert "3盒2板5粒" in refused.value.sentence()
    assert stock_of(item) == 389


def test_first_expired_goes_out_first_and_what_has_no_date_last(here: SimpleNamespace) -> None:
    item = an_item(here)
    never = brought(here, item, 10)
    late = brought(here, item, 10, expires_on=date(2023, 1, 1))
    soon = brought(here, item, 10, expires_on=date(2022, 3, 1))
    rows = taken(here, item, 25)
    assert [(row.lot, row.quantity) for row in rows] == [(soon, -10), (late, -10), (never, -5)]
    assert len({row.act for row in rows}) == 1
    assert [(one.lot, one.quantity) for one in lots_of(item)] == [(never, 5)]


def test_what_has_expired_is_not_handed_out_but_discarded(here: SimpleNamespace) -> None:
    item = an_item(here)
    old = brought(here, item, 10, expires_on=date(2022, 2, 19))
    brought(here, item, 4, expires_on=date(2022, 2, 20))
    with pytest.raises(Refusal, match="expired") as refused:
        taken(here, item, 5, kind=MovementKind.HANDED_OUT, household=here.household)
    assert "4斤" in refused.value.sentence() and "10斤" in refused.value.sentence()
    with pytest.raises(Refusal, match="expired"):
        taken(here, item, 1, lot=old)
    with pytest.raises(Refusal, match="not-enough"):
        taken(here, item, 15)
    taken(here, item, 4)
    store.discard(lot=old, shelf=here.room, quantity=10, reason="过期", by=here.alice, at=AT)
    assert stock_of(item) == 0
    with pytest.raises(Refusal, match="no-reason"):
        store.discard(lot=old, shelf=here.room, quantity=1, reason=" ", by=here.alice, at=AT)


def test_the_same_act_twice_writes_once_and_with_other_content_conflicts(here: SimpleNamespace) -> None:
    item, come, go = an_item(here), uuid7(), uuid7()
    assert brought(here, item, 100, act=come) == brought(here, item, 100, act=come)
    first = taken(here, item, 60, act=go)
    assert taken(here, item, 60, act=go) == first, "although there is not so much left"
    with pytest.raises(Conflict, match="act-reused"):
        taken(here, item, 61, act=go)
    assert stock_of(item) == 40


def test_several_lines_are_one_act_all_or_none(here: SimpleNamespace) -> None:
    flour, rice = an_item(here), an_item(here, "大米")
    lines = [In(flour, here.room, 100), In(rice, here.room, 50), In(flour, here.room, 20)]
    store.bring_in_lines(lines=lines, kind=MovementKind.BOUGHT, origin="超市", by=here.alice, at=AT)
    assert (stock_of(flour), stock_of(rice)) == (120, 50)
    out = [Out(flour, here.room, 90), Out(flour, here.room, 30), Out(rice, here.room, 51)]
    with pytest.raises(Refusal, match="not-enough") as refused:
        store.take_out_lines(lines=out, kind=MovementKind.ISSUED, by=here.alice, at=AT)
    assert refused.value.values["row"] == 2
    assert stock_of(flour) == 120
    rows = store.take_out_lines(lines=out[:2], kind=MovementKind.ISSUED, by=here.alice, at=AT)
    assert sum(row.quantity for row in rows) == -120
    with pytest.raises(Refusal, match="not-enough"):
        store.take_out_lines(
            lines=[Out(rice, here.room, 30)] * 2, kind=MovementKind.ISSUED, by=here.alice, at=AT
        )


def test_an_act_is_corrected_once_and_wholly(here: SimpleNamespace) -> None:
    item = an_item(here)
    brought(here, item, 5), brought(here, item, 5)
    rows = taken(here, item, 8)
    act = rows[0].act
    back = store.correct(act=act, reason="写错了", by=here.alice, at=AT)
    assert [row.corrects_id for row in back] == [row.pk for row in rows]
    assert stock_of(item) == 10
    with pytest.raises(Conflict, match="corrected-already"):
        store.correct(act=act, reason="再来", by=here.alice, at=AT)
    with pytest.raises(Refusal, match="not-correctable"):
        store.correct(act=back[0].act, reason="再来", by=here.alice, at=AT)
    with pytest.raises(Refusal, match="no-reason"):
        store.correct(act=act, reason="", by=here.alice, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Movement.objects.create(
            act=uuid7(), lot=rows[0].lot, shelf=here.room, kind="corrected", quantity=1, at=AT,
            local_day=date(2022, 2, 20), corrects=rows[0],
        )  # fmt: skip
    assert all_is_well()


def test_what_came_in_cannot_be_corrected_when_it_has_gone(here: SimpleNamespace) -> None:
    item = an_item(here)
    lot = brought(here, item, 5)
    taken(here, item, 3)
    with pytest.raises(Refusal, match="not-enough"):
        store.correct(act=lot.movements.get(quantity=5).act, reason="没到货", by=here.alice, at=AT)
    assert stock_of(item) == 2


def test_transfers_take_from_one_place_and_bring_to_the_other(here: SimpleNamespace) -> None:
    item = an_item(here)
    old = brought(here, item, 5, expires_on=date(2022, 1, 1))
    brought(here, item, 5)
    act = {"item": item, "from_shelf": here.room, "by": here.alice, "at": AT}
    rows = store.transfer(to_shelf=here.gate, quantity=7, **act)
    assert sum(row.quantity for row in rows) == 0
    assert (stock_on(item, here.room), stock_on(item, here.gate)) == (3, 7)
    assert old.balances.get(shelf=here.gate).quantity == 5, "what has expired moves too"
    with pytest.raises(Refusal, match="same-shelf"):
        store.transfer(to_shelf=here.room, quantity=1, **act)
    store.correct(act=rows[0].act, reason="搬错", by=here.alice, at=AT)
    assert stock_on(item, here.gate) == 0


def test_a_split_pack_is_a_lot_of_its_own_with_the_same_expiry(here: SimpleNamespace) -> None:
    item = an_item(here, "退烧药", "粒", packs=[("盒", 120)])
    lot = brought(here, item, 120, expires_on=date(2023, 5, 1), code="L7")
    act = uuid7()
    part = store.split_lot(lot=lot, shelf=here.room, quantity=8, by=here.alice, at=AT, act=act)
    assert (part.parent, part.expires_on, part.code, part.opened_at) == (lot, lot.expires_on, "L7", AT)
    assert store.split_lot(lot=lot, shelf=here.room, quantity=8, by=here.alice, at=AT, act=act) == part
    assert (stock_of(item), lot.balances.get().quantity, part.balances.get().quantity) == (120, 112, 8)
    with pytest.raises(Refusal, match="not-enough"):
        store.split_lot(lot=part, shelf=here.room, quantity=9, by=here.alice, at=AT)


def test_what_was_issued_comes_back_and_never_more_than_that(here: SimpleNamespace) -> None:
    item = an_item(here, "红袖标", "个", comes_back=True)
    brought(here, item, 100)
    [row] = taken(here, item, 40, to_user=here.bob, to_words="守望队")
    holding = Holding.objects.get()
    assert (holding.quantity, holding.item, holding.state) == (40, item, "offered")
    assert holding.handovers.get().to_user == here.bob, "he has yet to say that he took it"
    act = {"movement": row, "by": here.alice, "at": AT}
    back = store.bring_back(quantity=15, **act)
    assert (back.returns, stock_of(item), left_to_give_back([row])[row.pk]) == (row, 75, 25)
    with pytest.raises(Refusal, match="not-out"):
        store.bring_back(quantity=26, **act)
    with pytest.raises(Refusal, match="came-back"):
        store.correct(act=row.act, reason="错", by=here.alice, at=AT)
    store.bring_back(quantity=25, shelf=here.gate, **act)
    holding.refresh_from_db()
    assert (holding.state, holding.ended_at, stock_on(item, here.gate)) == ("returned", AT, 25)
    assert all_is_well()


def test_no_movement_is_dated_before_the_one_before(here: SimpleNamespace) -> None:
    """Two desks' clocks differ: what goes out of a lot never seems to have gone before it came."""
    item = an_item(here)
    brought(here, item, 5, at=later(seconds=10))
    [row] = taken(here, item, 5, at=later(seconds=3))
    assert row.at == later(seconds=10)
    assert all_is_well()


def test_odd_things_are_refused(here: SimpleNamespace) -> None:
    item, foreign = (
        an_item(here),
        store.add_shelf(community=here.elsewhere, name="库房", by=here.charlie, at=AT),
    )
    for quantity in (0, -1, 99_999_999):
        with pytest.raises(Refusal, match="nothing-moves"):
            brought(here, item, quantity)
    with pytest.raises(Refusal, match="other-community"):
        brought(here, item, 1, shelf=foreign)
    with pytest.raises(Refusal, match="not-incoming"):
        brought(here, item, 1, kind=MovementKind.COUNTED)
    with pytest.raises(Refusal, match="not-outgoing"):
        taken(here, item, 1, kind=MovementKind.BOUGHT)
    with pytest.raises(Refusal, match="name-twice"):
        an_item(here)
    brought(here, item, 1)
    with pytest.raises(Refusal, match="still-there"):
        store.end_item(item=item, by=here.alice, at=AT)
    taken(here, item, 1)
    store.end_item(item=item, by=here.alice, at=AT)
    with pytest.raises(Refusal, match="item-ended"):
        brought(here, item, 1)


def test_the_database_itself_keeps_the_shelf_above_zero(here: SimpleNamespace) -> None:
    lot = brought(here, an_item(here), 5)
    with pytest.raises(IntegrityError), transaction.atomic():
        Balance.objects.filter(lot=lot).update(quantity=-1)


def test_one_row_of_the_record_an_act_and_no_names_in_it(here: SimpleNamespace) -> None:
    item = an_item(here)
    brought(here, item, 5, origin="李大爷"), brought(here, item, 5)
    act = taken(here, item, 10, to_words="李四")[0].act
    [entry] = AuditEntry.objects.filter(subject_id=act)
    assert (entry.kind, entry.community_id) == ("goods.stock.went", here.community.pk)
    assert entry.payload == {"rows": 2, "what": "issued"}


def test_names_go_after_a_year_and_the_stock_stays(here: SimpleNamespace) -> None:
    item = an_item(here)
    brought(here, item, 9, origin="李大爷")
    taken(here, item, 2, kind=MovementKind.HANDED_OUT, household=here.household, reason="困难户")
    assert erasing_store.count_store_past(later(days=364)) == 0
    after = later(days=366)
    assert erasing_store.count_store_past(after) == 2
    assert [erasing_store.erase_store_past(after, 1) for _turn in range(3)] == [1, 1, 0]
    assert erasing_store.verify_store_past(after) == 0
    assert not Movement.objects.exclude(origin="", reason="", household=None).exists()
    assert stock_of(item) == 7
