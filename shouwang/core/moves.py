"""State moves: one table a model says what may follow what; every move is a conditional update."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from shouwang.core.errors import Conflict

M = TypeVar("M", bound=models.Model)


def may_move(table: Mapping[Any, frozenset[Any]], before: str, after: str) -> bool:
    """Whether the table allows the move."""
    return after in table.get(before, frozenset())


def move(row: M, to: str, *, table: Mapping[Any, frozenset[Any]], field: str = "state", **changes: Any) -> M:
    """Moves `row` to state `to`, setting `changes` with it, and answers it refreshed.

    Conflict when the table forbids the move, or when the row is no longer in the state it was read in
    (select_for_update does nothing on SQLite, so the update itself is the lock).
    """
    before = getattr(row, field)
    if not may_move(table, before, to):
        raise Conflict("move-not-allowed", _("This step is not possible any more: the state has changed."))
    updated = type(row)._default_manager.filter(pk=row.pk, **{field: before}).update(**{field: to}, **changes)
    if not updated:
        raise Conflict("moved-meanwhile", _("Somebody else was quicker. Look again before you go on."))
    row.refresh_from_db()
    return row
