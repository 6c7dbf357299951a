"""Somebody stood down: the lists that they were to carry need somebody else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.dispatch import receiver

from shouwang.core.due import schedule
from shouwang.goods.selectors.gifts import KIND
from shouwang.volunteers.selectors import commitments_to_reoffer
from shouwang.volunteers.signals import stood_down


@receiver(stood_down)
def enter_releases(*, commitment_ids: Sequence[UUID], at: datetime, **_more: Any) -> None:
    """One due row for each list, due at once."""
    for commitment in commitments_to_reoffer(commitment_ids, KIND):
        schedule("goods.gift_giver", at=at, subject_id=commitment.subject_id, key=str(commitment.pk))
