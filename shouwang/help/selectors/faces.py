"""What other pages show of requests: Today, the wall, the household file, the place page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from shouwang.core.registry import Cell, Figure, TodayItem
from shouwang.core.scope import Scope
from shouwang.help.models import HotlineTicket
from shouwang.help.selectors.board import BoardRow, needing_rows
from shouwang.help.selectors.emergency import green_channel
from shouwang.help.selectors.evening import beginning_of, signed_communities
from shouwang.help.selectors.figures import closed_on_day, open_life_count
from shouwang.help.selectors.requests import reoffers_waiting, requests_for, requests_of_household
from shouwang.help.selectors.tickets import SOON as TICKET_SOON
from shouwang.help.selectors.tickets import tickets_for
from shouwang.help.states import (
    OPEN_STATES,
    UNTAKEN_STATES,
    RequestState,
    TicketState,
    Urgency,
    Verified,
)

MOST_ITEMS = 40
# When the day is to be gone through.
EVENING = timedelta(hours=18)


def today_items(scope: Scope, at: datetime) -> list[TodayItem]:
    """What of the requests needs this reader now: one item a request, for its most pressing reason."""
    if not scope.can("help.see"):
        return []
    rows, more, back = _needing(scope, at)
    items = [item for row in rows if (item := _item(row, back)) is not None]
    return [*items, *([_more_item(more, at)] if more else [])]


def _needing(scope: Scope, at: datetime) -> tuple[list[BoardRow], int, set[UUID]]:
    """What needs somebody, how many more, and which of them were given back; the queue and the figures both ask."""

    def ask() -> tuple[list[BoardRow], int, set[UUID]]:
        back = {row.request_id for row in reoffers_waiting(scope)}
        return (*needing_rows(scope, at, back, MOST_ITEMS), back)

    return scope.once("help.needing", ask)


def _more_item(more: int, at: datetime) -> TodayItem:
    """That the list is longer than what is shown: nobody may think it is all."""
    return TodayItem(
        key="help:more",
        tone="need",
        rank=4,
        title=ngettext(
            "%(number)s more request needs somebody", "%(number)s more requests need somebody", more
        )
        % {"number": f"{more:,}"},
        small="",
        action=_("Open the board"),
        url=reverse("help:board") + "?show=mine",
        since=at,
    )


def _item(row: BoardRow, back: set[UUID]) -> TodayItem | None:
    request = row.request
    if row.life and request.state != RequestState.DONE:
        return _life_item(row)
    small = " · ".join(part for part in (row.door, row.who) if part)
    if request.rung_out_at is not None:
        return _made(
            row, "need", 1, _("nobody is left to tell: please ring"), _("Whom to ring"), anchor="#ring"
        )
    if request.pk in back:
        return _made(row, "need", 1, _("to be offered again"), _("Give to somebody"))
    if row.late:
        word = _("nobody has taken it on in time") if request.state in UNTAKEN_STATES else _("late")
        return _made(row, "need", 1, f"{small} · {word}", _("Give to somebody"))
    if request.verified == Verified.NO and request.state in UNTAKEN_STATES:
        return _made(row, "need", 3, f"{small} · {_('not verified yet')}", _("Verify"))
    if request.state in UNTAKEN_STATES:
        return _made(row, "need", 3, small, _("Give to somebody"))
    if request.state == RequestState.DONE:
        return _made(row, "calm", 4, small, _("Ask whether it is right"))
    return None


def _life_item(row: BoardRow) -> TodayItem:
    checklist = green_channel(row.request, row.request.green_steps.all())
    steps = [f"{step.label} {_clock(step.done.at)}" for step in checklist if step.done is not None]
    beside = [*steps[:1], row.who]
    small = " · ".join(part for part in (row.door, *beside) if part)
    return _made(
        row, "danger", 0, small, _("Green channel"), url=reverse("help:emergency", args=[row.request.pk])
    )


def _clock(at: datetime) -> str:
    return f"{localtime(at):%H:%M}"


def _made(
    row: BoardRow, tone: str, rank: int, small: str, action: str, anchor: str = "", url: str = ""
) -> TodayItem:
    request = row.request
    return TodayItem(
        key=f"help:{request.pk}",
        tone=tone,
        rank=rank,
        title=f"{request.spoken_number} {request.title}",
        small=small,
        action=action,
        url=url or reverse("help:request", args=[request.pk]) + anchor,
        since=request.received_at,
    )


def ticket_items(scope: Scope, at: datetime) -> list[TodayItem]:
    """Hotline's tickets that are late, due within four hours, or answered and not rung back. One question."""
    if not scope.can("help.tickets"):
        return []
    pressing = tickets_for(scope).filter(
        Q(state=TicketState.OPEN, due_at__lte=at + TICKET_SOON) | Q(state=TicketState.REPLIED)
    )
    return [_ticket_item(ticket, at) for ticket in pressing.order_by("due_at")[:MOST_ITEMS]]


