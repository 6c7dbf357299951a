"""Persons by the number of a document that they show."""

from __future__ import annotations

from uuid import UUID

from shouwang.people.models import Person
from shouwang.people.selectors.matching import id_number_index


def persons_by_number(community_id: UUID, number: str) -> list[Person]:
    """Those who live in the community now and have this ID or passport number, by its blind index; for services, and for a
    table where somebody shows the document: whoever asks has it in hand and reads nothing of it back."""
    index = id_number_index(number)
    if not index:
        return []
    found = Person.objects.filter(
        id_number_index=index,
        community_id=community_id,
        voided_at__isnull=True,
        memberships__until_on__isnull=True,
    )
    return list(found.distinct().order_by("id"))
