"""News that the bank heeds: a parcel of its was handed over, a volunteer stood down, two entries were one person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.dispatch import receiver

from shouwang.core.due import schedule
from shouwang.goods.selectors.medicine import errands_to_reoffer, issue_of_parcels
from shouwang.goods.signals import parcels_moved
from shouwang.goods.states import IssueState, ParcelState
from shouwang.people.signals import persons_merged
from shouwang.volunteers.signals import stood_down


@receiver(parcels_moved)
def note_handed_over(*, parcel_ids: Sequence[UUID], state: str, at: datetime, **_more: Any) -> None:
    """A parcel of the bank is at its door, or is not after all: one due row each, at once."""
    if state not in (ParcelState.HANDED_OVER, ParcelState.ON_THE_WAY, ParcelState.RELEASED):
        return
    for issue in issue_of_parcels(parcel_ids):
        if state == ParcelState.HANDED_OVER or issue.state == IssueState.AT_THE_DOOR:
            schedule("goods.medicine_parcel", at=at, subject_id=issue.parcel_id)


@receiver(stood_down)
def offer_errands_again(*, commitment_ids: Sequence[UUID], at: datetime, **_more: Any) -> None:
    """One due row for each errand that somebody off duty had, due at once."""
    for errand in errands_to_reoffer(commitment_ids):
        schedule("goods.medicine_reoffer", at=at, subject_id=errand.pk, key=str(errand.commitment_id))


@receiver(persons_merged)
def join_what_is_known(*, alias_id: UUID, at: datetime, **_more: Any) -> None:
    """What either entry was allergic to counts for the one that is left."""
    schedule("goods.medicine_join", at=at, subject_id=alias_id)
