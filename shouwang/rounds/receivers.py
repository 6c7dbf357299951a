"""News from below. A receiver writes its own due rows and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.dispatch import receiver

from shouwang.core.due import schedule
from shouwang.people.signals import home_changed, persons_merged
from shouwang.rounds.selectors import open_rounds_of_households
from shouwang.rounds.selectors.walking import lists_to_reoffer
from shouwang.volunteers.signals import stood_down


@receiver(home_changed)
def look_again_at_rosters(*, before: UUID | None, after: UUID | None, at: datetime, **_more: Any) -> None:
    """Whoever moves in, is born, or leaves: the open rounds of that community compare their rosters at once."""
    for round_id in open_rounds_of_households([pk for pk in (before, after) if pk]):
        schedule("rounds.keep_true", at=at, subject_id=round_id)


@receiver(stood_down)
def offer_lists_again(*, commitment_ids: Sequence[UUID], at: datetime, **_more: Any) -> None:
    """One due row for each walking list that somebody off duty had, due at once."""
    for walking_list in lists_to_reoffer(commitment_ids):
        schedule("rounds.rewalk", at=at, subject_id=walking_list.pk, key=str(walking_list.commitment_id))


@receiver(persons_merged)
def look_for_two_entries(*, alias_id: UUID, at: datetime, **_more: Any) -> None:
    """One person was on file twice: where both are on a roster, their entries become one."""
    schedule("rounds.join_entries", at=at, subject_id=alias_id)
