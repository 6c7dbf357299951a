"""What a request says of people goes when its days are over; the numbers and the states stay for counting."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from shouwang.core.erasure import leave_tombstone
from shouwang.help.models import Attempt, HelpRequest, RequestEvent, RequestLine
from shouwang.help.selectors.past import past_their_days


def erase_request_texts(*, at: datetime, limit: int) -> int:
    """Erases names, phones, doors as said, wishes, words and notes of at most `limit` requests; how many."""
    with transaction.atomic():
        ids = list(past_their_days(at).values_list("pk", flat=True)[:limit])
        RequestLine.objects.filter(request_id__in=ids).delete()
        Attempt.objects.filter(request_id__in=ids).update(note="")
        RequestEvent.objects.filter(request_id__in=ids).update(text="")
        HelpRequest.objects.filter(pk__in=ids).update(
            door_said="", asker_name="", asker_phone="", title="", words="", person=None, link_digest=None
        )
        for request_id in ids:
            leave_tombstone("help.request", request_id, at)
        return len(ids)
