"""What the household's file shows of people: each part by the field classes of whoever reads it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy

from shouwang.accounts.selectors import names_of
from shouwang.core.audit import entries_about
from shouwang.core.clock import local_day
from shouwang.core.personal import BIRTH, CARE, HEALTH, ID_NUMBER, NAME, NOTE, PHONE
from shouwang.core.scope import Scope
from shouwang.people.engines.numbers import mask_id, mask_phone
from shouwang.people.models import CareFlag, Household, Membership, Stay
from shouwang.people.rules import may_edit_care, may_edit_register
from shouwang.people.selectors.care import derived_flags, flag_words, flags_of, instructions_for, source_words
from shouwang.people.selectors.code_sheets import code_lines
from shouwang.people.selectors.contacts import contacts_of, proxies_of, stays_of
from shouwang.people.selectors.doors import door_state_of
from shouwang.people.selectors.households import file_household, file_members, readable_classes
from shouwang.people.selectors.persons import age_words, birth_words
from shouwang.people.states import Care, CareState

READS_SHOWN = 12
# Codes of why a file is opened, in words; anything else is shown as it was written.
WHYS = {
    "opened": gettext_lazy("looked at it"),
    "search": gettext_lazy("found by a search"),
    "call": gettext_lazy("a call came in"),
    "copy": gettext_lazy("a copy was handed over"),
    "form": gettext_lazy("to change something"),
    "api": gettext_lazy("by a program"),
}


@dataclass(frozen=True)
class Member:
    """One person of the file; what the reader's field classes do not open is ''."""

    membership: Membership
    name: str
    age: str
    birth: str
    phone: str
    phone_shown: str
    id_shown: str
    stay: Stay | None
    derived: Sequence[str]


def _members(scope: Scope, household: Household, classes: Collection[str], at: datetime) -> list[Member]:
    rows = file_members(scope, household)
    stays = stays_of(row.person_id for row in rows)
    return [_member(row, rows, stays.get(row.person_id), classes, at) for row in rows]


def _member(
    row: Membership, rows: Sequence[Membership], stay: Stay | None, classes: Collection[str], at: datetime
) -> Member:
    person, day = row.person, local_day(at, settings.TIME_ZONE)
    phone = person.phone if PHONE in classes else ""
    derived = derived_flags(person, day, rows) if {BIRTH, CARE} <= set(classes) else []
    return Member(
        membership=row,
        name=person.name if NAME in classes else "",
        age=age_words(person, day) if BIRTH in classes else "",
        birth=birth_words(person) if BIRTH in classes else "",
        phone=phone,
        phone_shown=mask_phone(phone),
        id_shown=mask_id(person.id_number) if ID_NUMBER in classes else "",
        stay=stay if NOTE in classes else None,
        derived=[flag_words(code) for code in derived],
    )


def members_section(household_id: UUID, scope: Scope, at: datetime) -> Mapping[str, Any] | None:
    """Who lives here: relation, age, phone and ID masked, where somebody is now."""
    household = file_household(scope, household_id)
    classes = readable_classes(scope, household)
    return {
        "household": household,
        "members": _members(scope, household, classes, at),
        "door_state": door_state_of(household.dwelling),
        "note": household.note if NOTE in classes else "",
        "may_edit": may_edit_register(scope, household) and household.until_on is None,
    }


def codes_section(household_id: UUID, scope: Scope, at: datetime) -> Mapping[str, Any] | None:
    """Who has a code in force until when, printed and on the phone; for whoever may read the names."""
    household = file_household(scope, household_id)
    if NAME not in readable_classes(scope, household) or household.until_on is not None:
        return None
    return {
        "household": household,
        "lines": code_lines(file_members(scope, household), at),
        "may_edit": may_edit_register(scope, household),
    }


@dataclass(frozen=True)
class Flag:
    """One care flag of the file. `note` only for those who may read of health."""

    row: CareFlag
    label: str
    source: str
    note: str
    proposed: bool
    review_due: bool


def care_section(household_id: UUID, scope: Scope, at: datetime) -> Mapping[str, Any] | None:
    """Care flags with source, date and review; without the class for care only what is to be done at the door."""
    household = file_household(scope, household_id)
    classes = readable_classes(scope, household)
    flags = flags_of(household, classes)
    if CARE not in classes:
        told = [Care(kind).label for kind in instructions_for(household)]
        return (
            {"household": household, "instructions": told, "flags": [], "may_edit": False} if told else None
        )
    day = local_day(at, settings.TIME_ZONE)
    return {
        "household": household,
        "flags": [_flag(row, classes, day) for row in flags],
        "instructions": [],
        "may_edit": may_edit_care(scope, household) and household.until_on is None,
    }


def _flag(row: CareFlag, classes: Collection[str], day: Any) -> Flag:
    return Flag(
        row=row,
        label=flag_words(row.kind),
        source=source_words(row.source),
        note=row.note if HEALTH in classes else "",
        proposed=row.state == CareState.PROPOSED,
        review_due=row.review_on is not None and row.review_on <= day,
    )


def contacts_section(household_id: UUID, scope: Scope, at: datetime) -> Mapping[str, Any] | None:
    """Whom to ring about the people, in order, and who may speak for the household. Hidden without phones."""
    household = file_household(scope, household_id)
    classes = readable_classes(scope, household)
    if PHONE not in classes:
        return None
    return {
        "household": household,
        "contacts": [(row, mask_phone(row.phone)) for row in contacts_of(household)],
        "proxies": [(row, mask_phone(row.phone)) for row in proxies_of(household, at)],
        "may_edit": may_edit_register(scope, household) and household.until_on is None,
    }


@dataclass(frozen=True)
class Read:
    """That somebody opened the file."""

    at: datetime
    name: str
    why: str


def why_words(why: str) -> str:
    """Why a file was opened, in the reader's language."""
    return str(WHYS.get(why, why))


def reads_section(household_id: UUID, scope: Scope, at: datetime) -> Mapping[str, Any] | None:
    """Who opened this file lately, and why; for whoever answers for the place."""
    household = file_household(scope, household_id)
    if not scope.covers("register.see", household):
        return None
    rows = entries_about(household.pk, ["people.file.read"], READS_SHOWN)
    names = names_of({row.actor_id for row in rows if row.actor_id})
    reads = [
        Read(
            row.at,
            names.get(row.actor_id, "") if row.actor_id else "",
            why_words((row.payload or {}).get("why", "")),
        )
        for row in rows
    ]
    return {"household": household, "reads": reads}
