"""What was in somebody's hands is forgotten 30 days after it was over."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from shouwang.core.erasure import leave_tombstone
from shouwang.core.registry import purposes
from shouwang.goods.models import Handover, Holding


def _limit(at: datetime) -> datetime:
    return at - timedelta(days=purposes.get("goods.custody").days)


def count_past_holdings(at: datetime) -> int:
    """How many are past their days."""
    return Holding.objects.filter(ended_at__lt=_limit(at)).count()


@transaction.atomic
def erase_past_holdings(at: datetime, limit: int) -> int:
    """Erases at most `limit` with all their handovers; how many. Photos go with their own days."""
    ids = list(
        Holding.objects.filter(ended_at__lt=_limit(at))
        .order_by("ended_at")
        .values_list("pk", flat=True)[:limit]
    )
    Handover.objects.filter(holding_id__in=ids).delete()
    Holding.objects.filter(pk__in=ids).delete()
    for pk in ids:
        leave_tombstone("goods.holding", pk, at)
    return len(ids)


def verify_past_holdings(at: datetime) -> int:
    """The same counted row by row, from the handovers too."""
    limit = _limit(at)
    ended = dict(Holding.objects.exclude(ended_at=None).values_list("pk", "ended_at"))
    old = {pk for pk, when in ended.items() if when is not None and when < limit}
    return len(old | set(Handover.objects.filter(holding_id__in=old).values_list("holding_id", flat=True)))
