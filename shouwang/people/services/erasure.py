"""Erasing what is past its days: rows go, tombstones stay. A row that a record above still names loses its content
at once and its id with that record."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.db.models import Exists, Max, OuterRef, ProtectedError, Q, QuerySet

from shouwang.core.erasure import leave_tombstone
from shouwang.core.registry import purposes
from shouwang.people.models import (
    CareFlag,
    Contact,
    Contradiction,
    Household,
    KnownApart,
    Membership,
    Person,
    PersonMerge,
    Proxy,
    ResidentCode,
    Stay,
)
from shouwang.people.services.filling import day_of

BLANK_PERSON: dict[str, Any] = {
    "name": "",
    "name_letters": "",
    "name_pinyin": "",
    "sex": "",
    "birth_year": None,
    "birth_month": None,
    "birth_day": None,
    "phone": "",
    "phone_reversed": "",
    "id_kind": "",
    "id_number": "",
    "id_number_index": "",
    "extra": "",
}


def _days(purpose: str) -> timedelta:
    return timedelta(days=purposes.get(purpose).days)


def _last_day(at: datetime) -> date:
    """Whoever left before this day is past the register's days."""
    return day_of(at - _days("register"))


def persons_past(at: datetime) -> QuerySet[Person]:
    """Persons who left, or were taken back, longer ago than the register keeps them, and are not blank yet."""
    lasting = Membership.objects.filter(person=OuterRef("pk")).filter(
        Q(until_on__isnull=True) | Q(until_on__gte=_last_day(at))
    )
    gone = Q(pk__in=Membership.objects.values("person_id")) & ~Exists(lasting)
    voided = Q(voided_at__lt=at - _days("register"))
    return Person.objects.filter(gone | voided).exclude(name="")


def households_past(at: datetime) -> QuerySet[Household]:
    """Households that left longer ago and still say something of themselves."""
    return Household.objects.filter(until_on__lt=_last_day(at)).exclude(note="")


def count_register(at: datetime) -> int:
    """Persons and households past their days."""
    return persons_past(at).count() + households_past(at).count()


def erase_register(at: datetime, limit: int) -> int:
    """Erases at most `limit` persons and households past their days."""
    persons = list(persons_past(at)[:limit])
    for person in persons:
        _erase_person(person, at)
    households = list(households_past(at)[: limit - len(persons)])
    for household in households:
        Household.objects.filter(pk=household.pk).update(note="")
    _drop_empty_households(at, limit)
    return len(persons) + len(households)


def _erase_person(person: Person, at: datetime) -> None:
    _drop_merges(person, at)
    person.words.all().delete()
    for rows in (
        person.contradictions, person.codes, person.contacts, person.stays, person.flags, person.memberships,
    ):  # fmt: skip
        _drop(rows.all(), at)
    Person.objects.filter(pk=person.pk).update(**BLANK_PERSON, voided_at=person.voided_at or at)
    _drop_one(person, at)


def _drop_merges(person: Person, at: datetime) -> None:
    """The ids that stood for this person go with it."""
    KnownApart.objects.filter(Q(first=person) | Q(second=person)).delete()
    aliases = list(Person.objects.filter(merged_away__survivor=person, merged_away__undone_at__isnull=True))
    PersonMerge.objects.filter(Q(survivor=person) | Q(alias=person)).delete()
    for alias in aliases:
        _erase_person(alias, at)


def merges_past(at: datetime) -> QuerySet[PersonMerge]:
    """Merges that can't be undone any more, or were, and still hold what undoing needed."""
    over = Q(merged_at__lt=at - _days("merge")) | Q(undone_at__isnull=False)
    return PersonMerge.objects.filter(over).exclude(before="")


def erase_merges(at: datetime, limit: int) -> int:
    """Forgets what undoing needed, and the second entry itself but for its id, which still leads to the survivor."""
    merges = list(merges_past(at)[:limit])
    for merge in merges:
        PersonMerge.objects.filter(pk=merge.pk).update(before="")
        if merge.undone_at is None:
            _blank_alias(merge.alias, at)
    return len(merges)


def _blank_alias(alias: Person, at: datetime) -> None:
    alias.words.all().delete()
    for rows in (
        alias.contradictions,
        alias.codes,
        alias.contacts,
        alias.stays,
        alias.flags,
        alias.memberships,
    ):
        _drop(rows.all(), at)
    Person.objects.filter(pk=alias.pk).update(**BLANK_PERSON)


def verify_merges(at: datetime) -> int:
    """Merges past their days that still say something, counted row by row, and names of second entries on file."""
    before = at - _days("merge")
    past = [row for row in PersonMerge.objects.all() if row.undone_at or row.merged_at < before]
    aliases = [row.alias_id for row in past if row.undone_at is None]
    named = Person.objects.filter(pk__in=aliases).exclude(name="", phone="", id_number_index="")
    return sum(1 for row in past if row.before) + named.count()


