"""Who of those who serve is which resident."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from shouwang.volunteers.models import Volunteer


def persons_of_users(user_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """User id to person id, for those users who serve and are linked to a resident; for rooms above, never for a page."""
    rows = Volunteer.objects.filter(user_id__in=set(user_ids), person__isnull=False)
    return {user: person for user, person in rows.values_list("user_id", "person_id") if person}
