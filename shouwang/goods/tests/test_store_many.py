"""Ten devices at one store: whatever the interleaving, nothing is lost, nothing goes out twice, nothing falls below zero."""

from __future__ import annotations

import contextlib
import random
import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.db import connections, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from shouwang.core.errors import Refusal
from shouwang.core.ids import derived_id, uuid7
from shouwang.goods.models import Act, Balance, Lot, Movement
from shouwang.goods.selectors import store_checks
from shouwang.goods.selectors.store import stock_of, stock_on
from shouwang.goods.services import store
from shouwang.goods.services.store import Out
from shouwang.goods.states import MovementKind
from shouwang.goods.tests.store_world import AT, an_item, brought, later, store_world

DEVICES, STEPS = 10, 14


def broken() -> list[Any]:
    asked = (store_checks.uneven_balances, store_checks.lots_below_zero, store_checks.acts_corrected_twice)
    return [found for ask in asked for found in ask()[1]]


class Device:
    """Somebody at a screen: does one act after another as chance has it, and sends some of them again."""

    def __init__(self, here: SimpleNamespace, items: list[Any], seed: int, shared: list[UUID]) -> None:
        self.here, self.items, self.chance, self.shared = here, items, random.Random(seed), shared
        self.moved = dict.fromkeys([item.pk for item in items], 0)
        self.faults: list[BaseException] = []

    def run(self, start: threading.Barrier) -> None:
        try:
            start.wait(20)
            for step in range(STEPS):
                self._send(step)
        except BaseException as fault:
            self.faults.append(fault)
        finally:
            connections.close_all()

    def _send(self, step: int) -> None:
        """One command, and by chance the same again as after a lost answer; a refusal is an answer too."""
        say = self.chance.choice(
            [self._in, self._out, self._out, self._out_two, self._move, self._same, self._correct]
        )
        act, at = uuid7(), later(seconds=self.chance.randrange(600))
        state = self.chance.getstate()
        for _time in range(self.chance.choice([1, 1, 2])):
            self.chance.setstate(state)
            with contextlib.suppress(Refusal):
                say(act, at)

    def _act(self, at: Any) -> dict[str, Any]:
        return {"by": self.here.alice, "at": at}

    def _shelf(self) -> Any:
        return self.chance.choice([self.here.room, self.here.gate])

    def _in(self, act: UUID, at: Any) -> None:
        quantity, item = self.chance.randrange(1, 8), self.chance.choice(self.items)
        store.bring_in(
            item=item,
            shelf=self._shelf(),
            quantity=quantity,
            kind=MovementKind.BOUGHT,
            act=act,
            **self._act(at),
        )

    def _out(self, act: UUID, at: Any) -> None:
        item, quantity = self.chance.choice(self.items), self.chance.randrange(1, 12)
        store.take_out(
            item=item,
            shelf=self._shelf(),
            quantity=quantity,
            kind=MovementKind.ISSUED,
            act=act,
            **self._act(at),
        )

    def _out_two(self, act: UUID, at: Any) -> None:
        """Two items in either order: acts that hold one and want the other never wait for each other."""
        pair = self.chance.sample(self.items, 2)
        lines = [Out(item, self._shelf(), self.chance.randrange(1, 6)) for item in pair]
        store.take_out_lines(lines=lines, kind=MovementKind.HANDED_OUT, act=act, **self._act(at))

    def _move(self, act: UUID, at: Any) -> None:
        shelves = self.chance.sample([self.here.room, self.here.gate], 2)
        store.transfer(
            item=self.chance.choice(self.items), from_shelf=shelves[0], to_shelf=shelves[1],
            quantity=self.chance.randrange(1, 6), act=act, **self._act(at),
        )  # fmt: skip

    def _same(self, act: UUID, at: Any) -> None:
        """An act that every device sends, as when one slip is pressed on two screens: it takes three, once."""
        shared = self.chance.choice(self.shared)
        item = self.items[self.shared.index(shared) % len(self.items)]
        store.take_out(
            item=item, shelf=self.here.room, quantity=3, kind=MovementKind.ISSUED, act=shared, **self._act(at)
        )

    def _correct(self, act: UUID, at: Any) -> None:
        known = list(Act.objects.exclude(kind="corrected").order_by("pk").values_list("pk", flat=True))
        if known:
            store.correct(act=self.chance.choice(known), reason="错", new_act=act, **self._act(at))


