"""Care flags: those on file, those that follow from the register, and what a volunteer may be told of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouwang.core.scope import Scope
from shouwang.people.models import CareFlag, Household, Membership, Person
from shouwang.people.rules import BRING_TO_DOOR, may_read_flag
from shouwang.people.states import INSTRUCTIONS, SAFETY, Care, CareState

DERIVED = {"aged_80": gettext_lazy("80 and over"), "alone_by_register": gettext_lazy("alone by the register")}
OLD = 80
FROM_SHEET, FROM_DOOR = "register", "at-the-door"
LIVE = (CareState.PROPOSED, CareState.ACCEPTED)


def flags_of(
    household: Household, classes: Collection[str], states: Collection[str] = LIVE
) -> list[CareFlag]:
    """Flags of a household and its people that these field classes may read, accepted ones first."""
    rows = household.flags.filter(state__in=states).select_related("person", "noted_by")
    readable = [flag for flag in rows if may_read_flag(flag.kind, classes)]
    return sorted(readable, key=lambda flag: (flag.state != CareState.ACCEPTED, flag.noted_on, str(flag.pk)))


def cautious_flags(household: Household) -> list[Care]:
    """Kinds that count until a person has decided: accepted ones, and proposed ones that concern safety."""
    rows = household.flags.filter(
        Q(state=CareState.ACCEPTED) | Q(state=CareState.PROPOSED, kind__in=SAFETY)
    ).values_list("kind", flat=True)
    return sorted({Care(kind) for kind in rows}, key=list(Care).index)


def households_with(kinds: Sequence[str], among: QuerySet[Household]) -> dict[UUID, list[CareFlag]]:
    """Of these households those with one of the kinds, counted cautiously: accepted flags, and proposed ones that
    concern safety. Household id to its flags, in the order of `kinds`. One query."""
    counted = Q(state=CareState.ACCEPTED) | Q(state=CareState.PROPOSED, kind__in=SAFETY)
    rows = CareFlag.objects.filter(counted, kind__in=kinds, household__in=among).select_related("person")
    found: dict[UUID, list[CareFlag]] = {}
    for row in sorted(rows, key=lambda flag: kinds.index(flag.kind)):
        found.setdefault(row.household_id, []).append(row)
    return found


def aged_households(among: QuerySet[Household], day: date) -> set[UUID]:
    """Ids of those households with somebody of eighty or more on `day`, by full years. One query."""
    rows = Membership.objects.filter(
        household__in=among, until_on__isnull=True, person__voided_at__isnull=True,
        person__birth_year__lte=day.year - OLD,
    ).select_related("person")  # fmt: skip
    return {row.household_id for row in rows if (row.person.age_at(day) or 0) >= OLD}


def derived_flags(person: Person, day: date, members: Iterable[Membership] | None = None) -> list[str]:
    """What follows from the register on `day`: "aged_80", "alone_by_register". Codes of DERIVED."""
    found = []
    age = person.age_at(day)
    if age is not None and age >= OLD:
        found.append("aged_80")
    if members is None:
        home = Membership.objects.filter(person=person, until_on__isnull=True).values("household_id")
        members = Membership.objects.filter(
            household_id__in=home, until_on__isnull=True, person__voided_at__isnull=True
        )
    if [row.person_id for row in members] == [person.pk]:
        found.append("alone_by_register")
    return found


def instructions_for(household: Household) -> list[Care]:
    """What whoever comes to the door must know: TO_DOOR, WALKS_BADLY, NO_PHONE. Never an illness, never why."""
    return _told_at_the_door(set(cautious_flags(household)))


def _told_at_the_door(kinds: set[Care]) -> list[Care]:
    found = {kind for kind in kinds if kind in INSTRUCTIONS}
    if kinds & BRING_TO_DOOR:
        found.add(Care.TO_DOOR)
    return sorted(found, key=list(Care).index)


def instructions_by_household(among: QuerySet[Household]) -> dict[UUID, list[Care]]:
    """`instructions_for` of many households with one query; those for whom there is nothing to know are left out."""
    found = households_with(sorted(INSTRUCTIONS | BRING_TO_DOOR), among)
    return {pk: _told_at_the_door({Care(flag.kind) for flag in flags}) for pk, flags in found.items()}


def flag_words(kind: str) -> str:
    """A flag's name in words, derived ones included."""
    if kind in DERIVED:
        return str(DERIVED[kind])
    return str(Care(kind).label) if kind in Care.values else _("to be thought of")


def source_words(source: str) -> str:
    """From where something is known; what came with a sheet says so in the reader's language."""
    return {FROM_SHEET: _("the register"), FROM_DOOR: _("said at the door")}.get(source, source)


def flag_for(scope: Scope, flag_id: UUID, capability: str = "care.edit") -> CareFlag:
    """The flag if the scope holds the capability there and may read its kind, else 404."""
    flag = (
        CareFlag.objects.filter(scope.q(capability), pk=flag_id).select_related("household", "person").first()
    )
    if flag is None or not may_read_flag(flag.kind, scope.classes_for(flag)):
        raise Http404
    return flag


def proposals_for(scope: Scope) -> QuerySet[CareFlag]:
    """Flags that wait for a decision, longest first, within the scope."""
    return (
        CareFlag.objects.filter(scope.q("care.edit"), state=CareState.PROPOSED)
        .select_related("household__dwelling__place", "person")
        .order_by("noted_on", "id")
    )


def reviews_due(scope: Scope, day: date) -> QuerySet[CareFlag]:
    """Accepted flags whose day of review has come, longest overdue first."""
    return (
        CareFlag.objects.filter(scope.q("care.edit"), state=CareState.ACCEPTED, review_on__lte=day)
        .select_related("household__dwelling__place", "person")
        .order_by("review_on", "id")
    )
