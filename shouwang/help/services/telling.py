"""Telling people of a request: the message, the record of it, and one line in the timeline and the audit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from shouwang.accounts.models import User
from shouwang.core.actors import Actor
from shouwang.core.audit import write_audit
from shouwang.help.models import HelpRequest, Told
from shouwang.help.selectors.labels import door_of
from shouwang.help.services.confidants import name_those_told
from shouwang.help.services.record import add_event
from shouwang.help.states import EventKind, Urgency
from shouwang.notices.services import tell
from shouwang.notices.states import Urgency as Interrupts


def tell_of(
    request: HelpRequest, users: Iterable[User], *, template: str, step: int, by: Actor, at: datetime
) -> list[User]:
    """Tells each user once in this turn; answers whom. A user told before is told again and stands at this step."""
    told = list({user.pk: user for user in users}.values())
    name_those_told(request, told, by=by, at=at)
    for user in told:
        send(request, user, template=template, by=by, at=at)
        Told.objects.update_or_create(
            request=request, user=user, defaults={"step": step, "at": at, "seen_at": None}
        )
        add_event(request, EventKind.TOLD, by=by, at=at, whom=user)
    if told:
        write_audit("help.request.told", by=by, at=at, subject=request, people=len(told), step=step)
    return told


def send(request: HelpRequest, user: User, *, template: str, by: Actor, at: datetime) -> None:
    """One message to one user about the request; a confidential one says its number only."""
    code = f"{template}_confidential" if request.confidential else template
    tell(
        to=user,
        template=code,
        urgency=Interrupts.LIFE if request.urgency == Urgency.LIFE else Interrupts.SOON,
        values=message_values(request),
        by=by,
        at=at,
        subject_id=request.pk,
        page=("field.request", {"request_id": str(request.pk)}),
        community_id=request.community_id,
    )


def message_values(request: HelpRequest) -> dict[str, Any]:
    """What a message about the request may say."""
    number = request.spoken_number
    if request.confidential:
        return {"number": number}
    return {"number": number, "title": request.title, "door": door_of(request)}
