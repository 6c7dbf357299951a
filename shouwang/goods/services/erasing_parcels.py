"""What a parcel says of people goes when its days are over; the numbers, the states and the hours stay for counting."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from shouwang.core.erasure import leave_tombstone
from shouwang.goods.models import Parcel, ParcelStep
from shouwang.goods.selectors.past import parcels_past


@transaction.atomic
def erase_parcel_texts(at: datetime, limit: int) -> int:
    """Erases doors as said, carriers' codes, notes and reasons of at most `limit` parcels; how many."""
    ids = list(parcels_past(at).values_list("pk", flat=True)[:limit])
    ParcelStep.objects.filter(parcel_id__in=ids).update(reason="")
    Parcel.objects.filter(pk__in=ids).update(door_said="", carrier_code="", note="")
    for parcel_id in ids:
        leave_tombstone("goods.parcel", parcel_id, at)
    return len(ids)
