"""What `check` counts of the gate, told otherwise than the services do: from the steps, not from the columns."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from shouwang.core.due import keys_due
from shouwang.goods.models import Parcel, ParcelStep
from shouwang.goods.selectors.parcels import shown
from shouwang.goods.states import IN_HOUSE, ParcelState, StepKind

Found = tuple[int, list[UUID]]


def _all(community: UUID | None) -> QuerySet[Parcel]:
    return Parcel.objects.filter(community_id=community) if community else Parcel.objects.all()


def resting_unwatched(community: UUID | None) -> Found:
    """Resting parcels for whose hour there is no due row."""
    due = keys_due("goods.release")
    rows = (
        _all(community).filter(state=ParcelState.RESTING).values_list("pk", "community_id", "rest_until_at")
    )
    found = [
        (pk, f"{place}:{hour.astimezone(UTC).isoformat()}") for pk, place, hour in rows if hour is not None
    ]
    return len(found), [pk for pk, key in found if key not in due]


def left_early(community: UUID | None) -> Found:
    """Parcels that left or were released before their hour, by their steps, without a step that lets them go by name.

    What has to rest is known from its incident; a parcel that had none was never held.
    """
    named = ParcelStep.objects.filter(
        parcel=OuterRef("pk"), kind=StepKind.LET_GO_EARLY, by__isnull=False
    ).exclude(reason="", parcel__ended_at__isnull=True)
    freed = [ParcelState.RELEASED, ParcelState.ON_THE_WAY, ParcelState.HANDED_OVER]
    rested = Q(rest_until_at__isnull=False) & ~Q(early=True)
    early = ParcelStep.objects.filter(
        parcel=OuterRef("pk"), state__in=freed, at__lt=OuterRef("rest_until_at"), id__gt=OuterRef("set_down")
    )
    last_rest = ParcelStep.objects.filter(parcel=OuterRef("pk"), kind=StepKind.DISINFECTED).order_by("-id")
    held = _all(community).filter(incident_id__isnull=False).exclude(Exists(named))
    rows = held.annotate(set_down=Subquery(last_rest.values("id")[:1])).annotate(early=Exists(early))
    gone = rows.filter(state__in=freed).exclude(rested).values_list("pk", flat=True)
    return held.count(), list(gone)


def without_holder(community: UUID | None) -> Found:
    """Parcels whose last step says another state or another holder than they do."""
    last = ParcelStep.objects.filter(parcel=OuterRef("pk")).order_by("-id")
    rows = (
        _all(community)
        .filter(Q(state__in=IN_HOUSE) | Q(state=ParcelState.HANDED_OVER))
        .annotate(told=Subquery(last.values("state")[:1]), has=Subquery(last.values("holder")[:1]))
    )
    same_holder = Q(has=F("holder")) | Q(has__isnull=True, holder__isnull=True)
    return rows.count(), list(rows.exclude(same_holder, told=F("state")).values_list("pk", flat=True))


def on_no_list(at: datetime, community: UUID | None) -> Found:
    """Parcels in house that no list of the gate's board holds."""
    rows = _all(community).filter(state__in=IN_HOUSE)
    lists = Q()
    for where in shown(at).values():
        lists |= where
    return rows.count(), list(rows.exclude(lists).values_list("pk", flat=True))
