"""Persons, and how their birth dates are said."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import ngettext, pgettext

from shouwang.core.scope import Scope
from shouwang.people.models import Household, Person, PersonMerge


def persons_for(scope: Scope, capability: str = "register.see") -> QuerySet[Person]:
    """Persons who live here now, within the scope of posts."""
    return Person.objects.filter(scope.q(capability), voided_at__isnull=True)


def survivor_id(person_id: UUID) -> UUID:
    """Whom an id means: the survivor where that entry was put together with another one, else itself."""
    seen = {person_id}
    while True:
        following = (
            PersonMerge.objects.filter(alias_id=person_id, undone_at__isnull=True)
            .values_list("survivor_id", flat=True)
            .first()
        )
        if following is None or following in seen:
            return person_id
        seen.add(following)
        person_id = following


def person_for(scope: Scope, person_id: UUID, capability: str = "register.see") -> Person:
    """The person, also by the id of a second entry that was put together with this one; or 404."""
    known = persons_for(scope, capability)
    person = known.filter(pk=person_id).first() or known.filter(pk=survivor_id(person_id)).first()
    if person is None:
        raise Http404
    return person


def person_in(household: Household, person_id: UUID) -> Person:
    """The person if he belongs to this household now, also by the id of a second entry; else 404."""
    here = Person.objects.filter(
        memberships__household=household, memberships__until_on__isnull=True, voided_at__isnull=True
    )
    person = here.filter(pk=person_id).first() or here.filter(pk=survivor_id(person_id)).first()
    if person is None:
        raise Http404
    return person


def birth_words(person: Person) -> str:
    """A birth date as far as it is known: 1941年, 1941年3月, 1941年3月5日; '' when it is not."""
    values = {"year": person.birth_year, "month": person.birth_month, "day": person.birth_day}
    if person.birth_year is None:
        return ""
    if person.birth_month is None:
        return pgettext("birth date", "%(year)s") % values
    if person.birth_day is None:
        return pgettext("birth date", "%(year)s-%(month)s") % values
    return pgettext("birth date", "%(year)s-%(month)s-%(day)s") % values


def age_words(person: Person, day: date) -> str:
    """An age as people say it: in years, of a small child in months; '' without a year. With a partial birth date
    'about' is said of years that may be one more."""
    years = person.age_at(day)
    if years is None:
        return ""
    if years < 2 and person.birth_year and person.birth_month:
        months = (day.year - person.birth_year) * 12 + day.month - person.birth_month
        if person.birth_day and day.day < person.birth_day:
            months -= 1
        return ngettext("%(count)s month", "%(count)s months", max(months, 0)) % {"count": max(months, 0)}
    if person.birth_month is None and person.birth_year is not None:
        return pgettext("age", "about %(years)s") % {"years": day.year - person.birth_year}
    return pgettext("age", "%(years)s") % {"years": years}
