"""What an incident over the place changes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from shouwang.incidents.selectors import incident_of_place, targets_for
from shouwang.places.models import Dwelling, Place


def targets_at(
    place: Place | None, dwelling: Dwelling | None, category: str, at: datetime
) -> tuple[int, int] | None:
    """Minutes to accept and to finish that an open incident over the place sets; None where none does."""
    where = dwelling or place
    incident = incident_of_place(where, at) if where is not None else None
    return targets_for(incident, category) if incident is not None else None


def incident_stamp(place: Place | None, dwelling: Dwelling | None, at: datetime) -> UUID | None:
    """The id of the open incident over the place."""
    where = dwelling or place
    incident = incident_of_place(where, at) if where is not None else None
    return incident.pk if incident is not None else None
