"""A sheet meets people on file: what it says anew is taken, what was edited later by hand stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.audit import write_audit
from shouwang.people.engines.births import same_birth
from shouwang.people.models import CareFlag, Membership, Person
from shouwang.people.selectors.matching import birth_of, knows_later
from shouwang.people.services.care import LIVE, review_day
from shouwang.people.services.doors import NOBODY_SAID, _Community
from shouwang.people.services.filling import (
    birth_columns,
    day_of,
    id_columns,
    name_columns,
    phone_columns,
    sex_code,
)
from shouwang.people.states import CareState, Relation

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Merged:
    """What became of one row. `changed`: fields taken from the sheet; `kept`: fields in which the sheet differs but
    the register's later edit won; `flags`: kinds that are new."""

    person_id: UUID
    changed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()


@transaction.atomic
def merge_register_rows(*, rows: Sequence[Row], by: Actor, at: datetime | None = None) -> list[Merged]:
    """Merges rows (as for add_people_in_bulk, each with the person_id that match_register found), in their order.

    An empty cell deletes nothing. Edits by hand after the sheet's date win, and so does a later sheet. `extra` is
    merged by its keys. Flags are only added. One audit row a community.
    """
    at = at or clock.now()
    people = Person.objects.in_bulk({row["person_id"] for row in rows})
    homes = _homes(people)
    flagged = set(
        CareFlag.objects.filter(person_id__in=people, state__in=LIVE).values_list("person_id", "kind")
    )
    told = [_merge(row, people[row["person_id"]], homes.get(row["person_id"]), flagged, at) for row in rows]
    _audit(people, told, by=by, at=at)
    return told


def _homes(people: Mapping[UUID, Person]) -> dict[UUID, Membership]:
    rows = Membership.objects.filter(person_id__in=people, until_on__isnull=True).select_related("household")
    return {row.person_id: row for row in rows}


def _merge(
    row: Row, person: Person, home: Membership | None, flagged: set[tuple[UUID, str]], at: datetime
) -> Merged:
    sheet_day: date = row.get("register_as_of") or day_of(at)
    differing = _differing(row, person)
    relation = row.get("relation") or ""
    moved = bool(home and relation and relation not in (home.relation, Relation.OTHER))
    names = tuple(differing) + (("relation",) if moved and home and relation != Relation.HEAD else ())
    flags = _add_flags(row, home, flagged, sheet_day, at) if home else ()
    if knows_later(person, sheet_day):
        return Merged(person.pk, kept=names, flags=flags)
    columns = {name: value for part in differing.values() for name, value in part.items()}
    _write(person, columns, sheet_day)
    if "relation" in names and home:
        Membership.objects.filter(pk=home.pk).update(relation=relation)
    return Merged(person.pk, changed=names, flags=flags)


def _differing(row: Row, person: Person) -> dict[str, dict[str, Any]]:
    """Field name to the columns it would write, for what the sheet says and the register has otherwise."""
    found: dict[str, dict[str, Any]] = {}
    name = name_columns(row["name"])
    if name["name"] != person.name:
        found["name"] = dict(name)
    if row.get("phone") and phone_columns(row["phone"])["phone"] != person.phone:
        found["phone"] = dict(phone_columns(row["phone"]))
    if row.get("id_number"):
        number = id_columns(row.get("id_kind") or "", row["id_number"])
        if number["id_number_index"] != person.id_number_index:
            found["id_number"] = dict(number)
    if row.get("birth") and _says_more(row["birth"], birth_of(person)):
        found["birth"] = dict(birth_columns(row["birth"]))
    if sex_code(row.get("sex") or "") not in ("", person.sex):
        found["sex"] = {"sex": sex_code(row["sex"])}
    extra = {
        key: value
        for key, value in (row.get("extra") or {}).items()
        if value and person.extra.get(key) != value
    }
    if extra:
        found["extra"] = {"extra": {**person.extra, **extra}}
    return found


def _says_more(said: Any, known: Any) -> bool:
    """A date that differs, or the same one with a month or day that was not known."""
    if not same_birth(said, known):
        return True
    return any(new is not None and old is None for new, old in zip(said, known, strict=True))


def _write(person: Person, columns: dict[str, Any], sheet_day: date) -> None:
    if columns or person.register_as_of != sheet_day:
        for name, value in columns.items():
            setattr(person, name, value)
        person.register_as_of = sheet_day
        person.save(update_fields=[*columns, "register_as_of"])


def _add_flags(
    row: Row, home: Membership, flagged: set[tuple[UUID, str]], sheet_day: date, at: datetime
) -> tuple[str, ...]:
    fresh: dict[str, str] = {}
    for kind, note in row.get("flags") or ():
        if (home.person_id, kind) not in flagged:
            fresh[kind] = fresh.get(kind) or note or ""
            flagged.add((home.person_id, kind))
    household = home.household
    CareFlag.objects.bulk_create(
        CareFlag(
            household=household,
            person_id=home.person_id,
            kind=kind,
            state=CareState.ACCEPTED,
            note=note,
            source=row.get("source") or NOBODY_SAID,
            noted_on=sheet_day,
            review_on=max(review_day(kind, sheet_day), day_of(at)),
            **household.stamp(),
        )
        for kind, note in fresh.items()
    )
    return tuple(fresh)


def _audit(people: Mapping[UUID, Person], told: Sequence[Merged], *, by: Actor, at: datetime) -> None:
    counted: dict[UUID | None, int] = {}
    for row in told:
        if row.changed or row.flags:
            community_id = people[row.person_id].community_id
            counted[community_id] = counted.get(community_id, 0) + 1
    for community_id, number in counted.items():
        write_audit(
            "people.register.merged",
            by=by,
            at=at,
            subject=community_id,
            placed=_Community(community_id),
            people=number,
        )
