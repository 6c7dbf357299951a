"""The request board: one row a request, most pressing first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouwang.core.scope import Scope
from shouwang.help.models import Assignment, HelpRequest
from shouwang.help.rules import SOON
from shouwang.help.selectors.labels import doors_of
from shouwang.help.selectors.requests import requests_for, search_requests
from shouwang.help.states import (
    LIVE_ASSIGNMENTS,
    OPEN_STATES,
    UNTAKEN_STATES,
    URGENCY_RANK,
    AssignmentState,
    RequestState,
    Urgency,
    Verified,
)

FILTERS = {
    "mine": gettext_lazy("mine to mind"),
    "nobody": gettext_lazy("nobody's"),
    "soon": gettext_lazy("soon late"),
    "unverified": gettext_lazy("to be verified"),
    "done": gettext_lazy("to be confirmed by residents"),
    "all": gettext_lazy("all"),
}
# Not offered on the board, where they stand first anyway: what Today's figure names.
LIFE = "life"
# Closed ones stay on the list 'all' so long.
CLOSED_SHOWN = timedelta(days=7)
MOST = 300


@dataclass(frozen=True)
class BoardRow:
    """`due_at` what counts now: to be taken on, or to be finished; None when nothing is due any more."""

    request: HelpRequest
    door: str
    who: str
    who_tone: str
    due_at: datetime | None
    late: bool
    life: bool

    @property
    def rank(self) -> tuple[bool, int, bool, datetime]:
        request = self.request
        return (
            not request.is_open(), URGENCY_RANK[Urgency(request.urgency)], not self.late,
            self.due_at or request.received_at,
        )  # fmt: skip


def board_rows(
    scope: Scope, at: datetime, show: str = "mine", search: str = "", sort: str = ""
) -> list[BoardRow]:
    """Rows of one filter (or of a search over everything), most pressing first or by a column."""
    found = search_requests(scope, search) if search else _of_filter(scope, at, show)
    rows = _rows(list(_with_people(found)[:MOST]), at)
    if show == "soon" and not search:
        rows = [row for row in rows if row.due_at is not None and row.due_at <= at + SOON]
    return _sorted(rows, sort)


def rows_of(found: QuerySet[HelpRequest], at: datetime) -> list[BoardRow]:
    """All of these as rows of the board, most pressing first."""
    return _sorted(_rows(list(_with_people(found)), at), "")


def _rows(requests: list[HelpRequest], at: datetime) -> list[BoardRow]:
    doors = doors_of(requests)
    return [_row(request, doors[request.pk], at) for request in requests]


def _sorted(rows: list[BoardRow], sort: str) -> list[BoardRow]:
    keys: dict[str, Callable[[BoardRow], Any]] = {
        "number": lambda row: row.request.number,
        "door": lambda row: row.door,
        "due": lambda row: (row.due_at is None, row.due_at or row.request.received_at),
    }
    key = keys.get(sort.lstrip("-"))
    return sorted(rows, key=key or (lambda row: row.rank), reverse=bool(key) and sort.startswith("-"))


def board_counts(scope: Scope, at: datetime) -> dict[str, int]:
    """How many rows each filter has."""
    rows = list(requests_for(scope).filter(state__in=OPEN_STATES).only(
        "state", "accept_due_at", "finish_due_at", "urgency", "verified"
    ).select_related(None))  # fmt: skip
    return {
        "mine": _mine(scope).count(),
        "nobody": sum(row.state in UNTAKEN_STATES for row in rows),
        "soon": sum(_due(row) is not None and _due(row) <= at + SOON for row in rows),  # type: ignore[operator]
        "unverified": sum(row.verified == Verified.NO for row in rows),
        "done": sum(row.state == RequestState.DONE for row in rows),
    }


def _mine(scope: Scope) -> QuerySet[HelpRequest]:
    """Open ones that I may give to somebody, took in, was told of, or have in hand."""
    user = scope.user
    mine = (
        Q(taken_by=user)
        | Q(told__user=user)
        | Q(assignments__volunteer__user=user, assignments__state__in=LIVE_ASSIGNMENTS)
    )
    found = requests_for(scope).filter(state__in=OPEN_STATES)
    return found.filter(scope.q("help.dispatch") | mine).distinct()


def _of_filter(scope: Scope, at: datetime, show: str) -> QuerySet[HelpRequest]:
    found = requests_for(scope)
    opened = found.filter(state__in=OPEN_STATES)
    if show == "mine":
        return _mine(scope)
    if show == LIFE:
        return _mine(scope).filter(urgency=Urgency.LIFE)
    if show == "nobody":
        return opened.filter(state__in=UNTAKEN_STATES)
    if show == "unverified":
        return opened.filter(verified=Verified.NO)
    if show == "done":
        return opened.filter(state=RequestState.DONE)
    if show == "all":
        return found.filter(Q(state__in=OPEN_STATES) | Q(closed_at__gt=at - CLOSED_SHOWN)).order_by(
            "-received_at"
        )
    return opened


def _with_people(found: QuerySet[HelpRequest]) -> QuerySet[HelpRequest]:
    live = Assignment.objects.filter(state__in=LIVE_ASSIGNMENTS).select_related("volunteer__user")
    return found.prefetch_related(
        Prefetch("assignments", queryset=live, to_attr="live"), "green_steps__with_person"
    )


def _due(request: HelpRequest) -> datetime | None:
    if not request.is_open() or request.state == RequestState.DONE:
        return None
    return request.accept_due_at if request.state in UNTAKEN_STATES else request.finish_due_at


def _row(request: HelpRequest, door: str, at: datetime) -> BoardRow:
    who, tone = _who(request, request.live)  # type: ignore[attr-defined]
    return BoardRow(
        request=request,
        door=door,
        who=who,
        who_tone=tone,
        due_at=_due(request),
        late=request.is_overdue(at),
        life=request.urgency == Urgency.LIFE and request.is_open(),
    )


def _who(request: HelpRequest, live: Sequence[Assignment]) -> tuple[str, str]:
    """One name where danger is, else who has it, was asked, or that nobody has."""
    beside = next((s.with_person for s in request.green_steps.all() if s.with_person is not None), None)
    if beside is not None and request.is_open():
        return _("%(name)s is with the person") % {"name": beside.name}, ""
    if not request.is_open() or request.state == RequestState.DONE:
        return str(RequestState(request.state).label), ""
    taken = [row.volunteer.user.name for row in live if row.state == AssignmentState.ACCEPTED]
    if taken:
        word = _("on the way") if request.state == RequestState.UNDER_WAY else _("has taken it on")
        return f"{_('、').join(taken)} {word}", ""
    asked = [row.volunteer.user.name for row in live]
    if asked:
        return _("asked: %(names)s") % {"names": _(", ").join(asked)}, ""
    return (_("nobody: please ring") if request.rung_out_at else _("nobody yet")), "need"
