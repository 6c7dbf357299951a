"""Locks that many may hold at once."""

from __future__ import annotations

from typing import TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import QuerySet

M = TypeVar("M", bound=models.Model)


def share_lock(rows: QuerySet[M]) -> list[M]:
    """These rows, which nobody can change before the running transaction ends, though others may read-lock them too.

    Django knows exclusive locks only; on SQLite a writing transaction is alone anyway.
    """
    if connection.vendor != "postgresql":
        return list(rows)
    try:
        sql, params = rows.query.sql_with_params()
    except EmptyResultSet:
        return []
    return list(rows.model._default_manager.raw(f"{sql} FOR SHARE", params))
