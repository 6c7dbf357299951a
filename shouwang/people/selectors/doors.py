"""What doors are: every one a known state or a gap."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from shouwang.core.scope import Scope
from shouwang.people.models import DoorState, Household, Membership
from shouwang.people.states import Occupancy
from shouwang.places.models import Dwelling
from shouwang.places.selectors import all_communities, dwellings_for, dwellings_in

LIVED_BEHIND = Exists(
    Membership.objects.filter(
        household__dwelling_id=OuterRef("pk"), household__until_on__isnull=True, until_on__isnull=True
    )
)


def door_state_of(dwelling: Dwelling) -> DoorState | None:
    """What the door is, or None when nobody has entered anything yet."""
    return DoorState.objects.filter(dwelling=dwelling).first()


def _unknown(doors: QuerySet[Dwelling]) -> QuerySet[Dwelling]:
    """A gap: nobody knows what the door is, and nobody is on file behind it."""
    nothing_said = Q(door_state__isnull=True) | Q(door_state__occupancy=Occupancy.UNKNOWN)
    return doors.filter(nothing_said).filter(~LIVED_BEHIND)


def unknown_doors(scope: Scope, capability: str = "register.see") -> QuerySet[Dwelling]:
    """Doors within the scope of which nobody knows whether somebody lives there; in the order people count them."""
    return _unknown(dwellings_for(scope, capability)).order_by("place__sort_key", "sort_key")


def door_counts(community_id: UUID) -> dict[str, int]:
    """Doors by every Occupancy code, and "doors" (all), "lived_in" (somebody on file), "gaps" (unknown).

    A door without a state counts as unknown.
    """
    doors = dwellings_in(community_id)
    counted: Counter[str | None] = Counter(doors.order_by().values_list("door_state__occupancy", flat=True))
    found = {code: counted.get(code, 0) for code in Occupancy.values}
    found[Occupancy.UNKNOWN] += counted.get(None, 0)
    return {
        **found,
        "doors": sum(counted.values()),
        "lived_in": doors.filter(LIVED_BEHIND).count(),
        "gaps": _unknown(doors).count(),
    }


def doors_without_state(community_id: UUID | None) -> tuple[int, list[UUID]]:
    """(how many doors there are, ids of those without a state) in one community or all."""
    communities = [community_id] if community_id else [place.pk for place in all_communities()]
    total = 0
    bare: list[UUID] = []
    for community in communities:
        doors = dwellings_in(community)
        total += doors.count()
        bare += doors.filter(door_state__isnull=True).values_list("pk", flat=True)
    return total, bare


def households_count(community_id: UUID) -> int:
    """Households that live in the community now."""
    return Household.objects.filter(community_id=community_id, until_on__isnull=True).count()


def occupancies_of(community_id: UUID) -> dict[UUID, str]:
    """What each door of a community is, by dwelling id."""
    return dict(DoorState.objects.filter(community_id=community_id).values_list("dwelling_id", "occupancy"))
