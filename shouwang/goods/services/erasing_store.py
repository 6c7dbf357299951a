"""Names in the store's books go when their days are over; what moved stays counted."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from shouwang.core.registry import purposes
from shouwang.goods.models import Donation, Movement, StockTake

_NAMED = ~Q(to_words="") | ~Q(origin="") | ~Q(reason="") | Q(household__isnull=False)
_GIVEN = ~Q(donor_name="") | ~Q(donor_phone="")


def _past(at: datetime) -> tuple[tuple[QuerySet[Any], dict[str, Any]], ...]:
    """What is past its days and still says something of somebody, each with what is put in its place."""
    before = at - timedelta(days=purposes.get("goods.store").days)
    return (
        (
            Movement.objects.filter(_NAMED, at__lt=before).order_by("pk"),
            {"to_words": "", "origin": "", "reason": "", "household": None},
        ),
        (
            Donation.objects.filter(_GIVEN, at__lt=before).order_by("pk"),
            {"donor_name": "", "donor_phone": "", "may_be_named": False},
        ),
        (StockTake.objects.filter(~Q(reason=""), ended_at__lt=before).order_by("pk"), {"reason": ""}),
    )


def count_store_past(at: datetime) -> int:
    """Rows of the store's books past their days that still name somebody."""
    return sum(rows.count() for rows, _blank in _past(at))


@transaction.atomic
def erase_store_past(at: datetime, limit: int) -> int:
    """Blanks at most `limit` of them; quantities and days stay."""
    done = 0
    for rows, blank in _past(at):
        ids = list(rows.values_list("pk", flat=True)[: limit - done])
        done += rows.model.objects.filter(pk__in=ids).order_by().update(**blank) if ids else 0
    return done


def verify_store_past(at: datetime) -> int:
    """What is left of them, counted from the rows."""
    return count_store_past(at)
