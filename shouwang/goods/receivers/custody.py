"""Somebody stood down: what is in their hands is to be recovered."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.dispatch import receiver

from shouwang.core.due import schedule
from shouwang.volunteers.signals import stood_down


@receiver(stood_down)
def enter_recovery(*, volunteer_id: UUID, at: datetime, **_more: Any) -> None:
    """One due row a person, due at once."""
    schedule("goods.recover", at=at, subject_id=volunteer_id)
