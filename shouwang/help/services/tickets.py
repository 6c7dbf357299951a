"""Every write of hotline tickets: taken in, answered, rung back; and the clock that keeps the deadline in sight."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.actors import CLOCK
from shouwang.core.audit import write_audit
from shouwang.core.due import cancel, schedule
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.moves import move
from shouwang.core.registry import purposes
from shouwang.help.models import HotlineTicket
from shouwang.help.selectors.past import PURPOSE
from shouwang.help.selectors.tickets import DUE, SOON, tickets_past
from shouwang.help.states import TICKET_MOVES, CallBack, TicketState
from shouwang.notices.services import tell
from shouwang.notices.states import Urgency
from shouwang.places.models import Place
from shouwang.places.selectors import post_holders
from shouwang.places.states import Role

OFFICE = (Role.SECRETARY, Role.CLERK)
AGAIN = timedelta(hours=1)
RING_BACK_WITHIN = timedelta(days=1)


def take_in_ticket(
    *, community: Place, number: str, source: str, due_at: datetime, words: str, by: User, caller_name: str = "",
    caller_phone: str = "", received_at: datetime | None = None, at: datetime | None = None,
) -> HotlineTicket:  # fmt: skip
    """Enters a ticket with its own number and deadline. Refusal: no number or words, a deadline before it came;
    Conflict: the same number is here already."""
    at = at or clock.now()
    received_at = received_at or at
    if not number.strip():
        raise Refusal("number-missing", _("Write the number that stands on it."), field="number")
    if not words.strip():
        raise Refusal("words-missing", _("Write what it is about."), field="words")
    if due_at <= received_at:
        raise Refusal("deadline-before", _("The deadline lies before it came in."), field="due_at")
    ticket = HotlineTicket(
        community_id=community.pk, number=number.strip(), source=source, received_at=received_at, due_at=due_at,
        caller_name=caller_name.strip(), caller_phone=caller_phone.strip(), words=words.strip(), taken_by=by,
    )  # fmt: skip
    try:
        with transaction.atomic():
            ticket.save(force_insert=True)
            schedule(DUE, at=max(at, due_at - SOON), subject_id=ticket.pk)
            write_audit("help.ticket.taken_in", by=by, at=at, subject=ticket, placed=community)
    except IntegrityError as twice:
        raise Conflict(
            "ticket-twice", _("A ticket with this number is here already."), field="number"
        ) from twice
    return ticket


def reply_to_ticket(
    *, ticket: HotlineTicket, reply: str, by: User, at: datetime | None = None
) -> HotlineTicket:
    """The written answer. From now on the call back is due within a day."""
    at = at or clock.now()
    if not reply.strip():
        raise Refusal("reply-missing", _("Write the answer that goes back."), field="reply")
    with transaction.atomic():
        moved = move(ticket, TicketState.REPLIED, table=TICKET_MOVES, replied_by=by, replied_at=at)
        moved.reply = reply.strip()
        moved.save(update_fields=["reply"])
        schedule(DUE, at=at + RING_BACK_WITHIN, subject_id=moved.pk)
        write_audit("help.ticket.replied", by=by, at=at, subject=moved, late=at > moved.due_at)
    return moved


def record_call_back(
    *, ticket: HotlineTicket, outcome: str, by: User, at: datetime | None = None
) -> HotlineTicket:
    """How the call back went; whoever is not content has the ticket open again, due at once."""
    at = at or clock.now()
    if outcome not in CallBack.values:
        raise Refusal("outcome-unknown", _("Say how the call went."), field="outcome")
    again = outcome == CallBack.NOT_CONTENT
    with transaction.atomic():
        changes: dict[str, Any] = {} if again else {"closed_by": by, "closed_at": at}
        to = TicketState.OPEN if again else TicketState.CLOSED
        moved = move(ticket, to, table=TICKET_MOVES, call_back=outcome, **changes)
        if again:
            schedule(DUE, at=at, subject_id=moved.pk)
        else:
            cancel(DUE, subject_id=moved.pk)
        write_audit("help.ticket.rung_back", by=by, at=at, subject=moved, outcome=outcome)
    return moved


def watch_ticket(*, ticket_id: UUID, at: datetime) -> datetime | None:
    """One turn of the clock: tells the office what is due, and answers when to look again."""
    with transaction.atomic():
        ticket = HotlineTicket.objects.select_for_update().filter(pk=ticket_id).first()
        if ticket is None or ticket.state == TicketState.CLOSED:
            return None
        template = "help.ticket_ring" if ticket.state == TicketState.REPLIED else (
            "help.ticket_late" if ticket.is_late(at) else "help.ticket_soon")  # fmt: skip
        for holder in {
            post.holder_id: post.holder for post in post_holders(ticket.community_id, at, OFFICE)
        }.values():
            tell(
                to=holder, template=template, urgency=Urgency.SOON, values={"number": ticket.number}, by=CLOCK, at=at,
                subject_id=ticket.pk, page=("help.ticket", {"ticket_id": str(ticket.pk)}),
                community_id=ticket.community_id,
            )  # fmt: skip
        if template == "help.ticket_soon":
            return ticket.due_at
        return at + (RING_BACK_WITHIN if template == "help.ticket_ring" else AGAIN)


def erase_ticket_words(at: datetime, limit: int) -> int:
    """Erases who rang, what about and the answer, of at most `limit` tickets past their days; how many."""
    with transaction.atomic():
        ids = list(tickets_past(at, purposes.get(PURPOSE).days).values_list("pk", flat=True)[:limit])
        HotlineTicket.objects.filter(pk__in=ids).update(caller_name="", caller_phone="", words="", reply="")
    return len(ids)


def ticket_words_left(at: datetime) -> int:
    """The same counted otherwise: by reading each."""
    limit = at - timedelta(days=purposes.get(PURPOSE).days)
    closed = HotlineTicket.objects.filter(closed_at__isnull=False)
    return sum(
        1 for row in closed.iterator()
        if row.closed_at and row.closed_at < limit and (row.caller_name or row.caller_phone or row.words or row.reply)
    )  # fmt: skip
