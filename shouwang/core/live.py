"""Live pages: has anything changed in my places since position N? Polling by the audit's order."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import reduce, wraps
from operator import and_, or_
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpResponse

from shouwang.core.access import View
from shouwang.core.audit import SCOPE_COLUMNS, anything_after, changes_after
from shouwang.core.models import AuditEntry
from shouwang.core.registry import veils
from shouwang.core.scope import Scope

# Seconds for which it is remembered where somebody looks, and for how many people.
WATCHED = 10.0
MOST_KEPT = 10_000
LONGEST_POSITION = 18
_kept: dict[UUID, tuple[float, Q | None]] = {}


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
    watched = visible_entries(scope)
    if scope.user is not None:
        _keep(scope.user.pk, watched)
    return _changed(watched, after, rooms)


def _changed(watched: Q, after: int, rooms: Sequence[str]) -> bool:
    rows = AuditEntry.objects.filter(watched)
    if rooms:
        rows = rows.filter(reduce(or_, (Q(kind__startswith=f"{room}.") for room in rooms)))
    return anything_after(after, rows)


def asks_again(*rooms: str) -> Callable[[View], View]:
    """For a page that renews itself: while nothing has changed where its reader looks, it is answered by 204 before
    anything else is worked out. A thousand desks ask every five seconds.

    What a reader may look at is worked out anew every WATCHED seconds; a page that has something new is made with the
    scope as it is then.
    """

    def declare(view: View) -> View:
        @wraps(view)
        def answer(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            after = request.GET.get("after", "")
            if _is_position(after) and request.user.is_authenticated:
                watched = _watched_by(request.user.pk)
                if watched is not None and not _changed(watched, int(after), rooms):
                    return HttpResponse(status=204)
            return view(request, *args, **kwargs)  # type: ignore[no-any-return]

        return answer  # type: ignore[return-value]

    return declare


def _is_position(said: str) -> bool:
    return said.isascii() and said.isdigit() and len(said) <= LONGEST_POSITION


def _watched_by(user_id: UUID) -> Q | None:
    since, watched = _kept.get(user_id, (0.0, None))
    return watched if time.monotonic() - since < WATCHED else None


def _keep(user_id: UUID, watched: Q) -> None:
    if len(_kept) >= MOST_KEPT:
        _kept.clear()
    if _watched_by(user_id) is None:
        _kept[user_id] = (time.monotonic(), watched)


def changes_for(scope: Scope, after: int, limit: int) -> list[AuditEntry]:
    """What was committed after `after` within the scope, in commit order, each row with its `.position`."""
    return changes_after(after, AuditEntry.objects.filter(tellable_entries(scope)), limit=limit)


def entries_for(scope: Scope) -> QuerySet[AuditEntry]:
    """The acts within the scope, newest first."""
    return AuditEntry.objects.filter(tellable_entries(scope)).order_by("-id")
