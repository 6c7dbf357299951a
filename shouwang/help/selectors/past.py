"""Requests whose days are over and that still say something of somebody."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from shouwang.core.registry import purposes
from shouwang.help.models import Attempt, HelpRequest, RequestEvent, RequestLine

PURPOSE = "help.request"


def _over_since(at: datetime) -> datetime:
    return at - timedelta(days=purposes.get(PURPOSE).days)


def past_their_days(at: datetime) -> QuerySet[HelpRequest]:
    """Closed or withdrawn longer ago than the purpose allows, with any text left."""
    said = Q(door_said="", asker_name="", asker_phone="", title="", words="")
    mine = {"request": OuterRef("pk")}
    return HelpRequest.objects.filter(closed_at__lt=_over_since(at)).filter(
        ~said
        | Exists(RequestLine.objects.filter(**mine))
        | Exists(Attempt.objects.filter(**mine).exclude(note=""))
        | Exists(RequestEvent.objects.filter(**mine).exclude(text=""))
    )


def texts_left(at: datetime) -> int:
    """The same counted otherwise: rows of each table that still hold a text of a request long over."""
    limit = _over_since(at)
    requests = HelpRequest.objects.filter(closed_at__lt=limit)
    own = sum(
        1 for r in requests.iterator() if r.door_said or r.asker_name or r.asker_phone or r.title or r.words
    )
    lines = RequestLine.objects.filter(request__closed_at__lt=limit).count()
    events = sum(1 for e in RequestEvent.objects.filter(request__closed_at__lt=limit).iterator() if e.text)
    attempts = sum(1 for a in Attempt.objects.filter(request__closed_at__lt=limit).iterator() if a.note)
    return own + lines + events + attempts
