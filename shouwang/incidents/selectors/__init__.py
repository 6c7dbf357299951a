"""Reads of incidents: where the line is, where it was, who is inside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from shouwang.core.clock import local_day
from shouwang.core.scope import Scope
from shouwang.incidents.models import Incident, IncidentPlace
from shouwang.incidents.states import IncidentState, RestRule
from shouwang.people.models import Household
from shouwang.people.selectors import file_household, households_in
from shouwang.places.models import STAMP, Place
from shouwang.places.selectors import (
    areas_in,
    buildings_in,
    communities_for,
    dwellings_in,
    labels_of,
    place_for,
    places_for,
    places_of,
)
from shouwang.places.states import Level

LIVE = (IncidentState.OPEN, IncidentState.SUSPENDED)


def open_incidents(community_id: UUID) -> list[Incident]:
    """Incidents of a community that are open (suspended ones are not), newest first."""
    rows = Incident.objects.filter(community_id=community_id, state=IncidentState.OPEN)
    return list(rows.order_by("-opened_at"))


def incidents_for(scope: Scope, capability: str = "place.see") -> QuerySet[Incident]:
    """Incidents of every community in which the capability is held anywhere, newest first."""
    held = places_for(scope, capability).order_by().values("community_id")
    return Incident.objects.filter(community_id__in=held).select_related("opened_by").order_by("-opened_at")


def incident_for(scope: Scope, incident_id: UUID, capability: str = "place.see") -> Incident:
    """The incident, or 404. To lead it, the capability must be held over the whole community."""
    incident = incidents_for(scope, capability).filter(pk=incident_id).first()
    if incident is None or (capability == "incident.lead" and not scope.covers(capability, incident)):
        raise Http404
    return incident


def line_at(incident: Incident, at: datetime) -> QuerySet[IncidentPlace]:
    """Rows of the line as it ran at `at`."""
    return incident.line.filter(Q(until_at__isnull=True) | Q(until_at__gt=at), from_at__lte=at)


def inside_ids(incident: Incident, at: datetime) -> set[UUID]:
    """Ids of the places on the inside at `at`: buildings, or single stairwells of one."""
    return set(line_at(incident, at).values_list("place_id", flat=True))


def inside_line(incident: Incident, at: datetime) -> list[Place]:
    """The places on the inside at `at`, in the order people count them."""
    return [row.place for row in line_at(incident, at).select_related("place").order_by("place__sort_key")]


def incidents_at_place(placed: Any, at: datetime) -> list[Incident]:
    """Open incidents whose line runs around this place or this row's place, newest first.

    `placed` is a Place or anything with the scope columns.
    """
    ids = [value for name in STAMP if (value := getattr(placed, name, None)) is not None]
    rows = IncidentPlace.objects.filter(
        Q(until_at__isnull=True) | Q(until_at__gt=at),
        from_at__lte=at,
        place_id__in=ids,
        incident__state=IncidentState.OPEN,
    ).select_related("incident")
    found = {row.incident_id: row.incident for row in rows}
    return sorted(found.values(), key=lambda incident: incident.opened_at, reverse=True)


def incident_of_place(placed: Any, at: datetime) -> Incident | None:
    """The open incident that this place is inside of; the newest when there are several."""
    return next(iter(incidents_at_place(placed, at)), None)


def targets_for(incident: Incident | None, category: str) -> tuple[int, int] | None:
    """(minutes to accept, minutes to finish) that the incident sets for a category, or None: the category's own."""
    found = incident.targets.get(category) if incident is not None else None
    return (int(found["accept"]), int(found["finish"])) if found else None


def rest_minutes(incident: Incident | None, rule: str) -> int | None:
    """How long goods of a RestRule rest at the gate after they were disinfected, 0 when not at all; None where the incident
    lets goods in as they come (or there is no incident)."""
    if incident is None or not incident.rest:
        return None
    return int(incident.rest.get(rule, incident.rest.get(RestRule.USUAL, 0)))


