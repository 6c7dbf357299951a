"""A request as its resident sees it: the state in words, never who was told or why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from shouwang.help.models import HelpRequest, RequestEvent
from shouwang.help.states import LIVE_ASSIGNMENTS, AssignmentState, EventKind, RequestState, Urgency

STEPS = {
    RequestState.NEW: 1,
    RequestState.OFFERED: 1,
    RequestState.ACCEPTED: 2,
    RequestState.UNDER_WAY: 3,
    RequestState.DONE: 4,
    RequestState.CLOSED: 5,
    RequestState.WITHDRAWN: 5,
}
LAST_STEP = 5


@dataclass(frozen=True)
class Told:
    """One line of what has happened."""

    at: datetime
    words: str


def change_mark(request: HelpRequest) -> int:
    """A number that grows whenever the resident's page changes: the last line of the timeline."""
    last = request.events.filter(private=False).order_by("-id").values_list("id", flat=True).first()
    return int(last or 0)


def status_for_resident(request: HelpRequest) -> dict[str, Any]:
    """What the private link shows, as template values."""
    names = _who_helps(request)
    headline, subline = _now(request, names)
    return {
        "number": request.spoken_number,
        "title": request.title,
        "headline": headline,
        "subline": subline,
        "step": STEPS[RequestState(request.state)],
        "steps": LAST_STEP,
        "is_open": request.is_open(),
        "may_confirm": request.state == RequestState.DONE,
        "lines": [line_words(line) for line in request.lines.order_by("order")],
        "events": _events(request),
    }


def _who_helps(request: HelpRequest) -> list[str]:
    taken = request.assignments.filter(state__in=[*LIVE_ASSIGNMENTS, AssignmentState.DONE]).exclude(
        state=AssignmentState.OFFERED
    )
    return [
        assignment.volunteer.user.name
        for assignment in taken.select_related("volunteer__user").order_by("accepted_at")
    ]


def _now(request: HelpRequest, names: list[str]) -> tuple[str, str]:
    who = _(", ").join(names)
    danger = request.urgency == Urgency.LIFE
    if request.state in (RequestState.NEW, RequestState.OFFERED):
        return _waiting(request, danger=danger)
    if request.state == RequestState.ACCEPTED:
        return _("%(who)s has taken it on") % {"who": who}, _("You will see here when they set out.")
    if request.state == RequestState.UNDER_WAY:
        return _("%(who)s is on the way") % {"who": who}, ""
    if request.state == RequestState.DONE:
        return _("%(who)s says it is done") % {"who": who}, _("Please look whether everything is right.")
    if request.state == RequestState.WITHDRAWN:
        return _("Taken back"), _("If you need it after all, scan the code again.")
    return _("Closed"), _("Take care. If something is not right, ring the desk and say the number.")


def _waiting(request: HelpRequest, *, danger: bool) -> tuple[str, str]:
    if danger:
        return (
            _("A person has seen it") if request.seen_at else _("Everybody near is being called"),
            _("If it gets worse, ring 120 at once. Leave the door unlocked if you can."),
        )
    if request.seen_at:
        return _("A person has seen it"), _("Somebody is being found for it.")
    return _("It has arrived"), _("Nobody has read it yet; you will see it here when somebody has.")


def _events(request: HelpRequest) -> list[Told]:
    shown = request.events.filter(private=False).select_related("by").order_by("id")
    return [Told(event.at, _words(event)) for event in shown]


def _words(event: RequestEvent) -> str:
    who = event.by.name if event.by else ""
    sentences = {
        EventKind.RECEIVED: _("Arrived"),
        EventKind.VERIFIED: _("Confirmed with you"),
        EventKind.SEEN: _("Seen by a person"),
        EventKind.ACCEPTED: _("%(who)s has taken it on"),
        EventKind.STARTED: _("%(who)s has set out"),
        EventKind.DONE: _("%(who)s: done"),
        EventKind.CONFIRMED: _("You said: all right"),
        EventKind.NOT_RIGHT: _("You said: something is not right"),
        EventKind.CLOSED: _("Closed"),
        EventKind.REOPENED: _("Opened again"),
        EventKind.WITHDRAWN: _("Taken back"),
    }
    return sentences.get(EventKind(event.kind), str(EventKind(event.kind).label)) % {"who": who}


def line_words(line: Any) -> str:
    """A line as people say it: 土豆 5斤; with its note."""
    amount = "" if line.quantity is None else f" {plain_number(line.quantity)}{line.unit}"
    note = f" ({line.note})" if line.note else ""
    return f"{line.name}{amount}{note}"


def plain_number(value: Decimal) -> str:
    """A quantity without trailing zeros: 5, 0.5."""
    return format(value.normalize(), "f")
