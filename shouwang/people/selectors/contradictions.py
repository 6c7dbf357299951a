"""Two words about one field: by what a writer shows what the register said when they looked, and what waits for a person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from shouwang.core.registry import WorkItem
from shouwang.core.scope import Scope
from shouwang.core.sealing import keyed_hash
from shouwang.people.models import CareFlag, Contradiction, Membership, Person
from shouwang.people.rules import may_read_flag
from shouwang.people.selectors.care import flag_words
from shouwang.people.selectors.finding import household_url
from shouwang.people.selectors.persons import survivor_id
from shouwang.people.states import SAFETY, Care, MergedField
from shouwang.places.selectors import door_labels

EDIT, CARRY = "register.edit", "register.carry"
MERGED = (MergedField.NAME, MergedField.PHONE)
MOST_HOMES = 2000
MOST_SHOWN = 200


def mark_of(person_id: UUID, field: str, value: str) -> str:
    """A mark of what the register says in a field: it tells whether that has changed, and nothing of what it says."""
    return keyed_hash("people.seen", f"{person_id}\0{field}\0{value}")[:16]


def marks_of(person: Person) -> dict[str, str]:
    """The marks of all fields that several may put right."""
    return {field.value: mark_of(person.pk, field, getattr(person, field)) for field in MERGED}


def open_contradictions(scope: Scope) -> QuerySet[Contradiction]:
    """Those that wait for a person, where the scope may edit the register."""
    return Contradiction.objects.filter(
        scope.q(EDIT), decided_at__isnull=True, person__voided_at__isnull=True
    ).select_related("household__dwelling__place", "person", "flag", "stands_by", "other_by")


def contradiction_for(scope: Scope, contradiction_id: UUID) -> Contradiction:
    """The contradiction if the scope may decide it, decided or not; else 404."""
    found = (
        Contradiction.objects.filter(scope.q(EDIT), pk=contradiction_id)
        .select_related("household", "person", "flag")
        .first()
    )
    if found is None or not _readable(scope, found):
        raise Http404
    return found


def _readable(scope: Scope, row: Contradiction) -> bool:
    if row.flag is None:
        return True
    return scope.covers("care.edit", row) and may_read_flag(row.flag.kind, scope.classes_for(row))


@dataclass(frozen=True)
class Told:
    """One contradiction in words: what stands and whose word it is, and the other word."""

    row: Contradiction
    door: str
    name: str
    field: str
    stands: str
    other: str
    now: str
    url: str


def contradictions_told(scope: Scope) -> list[Told]:
    """What waits and may be read, oldest first."""
    rows = [
        row
        for row in open_contradictions(scope).order_by("found_at", "pk")[:MOST_SHOWN]
        if _readable(scope, row)
    ]
    labels = door_labels([row.household.dwelling for row in rows])
    return [_told(row, labels[row.household.dwelling_id]) for row in rows]


def _told(row: Contradiction, door: str) -> Told:
    if row.flag is not None:
        field, stands, other = flag_words(row.flag.kind), _("has it"), _("has it no longer")
        now = stands
    else:
        field, stands, other = str(MergedField(row.field).label), row.stands, row.other
        now = getattr(row.person, row.field)
    return Told(
        row,
        door,
        row.person.name,
        field,
        stands or _("nothing"),
        other or _("nothing"),
        now,
        household_url(row.household_id),
    )


def work_for(user: Any, at: datetime) -> list[WorkItem]:
    """What the user wrote and somebody else's later word went over, until it is decided."""
    rows = list(
        Contradiction.objects.filter(other_by=user, decided_at__isnull=True, person__voided_at__isnull=True)
        .select_related("household__dwelling__place", "person")
        .order_by("found_at")[:MOST_SHOWN]
    )
    labels = door_labels([row.household.dwelling for row in rows])
    return [
        WorkItem(
            key=f"contradiction:{row.pk}", kind="people.contradiction",
            title=_("Two different words about one field"), door=labels[row.household.dwelling_id],
            small=_("What you wrote of the %(field)s is kept; somebody says which holds.")
            % {"field": MergedField(row.field).label},
            url=reverse("people:contradictions"), rank=4,
        )
        for row in rows
    ]  # fmt: skip


def phone_homes(scope: Scope, at: datetime) -> list[dict[str, Any]]:
    """The doors of the grids that the user looks after and who lives there: names, and marks of what may be put right."""
    if not scope.can(CARRY):
        return []
    rows = (
        Membership.objects.filter(
            scope.q(CARRY, "household__"), until_on__isnull=True, person__voided_at__isnull=True
        )
        .select_related("person", "household__dwelling__place")
        .order_by("household__building_id", "household_id", "id")
    )
    homes: dict[UUID, dict[str, Any]] = {}
    households = {}
    for row in rows[:MOST_HOMES]:
        households[row.household_id] = row.household
        home = homes.setdefault(row.household_id, {"id": str(row.household_id), "people": []})
        home["people"].append(
            {"id": str(row.person_id), "name": row.person.name, "seen": marks_of(row.person)}
        )
    labels = door_labels([household.dwelling for household in households.values()])
    for pk, household in households.items():
        homes[pk] |= {"door": labels[household.dwelling_id], "floor": household.dwelling.floor}
    return list(homes.values())


def phone_safety(scope: Scope, at: datetime) -> list[dict[str, str]]:
    """What may be said of somebody on the stairs that must not be lost."""
    if not scope.can(CARRY):
        return []
    return [{"code": kind.value, "text": str(kind.label)} for kind in Care if kind in SAFETY]


def person_amended(scopes: Iterable[Scope], household_id: UUID, person_id: UUID) -> Person:
    """The person, if one of the scopes may edit where they live now or where they lived when the phone saw them; 404."""
    person = Person.objects.filter(pk=survivor_id(person_id), voided_at__isnull=True).first()
    if person is None:
        raise Http404
    lived = (
        Membership.objects.filter(person=person, household_id=household_id)
        .select_related("household")
        .first()
    )
    places = [person, lived.household] if lived else [person]
    if not any(scope.covers(EDIT, placed) for scope in scopes for placed in places):
        raise Http404
    return person


def live_safety_flag(person: Person, household_id: UUID, kind: str) -> CareFlag | None:
    """The flag of this kind that counts for the person: their own, else the household's."""
    rows = CareFlag.objects.filter(household_id=household_id, kind=kind, state__in=["proposed", "accepted"])
    return rows.filter(person=person).first() or rows.filter(person__isnull=True).first()
