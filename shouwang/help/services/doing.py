"""Doing it: set out, try, note, see, finish."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.audit import write_audit
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.files import keep_photo
from shouwang.core.models import StoredFile
from shouwang.help.models import Assignment, Attempt, HelpRequest
from shouwang.help.rules import ACKNOWLEDGED_FOR, CONFIRM_AFTER
from shouwang.help.services.dispatch import end_assignment
from shouwang.help.services.record import (
    actor_id,
    add_event,
    change_columns,
    enter_due,
    lock_open_request,
    lock_request,
    move_request,
)
from shouwang.help.services.telling import send
from shouwang.help.states import (
    IN_HAND_STATES,
    LIVE_ASSIGNMENTS,
    AssignmentState,
    EventKind,
    Outcome,
    RequestState,
    Urgency,
)

# As long as the purpose "file.proof" says, counted from the taking: never longer than what it promises.
PHOTO_LIVES = timedelta(days=30)
# However many were told of a danger to life: an added word does not go out to all of them.
MOST_TOLD = 6


def acknowledge_request(*, request: HelpRequest, at: datetime) -> None:
    """A sign that somebody is acting on a danger to life: the word given lasts 30 minutes from here."""
    if request.urgency == Urgency.LIFE and request.acknowledged_at is not None:
        change_columns(request, acknowledged_at=at)
        enter_due(request, at + ACKNOWLEDGED_FOR)


def start_request(
    *, request: HelpRequest, by: Actor, at: datetime | None = None, assignment: Assignment | None = None
) -> HelpRequest:
    """Somebody has set out. A second volunteer setting out is noted as well."""
    at = at or clock.now()
    with transaction.atomic():
        locked = lock_open_request(request)
        if locked.state not in IN_HAND_STATES:
            raise Conflict("nobody-has-it", _("Nobody has taken this on yet."))
        if locked.state == RequestState.ACCEPTED:
            move_request(locked, RequestState.UNDER_WAY)
        mine = locked.assignments.filter(state=AssignmentState.ACCEPTED, started_at__isnull=True)
        user_id = actor_id(by)
        if assignment is not None or user_id is not None:
            own = {"pk": assignment.pk} if assignment is not None else {"volunteer__user_id": user_id}
            mine.filter(**own).update(started_at=at)
        acknowledge_request(request=locked, at=at)
        add_event(locked, EventKind.STARTED, by=by, at=at)
        write_audit("help.request.started", by=by, at=at, subject=locked)
        return locked


def record_attempt(
    *, request: HelpRequest, outcome: str, by: Any, at: datetime | None = None, note: str = ""
) -> Attempt:
    """What was tried and how it went (scene D9): nobody in, did not want it now, could not be had ..."""
    at = at or clock.now()
    if outcome not in Outcome.values:
        raise Refusal("outcome-unknown", _("Choose how it went."), field="outcome")
    with transaction.atomic():
        locked = lock_open_request(request)
        attempt = Attempt.objects.create(request=locked, by=by, at=at, outcome=outcome, note=note)
        acknowledge_request(request=locked, at=at)
        add_event(locked, EventKind.ATTEMPT, by=by, at=at, code=outcome, text=note)
        write_audit("help.request.attempted", by=by, at=at, subject=locked, outcome=outcome)
        return attempt


def add_note(*, request: HelpRequest, text: str, by: Actor, at: datetime | None = None) -> None:
    """A line in the timeline for those who work on it; the resident does not see it."""
    at = at or clock.now()
    if not text.strip():
        raise Refusal("note-empty", _("Write what you want to note."), field="text")
    with transaction.atomic():
        locked = lock_request(request)
        add_event(locked, EventKind.NOTE, by=by, at=at, text=text.strip())
        write_audit("help.request.noted", by=by, at=at, subject=locked)
        if actor_id(by) is None:
            _pass_on(locked, by=by, at=at)
        else:
            acknowledge_request(request=locked, at=at)


def _pass_on(request: HelpRequest, *, by: Actor, at: datetime) -> None:
    """What the asker adds reaches those who have it, else those who were told of it."""
    live = request.assignments.filter(state__in=LIVE_ASSIGNMENTS).select_related("volunteer__user")
    users = [row.volunteer.user for row in live] or [row.user for row in request.told.select_related("user")]
    for user in users[:MOST_TOLD]:
        send(request, user, template="help.asker_wrote", by=by, at=at)


def mark_seen(*, request: HelpRequest, by: Any, at: datetime | None = None) -> bool:
    """That this person has opened it; whether that was news. 'Seen' is never said of a machine's reading."""
    at = at or clock.now()
    with transaction.atomic():
        request.told.filter(user=by, seen_at__isnull=True).update(seen_at=at)
        request.assignments.filter(
            volunteer__user=by, state__in=LIVE_ASSIGNMENTS, seen_at__isnull=True
        ).update(seen_at=at)
        first = HelpRequest.objects.filter(pk=request.pk, seen_at__isnull=True).update(seen_at=at)
        if first:
            request.seen_at = at
            add_event(request, EventKind.SEEN, by=by, at=at)
            write_audit("help.request.seen", by=by, at=at, subject=request)
        return bool(first)


def finish_request(
    *, request: HelpRequest, by: Actor, at: datetime | None = None, note: str = "", photo: Any = None
) -> HelpRequest:
    """It is done, for everybody who was on it: assignments and commitments end; the resident is to confirm.

    `photo`: an uploaded file or bytes, kept stripped and sealed. Offers that nobody answered end too.
    """
    at = at or clock.now()
    with transaction.atomic():
        locked = lock_open_request(request)
        kept = _keep(photo, locked, at)
        move_request(locked, RequestState.DONE, done_at=at, rung_out_at=None)
        for assignment in locked.assignments.filter(state__in=LIVE_ASSIGNMENTS):
            over = (
                AssignmentState.DONE
                if assignment.state == AssignmentState.ACCEPTED
                else AssignmentState.RELEASED
            )
            end_assignment(assignment, over, by=by, at=at)
        add_event(locked, EventKind.DONE, by=by, at=at)
        if note.strip() or kept:
            add_event(locked, EventKind.NOTE, by=by, at=at, text=note.strip(), photo=kept)
        enter_due(locked, at + CONFIRM_AFTER)
        write_audit("help.request.finished", by=by, at=at, subject=locked)
        return locked


@transaction.atomic
def add_photo(*, request: HelpRequest, photo: Any, by: Actor, at: datetime | None = None) -> None:
    """Puts a photo of what is the matter with an open request, stripped and sealed. Refusal when it is no photo."""
    at = at or clock.now()
    locked = lock_open_request(request)
    kept = _keep(photo, locked, at)
    if kept is not None:
        add_event(locked, EventKind.NOTE, by=by, at=at, text="", photo=kept)
        write_audit("help.request.photo_added", by=by, at=at, subject=locked)


def _keep(photo: Any, request: HelpRequest, at: datetime) -> StoredFile | None:
    if not photo:
        return None
    raw = photo.read() if hasattr(photo, "read") else photo
    return keep_photo(
        raw,
        kind="file.proof",
        subject_id=request.pk,
        at=at,
        expires_at=at + PHOTO_LIVES,
        community_id=request.community_id,
    )