def _ticket_item(ticket: HotlineTicket, at: datetime) -> TodayItem:
    answered = ticket.state == TicketState.REPLIED
    late = ticket.is_late(at)
    return TodayItem(
        key=f"ticket:{ticket.pk}",
        tone="need" if late or not answered else "calm",
        rank=1 if late else 3,
        title=_("Hotline %(number)s") % {"number": ticket.number},
        small=_("the deadline is over") if late else "" if answered else _("to be answered soon"),
        action=_("Ring back") if answered else _("Answer it"),
        url=reverse("help:ticket", args=[ticket.pk]),
        since=ticket.received_at,
    )


def evening_items(scope: Scope, at: datetime) -> list[TodayItem]:
    """From 18:00 until somebody has signed: the day is to be gone through. One question, and only in the evening."""
    mine = scope.ids("help.sign_off", "community_id")
    if not mine or localtime(at).hour < EVENING.seconds // 3600:
        return []
    day = localtime(at).date()
    return [
        TodayItem(
            key=f"help:evening:{community_id}",
            tone="calm",
            rank=3,
            title=_("The evening's count is not signed off"),
            small="",
            action=_("Go through the day"),
            url=f"{reverse('help:evening')}?community={community_id}",
            since=beginning_of(day, str(localtime(at).tzinfo)) + EVENING,
        )
        for community_id in sorted(mine - signed_communities(mine, day))
    ]


def life_figure(scope: Scope, at: datetime) -> Figure | None:
    """Open dangers to life; nothing red when there is none."""
    if not scope.can("help.see"):
        return None
    number = open_life_count(scope)
    small = ""
    if number:
        first = next((row for row in _needing(scope, at)[0] if row.life), None)
        small = f"{first.door} · {first.who}" if first is not None else ""
    return Figure(
        _("Danger to life"), number, reverse("help:board") + "?show=mine", small=small,
        tone="danger" if number else "calm",
    )  # fmt: skip


def closed_figure(scope: Scope, at: datetime) -> Figure | None:
    """Requests closed today, of those that were open today."""
    if not scope.can("help.see"):
        return None
    closed, waiting, whole = closed_on_day(scope, at)
    small = _("%(number)s wait for residents") % {"number": waiting} if waiting else ""
    return Figure(
        _("Requests closed today"), closed, reverse("help:board") + "?show=all", of=whole, small=small
    )


# The wall

LENS_LOOKS = {
    "life": ("danger", "!", gettext_lazy("danger to life")),
    "untaken": ("need", "·", gettext_lazy("waiting for somebody")),
    "in_hand": ("visit", "↑", gettext_lazy("taken on")),
    "done": ("calm", "✓", gettext_lazy("done, to be confirmed")),
}
_ORDER = tuple(LENS_LOOKS)


def request_cells(community_id: UUID, scope: Scope, at: datetime) -> Mapping[UUID, Cell]:
    """Doors with open requests; the most pressing one gives the mark."""
    rows = (
        requests_for(scope)
        .filter(community_id=community_id, state__in=OPEN_STATES, dwelling__isnull=False)
        .select_related(None)
    )
    found: dict[UUID, str] = {}
    for dwelling_id, state, urgency in rows.values_list("dwelling_id", "state", "urgency"):
        look = _look(state, urgency)
        before = found.get(dwelling_id)
        if before is None or _ORDER.index(look) < _ORDER.index(before):
            found[dwelling_id] = look
    return {dwelling_id: Cell(*LENS_LOOKS[look]) for dwelling_id, look in found.items()}


def _look(state: str, urgency: str) -> str:
    if state == RequestState.DONE:
        return "done"
    if urgency == Urgency.LIFE:
        return "life"
    return "untaken" if state in UNTAKEN_STATES else "in_hand"


# Sections


def household_section(household_id: UUID, scope: Scope, at: datetime) -> Mapping[str, Any] | None:
    """The household's requests, newest first."""
    if not scope.can("help.see"):
        return None
    found = requests_of_household(scope, household_id).select_related(None)
    return {"requests": list(found[:20]), "now": at}


def place_section(place_id: UUID, scope: Scope, at: datetime) -> Mapping[str, Any] | None:
    """Open requests at or below the place."""
    if not scope.can("help.see"):
        return None
    here = Q(community_id=place_id) | Q(grid_id=place_id) | Q(building_id=place_id) | Q(stairwell_id=place_id)
    found = requests_for(scope).filter(here, state__in=OPEN_STATES).select_related(None)
    found = found.order_by("-received_at")
    return {"requests": list(found[:20]), "open": found.count(), "now": at}