def resting_incidents(community_id: UUID) -> list[Incident]:
    """The open incidents of a community for which goods are disinfected at the gate, the longest rest first."""
    found = [incident for incident in open_incidents(community_id) if incident.rest]
    return sorted(found, key=lambda one: -int(one.rest.get(RestRule.USUAL, 0)))


def _inside(ids: Iterable[UUID]) -> Q:
    wanted = list(ids)
    return Q(building_id__in=wanted) | Q(stairwell_id__in=wanted)


def households_inside(incident: Incident, at: datetime | None = None) -> QuerySet[Household]:
    """Households that live inside the line: as it runs now, or as it ran at `at`."""
    ids = inside_ids(incident, at) if at else set(_now_inside(incident))
    return households_in(incident.community_id).filter(_inside(ids))


def _now_inside(incident: Incident) -> Iterable[UUID]:
    return incident.line.filter(until_at__isnull=True).values_list("place_id", flat=True)


def counts_inside(incident: Incident, at: datetime) -> dict[str, int]:
    """How many buildings, doors and households are inside at `at`. Doors and households are today's."""
    doors = dwellings_in(incident.community_id).filter(_inside(inside_ids(incident, at))).count()
    return {**briefly_inside(incident, at), "doors": doors}


def briefly_inside(incident: Incident, at: datetime) -> dict[str, int]:
    """The same without the doors, for the top of every page."""
    rows = dict(line_at(incident, at).values_list("place_id", "place__building_id"))
    households = households_in(incident.community_id).filter(_inside(rows)).order_by()
    return {"buildings": len(set(rows.values())), "households": households.count()}


def day_number(incident: Incident, at: datetime, zone: str = "Asia/Shanghai") -> int:
    """Which day of the incident it is, counting from 1 on the local day of its opening."""
    return (local_day(at, zone) - local_day(incident.opened_at, zone)).days + 1


def buildings_under(places: Sequence[Place]) -> list[Place]:
    """Places as a line is drawn: buildings, and single stairwells; a grid or a community stands for its buildings."""
    found: dict[UUID, Place] = {}
    for place in places:
        if place.level in (Level.BUILDING, Level.STAIRWELL):
            found[place.pk] = place
            continue
        for building in buildings_in(place.community_id) if place.community_id else ():
            if place.pk in (building.community_id, building.grid_id):
                found[building.pk] = building
    return list(found.values())


def incidents_here(scope: Scope, place_id: UUID) -> list[Incident]:
    """Open incidents that a place of the scope is inside of."""
    return incidents_at_place(place_for(scope, place_id), scope.at)


def incidents_of_household(scope: Scope, household_id: UUID) -> list[Incident]:
    """Open incidents that a household of the scope is inside of."""
    return incidents_at_place(file_household(scope, household_id), scope.at)


# The page of one incident


@dataclass(frozen=True)
class LineBuilding:
    """A building on the line's page. `state`: in, part (only `stairwells` of it) or out; `moved_at` the last move."""

    place: Place
    state: str
    doors: int
    households: int
    moved_at: datetime | None = None
    stairwells: tuple[str, ...] = ()

    @property
    def is_in(self) -> bool:
        return self.state == "in"


@dataclass(frozen=True)
class LineMove:
    """One moment at which the line moved: what came in and what went out, in words."""

    at: datetime
    added: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass
class _Moment:
    added: list[UUID] = field(default_factory=list)
    removed: list[UUID] = field(default_factory=list)


