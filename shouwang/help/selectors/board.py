"""The request board: one row a request, most pressing first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import (
    Case,
    Count,
    DateTimeField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouwang.core.scope import Scope
from shouwang.help.models import Assignment, HelpRequest, Told
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
# Closed ones stay on the list 'all' so long.
CLOSED_SHOWN = timedelta(days=7)
A_PAGE = 60
COUNTS = "help.counts"
COLUMNS = {
    "number": ("number",), "due": ("due", "received_at"),
    "door": ("dwelling__place__path", "dwelling__sort_key"),
}  # fmt: skip


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


def board_rows(
    scope: Scope, at: datetime, show: str = "mine", search: str = "", sort: str = "", page: int = 1
) -> list[BoardRow]:
    """A page of one filter, most pressing first or by a column (`number`, `door`, `due`, with - the other way round);
    of a search over everything, the newest of what it finds."""
    if search:
        found = search_requests(scope, search)[:A_PAGE]
    else:
        found = _first(_in_order(_of_filter(scope, at, show), at, sort), A_PAGE, (page - 1) * A_PAGE)
    return _rows(list(_with_people(found)), at)


def board_total(scope: Scope, at: datetime, show: str) -> int:
    """How many rows a filter has on all its pages."""
    counts = board_counts(scope, at)
    if show in counts:
        return counts[show]
    return _of_filter(scope, at, show).select_related(None).order_by().count()


def _in_order(found: QuerySet[HelpRequest], at: datetime, sort: str) -> QuerySet[HelpRequest]:
    column = sort.lstrip("-")
    if column not in COLUMNS:
        return _pressing_first(found, at)
    down = sort.startswith("-")
    keys = [F(key).desc(nulls_last=True) if down else F(key).asc(nulls_last=True) for key in COLUMNS[column]]
    return _with_due(found).order_by(*keys, "pk")


def needing_rows(scope: Scope, at: datetime, back: Collection[UUID], most: int) -> tuple[list[BoardRow], int]:
    """Those of mine that need somebody now, most pressing first, and how many more there are than `most`.

    Danger to life; then nobody left to tell, given back (`back`: their ids) or late; then taken on by nobody; then
    done and not confirmed. What is in hand and in time needs nobody.
    """
    pressing = Q(rung_out_at__isnull=False) | Q(pk__in=back) | Q(due__lte=at)
    needs = Case(
        When(Q(urgency=Urgency.LIFE) & ~Q(state=RequestState.DONE), then=0),
        When(pressing, then=1),
        When(state__in=UNTAKEN_STATES, then=2),
        When(state=RequestState.DONE, then=3),
        output_field=IntegerField(),
    )
    found = _with_due(_mine(scope)).annotate(needs=needs).filter(needs__isnull=False)
    requests = list(_with_people(_first(_pressing_first(found, at, "needs"), most + 1)))
    more = found.count() - most if len(requests) > most else 0
    return _rows(requests[:most], at), more


def _with_due(found: QuerySet[HelpRequest]) -> QuerySet[Any]:
    """With `due`: what counts now, as `_due` says of a row."""
    due = Case(
        When(state__in=UNTAKEN_STATES, then=F("accept_due_at")),
        When(
            state__in=[state for state in OPEN_STATES if state != RequestState.DONE], then=F("finish_due_at")
        ),
        output_field=DateTimeField(),
    )
    return found.annotate(due=due)


def _pressing_first(found: QuerySet[HelpRequest], at: datetime, *before: str) -> QuerySet[HelpRequest]:
    """What is open first, then by urgency, what is late, by when it is due: a cut leaves out what presses least."""
    ranks = [When(urgency=urgency, then=rank) for urgency, rank in URGENCY_RANK.items()]
    ranked: QuerySet[HelpRequest] = _with_due(found).annotate(
        over=Case(When(state__in=OPEN_STATES, then=0), default=1, output_field=IntegerField()),
        urgency_rank=Case(*ranks, default=len(ranks), output_field=IntegerField()),
        in_time=Case(When(due__lte=at, then=0), default=1, output_field=IntegerField()),
        since=Coalesce("due", "received_at"),
    )
    return ranked.order_by(*before, "over", "urgency_rank", "in_time", "since", "pk")


def _first(ordered: QuerySet[HelpRequest], most: int, after: int = 0) -> QuerySet[HelpRequest]:
    """So many of these in their order. They are chosen by what orders them alone: carrying whole rows with their places
    through the sorting of thousands is what takes the time."""
    chosen = ordered.select_related(None).values_list("pk", flat=True)[after : after + most]
    return ordered.filter(pk__in=list(chosen))


def rows_of(found: QuerySet[HelpRequest], at: datetime) -> list[BoardRow]:
    """All of these as rows of the board, most pressing first."""
    return _rows(list(_with_people(_pressing_first(found, at))), at)


def _rows(requests: list[HelpRequest], at: datetime) -> list[BoardRow]:
    doors = doors_of(requests)
    return [_row(request, doors[request.pk], at) for request in requests]


def board_counts(scope: Scope, at: datetime) -> dict[str, int]:
    """How many open requests each filter has, and how many there are (`open`), and with danger to life (`life`).

    One look at all of them, once for a page: the board, its navigation and its figures ask the same.
    """

    def ask() -> dict[str, int]:
        opened = _with_due(requests_for(scope).filter(state__in=OPEN_STATES)).select_related(None)
        return opened.order_by().aggregate(
            open=Count("pk"),
            mine=Count("pk", filter=_is_mine(scope)),
            nobody=Count("pk", filter=Q(state__in=UNTAKEN_STATES)),
            soon=Count("pk", filter=Q(due__lte=at + SOON)),
            unverified=Count("pk", filter=Q(verified=Verified.NO)),
            done=Count("pk", filter=Q(state=RequestState.DONE)),
            life=Count("pk", filter=Q(urgency=Urgency.LIFE) & ~Q(state=RequestState.DONE)),
        )

    return scope.once(COUNTS, ask)


def _mine(scope: Scope) -> QuerySet[HelpRequest]:
    """Open ones that I may give to somebody, took in, was told of, or have in hand."""
    return requests_for(scope).filter(_is_mine(scope), state__in=OPEN_STATES)


def _is_mine(scope: Scope) -> Q:
    user = scope.user
    told = Told.objects.filter(request=OuterRef("pk"), user=user)
    in_hand = Assignment.objects.filter(
        request=OuterRef("pk"), volunteer__user=user, state__in=LIVE_ASSIGNMENTS
    )
    return scope.q("help.dispatch") | Q(taken_by=user) | Exists(told) | Exists(in_hand)


def _of_filter(scope: Scope, at: datetime, show: str) -> QuerySet[HelpRequest]:
    found = requests_for(scope)
    opened = found.filter(state__in=OPEN_STATES)
    if show == "mine":
        return _mine(scope)
    if show == "soon":
        return _with_due(opened).filter(due__lte=at + SOON)
    if show == "nobody":
        return opened.filter(state__in=UNTAKEN_STATES)
    if show == "unverified":
        return opened.filter(verified=Verified.NO)
    if show == "done":
        return opened.filter(state=RequestState.DONE)
    if show == "all":
        return found.filter(Q(state__in=OPEN_STATES) | Q(closed_at__gt=at - CLOSED_SHOWN))
    return opened


def _with_people(found: QuerySet[HelpRequest]) -> QuerySet[HelpRequest]:
    """What a row says of its request; a hundred rows with all that hangs on them would be most of the page's time."""
    live = Assignment.objects.filter(state__in=LIVE_ASSIGNMENTS).select_related("volunteer__user")
    brief = found.select_related(None).select_related("dwelling").defer("words", "needs_skills")
    return brief.prefetch_related(
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
