"""What must be true of the store at any time, counted from the rows."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum, Window
from django.db.models.functions import Coalesce

from shouwang.goods.models import Balance, Lot, Movement


def _lots(community: UUID | None) -> QuerySet[Lot]:
    return Lot.objects.all() if community is None else Lot.objects.filter(community_id=community)


def uneven_balances(community: UUID | None = None) -> tuple[int, list[UUID]]:
    """How many balances there are, and the lots of which one differs from the sum of its movements."""
    where = Q() if community is None else Q(lot__community_id=community)
    kept = {
        (lot, shelf): number
        for lot, shelf, number in Balance.objects.filter(where).values_list("lot_id", "shelf_id", "quantity")
    }
    rows = Movement.objects.filter(where).values_list("lot_id", "shelf_id")
    summed = {(lot, shelf): number for lot, shelf, number in rows.annotate(n=Sum("quantity")).order_by()}
    wrong = {key[0] for key in kept.keys() | summed.keys() if kept.get(key, 0) != summed.get(key, 0)}
    return len(kept), sorted(wrong)


def lots_below_zero(community: UUID | None = None) -> tuple[int, list[UUID]]:
    """How many lots there are, and those of which a shelf held less than nothing after any movement."""
    where = Q() if community is None else Q(lot__community_id=community)
    running = Window(
        Sum("quantity"), partition_by=[F("lot_id"), F("shelf_id")], order_by=[F("at").asc(), F("id").asc()]
    )
    rows = Movement.objects.filter(where).annotate(level=Coalesce(running, 0))
    below = {lot for lot, level in rows.values_list("lot_id", "level") if level < 0}
    return _lots(community).count(), sorted(below)


def acts_corrected_twice(community: UUID | None = None) -> tuple[int, list[UUID]]:
    """How many corrections there are, and the lots with a movement that was corrected twice or not undone whole."""
    where = Q(corrections__isnull=False)
    if community is not None:
        where &= Q(lot__community_id=community)
    rows = Movement.objects.filter(where).annotate(
        times=Count("corrections"), back=Sum("corrections__quantity")
    )
    found = list(rows.values_list("lot_id", "quantity", "times", "back"))
    return len(found), sorted({lot for lot, quantity, times, back in found if times > 1 or quantity + back})
