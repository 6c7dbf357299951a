"""Audit in commit order, its chain; commands applied once; sealed fields bound to their row."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from django.db import connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shouwang.core import audit, sealing
from shouwang.core.actors import OPERATOR, RESIDENT
from shouwang.core.commands import run_once
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.ids import derived_id, uuid7
from shouwang.core.models import AuditEntry, CommandReceipt
from shouwang.core.tests.waiting import wait_for_the_others

AT = datetime(2022, 2, 20, 1, 0, tzinfo=UTC)
KIND = "core.records.erased"


def write(**payload: Any) -> AuditEntry:
    with transaction.atomic():
        return audit.write_audit(KIND, by=OPERATOR, at=AT, **payload)


@pytest.mark.django_db(transaction=True)
@pytest.mark.both
class TestAudit:
    def test_changes_come_in_order_and_once(self) -> None:
        start = audit.position_now()
        for number in range(5):
            write(eraser=f"e{number}", erased=number)
        wait_for_the_others()
        found = audit.changes_after(start)
        assert [row.payload["eraser"] for row in found] == [f"e{number}" for number in range(5)]
        assert audit.changes_after(found[-1].position) == []

    def test_outside_a_transaction_or_unregistered_it_is_a_mistake(self) -> None:
        with pytest.raises(RuntimeError):
            audit.write_audit(KIND, by=OPERATOR, at=AT)
        with pytest.raises(KeyError), transaction.atomic():
            audit.write_audit("core.nothing.happened", by=OPERATOR, at=AT)

    @pytest.mark.postgres  # SQLite has one writer at a time
    def test_a_late_commit_is_not_passed_by(self) -> None:
        start = audit.position_now()
        opened, finish = threading.Event(), threading.Event()

        def slow() -> None:
            try:
                with transaction.atomic():
                    audit.write_audit(KIND, by=OPERATOR, at=AT, eraser="slow", erased=1)
                    opened.set()
                    finish.wait(10)
            finally:
                connections.close_all()

        thread = threading.Thread(target=slow)
        thread.start()
        opened.wait(10)
        write(eraser="quick", erased=1)
        early = [row.payload["eraser"] for row in audit.changes_after(start)]
        cursor = audit.changes_after(start)[-1].position if early else start
        finish.set()
        thread.join()
        wait_for_the_others()
        late = [row.payload["eraser"] for row in audit.changes_after(cursor)]
        assert sorted(early + late) == ["quick", "slow"]


@pytest.mark.django_db
@pytest.mark.both
class TestCommands:
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(st.integers(0, 3), min_size=1, max_size=12))
    def test_applied_n_times_equals_applied_once(self, sent: list[int]) -> None:
        ids = [uuid7() for _number in range(4)]
        effects: list[int] = []
        answers: dict[int, set[str]] = {}
        for number in sent:
            receipt = run_once(
                command_id=ids[number], kind="test", by=RESIDENT, body={"n": number},
                do=lambda number=number: effects.append(number) or {"effect": len(effects)}, at=AT,
            )  # fmt: skip
            answers.setdefault(number, set()).add(str(receipt.answer))
        assert sorted(effects) == sorted(set(sent))
        assert all(len(given) == 1 for given in answers.values()), "the same receipt again"

    def test_another_body_under_the_same_id_is_a_conflict(self) -> None:
        command_id = uuid7()
        run_once(command_id=command_id, kind="t", by=RESIDENT, body={"a": 1}, do=lambda: None, at=AT)
        for body, by in (({"a": 2}, RESIDENT), ({"a": 1}, _Other())):
            with pytest.raises(Conflict):
                run_once(command_id=command_id, kind="t", by=by, body=body, do=lambda: None, at=AT)

    def test_a_refusal_leaves_no_receipt(self) -> None:
        command_id = uuid7()

        def refuse() -> None:
            raise Refusal("no", "no")

        with pytest.raises(Refusal):
            run_once(command_id=command_id, kind="t", by=RESIDENT, body={}, do=refuse, at=AT)
        assert not CommandReceipt.objects.filter(pk=command_id).exists()
        assert (
            run_once(command_id=command_id, kind="t", by=RESIDENT, body={}, do=lambda: 7, at=AT).answer == 7
        )


class _Other:
    pk = uuid7()
    actor_kind = "user"


@pytest.mark.django_db(transaction=True)
@pytest.mark.both
def test_two_hundred_senders_of_one_command_act_once() -> None:
    command_id, effects, failures = uuid7(), [], []

    def act() -> int:
        effects.append(1)
        write(eraser="once", erased=1)
        return len(effects)

    def send() -> None:
        try:
            for _turn in range(20):
                run_once(command_id=command_id, kind="storm", by=RESIDENT, body={"x": 1}, do=act, at=AT)
        except Exception as fault:
            failures.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert AuditEntry.objects.filter(kind=KIND).count() == 1
    assert CommandReceipt.objects.count() == 1


class TestSealing:
    @given(st.text(max_size=200), st.text(min_size=1, max_size=40))
    def test_what_is_sealed_opens_in_its_place_only(self, plain: str, place: str) -> None:
        token = sealing.seal_text(plain, place)
        assert sealing.unseal_text(token, place) == plain
        if plain:
            assert plain not in token or len(plain) < 4
            with pytest.raises(InvalidTag):
                sealing.unseal_text(token, place + "x")

    def test_the_blind_index_is_keyed_and_apart_by_use(self) -> None:
        assert sealing.keyed_hash("a", "1") == sealing.keyed_hash("a", "1")
        assert sealing.keyed_hash("a", "1") != sealing.keyed_hash("b", "1")

    def test_derived_ids_repeat(self) -> None:
        source = uuid7()
        assert derived_id(source, "rule") == derived_id(source, "rule") != derived_id(source, "other")


def test_uuid7_carries_its_time() -> None:
    before = int((datetime.now(UTC) - timedelta(seconds=5)).timestamp() * 1000)
    assert (uuid7().int >> 80) >= before
