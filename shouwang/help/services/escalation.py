"""Rising: what nobody takes goes one level up the tree, and somebody is told; danger to life reaches everybody.

One due row a request; each turn looks at the request as it is, does at most one step and says when to look
again. So a turn done twice, late, or after a crash does no harm: what was told stands in the request's level.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from shouwang.accounts.models import User
from shouwang.core.actors import CLOCK
from shouwang.core.audit import write_audit
from shouwang.help.models import HelpRequest
from shouwang.help.rules import (
    ACKNOWLEDGED_FOR,
    CONFIRM_AFTER,
    REMIND_EVERY,
    SOON,
    life_step_due,
    rise_every,
    rung_of_level,
)
from shouwang.help.selectors.reach import (
    everybody_serving,
    first_to_tell,
    next_rung,
    those_at_the_top,
)
from shouwang.help.services.record import add_event, change_columns
from shouwang.help.services.telling import tell_of
from shouwang.help.states import (
    UNTAKEN_STATES,
    AssignmentState,
    EventKind,
    RequestState,
    Urgency,
)


def escalate_due_request(*, request_id: UUID, at: datetime) -> datetime | None:
    """One turn for one request; answers when to look again, None when it is over."""
    with transaction.atomic():
        request = HelpRequest.objects.select_for_update().filter(pk=request_id).first()
        if request is None or not request.is_open():
            return None
        if request.state == RequestState.DONE:
            return _ask_whether_right(request, at)
        if request.urgency == Urgency.LIFE:
            return _life_turn(request, at)
        if request.state in UNTAKEN_STATES:
            return _untaken_turn(request, at)
        return _in_hand_turn(request, at)


def _untaken_turn(request: HelpRequest, at: datetime) -> datetime:
    """First the leaf is told; what is not taken in time rises one level a turn, and ends at the community."""
    accept_due = request.accept_due_at or at
    due = _next_rise(request, accept_due)
    if request.level and at < due:
        return due
    if request.rung_out_at is not None:
        return _tell_the_top_again(request, "help.untaken", at)
    rung = next_rung(request, at)
    if rung is None:
        return _rung_out(request, at)
    first = request.level == 0
    change_columns(request, level=rung_of_level(rung.level), told_from_at=at)
    if not first:
        _note_rise(request, rung.level, at)
    users = [post.holder for post in rung.posts]
    tell_of(
        request, users, template="help.new" if first else "help.untaken", step=request.level, by=CLOCK, at=at
    )
    return _next_rise(request, accept_due)


def _next_rise(request: HelpRequest, accept_due: datetime) -> datetime:
    """The first rise comes when the time to accept is over, each further one an interval after the last."""
    if request.told_from_at is None or request.told_from_at < accept_due:
        return accept_due
    return request.told_from_at + rise_every(accept_due - request.received_at)


def _note_rise(request: HelpRequest, level: str, at: datetime) -> None:
    add_event(request, EventKind.ESCALATED, by=CLOCK, at=at, code=level)
    write_audit("help.request.risen", by=CLOCK, at=at, subject=request, level=level)


def _rung_out(request: HelpRequest, at: datetime) -> datetime:
    """Nobody is left to tell: from here the desk rings, and is shown whom."""
    change_columns(request, rung_out_at=at)
    add_event(request, EventKind.ESCALATED, by=CLOCK, at=at, code="rung_out")
    write_audit("help.request.rung_out", by=CLOCK, at=at, subject=request)
    return at + REMIND_EVERY


def _tell_the_top_again(request: HelpRequest, template: str, at: datetime) -> datetime:
    tell_of(request, those_at_the_top(request, at), template=template, step=request.level, by=CLOCK, at=at)
    change_columns(request, told_from_at=at)
    return at + REMIND_EVERY


def _in_hand_turn(request: HelpRequest, at: datetime) -> datetime:
    """Shortly before its end those who have it are reminded; once late it rises like one that nobody took."""
    finish_due = request.finish_due_at
    if finish_due is None:
        return at + timedelta(days=1)
    told_from = request.told_from_at or request.received_at
    soon = finish_due - SOON
    if at < soon:
        return soon
    if at < finish_due:
        if told_from < soon:
            change_columns(request, told_from_at=at)
            tell_of(request, _those_on_it(request), template="help.soon_late", step=0, by=CLOCK, at=at)
        return finish_due
    due = told_from + rise_every(finish_due - request.received_at)
    if told_from >= finish_due and at < due:
        return due
    return _rise_late(request, at)


def _rise_late(request: HelpRequest, at: datetime) -> datetime:
    if request.rung_out_at is not None:
        return _tell_the_top_again(request, "help.late", at)
    rung = next_rung(request, at)
    if rung is None:
        return _rung_out(request, at)
    change_columns(request, level=rung_of_level(rung.level), told_from_at=at)
    _note_rise(request, rung.level, at)
    users = [post.holder for post in rung.posts] + _those_on_it(request)
    tell_of(request, users, template="help.late", step=request.level, by=CLOCK, at=at)
    return at + rise_every((request.finish_due_at or at) - request.received_at)


def _those_on_it(request: HelpRequest) -> list[User]:
    mine = request.assignments.filter(state=AssignmentState.ACCEPTED).select_related("volunteer__user")
    return [assignment.volunteer.user for assignment in mine]


def _ask_whether_right(request: HelpRequest, at: datetime) -> datetime:
    """Done and not confirmed for a day: the community is asked to ring the resident; again each day."""
    due = max(request.done_at or at, request.told_from_at or request.received_at) + CONFIRM_AFTER
    if at < due:
        return due
    change_columns(request, told_from_at=at)
    tell_of(request, those_at_the_top(request, at), template="help.unconfirmed", step=0, by=CLOCK, at=at)
    return at + CONFIRM_AFTER


# Danger to life


def _life_turn(request: HelpRequest, at: datetime) -> datetime:
    """Stops while somebody has given their word; a word of 30 minutes ago counts no more."""
    if request.acknowledged_at is not None:
        until = request.acknowledged_at + ACKNOWLEDGED_FOR
        if at < until:
            return until
        _word_ran_out(request, at)
    base = request.told_from_at or request.received_at
    if at < life_step_due(base, request.level):
        return life_step_due(base, request.level)
    _life_step(request, at)
    return life_step_due(base, request.level)


def _word_ran_out(request: HelpRequest, at: datetime) -> None:
    change_columns(request, acknowledged_at=None, level=0, told_from_at=at, rung_out_at=None)
    add_event(request, EventKind.ESCALATED, by=CLOCK, at=at, code="word_ran_out")
    write_audit("help.request.word_ran_out", by=CLOCK, at=at, subject=request)


def _life_step(request: HelpRequest, at: datetime) -> None:
    """Step 0: the leaf, on call, secretary. 1: the next rung. 2: everybody who serves. 3 and on: the desk rings."""
    step = request.level
    users = _users_of_step(request, step, at)
    told = tell_of(request, users, template="help.life", step=step, by=CLOCK, at=at)
    change_columns(request, level=step + 1)
    if step in (1, 2) and told:
        _note_rise(request, "next" if step == 1 else "everybody", at)
    nobody = not told and step == 0
    if (step >= 3 or nobody) and request.rung_out_at is None:
        _rung_out(request, at)


def _users_of_step(request: HelpRequest, step: int, at: datetime) -> list[User]:
    if step == 0:
        return first_to_tell(request, at) + _those_on_it(request)
    if step == 1:
        rung = next_rung(request, at, untold=True)
        return [post.holder for post in rung.posts] if rung else []
    if step == 2:
        return everybody_serving(request, at)
    return those_at_the_top(request, at)
