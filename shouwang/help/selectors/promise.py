"""The promise, asked of the live database."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from shouwang.core.due import keys_due
from shouwang.help.models import Assignment, HelpRequest, Told
from shouwang.help.states import (
    IN_HAND_STATES,
    OPEN_STATES,
    AssignmentState,
    EventKind,
    RequestState,
    Urgency,
)

ESCALATE = "help.escalate"
# The first step is due at once; a minute is what the clock has for it.
HEARD_WITHIN = timedelta(seconds=60)


def _open(community: UUID | None) -> QuerySet[HelpRequest]:
    rows = HelpRequest.objects.filter(state__in=OPEN_STATES)
    return rows if community is None else rows.filter(community_id=community)


def without_owner_or_due(community: UUID | None) -> tuple[int, list[UUID]]:
    """Open requests counted, and those without somebody, without a queue, or that nothing will look at again.

    In hand: a volunteer has it. Waiting: the community is its queue. Done: the resident is asked.
    """
    taken = Assignment.objects.filter(request=OuterRef("pk"), state=AssignmentState.ACCEPTED)
    rows = _open(community).annotate(owned=Exists(taken))
    due = keys_due(ESCALATE)
    broken = [
        row.pk
        for row in rows.only("pk", "state", "community_id")
        if str(row.pk) not in due
        or row.community_id is None
        or (row.state in IN_HAND_STATES and not row.owned)
    ]
    return rows.count(), broken


def life_unheard(at: datetime, community: UUID | None) -> tuple[int, list[UUID]]:
    """Open dangers to life counted, and those of which nobody was told, rung or on the way after a minute."""
    rows = _open(community).filter(urgency=Urgency.LIFE).exclude(state=RequestState.DONE)
    heard = Exists(Told.objects.filter(request=OuterRef("pk"))) | Exists(
        Assignment.objects.filter(request=OuterRef("pk"), state=AssignmentState.ACCEPTED)
    )
    rung = Q(events__kind=EventKind.RANG)
    silent = rows.filter(~heard, received_at__lt=at - HEARD_WITHIN).exclude(rung)
    return rows.count(), list(silent.values_list("pk", flat=True))
