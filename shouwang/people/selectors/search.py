"""Finding people as the desk types: a name, its letters, the end of a phone, an ID number, a door."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from shouwang.core.personal import ID_NUMBER, PHONE
from shouwang.core.scope import NOTHING, Scope
from shouwang.people.engines.names import clean_name
from shouwang.people.engines.numbers import clean_id, clean_phone
from shouwang.people.models import CareFlag, DoorState, Household, Membership
from shouwang.people.selectors.households import heads_of, households_for
from shouwang.people.selectors.matching import id_number_index
from shouwang.people.states import CareState, Occupancy
from shouwang.places.engines.doors import Door, canonical, read_door
from shouwang.places.models import Dwelling
from shouwang.places.selectors import door_labels
from shouwang.places.states import Level

MOST = 20


@dataclass(frozen=True)
class Found:
    """A household that a search found, and the person by whom (None: by the door)."""

    household: Household
    name: str
    door: str
    person_id: UUID | None = None


def search_people(scope: Scope, text: str, limit: int = MOST) -> list[Found]:
    """At most `limit` people (or doors) within the scope that `text` means, the best first; nothing for less than
    two letters, three digits or one Chinese character."""
    said = clean_name(text)[:60]
    door = read_door(said)
    if door is not None and door.door and door.building:
        return _found_doors(scope, door, limit)
    wanted = _person_q(scope, said)
    if wanted is None:
        return []
    rows = (
        Membership.objects.filter(
            scope.q("register.see", "household__"),
            wanted,
            until_on__isnull=True,
            person__voided_at__isnull=True,
        )
        .select_related("person", "household__dwelling__place")
        .annotate(rank=_rank(said))
        .order_by("rank", "person__name", "id")[:limit]
    )
    return _told(list(rows))


def _told(rows: Sequence[Membership]) -> list[Found]:
    labels = door_labels([row.household.dwelling for row in rows])
    return [
        Found(row.household, row.person.name, labels[row.household.dwelling_id], row.person_id)
        for row in rows
    ]


def _rank(said: str) -> Case:
    """Whole names before beginnings before the rest."""
    return Case(
        When(person__name=said, then=Value(0)),
        When(Q(person__name__startswith=said) | Q(person__name_letters=said.lower()), then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )


def _person_q(scope: Scope, said: str) -> Q | None:
    number = clean_id(said)
    if re.fullmatch(r"\d{17}[\dX]|[A-Z]{1,2}\d{7,9}", number):
        return _where_read(scope, ID_NUMBER) & Q(person__id_number_index=id_number_index(number))
    digits = clean_phone(said)
    if re.fullmatch(r"[\d\s\-+]{3,}", said) and len(digits) >= 3:
        ends = Q(person__phone_reversed__startswith=digits[::-1]) | Q(person__phone__startswith=digits)
        return _where_read(scope, PHONE) & ends
    letters = re.sub(r"[\s']", "", said).lower()
    if re.fullmatch(r"[a-z]{2,}", letters):
        return (
            Q(person__name_letters__startswith=letters)
            | Q(person__name_pinyin__startswith=letters)
            | Q(person__name__icontains=said)
        )
    return Q(person__name__contains=said) if re.search(r"[^\W\d_a-zA-Z]", said) else None


def _where_read(scope: Scope, field_class: str) -> Q:
    """Places where this field class may be read: what one may not read one may not search by either."""
    answer = NOTHING
    for grant in scope.grants:
        if field_class in grant.classes and "register.see" in grant.capabilities:
            answer = answer | Q(**{f"household__{grant.column}": grant.place_id})
    return answer


def _found_doors(scope: Scope, door: Door, limit: int) -> list[Found]:
    here = households_for(scope).filter(scope.q("register.see"), dwelling__door__iexact=door.door)
    matching = [row for row in here[:2000] if _is_door(row.dwelling, door)][:limit]
    labels, heads = door_labels([row.dwelling for row in matching]), heads_of(row.pk for row in matching)
    return [
        Found(row, heads[row.pk].person.name if row.pk in heads else "", labels[row.dwelling_id])
        for row in matching
    ]


def _is_door(dwelling: Dwelling, door: Door) -> bool:
    place = dwelling.place
    codes = [canonical(part) for part in place.sort_key.split("/") if part]
    building, stairwell = canonical(door.building), canonical(door.stairwell)
    if place.level != Level.STAIRWELL:
        return stairwell is None and codes[-1:] == [building]
    return codes[-2:-1] == [building] and stairwell in (None, codes[-1])


@dataclass(frozen=True)
class Row:
    """One line of the list of households."""

    household: Household
    door: str
    name: str
    people: int
    occupancy: str
    flags: tuple[str, ...] = field(default=())


def household_rows(households: QuerySet[Household]) -> list[Row]:
    """Lines for a page of households, with five queries whatever its length."""
    page = list(
        households.annotate(people=Count("memberships", filter=Q(memberships__until_on__isnull=True)))
    )
    ids = [row.pk for row in page]
    labels, heads = door_labels([row.dwelling for row in page]), heads_of(ids)
    doors = dict(
        DoorState.objects.filter(dwelling_id__in=[row.dwelling_id for row in page]).values_list(
            "dwelling_id", "occupancy"
        )
    )
    flags = _flags_by_household(ids)
    return [
        Row(
            household=row,
            door=labels[row.dwelling_id],
            name=heads[row.pk].person.name if row.pk in heads else "",
            people=row.people,
            occupancy=str(Occupancy(doors.get(row.dwelling_id, Occupancy.UNKNOWN)).label),
            flags=flags.get(row.pk, ()),
        )
        for row in page
    ]


def _flags_by_household(ids: Sequence[UUID]) -> Mapping[UUID, tuple[str, ...]]:
    found: dict[UUID, tuple[str, ...]] = {}
    rows = CareFlag.objects.filter(household_id__in=ids, state=CareState.ACCEPTED).order_by("noted_on", "id")
    for household_id, kind in rows.values_list("household_id", "kind"):
        found[household_id] = (*found.get(household_id, ()), kind)
    return found
