"""Ending: confirmed, not right, closed by the desk, withdrawn; and opening again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.audit import write_audit
from shouwang.core.errors import Conflict, Refusal
from shouwang.help.models import HelpRequest
from shouwang.help.rules import due_times, target_of
from shouwang.help.selectors.targets import targets_at
from shouwang.help.services.dispatch import end_assignment, wait_again
from shouwang.help.services.orders import lock_list_of, request_is_over
from shouwang.help.services.record import (
    add_event,
    change_columns,
    leave_due,
    lock_open_request,
    lock_request,
    move_request,
)
from shouwang.help.states import LIVE_ASSIGNMENTS, AssignmentState, EventKind, RequestState


def confirm_request(
    *, request: HelpRequest, by: Actor, at: datetime | None = None, right: bool = True, words: str = ""
) -> HelpRequest:
    """The resident says that it is right, which closes it; or that something is not, which opens it again."""
    at = at or clock.now()
    with transaction.atomic():
        lock_list_of(request)
        locked = lock_open_request(request)
        if locked.state != RequestState.DONE:
            raise Conflict("not-done-yet", _("This is not done yet, so there is nothing to confirm."))
        if right:
            add_event(locked, EventKind.CONFIRMED, by=by, at=at, text=words)
            write_audit("help.request.confirmed", by=by, at=at, subject=locked)
            _over(locked, RequestState.CLOSED, EventKind.CLOSED, by=by, at=at)
        else:
            add_event(locked, EventKind.NOT_RIGHT, by=by, at=at, text=words)
            write_audit("help.request.not_right", by=by, at=at, subject=locked)
            _begin_again(locked, at)
        return locked


def close_request(
    *, request: HelpRequest, by: Actor, at: datetime | None = None, reason: str = ""
) -> HelpRequest:
    """The desk closes it, from any open state; before it is done with a reason."""
    at = at or clock.now()
    with transaction.atomic():
        lock_list_of(request)
        locked = lock_open_request(request)
        if locked.state != RequestState.DONE and not reason.strip():
            raise Refusal("reason-missing", _("Write why it is closed before it was done."), field="reason")
        _over(locked, RequestState.CLOSED, EventKind.CLOSED, by=by, at=at, words=reason)
        write_audit("help.request.closed", by=by, at=at, subject=locked)
        return locked


def withdraw_request(
    *, request: HelpRequest, by: Actor, at: datetime | None = None, words: str = ""
) -> HelpRequest:
    """It is not needed any more, the asker says."""
    at = at or clock.now()
    with transaction.atomic():
        lock_list_of(request)
        locked = lock_open_request(request)
        _over(locked, RequestState.WITHDRAWN, EventKind.WITHDRAWN, by=by, at=at, words=words)
        write_audit("help.request.withdrawn", by=by, at=at, subject=locked)
        return locked


def _over(request: HelpRequest, to: str, event: str, *, by: Actor, at: datetime, words: str = "") -> None:
    """Ends the request with everything that hangs on it: assignments, commitments, its due row."""
    move_request(request, to, closed_at=at, rung_out_at=None)
    for assignment in request.assignments.filter(state__in=LIVE_ASSIGNMENTS):
        end = (
            AssignmentState.DONE if assignment.state == AssignmentState.ACCEPTED else AssignmentState.RELEASED
        )
        end_assignment(assignment, end, by=by, at=at)
    leave_due(request)
    add_event(request, event, by=by, at=at, text=words)
    request_is_over(request, by=by, at=at)


def reopen_request(
    *, request: HelpRequest, by: Actor, at: datetime | None = None, reason: str = ""
) -> HelpRequest:
    """Something is still to be done: back in the queue, with the same number and new targets."""
    at = at or clock.now()
    with transaction.atomic():
        locked = lock_request(request)
        if locked.state != RequestState.CLOSED:
            raise Conflict("not-closed", _("Only what is closed can be opened again."))
        add_event(locked, EventKind.REOPENED, by=by, at=at, text=reason)
        write_audit("help.request.reopened", by=by, at=at, subject=locked)
        _begin_again(locked, at)
        return locked


def _begin_again(request: HelpRequest, at: datetime) -> None:
    wait_again(request, at)
    override = targets_at(request.place, request.dwelling, request.category, at)
    _accept, finish_due = due_times(target_of(request.category, request.urgency, override), at)
    change_columns(request, finish_due_at=finish_due, done_at=None, closed_at=None, accepted_at=None)
