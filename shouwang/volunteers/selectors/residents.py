"""Volunteers who are on the register themselves."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from shouwang.volunteers.models import Volunteer


def users_of_persons(person_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """The users of those of these persons who serve, by person; for services of rooms above."""
    rows = Volunteer.objects.filter(person_id__in=set(person_ids))
    return {person: user for person, user in rows.values_list("person_id", "user_id") if person}
