"""The list of spots that somebody looks after."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.audit import write_audit
from shouwang.core.due import schedule
from shouwang.core.errors import Conflict, Refusal
from shouwang.places.models import Place
from shouwang.rounds.models import Round, Spot
from shouwang.rounds.states import RoundState, Whom

MOST_A_DAY = 24


@transaction.atomic
def add_spots(
    *,
    community: Place,
    places: Sequence[Place],
    name: str,
    per_day: int,
    by: User,
    at: datetime | None = None,
) -> list[Spot]:
    """Puts a spot of this name at each of these stairwells or buildings, where there is none yet; the new ones.

    Rounds of spots that go on take them in. Refusal without a name or a place, or when all of them are there.
    """
    at = at or clock.now()
    name = " ".join(name.split())[:40]
    if not name:
        raise Refusal("name-missing", _("Say what it is, for example “Lift”."), field="name")
    if not 1 <= per_day <= MOST_A_DAY:
        raise Refusal("per-day", _("Between once and 24 times a day."), field="per_day")
    if not places or any(place.community_id != community.pk for place in places):
        raise Refusal("no-places", _("Choose at least one building of this community."), field="buildings")
    there = Spot.objects.filter(place__in=places, name=name, until__isnull=True)
    known = set(there.values_list("place_id", flat=True))
    spots = [
        Spot(place=place, name=name, per_day=per_day, since=at, **place.stamp())
        for place in places
        if place.pk not in known
    ]
    if not spots:
        raise Refusal("spot-there", _("All of these places have this spot already."), field="name")
    Spot.objects.bulk_create(spots)
    write_audit(
        "rounds.spots.added", by=by, at=at, subject=community, placed=community, name=name, spots=len(spots)
    )
    _look_again(community.pk, at)
    return spots


@transaction.atomic
def end_spot(*, spot: Spot, by: User, at: datetime | None = None) -> None:
    """Takes a spot off the list; what was done at it stays. Conflict when it is off already."""
    at = at or clock.now()
    if not Spot.objects.filter(pk=spot.pk, until__isnull=True).update(until=at):
        raise Conflict("spot-ended", _("This spot is off the list already."))
    write_audit("rounds.spot.ended", by=by, at=at, subject=spot, placed=spot, name=spot.name)
    if spot.community_id:
        _look_again(spot.community_id, at)


def _look_again(community_id: UUID, at: datetime) -> None:
    rounds = Round.objects.filter(community_id=community_id, whom=Whom.SPOTS, state=RoundState.OPEN)
    for pk in rounds.values_list("pk", flat=True):
        schedule("rounds.keep_true", at=at, subject_id=pk)
