"""What a volunteer has in hand of this room, for the field app; and what somebody was told of and nobody has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from shouwang.core.registry import WorkItem, pages
from shouwang.core.scope import Grant, ObjectGrant
from shouwang.help.models import Assignment, HelpRequest, Told
from shouwang.help.selectors.labels import doors_of
from shouwang.help.states import (
    LIVE_ASSIGNMENTS,
    OPEN_STATES,
    UNTAKEN_STATES,
    AssignmentState,
    Category,
    RequestState,
    Urgency,
)

RANKS = {Urgency.LIFE: 0, Urgency.TODAY: 2, Urgency.NORMAL: 3}
# Told longer ago than this, a request that nobody took is the desk's matter, not the phone's.
TOLD_SHOWN = timedelta(hours=24)


def work_for(user: Any, at: datetime) -> list[WorkItem]:
    """Offers and what is in hand, danger first; then requests this user was told of and nobody has taken."""
    mine = list(
        Assignment.objects.filter(
            volunteer__user=user, state__in=LIVE_ASSIGNMENTS, request__state__in=OPEN_STATES
        )
        .exclude(request__state=RequestState.DONE)
        .select_related("request__dwelling__place", "request__place")
    )
    in_hand = {assignment.request_id for assignment in mine}
    told = [r for r in told_requests(user, at) if r.pk not in in_hand]
    doors = doors_of([assignment.request for assignment in mine] + told)
    items = [_item(a.request, doors, at, asked=a.state == AssignmentState.OFFERED) for a in mine]
    items += [_item(request, doors, at, asked=True) for request in told]
    return sorted(items, key=lambda item: (item.rank, not item.waiting_for_me, str(item.due_at)))


def told_requests(user: Any, at: datetime) -> QuerySet[HelpRequest]:
    """Requests this user was told of that nobody has taken on yet."""
    since = at - TOLD_SHOWN
    told = Told.objects.filter(user=user, at__gte=since, request__state__in=UNTAKEN_STATES)
    return (
        HelpRequest.objects.filter(pk__in=told.values("request_id"))
        .select_related("dwelling__place", "place")
        .order_by("received_at")
    )


def _item(request: HelpRequest, doors: dict[Any, str], at: datetime, *, asked: bool) -> WorkItem:
    life = request.urgency == Urgency.LIFE
    late = request.is_overdue(at)
    return WorkItem(
        key=f"help:{request.pk}",
        kind="help.request",
        title=request.title,
        door=doors[request.pk],
        small=" · ".join(_small(request)),
        url=_url(request),
        rank=0 if life else 1 if late else RANKS[Urgency(request.urgency)],
        tone="danger" if life else "need" if late or request.urgency == Urgency.TODAY else "calm",
        tags=_tags(request, life),
        due_at=request.accept_due_at if asked else request.finish_due_at,
        waiting_for_me=asked,
        subject=request.pk,
        acts=("help.take",) if asked else ("help.start", "help.attempt", "help.finish"),
    )


def _small(request: HelpRequest) -> Sequence[str]:
    parts = [request.spoken_number]
    place = request.dwelling.place if request.dwelling is not None else request.place
    if place is not None:
        lift = (
            request.dwelling.lift
            if request.dwelling is not None and request.dwelling.lift is not None
            else None
        )
        parts.append(_("lift") if (place.has_lift if lift is None else lift) else _("no lift"))
    if request.weight_kg:
        parts.append(f"{request.weight_kg}\N{NO-BREAK SPACE}kg")
    return parts


def _tags(request: HelpRequest, life: bool) -> tuple[Any, ...]:
    tags: list[Any] = [Category(request.category).label]
    if life or request.urgency == Urgency.TODAY:
        tags.insert(0, Urgency(request.urgency).label)
    if request.to_door:
        tags.append(_("to the door"))
    return tuple(tags)


def _url(request: HelpRequest) -> str:
    for code in ("field.request", "help.request"):
        entry = pages.find(code)
        try:
            if entry is not None:
                return reverse(entry.url_name, kwargs={"request_id": request.pk})
        except NoReverseMatch:
            continue
    return ""


def grants_of_tellings(user: Any, at: datetime) -> tuple[Sequence[Grant], Sequence[ObjectGrant]]:
    """Whoever was told of a danger to life that nobody has taken may open it: the door and the name, no more."""
    told = Told.objects.filter(
        user=user,
        request__urgency=Urgency.LIFE,
        request__state__in=UNTAKEN_STATES,
        request__confidential=False,
    )
    ids = told.values_list("request_id", flat=True)
    return [], [ObjectGrant("help.request", pk, frozenset({"name", "door"}), "told") for pk in ids]
