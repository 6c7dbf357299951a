"""News that changes how something is brought."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.dispatch import receiver

from shouwang.core.due import schedule
from shouwang.goods.selectors.doors import WISHES
from shouwang.people.signals import care_changed
from shouwang.people.states import CareState


@receiver(care_changed)
def look_at_parcels(*, household_id: UUID, kind: str, state: str, at: datetime, **_more: Any) -> None:
    """A care flag that changes how something is brought was accepted or ended: one due row for the household, at once."""
    if kind in WISHES and state != CareState.DECLINED:
        schedule("goods.door_wish", at=at, subject_id=household_id)
