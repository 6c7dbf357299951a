"""The clock: rows done once, failures backing off, a crash losing nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from shouwang.core import due
from shouwang.core.ids import uuid7
from shouwang.core.models import AuditEntry, DueRow
from shouwang.core.registry import DueKind, due_kinds

AT = datetime(2022, 2, 20, 1, 0, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.both]


class Killed(BaseException):
    """What kill -9 looks like from inside: nothing catches it."""


@pytest.fixture
def done() -> Iterator[list[tuple[str, datetime]]]:
    heard: list[tuple[str, datetime]] = []

    def handle(row: DueRow, at: datetime) -> datetime | None:
        heard.append((row.key, at))
        if row.payload.get("fail"):
            raise RuntimeError("as asked")
        if row.payload.get("kill"):
            raise Killed
        again = row.payload.get("again")
        return at + timedelta(seconds=again) if again else None

    due_kinds.add(DueKind("core.test", handle))
    yield heard
    due_kinds._entries.pop("core.test")


def test_what_is_due_is_done_in_order_and_what_is_not_waits(done: list[tuple[str, datetime]]) -> None:
    due.schedule("core.test", at=AT + timedelta(seconds=2), key="second")
    due.schedule("core.test", at=AT + timedelta(seconds=1), key="first")
    due.schedule("core.test", at=AT + timedelta(hours=1), key="later")
    now = AT + timedelta(minutes=1)
    while due.do_one("clock", now):
        pass
    assert [key for key, _at in done] == ["first", "second"]
    assert list(DueRow.objects.values_list("key", flat=True)) == ["later"]


def test_the_same_key_is_one_row(done: list[tuple[str, datetime]]) -> None:
    subject = uuid7()
    due.schedule("core.test", at=AT, subject_id=subject)
    due.schedule("core.test", at=AT + timedelta(minutes=5), subject_id=subject)
    assert not due.do_one("clock", AT + timedelta(minutes=1))
    assert DueRow.objects.get(subject_id=subject).due_at == AT + timedelta(minutes=5)


def test_a_failing_row_backs_off_then_waits_for_a_person_and_blocks_nobody(
    done: list[tuple[str, datetime]],
) -> None:
    due.schedule("core.test", at=AT, key="bad", payload={"fail": True})
    due.schedule("core.test", at=AT + timedelta(seconds=1), key="good")
    now = AT + timedelta(seconds=2)
    assert due.do_one("clock", now) and due.do_one("clock", now)
    assert [key for key, _at in done] == ["bad", "good"]
    for _try in range(due.TRIES):
        now += timedelta(minutes=10)
        due.do_one("clock", now)
    bad = DueRow.objects.get(key="bad")
    assert (bad.attempts, bad.last_error, bad.failed_at is not None) == (due.TRIES, "RuntimeError", True)
    assert AuditEntry.objects.filter(kind="core.due.failed").count() == 1
    assert not due.do_one("clock", now + timedelta(days=1))
    assert due.retry_failed(bad.pk, now)
    assert due.do_one("clock", now)


def test_a_row_whose_clock_was_killed_is_done_at_once_by_the_next_one(
    done: list[tuple[str, datetime]],
) -> None:
    row = due.schedule("core.test", at=AT, key="kill", payload={"kill": True})
    with pytest.raises(Killed):
        due.do_one("clock", AT)
    DueRow.objects.filter(pk=row.pk).update(payload={})
    assert due.do_one("clock", AT)
    assert not DueRow.objects.filter(pk=row.pk).exists()


def test_a_row_whose_worker_was_killed_is_done_when_its_lease_is_over(
    done: list[tuple[str, datetime]],
) -> None:
    row = due.schedule("core.test", at=AT, key="kill", payload={"kill": True})
    DueRow.objects.filter(pk=row.pk).update(lane="worker")
    with pytest.raises(Killed):
        due.do_one("worker", AT)
    DueRow.objects.filter(pk=row.pk).update(payload={})
    assert not due.do_one("worker", AT + timedelta(seconds=1)), "its lease still runs"
    assert due.do_one("worker", AT + due.LEASE)
    assert not DueRow.objects.filter(pk=row.pk).exists()


def test_a_row_that_comes_again_is_retimed(done: list[tuple[str, datetime]]) -> None:
    due.schedule("core.test", at=AT, key="daily", payload={"again": 60})
    assert due.do_until(AT + timedelta(seconds=130)) == 3
    assert DueRow.objects.get(key="daily").due_at == AT + timedelta(seconds=180)


def test_two_who_claim_get_different_rows(done: list[tuple[str, datetime]]) -> None:
    due.schedule("core.test", at=AT, key="one")
    first, second = due.claim_next("clock", AT), due.claim_next("clock", AT)
    assert first is not None and second is None


def test_heartbeat_and_lateness(done: list[tuple[str, datetime]]) -> None:
    due.schedule("core.test", at=AT, key="one")
    due.beat("clock", AT + timedelta(seconds=12), done=0)
    assert due.lateness("clock", AT + timedelta(seconds=12)) == 12
    assert due.is_alive("clock", AT + timedelta(seconds=20))
    assert not due.is_alive("clock", AT + timedelta(seconds=60))
