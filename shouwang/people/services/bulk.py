"""Thousands of people of a sheet in one transaction: added, or merged into those on file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.audit import write_audit
from shouwang.core.bulk import insert_many
from shouwang.people.models import CareFlag, DoorState, Household, Membership, Person
from shouwang.people.services.care import review_day
from shouwang.people.services.doors import NOBODY_SAID, _Community
from shouwang.people.services.filling import day_of, relation_code, whole_columns
from shouwang.people.services.merging import Merged, merge_register_rows
from shouwang.people.states import CareState, Occupancy, Relation
from shouwang.places.models import Dwelling
from shouwang.places.selectors import dwellings_by_id

__all__ = ["Added", "Merged", "add_people_in_bulk", "merge_register_rows"]

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Added:
    """`persons` and `households` in the order of the rows (a household id a row); how many households are new, how
    many flags were entered."""

    persons: tuple[UUID, ...] = ()
    households: tuple[UUID, ...] = ()
    new_households: int = 0
    flags: int = 0


@dataclass
class _Batch:
    """What the rows meet: doors, households there, heads there."""

    at: datetime
    dwellings: dict[UUID, Dwelling]
    by_id: dict[UUID, Household] = field(default_factory=dict)
    by_door: dict[tuple[UUID, Any], Household] = field(default_factory=dict)
    fresh: list[Household] = field(default_factory=list)
    headed: set[UUID] = field(default_factory=set)


@transaction.atomic
def add_people_in_bulk(*, rows: Sequence[Row], by: Actor, at: datetime | None = None) -> Added:
    """Adds everybody in `rows`; nobody is refused for a doubtful phone or number.

    A row: dwelling_id, household_id (None: the household behind that door, else a new one), name, relation, sex,
    birth, phone, id_kind, id_number, extra, flags [(kind, note)], register_as_of. `household_key` keeps several new
    households behind one door apart. A second head becomes `other`. One audit row a community.
    """
    at = at or clock.now()
    if not rows:
        return Added()
    batch = _meet(rows, at)
    homes = [_home(row, batch) for row in rows]
    insert_many(batch.fresh)
    people = [
        Person(**whole_columns(dict(row)), **home.stamp()) for row, home in zip(rows, homes, strict=True)
    ]
    insert_many(people)
    insert_many(
        [_membership(row, home, person, batch) for row, home, person in zip(rows, homes, people, strict=True)]
    )
    flags = [
        flag
        for row, home, person in zip(rows, homes, people, strict=True)
        for flag in _flags(row, home, person, at)
    ]
    insert_many(flags)
    _count_doors(batch)
    _audit(homes, by=by, at=at)
    return Added(tuple(p.pk for p in people), tuple(h.pk for h in homes), len(batch.fresh), len(flags))


def _meet(rows: Sequence[Row], at: datetime) -> _Batch:
    batch = _Batch(at=at, dwellings=dwellings_by_id(row["dwelling_id"] for row in rows))
    here = Household.objects.filter(dwelling_id__in=batch.dwellings, until_on__isnull=True).order_by(
        "from_on", "id"
    )
    for household in here:
        batch.by_id[household.pk] = household
        batch.by_door.setdefault((household.dwelling_id, None), household)
    batch.headed = set(
        Membership.objects.filter(
            household_id__in=batch.by_id, relation=Relation.HEAD, until_on__isnull=True
        ).values_list("household_id", flat=True)
    )
    return batch


def _home(row: Row, batch: _Batch) -> Household:
    """The row's household: the one named, the one behind the door, or a new one."""
    if row.get("household_id"):
        return batch.by_id[row["household_id"]]
    key = (row["dwelling_id"], row.get("household_key"))
    there = batch.by_door.get(key)
    if there is None:
        dwelling = batch.dwellings[row["dwelling_id"]]
        there = Household(
            dwelling=dwelling, from_on=row.get("register_as_of") or day_of(batch.at), **dwelling.stamp()
        )
        batch.fresh.append(there)
        batch.by_door[key] = there
    return there


def _membership(row: Row, home: Household, person: Person, batch: _Batch) -> Membership:
    relation = relation_code(row.get("relation") or "")
    if relation == Relation.HEAD:
        relation = Relation.OTHER if home.pk in batch.headed else Relation.HEAD
        batch.headed.add(home.pk)
    return Membership(person=person, household=home, relation=relation, from_on=_since(row, home, batch.at))


def _since(row: Row, home: Household, at: datetime) -> date:
    return max(row.get("register_as_of") or day_of(at), home.from_on)


def _flags(row: Row, home: Household, person: Person, at: datetime) -> list[CareFlag]:
    """One flag a kind; the sheet is the community's own, so its flags are in force."""
    day = row.get("register_as_of") or day_of(at)
    notes: dict[str, str] = {}
    for kind, note in row.get("flags") or ():
        notes[kind] = notes.get(kind) or note or ""
    return [
        CareFlag(
            household=home,
            person=person,
            kind=kind,
            state=CareState.ACCEPTED,
            source=row.get("source") or NOBODY_SAID,
            noted_on=day,
            review_on=max(review_day(kind, day), day_of(at)),
            note=note,
            **home.stamp(),
        )
        for kind, note in notes.items()
    ]


def _count_doors(batch: _Batch) -> None:
    """Every door of the sheet is counted, even while nobody has said what it is."""
    known = set(
        DoorState.objects.filter(dwelling_id__in=batch.dwellings).values_list("dwelling_id", flat=True)
    )
    day = day_of(batch.at)
    insert_many(
        [
            DoorState(dwelling=row, occupancy=Occupancy.UNKNOWN, as_of=day, source=NOBODY_SAID, **row.stamp())
            for pk, row in batch.dwellings.items()
            if pk not in known
        ]
    )


def _audit(homes: Sequence[Household], *, by: Actor, at: datetime) -> None:
    counted: dict[UUID | None, int] = {}
    for home in homes:
        counted[home.community_id] = counted.get(home.community_id, 0) + 1
    for community_id, people in counted.items():
        write_audit(
            "people.register.added",
            by=by,
            at=at,
            subject=community_id,
            placed=_Community(community_id),
            people=people,
        )
