"""Parcels whose days are over and that still say something of somebody."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from shouwang.core.registry import purposes
from shouwang.goods.models import Parcel, ParcelStep

PURPOSE = "goods.parcel"


def _over_since(at: datetime) -> datetime:
    return at - timedelta(days=purposes.get(PURPOSE).days)


def parcels_past(at: datetime) -> QuerySet[Parcel]:
    """Over for longer than the purpose allows, with any text left."""
    reasons = ParcelStep.objects.filter(parcel=OuterRef("pk")).exclude(reason="")
    texts = ~Q(door_said="", carrier_code="", note="")
    return Parcel.objects.filter(texts | Exists(reasons), ended_at__lt=_over_since(at))


def parcel_texts_left(at: datetime) -> int:
    """The same counted otherwise: row by row."""
    over = Parcel.objects.filter(ended_at__lt=_over_since(at))
    own = sum(1 for row in over.iterator() if row.door_said or row.carrier_code or row.note)
    steps = ParcelStep.objects.filter(parcel__in=over)
    return own + sum(1 for step in steps.iterator() if step.reason)