@pytest.mark.postgres  # SQLite has one writer at a time
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(6))
def test_ten_devices_at_once_conserve_the_stock(seed: int) -> None:
    here = store_world(f"jinxiu{seed}")
    items = [an_item(here, name) for name in ("面粉", "大米", "油")]
    for item in items:
        for shelf in (here.room, here.gate):
            brought(here, item, 20, shelf=shelf)
    shared = [derived_id(here.community.pk, f"shared-{number}") for number in range(6)]
    devices = [Device(here, items, seed * 100 + number, shared) for number in range(DEVICES)]
    together(device.run for device in devices)
    assert [fault for device in devices for fault in device.faults] == [], (
        "no deadlock, no error but a refusal"
    )
    assert broken() == []
    for item in items:
        assert stock_of(item) == stock_on(item, here.room) + stock_on(item, here.gate) >= 0
    for act in shared:
        assert -sum(Movement.objects.filter(act=act).values_list("quantity", flat=True)) in (0, 3)
    assert Act.objects.filter(pk__in=Movement.objects.values("act")).count() == Act.objects.count()


def together(runs: Any) -> None:
    start = threading.Barrier(DEVICES)
    threads = [threading.Thread(target=run, args=(start,)) for run in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
        assert not thread.is_alive()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(3))
def test_the_last_ten_go_to_ten_of_thirty(turn: int) -> None:
    """Everybody presses at the same instant, three times each: exactly what is there goes out."""
    here = store_world(f"jinxiu{turn}")
    item = an_item(here)
    for _lot in range(5):
        brought(here, item, 2)
    served: list[int] = []

    def press(start: threading.Barrier) -> None:
        try:
            start.wait(20)
            for _time in range(3):
                try:
                    store.take_out(
                        item=item, shelf=here.room, quantity=1, kind=MovementKind.ISSUED, by=here.alice, at=AT
                    )
                except Refusal as refused:
                    assert refused.code == "not-enough"
                else:
                    served.append(1)
        finally:
            connections.close_all()

    together(press for _device in range(DEVICES))
    assert (len(served), stock_of(item), broken()) == (10, 0, [])


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_one_act_pressed_on_ten_screens_is_done_once() -> None:
    here = store_world()
    item = an_item(here)
    for _lot in range(4):
        brought(here, item, 5)
    act, answers = uuid7(), []

    def press(start: threading.Barrier) -> None:
        try:
            start.wait(20)
            rows = store.take_out(
                item=item,
                shelf=here.room,
                quantity=8,
                kind=MovementKind.ISSUED,
                by=here.alice,
                at=AT,
                act=act,
            )
            answers.append(tuple(row.pk for row in rows))
        finally:
            connections.close_all()

    together(press for _device in range(DEVICES))
    assert len(answers) == DEVICES
    assert len(set(answers)) == 1
    assert (stock_of(item), broken()) == (12, [])