def _drop_empty_households(at: datetime, limit: int) -> None:
    """Households that left and of whom nobody is on file any more."""
    empty = Household.objects.filter(until_on__lt=_last_day(at), memberships__isnull=True)
    for household in empty[:limit]:
        _drop(household.proxies.all(), at)
        _drop(household.flags.all(), at)
        _drop_one(household, at)


def _drop_one(row: models.Model, at: datetime) -> bool:
    """Deletes a row that nothing names any more; whether it went."""
    pk: UUID = row.pk
    try:
        with transaction.atomic():
            row.delete()
    except ProtectedError:
        return False
    leave_tombstone(row._meta.label_lower, pk, at)
    return True


def _drop(rows: Iterable[models.Model], at: datetime) -> int:
    return sum(_drop_one(row, at) for row in list(rows))


def verify_register(at: datetime) -> int:
    """Counted anew from the memberships: names or phones on file of people whose last day has passed."""
    left = Membership.objects.values("person_id").annotate(
        last=Max("until_on"), lasting=models.Count("pk", filter=Q(until_on__isnull=True))
    )
    gone = [row["person_id"] for row in left if not row["lasting"] and row["last"] < _last_day(at)]
    said = ~(Q(name="") & Q(phone="") & Q(id_number_index="") & Q(birth_year__isnull=True))
    return Person.objects.filter(said, pk__in=gone).count() + households_past(at).count()


def flags_past(at: datetime) -> QuerySet[CareFlag]:
    """Flags that ended or were declined longer ago than care keeps them."""
    return CareFlag.objects.filter(ended_at__lt=at - _days("care"))


def stays_past(at: datetime) -> QuerySet[Stay]:
    """Stays that ended longer ago than they are kept."""
    return Stay.objects.filter(until_at__lt=at - _days("stay"))


def contacts_past(at: datetime) -> QuerySet[Contact]:
    """Contacts taken off longer ago than they are kept."""
    return Contact.objects.filter(until_at__lt=at - _days("contact"))


def proxies_past(at: datetime) -> QuerySet[Proxy]:
    """Proxies that ended longer ago than they are kept."""
    return Proxy.objects.filter(until_at__lt=at - _days("contact"))


def codes_past(at: datetime) -> QuerySet[ResidentCode]:
    """Codes whose last day was longer ago than they are kept; until then a scan still says that it has run out."""
    return ResidentCode.objects.filter(valid_until__lt=day_of(at - _days("code")))


def contradictions_past(at: datetime) -> QuerySet[Contradiction]:
    """Decided longer ago than both words are kept."""
    return Contradiction.objects.filter(decided_at__lt=at - _days("contradiction"))


def erase_contradictions(at: datetime, limit: int) -> int:
    """Erases at most `limit` decided contradictions."""
    return _drop(contradictions_past(at)[:limit], at)


def verify_contradictions(at: datetime) -> int:
    """Those past their days, counted row by row."""
    before = at - _days("contradiction")
    return sum(1 for row in Contradiction.objects.all() if row.decided_at and row.decided_at < before)


def erase_flags(at: datetime, limit: int) -> int:
    """Erases at most `limit` flags."""
    return _drop(flags_past(at)[:limit], at)


def erase_stays(at: datetime, limit: int) -> int:
    """Erases at most `limit` stays."""
    return _drop(stays_past(at)[:limit], at)


def erase_contacts(at: datetime, limit: int) -> int:
    """Erases at most `limit` contacts and proxies."""
    contacts = _drop(contacts_past(at)[:limit], at)
    return contacts + _drop(proxies_past(at)[: limit - contacts], at)


def erase_codes(at: datetime, limit: int) -> int:
    """Erases at most `limit` codes."""
    return _drop(codes_past(at)[:limit], at)


def verify_ended(rows: QuerySet[Any], column: str, before: datetime) -> int:
    """How many rows ended before an instant, compared here and not in the database."""
    return sum(1 for ended in rows.values_list(column, flat=True) if ended is not None and ended < before)


def verify_flags(at: datetime) -> int:
    """Flags past their days, counted row by row."""
    return verify_ended(CareFlag.objects.all(), "ended_at", at - _days("care"))


def verify_stays(at: datetime) -> int:
    """Stays past their days, counted row by row."""
    return verify_ended(Stay.objects.all(), "until_at", at - _days("stay"))


def verify_contacts(at: datetime) -> int:
    """Contacts and proxies past their days, counted row by row."""
    before = at - _days("contact")
    return verify_ended(Contact.objects.all(), "until_at", before) + verify_ended(
        Proxy.objects.all(), "until_at", before
    )


def verify_codes(at: datetime) -> int:
    """Codes past their days, and codes of nobody who is on file, counted row by row."""
    before = day_of(at - _days("code"))
    rows = ResidentCode.objects.values_list("valid_until", "person__name")
    return sum(1 for valid_until, name in rows if valid_until < before or not name)
