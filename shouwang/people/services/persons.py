"""Persons are added, changed by hand, and taken back when entered in error."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.audit import write_audit
from shouwang.core.errors import Conflict, Refusal
from shouwang.people.engines.births import Birth
from shouwang.people.engines.numbers import clean_id
from shouwang.people.models import Household, Membership, Person
from shouwang.people.selectors.contradictions import MERGED
from shouwang.people.selectors.matching import id_number_index
from shouwang.people.services.care import end_flags_of
from shouwang.people.services.codes import revoke_quietly
from shouwang.people.services.contradictions import hear_field, left_as_shown
from shouwang.people.services.filling import (
    birth_columns,
    check_birth,
    check_id,
    check_phone,
    day_of,
    from_id,
    id_columns,
    name_columns,
    phone_columns,
    sex_code,
    whole_columns,
)
from shouwang.people.services.households import begin_membership
from shouwang.people.signals import home_changed
from shouwang.people.states import Relation

# Columns that only follow from another one, and so are not named in the audit.
FOLLOWING = frozenset({"name_letters", "name_pinyin", "phone_reversed", "id_number_index"})
CHANGEABLE = frozenset({"name", "sex", "birth", "phone", "id_kind", "id_number", "extra", "died_on"})


@transaction.atomic
def add_person(
    *,
    household: Household,
    name: str,
    by: Actor,
    relation: str = Relation.OTHER,
    at: datetime | None = None,
    sex: str = "",
    birth: Birth | None = None,
    phone: str = "",
    id_kind: str = "",
    id_number: str = "",
    extra: Mapping[str, Any] | None = None,
    register_as_of: date | None = None,
    from_on: date | None = None,
) -> Person:
    """A person and the membership. Birth date and sex follow from a right resident ID when they are not said.

    Refusals, each at its field: name-missing, phone-doubtful, birth-doubtful, id-doubtful, id-known, head-there.
    """
    at = at or clock.now()
    check_phone(phone)
    check_birth(birth, day_of(at))
    check_id(id_kind, id_number)
    _refuse_known_id(household, id_number)
    said = {
        "name": name,
        "sex": sex,
        "birth": birth,
        "phone": phone,
        "id_kind": id_kind,
        "id_number": id_number,
        "extra": extra,
        "register_as_of": register_as_of,
    }
    person = Person.objects.create(
        **whole_columns(said), edited_at=None if register_as_of else at, **household.stamp()
    )
    begin_membership(person=person, household=household, relation=relation, from_on=from_on or day_of(at))
    write_audit("people.person.added", by=by, at=at, subject=household, person_id=person.pk)
    home_changed.send(sender=Membership, person_id=person.pk, before=None, after=household.pk, at=at)
    return person


def _refuse_known_id(household: Household, number: str, but: Person | None = None) -> None:
    """Refusal `id-known` when somebody of this community has the number. Nothing is said of whom, or where."""
    index = id_number_index(number)
    if not index:
        return
    known = Person.objects.filter(
        id_number_index=index,
        community_id=household.community_id,
        voided_at__isnull=True,
        memberships__until_on__isnull=True,
    )
    if but is not None:
        known = known.exclude(pk=but.pk)
    if known.exists():
        raise Refusal(
            "id-known",
            _("Somebody on file has this ID number. Search for it: perhaps this person has moved."),
            field="id_number",
        )


@transaction.atomic
def change_person(
    *,
    person: Person,
    by: Actor,
    at: datetime | None = None,
    seen: Mapping[str, str] | None = None,
    word: UUID | None = None,
    **fields: Any,
) -> Person:
    """Changes by hand; later than any sheet, they win. `fields`: name, sex, birth, phone, id_kind, id_number, extra,
    died_on. The audit names the fields, never their values.

    `seen` are the marks of what the writer saw (selectors.marks_of): a field sent back as it was shown is left alone,
    and a word that went over another one unseen leaves a contradiction. `word` is the id of the command, if one brought it.
    """
    at = at or clock.now()
    unknown = set(fields) - CHANGEABLE
    if unknown:
        raise TypeError(f"change_person takes no {sorted(unknown)}")
    check_phone(fields.get("phone") or "")
    check_birth(fields.get("birth"), day_of(at))
    # Whoever changes the same person meanwhile waits: of two words the second one knows the first.
    person.refresh_from_db(from_queryset=Person.objects.select_for_update(no_key=True))
    columns = _columns_of(person, fields)
    left = left_as_shown(person, seen or {}, columns)
    changed = sorted(
        name for name, value in columns.items() if getattr(person, name) != value and not _follows(name, left)
    )
    if not changed:
        return person
    for field in MERGED:
        if field in changed:
            hear_field(
                person=person,
                field=field,
                new=columns[field],
                seen=(seen or {}).get(field),
                word=word,
                by=by,
                at=at,
            )
    for name in changed:
        setattr(person, name, columns[name])
    person.edited_at = at
    person.save(update_fields=[*changed, "edited_at"])
    home = Membership.objects.filter(person=person, until_on__isnull=True).first()
    write_audit(
        "people.person.changed",
        by=by,
        at=at,
        subject=home.household_id if home else person.pk,
        placed=person,
        person_id=person.pk,
        fields=[name for name in changed if name not in FOLLOWING],
    )
    return person


def _follows(column: str, fields: Collection[str]) -> bool:
    """Whether a column is one of these fields or only follows from one."""
    return any(column == field or column.startswith(f"{field}_") for field in fields)


def _columns_of(person: Person, fields: Mapping[str, Any]) -> dict[str, Any]:
    columns: dict[str, Any] = {name: fields[name] for name in ("extra", "died_on") if name in fields}
    if "name" in fields:
        columns |= name_columns(fields["name"])
    if "phone" in fields:
        columns |= phone_columns(fields["phone"] or "")
    if "birth" in fields:
        columns |= birth_columns(fields["birth"])
    if "sex" in fields:
        columns["sex"] = sex_code(fields["sex"])
    if "id_number" in fields:
        columns |= _new_id(person, fields)
    return columns


def _new_id(person: Person, fields: Mapping[str, Any]) -> dict[str, Any]:
    """A new ID number brings its birth date and sex along where the register has none."""
    kind, number = fields.get("id_kind") or person.id_kind, fields["id_number"] or ""
    if clean_id(number) != person.id_number:
        check_id(kind, number)
        home = (
            Membership.objects.filter(person=person, until_on__isnull=True)
            .select_related("household")
            .first()
        )
        if home:
            _refuse_known_id(home.household, number, but=person)
    columns: dict[str, Any] = dict(id_columns(kind, number))
    born, sex = from_id(kind, number)
    if born and not person.birth_year and not fields.get("birth"):
        columns |= birth_columns(born)
    if sex and not person.sex and not fields.get("sex"):
        columns["sex"] = sex
    return columns


@transaction.atomic
def void_person(*, person: Person, by: Actor, at: datetime | None = None) -> Person:
    """Takes back a person entered in error; the membership ends with it. Conflict when it was taken back."""
    at = at or clock.now()
    if not Person.objects.filter(pk=person.pk, voided_at__isnull=True).update(voided_at=at):
        raise Conflict("person-voided", _("This person was taken off the register already."))
    homes = Membership.objects.filter(person=person, until_on__isnull=True)
    household_id = homes.values_list("household_id", flat=True).first()
    homes.update(until_on=day_of(at))
    for household in Household.objects.filter(flags__person=person).distinct():
        end_flags_of(household=household, person=person, by=by, at=at)
    revoke_quietly(person=person, by=by, at=at)
    person.refresh_from_db()
    write_audit(
        "people.person.voided",
        by=by,
        at=at,
        subject=household_id or person.pk,
        placed=person,
        person_id=person.pk,
    )
    return person
