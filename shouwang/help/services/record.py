"""What every chapter does: lock the request, write its timeline, enter its due row."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core.actors import Actor
from shouwang.core.due import cancel, schedule
from shouwang.core.errors import Conflict, NotAllowed
from shouwang.core.models import StoredFile
from shouwang.core.moves import move
from shouwang.core.scope import scope_for
from shouwang.help.models import HelpRequest, RequestEvent
from shouwang.help.rules import may_answer_for
from shouwang.help.states import REQUEST_MOVES, EventKind
from shouwang.volunteers.models import Volunteer

ESCALATE = "help.escalate"

# Lines that the resident sees behind the private link: what happens, never who was told or why.
FOR_RESIDENT = frozenset(
    {
        EventKind.RECEIVED, EventKind.VERIFIED, EventKind.SEEN, EventKind.ACCEPTED, EventKind.STARTED, EventKind.DONE,
        EventKind.CONFIRMED, EventKind.NOT_RIGHT, EventKind.CLOSED, EventKind.REOPENED, EventKind.WITHDRAWN,
        EventKind.ASKED, EventKind.ANSWERED, EventKind.PAID,
    }
)  # fmt: skip


def actor_id(by: Actor) -> UUID | None:
    """The user's id where a user acts; None for a resident, the clock, the operator."""
    return by.pk if by.actor_kind == "user" else None


def lock_request(request: HelpRequest) -> HelpRequest:
    """The row as it is now, locked where the database locks rows; moves are conditional everywhere."""
    return HelpRequest.objects.select_for_update().get(pk=request.pk)


def lock_open_request(request: HelpRequest) -> HelpRequest:
    """The same, or Conflict when it is over."""
    locked = lock_request(request)
    if not locked.is_open():
        raise Conflict(
            "request-over", _("This request is over. Open it again if something is still to be done.")
        )
    return locked


def add_event(
    request: HelpRequest,
    kind: str,
    *,
    by: Actor,
    at: datetime,
    code: str = "",
    text: str = "",
    whom: User | None = None,
    photo: StoredFile | None = None,
) -> RequestEvent:
    """One line of the timeline. `text` is what a person wrote; `code` what the room itself has to say."""
    return RequestEvent.objects.create(
        request=request,
        at=at,
        kind=kind,
        by_id=actor_id(by),
        whom=whom,
        code=code,
        text=text[:400],
        photo=photo,
        private=kind not in FOR_RESIDENT,
    )


def move_request(request: HelpRequest, to: str, **changes: Any) -> HelpRequest:
    """The conditional move by the table."""
    return move(request, to, table=REQUEST_MOVES, **changes)


def change_columns(request: HelpRequest, **changes: Any) -> HelpRequest:
    """Writes columns that are no state, on the row and on the instance."""
    HelpRequest.objects.filter(pk=request.pk).update(**changes)
    for name, value in changes.items():
        setattr(request, name, value)
    return request


def enter_due(request: HelpRequest, at: datetime) -> None:
    """The one due row of an open request: when somebody looks at it next."""
    schedule(ESCALATE, at=at, subject_id=request.pk)


def leave_due(request: HelpRequest) -> None:
    """Takes the due row of a request that is over away."""
    cancel(ESCALATE, subject_id=request.pk)


def require_answer_for(by: Actor, volunteer: Volunteer, request: HelpRequest, at: datetime) -> None:
    """NotAllowed unless `by` may answer for the volunteer."""
    user = by if by.actor_kind == "user" else None
    if not may_answer_for(by, volunteer, request, scope_for(user, at)):
        raise NotAllowed("not-yours", _("This was offered to somebody else."))
