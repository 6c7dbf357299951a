"""Who is calling, and who could go: for the pages of the bank."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from shouwang.core.scope import Scope
from shouwang.goods.selectors.medicine import KEEP, banks_for, door_said
from shouwang.people.models import Household, Person
from shouwang.people.selectors import (
    current_household,
    household_for,
    household_of,
    household_title,
    households_by_phone,
    members_of,
    persons_for,
)
from shouwang.people.selectors.persons import age_words
from shouwang.places.selectors import door_label
from shouwang.volunteers.models import Volunteer
from shouwang.volunteers.selectors import can_serve, loads


@dataclass(frozen=True)
class Caller:
    """A household that may be meant, with its people and their ages."""

    household: Household
    door: str
    title: str
    members: list[tuple[Person, str]]


def caller_of(household: Household, at: datetime) -> Caller:
    """The household as it is needed while the phone is in the hand."""
    day = timezone.localtime(at).date()
    rows = members_of(household)
    members = [(row.person, age_words(row.person, day)) for row in rows]
    return Caller(household, door_label(household.dwelling), household_title(household, rows), members)


def callers(scope: Scope, phone: str, door: str, at: datetime) -> list[Caller]:
    """Households for which this number speaks, else the one at the door that was said; of those in reach."""
    found: list[Household] = []
    for place in banks_for(scope):
        found += households_by_phone(place.pk, phone) if phone else []
    dwelling = door_said(scope, door) if door and not found else None
    if dwelling is not None:
        household = current_household(dwelling)
        found += [household] if household is not None else []
    return [caller_of(one, at) for one in found if scope.covers(KEEP, one)]


def household_asked(scope: Scope, household_id: UUID) -> Household:
    """The household, or 404."""
    return household_for(scope, household_id, KEEP)


def person_asked(scope: Scope, person_id: UUID) -> tuple[Person | None, Household | None]:
    """The person and the household that they belong to; (None, None) when nobody in reach is meant."""
    person = persons_for(scope, KEEP).filter(pk=person_id).first()
    return (person, household_of(person)) if person is not None else (None, None)


@dataclass(frozen=True)
class Goer:
    """Somebody who could go now."""

    volunteer: Volunteer
    words: str


def goers(placed: Any, at: datetime) -> list[Goer]:
    """Who could go to a door: those of the same stairwell and building first, then who has the least in hand."""
    rows = can_serve(at).filter(community_id=placed.community_id, by_phone_only=False).select_related("user")
    people = list(rows)
    load = loads(row.pk for row in people)
    free = [row for row in people if load[row.pk] < row.at_most]
    ordered = sorted(free, key=lambda row: (_far(row, placed), load[row.pk], row.user.name))
    return [Goer(row, _words(row, _far(row, placed), load[row.pk])) for row in ordered]


def _far(row: Volunteer, placed: Any) -> int:
    for far, column in enumerate(("stairwell_id", "building_id", "grid_id")):
        if getattr(row, column) is not None and getattr(row, column) == getattr(placed, column):
            return far
    return 3


def _words(row: Volunteer, far: int, load: int) -> str:
    near = (_("lives in this stairwell"), _("lives in this building"), _("same grid"), "")[far]
    hand = _("%(number)s in hand") % {"number": load} if load else _("nothing in hand")
    return " · ".join(part for part in (row.user.name, near, hand) if part)
