"""Rows inserted in one go stand exactly as Django's own way writes them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from shouwang.core.bulk import insert_many
from shouwang.core.ids import uuid7
from shouwang.core.models import AuditEntry, DueRow, Purpose

AT = datetime(2026, 2, 20, 1, 30, 15, 123456, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.both]


def raw(table: str, order: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}" ORDER BY {order}')
        return [tuple(row) for row in cursor.fetchall()]


def due(key: str) -> DueRow:
    return DueRow(
        kind="core.seal", key=key, subject_id=uuid7(), due_at=AT, lane="clock", claimed_until=None,
        payload={"词": ["一\t二\n三\\", None, 1.5, True]}, last_error="制表\t换行\n反斜\\N",
    )  # fmt: skip


def test_the_same_rows_as_bulk_create() -> None:
    rows = [due(f"k{number}") for number in range(50)]
    insert_many(rows)
    fast = raw("core_duerow", "key")
    assert all(not row._state.adding for row in rows)
    DueRow.objects.all().delete()
    DueRow.objects.bulk_create(rows)
    assert raw("core_duerow", "key") == fast
    assert DueRow.objects.get(key="k7").payload == rows[7].payload


def test_keys_that_the_database_numbers_are_left_to_it() -> None:
    entries = [
        AuditEntry(at=AT, kind="x", actor_kind="clock", source="web", payload={"n": number}, payload_hash="0" * 64)
        for number in range(3)
    ]  # fmt: skip
    insert_many(entries)
    assert [entry.payload["n"] for entry in AuditEntry.objects.filter(kind="x").order_by("id")] == [0, 1, 2]


def test_all_or_nothing() -> None:
    purpose = Purpose(code="incident", subject_id=uuid7(), began_at=AT, days=3)
    before = Purpose.objects.count()
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_many([purpose, purpose])
    assert Purpose.objects.count() == before
    insert_many([])
