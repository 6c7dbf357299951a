"""Coverage up the tree: numbers only, in the order of places, never by how much is done."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import groupby
from operator import add, or_
from typing import Any, NamedTuple
from uuid import UUID
from zlib import crc32

from django.db.models import F, Q, QuerySet, Sum
from django.http import Http404

from shouwang.core.scope import NOTHING, Scope
from shouwang.incidents.selectors import incidents_for
from shouwang.places.models import Place
from shouwang.places.selectors import (
    buildings_in,
    communities_below,
    communities_counted,
    offices_for,
    parents_of,
)
from shouwang.rounds.models import Campaign, Round, Tally
from shouwang.rounds.rules import is_below
from shouwang.rounds.selectors import LEAD, choices_for
from shouwang.rounds.states import OPEN_STATES, EntryState, RoundState

COUNT, CALL = "counts.see", "campaign.begin"


class Sums(NamedTuple):
    """How many entries there are, how many are done, how many still open. The rest is settled otherwise."""

    total: int = 0
    done: int = 0
    open: int = 0

    @property
    def otherwise(self) -> int:
        """Settled, and not done."""
        return self.total - self.done - self.open


@dataclass(frozen=True)
class PlaceSums:
    """A place's part of a campaign; `begun`: whether a round was begun there at all."""

    place: Place
    sums: Sums
    begun: bool = True


@dataclass(frozen=True)
class Office:
    """A subdistrict (None: communities right below a district) with its communities."""

    place: Place | None
    rows: list[PlaceSums]
    sums: Sums = field(default=Sums())


@dataclass(frozen=True)
class Overview:
    """A campaign as far as the reader's post goes. `mark` changes with any figure."""

    offices: list[Office]
    sums: Sums
    waiting: int
    mark: int


def campaigns_for(scope: Scope) -> QuerySet[Campaign]:
    """Campaigns over, or above, a place whose counts the scope may read, newest first."""
    mine = scope.once("rounds.counted", lambda: communities_counted(scope, COUNT))
    held = [*mine, *offices_for(scope, COUNT)]
    return _around(held).select_related("place", "began_by").order_by("-began_at")


def campaign_for(scope: Scope, campaign_id: UUID, capability: str = COUNT) -> Campaign:
    """The campaign, or 404; to end it, `campaign.begin` must be held at its place or above."""
    found = campaigns_for(scope).filter(pk=campaign_id).first()
    if found is None:
        raise Http404
    if capability == CALL and not any(is_below(found.place, at) for at in offices_for(scope, CALL)):
        raise Http404
    return found


def open_campaigns_above(communities: Collection[Place]) -> list[Campaign]:
    """What is asked for from above of any of these communities, newest first."""
    rows = _around(communities).filter(state=RoundState.OPEN) if communities else Campaign.objects.none()
    return list(rows.select_related("place").order_by("-began_at"))


def begin_choices(scope: Scope) -> dict[str, Any]:
    """What a round can be begun over and under: communities, buildings, incidents, campaigns."""
    communities, buildings = choices_for(scope)
    ids = [place.pk for place in communities]
    incidents = incidents_for(scope, LEAD).filter(community_id__in=ids, closed_at__isnull=True)
    return {
        "communities": communities, "buildings": buildings, "incidents": list(incidents),
        "campaigns": open_campaigns_above(communities),
    }  # fmt: skip


def asked_of(communities: Collection[Place]) -> list[tuple[Campaign, Place]]:
    """Campaigns under which a community has begun no round yet, with the community."""
    campaigns = open_campaigns_above(communities)
    begun = set(Round.objects.filter(campaign__in=campaigns).values_list("campaign_id", "community_id"))
    return [
        (one, place)
        for one in campaigns
        for place in communities
        if is_below(place, one.place) and (one.pk, place.pk) not in begun
    ]


