"""Giving a request to volunteers: the assignment and the commitment are written and ended together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.audit import write_audit
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.moves import move
from shouwang.help.models import Assignment, HelpRequest
from shouwang.help.rules import ACKNOWLEDGED_FOR, SOON, due_times, may_be_offered, target_of
from shouwang.help.selectors.targets import targets_at
from shouwang.help.services.record import (
    add_event,
    change_columns,
    enter_due,
    lock_open_request,
    move_request,
    require_answer_for,
)
from shouwang.help.services.telling import send
from shouwang.help.states import (
    ASSIGNMENT_MOVES,
    BY_PHONE,
    IN_HAND_STATES,
    LIVE_ASSIGNMENTS,
    UNTAKEN_STATES,
    AssignmentState,
    EventKind,
    RequestState,
    Urgency,
)
from shouwang.volunteers.models import Volunteer
from shouwang.volunteers.selectors import is_stood_down
from shouwang.volunteers.services import close_commitment, commit
from shouwang.volunteers.states import CommitmentState

COMMITMENT_KIND = "help.request"


def offer_request(
    *,
    request: HelpRequest,
    volunteer: Volunteer,
    by: Actor,
    at: datetime | None = None,
    why: Sequence[str] = (),
) -> Assignment:
    """Offers the request to one volunteer more; the commitment that lets them see it is written with it.

    `why`: the suggestion's reasons as codes. Refusal for somebody stood down, Conflict for somebody on it.
    """
    at = at or clock.now()
    with transaction.atomic():
        locked = lock_open_request(request)
        if not may_be_offered(locked):
            raise Conflict("request-done", _("This request is done already."))
        assignment = _assign(locked, volunteer, by=by, at=at, why=why)
        if locked.state == RequestState.NEW:
            move_request(locked, RequestState.OFFERED)
        add_event(locked, EventKind.OFFERED, by=by, at=at, whom=volunteer.user)
        write_audit("help.request.offered", by=by, at=at, subject=locked, volunteer=volunteer.pk)
        send(locked, volunteer.user, template="help.offered", by=by, at=at)
        return assignment


def _assign(
    request: HelpRequest, volunteer: Volunteer, *, by: Actor, at: datetime, why: Sequence[str]
) -> Assignment:
    if is_stood_down(volunteer, at):
        raise Refusal("stood-down", _("This volunteer is stood down and cannot be asked."), field="volunteer")
    live = request.assignments.filter(volunteer=volunteer, state__in=LIVE_ASSIGNMENTS)
    if live.exists():
        raise Conflict("assigned-already", _("This volunteer is on this request already."))
    commitment = commit(
        volunteer=volunteer,
        kind=COMMITMENT_KIND,
        subject_id=request.pk,
        placed=request,
        household_id=request.household_id,
        by_phone=request.category in BY_PHONE,
        by=by,
        at=at,
    )
    return Assignment.objects.create(
        request=request, volunteer=volunteer, commitment=commitment, offered_at=at, why=list(why)[:8]
    )


def accept_offer(
    *,
    by: Actor,
    assignment: Assignment | None = None,
    request: HelpRequest | None = None,
    volunteer: Volunteer | None = None,
    at: datetime | None = None,
) -> Assignment:
    """'I'm on my way': an offer is taken on, or an open request taken without one. Stops what was rising.

    Give the assignment, or the request and the volunteer. NotAllowed for somebody else's offer, unless the
    desk notes the answer of somebody who gave it by phone.
    """
    at = at or clock.now()
    request, volunteer = _of(assignment, request, volunteer)
    with transaction.atomic():
        locked = lock_open_request(request)
        require_answer_for(by, volunteer, locked, at)
        if not may_be_offered(locked):
            raise Conflict("request-done", _("This request is done already."))
        if assignment is None:
            offers = locked.assignments.filter(volunteer=volunteer, state=AssignmentState.OFFERED)
            assignment = offers.first() or _assign(locked, volunteer, by=by, at=at, why=())
        if is_stood_down(volunteer, at):
            raise Refusal("stood-down", _("This volunteer is stood down and cannot be asked."))
        move(assignment, AssignmentState.ACCEPTED, table=ASSIGNMENT_MOVES, accepted_at=at, seen_at=at)
        _take_in_hand(locked, at)
        add_event(locked, EventKind.ACCEPTED, by=by, at=at, whom=volunteer.user)
        write_audit("help.request.accepted", by=by, at=at, subject=locked, volunteer=volunteer.pk)
        return assignment


def _of(
    assignment: Assignment | None, request: HelpRequest | None, volunteer: Volunteer | None
) -> tuple[HelpRequest, Volunteer]:
    if assignment is not None:
        return assignment.request, assignment.volunteer
    if request is None or volunteer is None:
        raise ValueError("give the assignment, or the request and the volunteer")
    return request, volunteer


def _take_in_hand(request: HelpRequest, at: datetime) -> None:
    """The request is somebody's: it stops rising; the next look is at its end, or when the word runs out."""
    changes = {
        "accepted_at": request.accepted_at or at,
        "acknowledged_at": at,
        "level": 0,
        "rung_out_at": None,
    }
    if request.state in UNTAKEN_STATES:
        move_request(request, RequestState.ACCEPTED, **changes)
    else:
        change_columns(request, **changes)
    enter_due(request, next_look(request, at))