def line_buildings(incident: Incident, at: datetime) -> list[LineBuilding]:
    """Every building of the community with where it stands at `at`; five queries whatever their number."""
    rows = list(line_at(incident, at).select_related("place"))
    whole = {row.place_id: row for row in rows if row.place.level != Level.STAIRWELL}
    parts: dict[UUID, list[Place]] = defaultdict(list)
    for row in rows:
        if row.place.level == Level.STAIRWELL:
            parts[row.place.building_id or row.place_id].append(row.place)
    doors = _by_building(dwellings_in(incident.community_id))
    homes = _by_building(households_in(incident.community_id))
    last = _last_moves(incident, at)
    return [
        LineBuilding(
            place=building,
            state="in" if building.pk in whole else "part" if building.pk in parts else "out",
            doors=doors.get(building.pk, 0),
            households=homes.get(building.pk, 0),
            moved_at=last.get(building.pk),
            stairwells=tuple(place.name for place in parts.get(building.pk, [])),
        )
        for building in buildings_in(incident.community_id)
    ]


def _by_building(rows: QuerySet[Any]) -> dict[UUID, int]:
    return dict(rows.order_by().select_related(None).values_list("building_id").annotate(number=Count("pk")))


def _last_moves(incident: Incident, at: datetime) -> dict[UUID, datetime]:
    """When each place last came in or went out, until `at`."""
    last: dict[UUID, datetime] = {}
    for place_id, began, ended in incident.line.values_list("place_id", "from_at", "until_at"):
        moments = [moment for moment in (began, ended) if moment is not None and moment <= at]
        if moments:
            last[place_id] = max([*moments, last[place_id]] if place_id in last else moments)
    return last


def moves_of(incident: Incident) -> list[LineMove]:
    """Every move of the line, newest first; places in words."""
    moments: dict[datetime, _Moment] = defaultdict(_Moment)
    for place_id, began, ended in incident.line.values_list("place_id", "from_at", "until_at"):
        moments[began].added.append(place_id)
        if ended is not None:
            moments[ended].removed.append(place_id)
    labels = labels_of(pk for moment in moments.values() for pk in (*moment.added, *moment.removed))
    return [
        LineMove(at, _words(moments[at].added, labels), _words(moments[at].removed, labels))
        for at in sorted(moments, reverse=True)
    ]


def _words(ids: Iterable[UUID], labels: dict[UUID, str]) -> tuple[str, ...]:
    return tuple(labels.get(pk, "") for pk in ids)


def moved_lately(
    scope: Scope, at: datetime, within: timedelta = timedelta(hours=24)
) -> list[tuple[Incident, LineMove]]:
    """The last move of each live incident in the scope, if it was not the opening and not longer ago than `within`."""
    found = []
    for incident in incidents_for(scope).filter(state__in=LIVE):
        moves = moves_of(incident)
        if len(moves) > 1 and moves[0].at >= at - within:
            found.append((incident, moves[0]))
    return found


@dataclass(frozen=True)
class Target:
    """What the incident sets for one category, in minutes."""

    label: Any
    accept: int
    finish: int


# The categories that presets speak of, as people say them; help has the whole list and its own times.
SPOKEN = {
    "emergency": _("emergency"),
    "medicine": _("medicine"),
    "shopping": _("shopping"),
    "parcel": _("parcel"),
    "repair": _("repair"),
    "care": _("care"),
    "visit": _("visit"),
}


def targets_in_words(incident: Incident) -> list[Target]:
    """The incident's own target times, most pressing first."""
    found = [
        Target(SPOKEN.get(code, code), int(target["accept"]), int(target["finish"]))
        for code, target in incident.targets.items()
    ]
    return sorted(found, key=lambda target: (target.accept, target.finish))


# Choices of the opening form


def choices_for(scope: Scope) -> tuple[list[Place], list[Any], list[Place]]:
    """(communities, areas, buildings) over which the scope may open an incident."""
    communities = [
        place for place in communities_for(scope, "incident.lead") if scope.covers("incident.lead", place)
    ]
    areas = [area for place in communities for area in areas_in(place.pk)]
    buildings = [building for place in communities for building in buildings_in(place.pk)]
    return communities, areas, buildings


def buildings_of_area(area: Any) -> list[Place]:
    """The places of an area as a line is drawn."""
    return buildings_under(places_of(area))
