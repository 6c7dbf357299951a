"""Who on a sheet is who in the register. A match by ID number, else by name and birth date in the same household
(or by name alone behind the same door, when the sheet has no birth date); anything weaker is proposed to a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from shouwang.core.sealing import keyed_hash
from shouwang.people.engines.births import Birth, same_birth
from shouwang.people.engines.names import clean_name
from shouwang.people.engines.numbers import clean_id
from shouwang.people.models import CareFlag, DoorState, Household, Membership
from shouwang.people.states import CareState
from shouwang.places.models import Dwelling

BY_ID, BY_BIRTH, BY_DOOR, NONE = "id_number", "name_birth", "name_door", ""


@dataclass(frozen=True)
class Match:
    """`how` BY_ID, BY_BIRTH or BY_DOOR with the person and household that are meant; NONE: a new person, perhaps one
    of `proposed` (person ids), which somebody must decide. `moved`: found by ID number behind another door."""

    person_id: UUID | None = None
    household_id: UUID | None = None
    how: str = NONE
    moved: bool = False
    proposed: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class RegisterEntry:
    """One person as the register has him. `id_number` is plain: never log it. `flags` are accepted or proposed kinds."""

    person_id: UUID
    household_id: UUID
    dwelling: Dwelling
    name: str
    relation: str
    sex: str
    birth: Birth | None
    phone: str
    id_kind: str
    id_number: str
    extra: Mapping[str, Any]
    occupancy: str
    flags: tuple[str, ...]
    register_as_of: date | None
    edited_at: datetime | None


def id_number_index(number: str) -> str:
    """The blind index by which an ID number is found; '' for none."""
    plain = clean_id(number)
    return keyed_hash("people.id_number", plain) if plain else ""


def birth_of(person: Any) -> Birth | None:
    """A person's birth date as (year, month or None, day or None)."""
    return (person.birth_year, person.birth_month, person.birth_day) if person.birth_year else None


def _memberships(community_id: UUID) -> list[Membership]:
    """With each home once, not once a person of it."""
    living = Membership.objects.filter(
        household__community_id=community_id, until_on__isnull=True, person__voided_at__isnull=True
    )
    rows = list(living.select_related("person").order_by("household_id", "id"))
    homes = Household.objects.filter(community_id=community_id).select_related("dwelling__place").in_bulk()
    for row in rows:
        row.household = homes[row.household_id]
    return rows


def register_snapshot(community_id: UUID) -> list[RegisterEntry]:
    """Everybody on file in a community, in the order people count doors: for export and for who is absent from a sheet.

    Five queries, whatever the size.
    """
    rows = _memberships(community_id)
    doors = dict(DoorState.objects.filter(community_id=community_id).values_list("dwelling_id", "occupancy"))
    flags: dict[UUID | None, list[str]] = defaultdict(list)
    live = [CareState.PROPOSED, CareState.ACCEPTED]
    for person_id, household_id, kind in CareFlag.objects.filter(
        community_id=community_id, state__in=live
    ).values_list("person_id", "household_id", "kind"):
        flags[person_id or household_id].append(kind)
    rows.sort(key=_counting_order)
    return [_entry(row, doors, flags) for row in rows]


def _counting_order(row: Membership) -> tuple[str, str, str, bool, int]:
    dwelling = row.household.dwelling
    first = row.relation != "head"
    return (
        dwelling.place.sort_key,
        dwelling.sort_key,
        str(row.household_id),
        first,
        row.person.birth_year or 9999,
    )


def _entry(
    row: Membership, doors: Mapping[UUID, str], flags: Mapping[UUID | None, Sequence[str]]
) -> RegisterEntry:
    person, household = row.person, row.household
    return RegisterEntry(
        person_id=person.pk,
        household_id=household.pk,
        dwelling=household.dwelling,
        name=person.name,
        relation=row.relation,
        sex=person.sex,
        birth=birth_of(person),
        phone=person.phone,
        id_kind=person.id_kind,
        id_number=person.id_number,
        extra=person.extra,
        occupancy=doors.get(household.dwelling_id, ""),
        flags=tuple(dict.fromkeys([*flags.get(person.pk, ()), *flags.get(household.pk, ())])),
        register_as_of=person.register_as_of,
        edited_at=person.edited_at,
    )


