"""News for delivery runs: what is released, who must be brought things to the door, who is off duty."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.dispatch import receiver

from shouwang.core.due import schedule
from shouwang.goods.selectors.runs import held_by_commitments, live_plan_of
from shouwang.goods.signals import door_wish_changed, parcels_moved
from shouwang.goods.states import ParcelState
from shouwang.volunteers.signals import stood_down

# What changes what is to be brought. That something is on its way or handed over is the runs' own doing.
NEWS = frozenset(
    {ParcelState.RESTING, ParcelState.RELEASED, ParcelState.RECEIVED, ParcelState.LOST, ParcelState.SENT_BACK}
)


@receiver(parcels_moved)
def look_at_parcels(*, state: str, community_id: UUID, at: datetime, **_more: Any) -> None:
    """Something rests, is released or has gone: the runs are planned again within a few minutes."""
    if state in NEWS:
        _hear(community_id, at, wrong=False)


@receiver(door_wish_changed)
def look_at_doors(*, community_id: UUID, at: datetime, **_more: Any) -> None:
    """Somebody is to be brought things to the door from now on: the run not yet begun does so (A8)."""
    _hear(community_id, at, wrong=True)


def _hear(community_id: UUID, at: datetime, *, wrong: bool) -> None:
    plan = live_plan_of(community_id)
    if plan is None:
        return
    key = f"{plan.pk}:{'wrong' if wrong else 'more'}"
    schedule("goods.runs_news", at=at, subject_id=plan.pk, key=key, payload={"wrong": wrong})


@receiver(stood_down)
def offer_runs_again(*, commitment_ids: Sequence[UUID], at: datetime, **_more: Any) -> None:
    """One due row for each run and each carrier's place that somebody off duty had, due at once."""
    for commitment_id in held_by_commitments(commitment_ids):
        schedule("goods.leave_runs", at=at, key=str(commitment_id))
