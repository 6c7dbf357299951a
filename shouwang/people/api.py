"""Households and their people for programs. What your posts do not show is null; each household read is on record."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from shouwang.core.api import Page, Window, page_of
from shouwang.core.personal import BIRTH, DOOR, ID_NUMBER, NAME, PHONE
from shouwang.people import selectors, services
from shouwang.people.models import CareFlag, Household, Membership
from shouwang.people.states import Relation
from shouwang.places.selectors import door_label, door_labels

router = Router(tags=["people"])


class HouseholdOut(Schema):
    id: UUID
    dwelling_id: UUID
    door: str | None = Field(description="as people say it: 8号楼 2单元 501")
    name: str | None = Field(description="of the one by whom the household is called")
    from_on: date


class HouseholdPage(Page):
    items: list[HouseholdOut]


class PersonOut(Schema):
    id: UUID
    relation: Relation
    name: str | None
    sex: str | None
    birth_year: int | None
    birth_month: int | None
    birth_day: int | None
    phone: str | None
    id_number: str | None = Field(description="masked but for its ends")


class FlagOut(Schema):
    id: UUID
    person_id: UUID | None
    kind: str
    state: str
    noted_on: date
    review_on: date | None


class HouseholdFile(HouseholdOut):
    persons: list[PersonOut]
    flags: list[FlagOut]


class HouseholdWindow(Window):
    community_id: UUID | None = None
    dwelling_id: UUID | None = None


@router.get("/households", response=HouseholdPage)
def list_households(request: HttpRequest, window: Query[HouseholdWindow]) -> dict[str, Any]:
    """Households that live here now, within your posts and commitments."""
    scope = request.scope  # type: ignore[attr-defined]
    found = selectors.households_for(scope)
    if window.community_id:
        found = found.filter(community_id=window.community_id)
    if window.dwelling_id:
        found = found.filter(dwelling_id=window.dwelling_id)
    rows, following = page_of(found, window)
    doors, heads = door_labels([row.dwelling for row in rows]), selectors.heads_of(row.pk for row in rows)
    return {
        "items": [
            _household(row, doors[row.dwelling_id], heads.get(row.pk), selectors.readable_classes(scope, row))
            for row in rows
        ],
        "next": following,
    }


def _household(
    row: Household, door: str, head: Membership | None, classes: Collection[str]
) -> dict[str, Any]:
    return {
        "id": row.pk,
        "dwelling_id": row.dwelling_id,
        "door": door if DOOR in classes else None,
        "name": head.person.name if head and NAME in classes else None,
        "from_on": row.from_on,
    }


@router.get("/households/{uuid:household_id}", response=HouseholdFile)
def get_household(request: HttpRequest, household_id: UUID) -> dict[str, Any]:
    """A household with its people and care flags. That you read it is on record and can be asked for."""
    scope = request.scope  # type: ignore[attr-defined]
    household = selectors.household_for(scope, household_id)
    classes = selectors.readable_classes(scope, household)
    members = selectors.members_of(household)
    services.record_file_read(household=household, by=request.user, at=scope.at, why="api")  # type: ignore[arg-type]
    return {
        **_household(household, door_label(household.dwelling), members[0] if members else None, classes),
        "persons": [_person(row, classes) for row in members],
        "flags": [_flag(flag) for flag in selectors.flags_of(household, classes)],
    }


@router.get("/households/{uuid:household_id}/persons", response=list[PersonOut])
def list_persons(request: HttpRequest, household_id: UUID) -> list[dict[str, Any]]:
    """The people of a household; on record like the household itself."""
    scope = request.scope  # type: ignore[attr-defined]
    household = selectors.household_for(scope, household_id)
    services.record_file_read(household=household, by=request.user, at=scope.at, why="api")  # type: ignore[arg-type]
    classes = selectors.readable_classes(scope, household)
    return [_person(row, classes) for row in selectors.members_of(household)]


def _person(row: Membership, classes: Collection[str]) -> dict[str, Any]:
    person = row.person
    born = BIRTH in classes
    return {
        "id": person.pk,
        "relation": row.relation,
        "name": person.name if NAME in classes else None,
        "sex": person.sex if born else None,
        "birth_year": person.birth_year if born else None,
        "birth_month": person.birth_month if born else None,
        "birth_day": person.birth_day if born else None,
        "phone": person.phone if PHONE in classes else None,
        "id_number": selectors.mask_id(person.id_number) if ID_NUMBER in classes else None,
    }


def _flag(flag: CareFlag) -> dict[str, Any]:
    return {
        "id": flag.pk,
        "person_id": flag.person_id,
        "kind": flag.kind,
        "state": flag.state,
        "noted_on": flag.noted_on,
        "review_on": flag.review_on,
    }