class _Known:
    """The register of one community by the keys that a match needs."""

    def __init__(self, community_id: UUID) -> None:
        self.by_id: dict[str, Membership] = {}
        self.by_door: dict[UUID, dict[str, list[Membership]]] = defaultdict(lambda: defaultdict(list))
        self.by_name: dict[str, list[Membership]] = defaultdict(list)
        for row in _memberships(community_id):
            if row.person.id_number_index:
                self.by_id[row.person.id_number_index] = row
            self.by_door[row.household.dwelling_id][row.person.name].append(row)
            self.by_name[row.person.name].append(row)


def match_register(community_id: UUID, rows: Sequence[Mapping[str, Any]]) -> list[Match]:
    """For each row (name, birth, id_number, dwelling_id, as for add_people_in_bulk) whom it means. One query.

    No person is matched twice: of two rows that would mean one person, the second is proposed.
    """
    known = _Known(community_id)
    taken: set[UUID] = set()
    matches: dict[int, Match] = {}
    numbers = [id_number_index(row.get("id_number") or "") for row in rows]
    # ID numbers first, over the whole sheet: a weaker match must not take a person whom a later row names by number.
    for match_by in (_by_number, _by_name):
        for place, row in enumerate(rows):
            if place in matches:
                continue
            found = match_by(row, numbers[place], known, taken)
            if found is not None:
                matches[place] = found
                if found.person_id:
                    taken.add(found.person_id)
    return [matches[place] for place in range(len(rows))]


def match_outsiders(community_id: UUID, rows: Sequence[Mapping[str, Any]]) -> list[Match]:
    """For each row of a list that comes from outside (name, birth, id_number, phone; no door) whom of the community it
    can mean: certain by ID number, else proposed by name with birth date or phone, or by the phone of a row without
    name. Two questions, whatever the size."""
    known = _Known(community_id)
    by_phone: dict[str, list[Membership]] = defaultdict(list)
    for same in known.by_name.values():
        for living in same:
            by_phone[living.person.phone].append(living)
    return [_outsider(row, known, by_phone) for row in rows]


def _outsider(row: Mapping[str, Any], known: _Known, by_phone: Mapping[str, Sequence[Membership]]) -> Match:
    index = id_number_index(row.get("id_number") or "")
    sure = known.by_id.get(index) if index else None
    if sure is not None:
        return Match(sure.person_id, sure.household_id, BY_ID)
    name, birth, phone = clean_name(row.get("name") or ""), row.get("birth"), row.get("phone") or ""
    near = [
        found for found in known.by_name.get(name, ()) if birth and same_birth(birth_of(found.person), birth)
    ]
    if phone:
        near += [found for found in by_phone.get(phone, ()) if name in ("", found.person.name)]
    # Two different numbers are two people, whatever else agrees.
    near = [found for found in near if not (index and found.person.id_number_index)]
    return Match(proposed=tuple(dict.fromkeys(found.person_id for found in near)))


def _by_number(row: Mapping[str, Any], index: str, known: _Known, taken: set[UUID]) -> Match | None:
    found = known.by_id.get(index) if index else None
    if found is None or found.person_id in taken:
        return None
    moved = found.household.dwelling_id != row["dwelling_id"]
    return Match(found.person_id, found.household_id, BY_ID, moved=moved)


def _by_name(row: Mapping[str, Any], index: str, known: _Known, taken: set[UUID]) -> Match:
    name, birth = clean_name(row["name"]), row.get("birth")
    here = [
        found
        for found in known.by_door[row["dwelling_id"]][name]
        if not (index and found.person.id_number_index and found.person.id_number_index != index)
    ]
    # Two different numbers are two people, whatever else agrees. Two of one name behind one door: a person decides.
    sure = [found for found in here if _agrees(found, birth)]
    if len(sure) == 1 and sure[0].person_id not in taken:
        return Match(sure[0].person_id, sure[0].household_id, BY_BIRTH if birth else BY_DOOR)
    elsewhere = [
        found for found in known.by_name[name] if birth and same_birth(birth_of(found.person), birth)
    ]
    near = dict.fromkeys(found.person_id for found in [*here, *elsewhere])
    return Match(proposed=tuple(near))


def _agrees(found: Membership, birth: Birth | None) -> bool:
    """With a birth date on the sheet the register must have the same; without one the door is enough."""
    return same_birth(birth_of(found.person), birth) if birth else True


def knows_later(known: Any, sheet_day: date) -> bool:
    """Whether the register was edited after the sheet's day, or has taken a later sheet."""
    ends = datetime.combine(sheet_day, time.max, ZoneInfo(settings.TIME_ZONE))
    edited = known.edited_at is not None and known.edited_at > ends
    return edited or (known.register_as_of is not None and known.register_as_of > sheet_day)
