"""What the residents' pages ask of this room."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from shouwang.help.models import HelpRequest
from shouwang.help.states import Source


def asked_lately(place_id: UUID, since: datetime) -> int:
    """How many requests came in through this place's door code since then."""
    return HelpRequest.objects.filter(place_id=place_id, source=Source.PORTAL, received_at__gte=since).count()
