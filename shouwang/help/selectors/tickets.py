"""Tickets of hotlines: those of the office's community, the most pressing first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from shouwang.core.due import keys_due
from shouwang.core.scope import Scope
from shouwang.help.models import HotlineTicket
from shouwang.help.states import TicketState

SEE = "help.tickets"
DUE = "help.ticket"
# When those in the office are told that a deadline is near.
SOON = timedelta(hours=4)
SHOWN = 200


def tickets_for(scope: Scope) -> QuerySet[HotlineTicket]:
    """Tickets of the communities whose office the reader is in."""
    mine = scope.ids(SEE, "community_id")
    return HotlineTicket.objects.filter(community_id__in=mine).select_related(
        "taken_by", "replied_by", "closed_by"
    )


def ticket_for(scope: Scope, ticket_id: UUID) -> HotlineTicket:
    """The ticket, or 404."""
    found = tickets_for(scope).filter(pk=ticket_id).first()
    if found is None:
        raise Http404
    return found


def ticket_rows(scope: Scope, show: str) -> Sequence[HotlineTicket]:
    """`show`: open ones by deadline, answered ones that wait for the call back, or those that are over."""
    found = tickets_for(scope).filter(state=show)
    return list(found.order_by("-closed_at" if show == TicketState.CLOSED else "due_at")[:SHOWN])


def tickets_unwatched(community_id: UUID | None) -> tuple[int, list[UUID]]:
    """Tickets that are not over, counted, and those that nothing will look at again."""
    rows = HotlineTicket.objects.exclude(state=TicketState.CLOSED)
    rows = rows if community_id is None else rows.filter(community_id=community_id)
    due = keys_due(DUE)
    ids = list(rows.values_list("pk", flat=True))
    return len(ids), [pk for pk in ids if str(pk) not in due]


def tickets_past(at: datetime, days: int) -> QuerySet[HotlineTicket]:
    """Closed ones whose words are past their days."""
    over = HotlineTicket.objects.filter(closed_at__lt=at - timedelta(days=days))
    return over.exclude(caller_name="", caller_phone="", words="", reply="")