class Store(RuleBasedStateMachine):
    """A model of the store beside the store: numbers in a dictionary. Commands come in any order, some of them twice."""

    def __init__(self) -> None:
        super().__init__()
        self.here: Any = None

    @initialize()
    def open_the_store(self) -> None:
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.here = store_world()
        self.item = an_item(self.here)
        self.shelves = {"room": self.here.room, "gate": self.here.gate}
        self.kept = {"room": 0, "gate": 0}
        self.out: dict[UUID, int] = {}
        self.changes: dict[UUID, dict[str, int]] = {}
        self.corrected: set[UUID] = set()

    def teardown(self) -> None:
        if self.here is not None:
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    def _twice(self, again: bool, say: Callable[[], Any], allowed: bool) -> Any:
        answer = None
        for _time in range(2 if again else 1):
            try:
                answer = say()
                assert allowed
            except Refusal:
                assert not allowed
        return answer

    @rule(shelf=st.sampled_from(["room", "gate"]), quantity=st.integers(1, 9), again=st.booleans())
    def bring_in(self, shelf: str, quantity: int, again: bool) -> None:
        act = uuid7()
        self._twice(
            again, lambda: brought(self.here, self.item, quantity, shelf=self.shelves[shelf], act=act), True
        )
        self.kept[shelf] += quantity
        self.changes[act] = {shelf: quantity}

    @rule(shelf=st.sampled_from(["room", "gate"]), quantity=st.integers(1, 15), again=st.booleans())
    def issue(self, shelf: str, quantity: int, again: bool) -> None:
        act, allowed = uuid7(), quantity <= self.kept[shelf]
        about = {
            "item": self.item,
            "shelf": self.shelves[shelf],
            "quantity": quantity,
            "kind": MovementKind.ISSUED,
        }
        self._twice(again, lambda: store.take_out(by=self.here.alice, at=AT, act=act, **about), allowed)
        if allowed:
            self.kept[shelf] -= quantity
            self.changes[act], self.out[act] = {shelf: -quantity}, quantity

    @rule(quantity=st.integers(1, 9), again=st.booleans(), there=st.booleans())
    def transfer(self, quantity: int, again: bool, there: bool) -> None:
        first, second = ("room", "gate") if there else ("gate", "room")
        act, allowed = uuid7(), quantity <= self.kept[first]
        about = {
            "from_shelf": self.shelves[first],
            "to_shelf": self.shelves[second],
            "quantity": quantity,
            "act": act,
        }
        self._twice(
            again, lambda: store.transfer(item=self.item, by=self.here.alice, at=AT, **about), allowed
        )
        if allowed:
            self.kept[first] -= quantity
            self.kept[second] += quantity
            self.changes[act] = {first: -quantity, second: quantity}

    @rule(which=st.integers(0, 50), quantity=st.integers(1, 9), again=st.booleans())
    def give_back(self, which: int, quantity: int, again: bool) -> None:
        if not self.out:
            return
        slip = list(self.out)[which % len(self.out)]
        row = Movement.objects.filter(act=slip).order_by("pk").first()
        assert row is not None
        left = -row.quantity - sum(row.returned.values_list("quantity", flat=True))
        act, allowed = uuid7(), quantity <= left and slip not in self.corrected
        self._twice(
            again,
            lambda: store.bring_back(movement=row, quantity=quantity, by=self.here.alice, at=AT, act=act),
            allowed,
        )
        if allowed:
            shelf = "room" if row.shelf_id == self.here.room.pk else "gate"
            self.kept[shelf] += quantity
            self.out[slip] -= quantity

    @rule(which=st.integers(0, 50), again=st.booleans())
    def correct(self, which: int, again: bool) -> None:
        if not self.changes:
            return
        wrong = list(self.changes)[which % len(self.changes)]
        issued = -sum(n for n in self.changes[wrong].values())
        came_back = wrong in self.out and self.out[wrong] != issued
        act = uuid7()
        try:
            for _time in range(2 if again else 1):
                store.correct(act=wrong, reason="错", by=self.here.alice, at=AT, new_act=act)
        except Refusal as refused:
            if refused.code == "not-enough":  # what came in by it has gone
                assert any(n > 0 for n in self.changes[wrong].values())
            else:
                assert wrong in self.corrected or came_back
            return
        assert wrong not in self.corrected and not came_back
        self.corrected.add(wrong)
        for shelf, number in self.changes[wrong].items():
            self.kept[shelf] -= number

    @rule(quantity=st.integers(1, 5), which=st.integers(0, 9))
    def split(self, quantity: int, which: int) -> None:
        lots = list(
            Lot.objects.filter(balances__quantity__gt=0, balances__shelf=self.here.room)
            .order_by("pk")
            .distinct()
        )
        if not lots:
            return
        lot = lots[which % len(lots)]
        there = Balance.objects.get(lot=lot, shelf=self.here.room).quantity
        about = {"lot": lot, "shelf": self.here.room, "quantity": quantity, "by": self.here.alice, "at": AT}
        self._twice(False, lambda: store.split_lot(**about), quantity <= there)

    @invariant()
    def the_store_is_what_was_said(self) -> None:
        if self.here is not None:
            assert stock_of(self.item) == sum(self.kept.values())
            assert {name: stock_on(self.item, shelf) for name, shelf in self.shelves.items()} == self.kept
            assert broken() == []


@pytest.mark.both
@pytest.mark.django_db
def test_the_store_against_a_model_of_it() -> None:
    run_state_machine_as_test(
        Store,
        settings=settings(
            max_examples=25, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