def _around(places: Iterable[Place]) -> QuerySet[Campaign]:
    """Campaigns of these places, of those above them and of those below."""
    rows = list(places)
    if not rows:
        return Campaign.objects.filter(NOTHING)
    step = Place.steplen
    above = {row.path[:end] for row in rows for end in range(step, len(row.path) + 1, step)}
    below = reduce(
        or_, (Q(place__path__startswith=row.path) for row in rows if row.level != "community"), Q(pk=None)
    )
    return Campaign.objects.filter(Q(place__path__in=above) | below)


_OPEN: Any = reduce(add, (F(state) for state in OPEN_STATES))
_ALL: Any = reduce(add, (F(state) for state in EntryState.values))


def sums_by(column: str, tallies: QuerySet[Tally]) -> dict[UUID, Sums]:
    """The counters summed by one of their columns."""
    rows = tallies.order_by().values(column).annotate(t=Sum(_ALL), d=Sum("done"), o=Sum(_OPEN))
    return {pk: Sums(t, d, o) for pk, t, d, o in rows.values_list(column, "t", "d", "o")}


def counted_by_building(campaign_id: UUID) -> dict[UUID, Sums]:
    """A whole campaign building by building, whatever the scope: for programs and for measuring."""
    return sums_by("building_id", Tally.objects.filter(campaign_id=campaign_id))


def overview_of(scope: Scope, campaign: Campaign) -> Overview:
    """The campaign by subdistrict and community, in the order of places; four questions."""
    counted = scope.once("rounds.counted", lambda: communities_counted(scope, COUNT))
    places = [place for place in counted if is_below(place, campaign.place)]
    sums = sums_by("community_id", _tallies(campaign, places))
    rows = [PlaceSums(place, sums.get(place.pk, Sums()), place.pk in sums) for place in places]
    return Overview(
        offices=_offices(rows),
        sums=_total(rows),
        waiting=sum(not row.begun for row in rows),
        mark=crc32(repr([(row.place.pk, row.sums) for row in rows]).encode()),
    )


def _tallies(campaign: Campaign, places: Sequence[Place]) -> QuerySet[Tally]:
    """Of a whole campaign without a list of communities to be compared with each row."""
    rows = Tally.objects.filter(campaign_id=campaign.pk)
    whole = len(places) == communities_below(campaign.place).count()
    return rows if whole else rows.filter(community_id__in=[place.pk for place in places])


def _offices(rows: Sequence[PlaceSums]) -> list[Office]:
    above = parents_of([row.place for row in rows])
    by_path = {place.path: place for place in above if place.level == "subdistrict"}
    step = Place.steplen
    ordered = sorted(rows, key=lambda row: _order(row, by_path.get(row.place.path[:-step])))
    found = []
    for path, group in groupby(ordered, key=lambda row: row.place.path[:-step]):
        inside = list(group)
        found.append(Office(by_path.get(path), inside, _total(inside)))
    return found


def _order(row: PlaceSums, office: Place | None) -> tuple[str, str, str]:
    return office.sort_key if office else "", row.place.path[: -Place.steplen], row.place.sort_key


def _total(rows: Iterable[PlaceSums]) -> Sums:
    return Sums(*(sum(column) for column in zip(*(row.sums for row in rows), strict=True)))


def community_counted(scope: Scope, place_id: UUID) -> Place:
    """A community whose counts the scope may read, or 404."""
    counted = scope.once("rounds.counted", lambda: communities_counted(scope, COUNT))
    for place in counted:
        if place.pk == place_id:
            return place
    raise Http404


def buildings_counted(campaign: Campaign, community: Place) -> list[PlaceSums]:
    """One community's part of a campaign, building by building in the order people count them."""
    rows = Tally.objects.filter(campaign_id=campaign.pk, community_id=community.pk)
    sums = sums_by("building_id", rows)
    return [PlaceSums(place, sums[place.pk]) for place in buildings_in(community.pk) if place.pk in sums]
