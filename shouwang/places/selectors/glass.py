"""Who looks, or looked, into a building that is not theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from shouwang.core.audit import count_acts_of
from shouwang.core.registry import purposes
from shouwang.core.scope import Scope
from shouwang.places.models import BrokenGlass, Place
from shouwang.places.selectors.doors import label_of
from shouwang.places.selectors.tree import communities_for, places_for
from shouwang.places.states import Level

# Held by posts alone: looking into a building does not make one answer for it.
ANSWERS = "today.see"
SHOWN = 30


def live_glass(user: Any, at: datetime) -> QuerySet[BrokenGlass]:
    """What a user sees in an emergency at `at`."""
    return BrokenGlass.objects.filter(user=user, began_at__lte=at, until_at__gt=at).select_related("place")


def glass_places(scope: Scope) -> QuerySet[Place]:
    """Buildings and yards of one's own community that one does not see anyhow."""
    communities = [place.pk for place in communities_for(scope, ANSWERS)]
    mine = places_for(scope, "register.see", Level.BUILDING)
    return (
        Place.objects.filter(community_id__in=communities, level=Level.BUILDING, until__isnull=True)
        .exclude(pk__in=mine.values("pk"))
        .order_by("sort_key")
    )


def _about(scope: Scope) -> QuerySet[BrokenGlass]:
    """Those that concern places the scope answers for, and are not one's own."""
    return (
        BrokenGlass.objects.filter(scope.q(ANSWERS))
        .exclude(user=scope.user)
        .select_related("place", "user", "seen_by")
    )


def unseen_glass(scope: Scope) -> QuerySet[BrokenGlass]:
    """Those that nobody who answers for the place has read of yet."""
    return _about(scope).filter(seen_at__isnull=True).order_by("-began_at")


@dataclass(frozen=True)
class GlassRow:
    """One of them as shown: `acts` how many acts of that person are on record for the place in that time."""

    row: BrokenGlass
    place: str
    live: bool
    acts: int


def glass_rows(scope: Scope, at: datetime) -> dict[str, list[GlassRow]]:
    """`mine` what one sees or saw oneself, `others` who saw one's own places; the latest first."""
    mine = BrokenGlass.objects.filter(user=scope.user).select_related("place", "user", "seen_by")
    return {
        "mine": [_row(row, at) for row in mine.order_by("-began_at")[:SHOWN]],
        "others": [_row(row, at) for row in _about(scope).order_by("-began_at")[:SHOWN]],
    }


def _row(row: BrokenGlass, at: datetime) -> GlassRow:
    acts = count_acts_of(row.user_id, f"{row.place.level}_id", row.place_id, row.began_at, row.until_at)
    return GlassRow(row, label_of(row.place), row.is_live(at), acts)


def glass_for(scope: Scope, glass_id: UUID) -> BrokenGlass:
    """One that concerns a place the scope answers for, or 404."""
    row = _about(scope).filter(pk=glass_id).first()
    if row is None:
        raise Http404
    return row


def own_glass(scope: Scope, glass_id: UUID) -> BrokenGlass:
    """One of one's own, or 404."""
    row = BrokenGlass.objects.filter(pk=glass_id, user=scope.user).first()
    if row is None:
        raise Http404
    return row


def glass_by_id(glass_id: UUID) -> BrokenGlass | None:
    """For jobs, never for a page."""
    return BrokenGlass.objects.filter(pk=glass_id).select_related("place", "user").first()


def old_glass(at: datetime) -> QuerySet[BrokenGlass]:
    """Those past the days they are kept."""
    return BrokenGlass.objects.filter(until_at__lt=at - timedelta(days=purposes.get("glass").days))
