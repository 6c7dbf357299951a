"""Live pages: has anything changed in my places since position N? Polling by the audit's order."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import and_, or_

from django.db.models import Q, QuerySet

from shouwang.core.audit import SCOPE_COLUMNS, changes_after
from shouwang.core.models import AuditEntry
from shouwang.core.registry import veils
from shouwang.core.scope import Scope


def visible_entries(scope: Scope) -> Q:
    """The filter for audit rows of the places this scope reaches.

    A grant that reads no field class gives counts only: of single acts it shows none.
    """
    found: dict[str, set[object]] = {}
    for grant in scope.grants:
        if grant.column in SCOPE_COLUMNS and grant.classes:
            found.setdefault(grant.column, set()).add(grant.place_id)
    if not found:
        return Q(actor_id=scope.user.pk) if scope.user else Q(pk__in=[])
    return reduce(or_, (Q(**{f"{column}__in": ids}) for column, ids in found.items()))


def tellable_entries(scope: Scope) -> Q:
    """Of these, what may be told of one by one: without what is veiled from the scope."""
    return reduce(and_, (~Q(subject_id__in=veil.hidden(scope)) for veil in veils), visible_entries(scope))


def changed_since(scope: Scope, after: int, rooms: Sequence[str] = ()) -> bool:
    """Whether a row of these rooms (all, when none is named) was committed after `after` within the scope."""
    rows = AuditEntry.objects.filter(visible_entries(scope))
    if rooms:
        rows = rows.filter(reduce(or_, (Q(kind__startswith=f"{room}.") for room in rooms)))
    return bool(changes_after(after, rows, limit=1))


def changes_for(scope: Scope, after: int, limit: int) -> list[AuditEntry]:
    """What was committed after `after` within the scope, in commit order, each row with its `.position`."""
    return changes_after(after, AuditEntry.objects.filter(tellable_entries(scope)), limit=limit)


def entries_for(scope: Scope) -> QuerySet[AuditEntry]:
    """The acts within the scope, newest first."""
    return AuditEntry.objects.filter(tellable_entries(scope)).order_by("-id")