def next_look(request: HelpRequest, at: datetime) -> datetime:
    """When the clock looks at a request in hand again."""
    if request.urgency == Urgency.LIFE:
        return at + ACKNOWLEDGED_FOR
    finish = request.finish_due_at or at + timedelta(days=1)
    return max(at, finish - SOON)


def decline_offer(
    *, assignment: Assignment, by: Actor, at: datetime | None = None, words: str = ""
) -> Assignment:
    """An offer is not taken: an outcome, no mark. The last one gone, the request waits for somebody again."""
    at = at or clock.now()
    return _let_go(
        assignment, AssignmentState.DECLINED, EventKind.DECLINED, "help.request.declined", by, at, words
    )


def release(*, assignment: Assignment, by: Actor, at: datetime | None = None, words: str = "") -> Assignment:
    """Somebody hands it back, or the desk takes it off them. The last one gone, it is offered again."""
    at = at or clock.now()
    return _let_go(
        assignment, AssignmentState.RELEASED, EventKind.RELEASED, "help.request.released", by, at, words
    )


def _let_go(
    assignment: Assignment, to: str, event: str, audit_kind: str, by: Actor, at: datetime, words: str
) -> Assignment:
    with transaction.atomic():
        locked = lock_open_request(assignment.request)
        require_answer_for(by, assignment.volunteer, locked, at)
        end_assignment(assignment, to, by=by, at=at)
        add_event(locked, event, by=by, at=at, whom=assignment.volunteer.user, text=words)
        write_audit(audit_kind, by=by, at=at, subject=locked, volunteer=assignment.volunteer_id)
        settle_state(locked, at)
        return assignment


def end_assignment(assignment: Assignment, to: str, *, by: Actor, at: datetime) -> None:
    """Ends an assignment and its commitment."""
    move(assignment, to, table=ASSIGNMENT_MOVES, ended_at=at)
    commitment = assignment.commitment
    if commitment is not None and commitment.state != CommitmentState.CLOSED:
        close_commitment(commitment=commitment, by=by, at=at)


def settle_state(request: HelpRequest, at: datetime) -> None:
    """The request's state after somebody has left it: in hand, offered, or waiting for somebody again."""
    live = set(request.assignments.filter(state__in=LIVE_ASSIGNMENTS).values_list("state", flat=True))
    if AssignmentState.ACCEPTED in live or request.state not in (*IN_HAND_STATES, RequestState.OFFERED):
        return
    if request.state == RequestState.OFFERED and live:
        return
    wait_again(request, at)
    if live:
        move_request(request, RequestState.OFFERED)


def wait_again(request: HelpRequest, at: datetime) -> None:
    """Back in the queue: counted from now, told from the leaf upwards, at once."""
    override = targets_at(request.place, request.dwelling, request.category, at)
    accept_due, _finish = due_times(target_of(request.category, request.urgency, override), at)
    move_request(
        request,
        RequestState.NEW,
        accept_due_at=accept_due,
        level=0,
        told_from_at=at,
        acknowledged_at=None,
        rung_out_at=None,
    )
    enter_due(request, at)


def reoffer_request(*, assignment: Assignment, by: Actor, at: datetime | None = None) -> bool:
    """A volunteer was stood down: their assignment is released and the request offered anew; whether it was live."""
    at = at or clock.now()
    with transaction.atomic():
        locked = HelpRequest.objects.select_for_update().get(pk=assignment.request_id)
        assignment.refresh_from_db()
        if assignment.state not in LIVE_ASSIGNMENTS:
            return False
        end_assignment(assignment, AssignmentState.RELEASED, by=by, at=at)
        add_event(locked, EventKind.RELEASED, by=by, at=at, whom=assignment.volunteer.user, code="stood_down")
        write_audit("help.request.released", by=by, at=at, subject=locked, volunteer=assignment.volunteer_id)
        settle_state(locked, at)
        return True
