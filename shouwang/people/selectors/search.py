"""Finding people as the desk types: a name, its letters, the end of a phone, an ID number, a door."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When

from shouwang.core.personal import ID_NUMBER, PHONE
from shouwang.core.scope import NOTHING, Scope
from shouwang.people.engines.names import clean_name
from shouwang.people.engines.numbers import clean_id, clean_phone
from shouwang.people.models import CareFlag, DoorState, Household, Membership, Person
from shouwang.people.selectors.households import heads_of, households_for
from shouwang.people.selectors.matching import id_number_index
from shouwang.people.states import CareState, Occupancy
from shouwang.places.engines.doors import Door, lenient_door
from shouwang.places.selectors import door_labels, label_columns, label_from, labels_of, leaves_meant

MOST = 20
# How many more are looked at than shown: some of those found have moved away.
SPARE = 20
SHORTEST_MIDDLE = 4


@dataclass(frozen=True)
class Found:
    """A household that a search found, and the person by whom (None: by the door)."""

    household_id: UUID
    name: str
    door: str
    person_id: UUID | None = None


def search_people(scope: Scope, text: str, limit: int = MOST) -> list[Found]:
    """At most `limit` people (or doors) within the scope that `text` means, the best first; nothing for less than
    two letters, three digits or one Chinese character."""
    said = clean_name(text)[:60]
    door = lenient_door(said)
    if door is not None and door.door and door.building:
        return _found_doors(scope, door, limit)
    wanted = _wanted(scope, said)
    if wanted is None:
        return []
    # People carry the ids of where they live: asked alone, without the tables of homes, they are found in one of them.
    # Of those whom it means hardly any has moved away, so where they live is asked of the best alone.
    people = Person.objects.filter(scope.q("register.see"), wanted.where, voided_at__isnull=True)
    ranked = people.annotate(rank=wanted.rank).order_by("rank", "name", "id").values_list("pk", flat=True)
    best = list(ranked[: limit + SPARE])
    found = _told(best)
    if len(found) < limit and len(best) == limit + SPARE:
        here = Membership.objects.filter(person=OuterRef("pk"), until_on__isnull=True)
        found = _told(list(ranked.filter(Exists(here))[:limit]))
    return found[:limit]


def _told(person_ids: Sequence[UUID]) -> list[Found]:
    """Those of them who live somewhere, in this order."""
    living = Membership.objects.filter(person_id__in=person_ids, until_on__isnull=True)
    rows = living.values_list(
        "person_id", "household_id", "person__name", *label_columns("household__dwelling__")
    )
    found = {pk: Found(household_id, name, label_from(*said), pk) for pk, household_id, name, *said in rows}
    return [found[pk] for pk in person_ids if pk in found]


@dataclass(frozen=True)
class _Wanted:
    """Which people a text means, and which of them come first (0 before 1 before 2)."""

    where: Q
    rank: Case


def _ranked(first: Q, second: Q) -> Case:
    """Whole before beginnings before the rest."""
    return Case(
        When(first, then=Value(0)),
        When(second, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )


def _wanted(scope: Scope, said: str) -> _Wanted | None:
    number = clean_id(said)
    if re.fullmatch(r"\d{17}[\dX]|[A-Z]{1,2}\d{7,9}", number):
        same = Q(id_number_index=id_number_index(number))
        return _Wanted(_where_read(scope, ID_NUMBER) & same, _ranked(same, same))
    digits = clean_phone(said)
    if re.fullmatch(r"[\d\s\-+]{3,}", said) and len(digits) >= 3:
        return _by_phone(scope, digits)
    letters = re.sub(r"[\s']", "", said).lower()
    if re.fullmatch(r"[a-z]{2,}", letters):
        typed = Q(name_letters__startswith=letters) | Q(name_pinyin__startswith=letters)
        return _Wanted(typed | Q(name__icontains=said), _ranked(Q(name_letters=letters), typed))
    if not re.search(r"[^\W\d_a-zA-Z]", said):
        return None
    return _Wanted(Q(name__contains=said), _ranked(Q(name=said), Q(name__startswith=said)))


def _by_phone(scope: Scope, digits: str) -> _Wanted:
    """The end as people say it, the beginning, and from four figures on any part."""
    ends, begins = Q(phone_reversed__startswith=digits[::-1]), Q(phone__startswith=digits)
    anywhere = Q(phone__contains=digits) if len(digits) >= SHORTEST_MIDDLE else ends | begins
    return _Wanted(_where_read(scope, PHONE) & anywhere, _ranked(ends, begins))


def _where_read(scope: Scope, field_class: str) -> Q:
    """Places where this field class may be read: what one may not read one may not search by either."""
    answer = NOTHING
    for grant in scope.grants:
        if field_class in grant.classes and "register.see" in grant.capabilities:
            answer = answer | Q(**{grant.column: grant.place_id})
    return answer


def _found_doors(scope: Scope, door: Door, limit: int) -> list[Found]:
    leaves = leaves_meant(scope, door.building, door.stairwell)
    if not leaves:
        return []
    behind = households_for(scope).filter(dwelling__place__in=leaves, dwelling__door__iexact=door.door)
    rows = list(behind.values_list("pk", "dwelling__place_id", "dwelling__door")[:limit])
    labels, heads = labels_of(place_id for _pk, place_id, _door in rows), heads_of(pk for pk, *_rest in rows)
    return [
        Found(pk, heads[pk].person.name if pk in heads else "", f"{labels.get(place_id, '')} {said}")
        for pk, place_id, said in rows
    ]


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
