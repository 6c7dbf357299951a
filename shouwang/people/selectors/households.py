"""Households behind doors, and those who live in them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from shouwang.core.scope import Scope
from shouwang.people.models import Household, Membership, Person
from shouwang.people.states import Relation
from shouwang.places.models import STAMP, Dwelling

KIND = "people.household"
READ_OF_MANY = (
    "relation", "person__name", "person__phone", "person__birth_year", "person__birth_month", "person__birth_day",
    "household__dwelling__floor", "household__dwelling__door", "household__dwelling__sort_key",
    "household__dwelling__place", *(f"household__{name}" for name in STAMP),
)  # fmt: skip
ORDER = {code: order for order, code in enumerate((Relation.HEAD, Relation.SPOUSE))}


def households_for(scope: Scope, capability: str = "register.see") -> QuerySet[Household]:
    """Households that live here now and are within the scope: by post, or by a grant over this very one."""
    single = _granted_ids(scope, capability)
    return Household.objects.filter(
        scope.q(capability) | Q(pk__in=single), until_on__isnull=True
    ).select_related("dwelling__place")


def _granted_ids(scope: Scope, capability: str) -> set[UUID]:
    """A commitment lets its volunteer see the household; anything more must be in the grant."""
    return {
        grant.object_id
        for grant in scope.objects
        if grant.kind == KIND and (capability == "register.see" or capability in grant.capabilities)
    }


def household_for(scope: Scope, household_id: UUID, capability: str = "register.see") -> Household:
    """The household (one that has moved out too), or 404."""
    household = (
        Household.objects.select_related("dwelling__place")
        .filter(scope.q(capability) | Q(pk__in=_granted_ids(scope, capability)), pk=household_id)
        .first()
    )
    if household is None:
        raise Http404
    return household


def file_household(scope: Scope, household_id: UUID) -> Household:
    """The household whose file is being read, or 404: asked once, however many sections the file has."""
    return scope.once(f"people.household:{household_id}", lambda: household_for(scope, household_id))


def readable_classes(scope: Scope, household: Household) -> frozenset[str]:
    """The field classes of this household that the scope may read."""
    return scope.classes_for(household, KIND, household.pk)


def households_in(community_id: UUID) -> QuerySet[Household]:
    """Every household that lives in the community now; for services and checks, never for a page."""
    return Household.objects.filter(community_id=community_id, until_on__isnull=True).select_related(
        "dwelling__place"
    )


def households_at(dwelling: Dwelling) -> list[Household]:
    """Those who live behind a door now; a shared flat may hold several households."""
    return list(Household.objects.filter(dwelling=dwelling, until_on__isnull=True).order_by("from_on", "id"))


def current_household(dwelling: Dwelling) -> Household | None:
    """The household behind a door now; the one longest there when there are several."""
    found = households_at(dwelling)
    return found[0] if found else None


def households_behind(dwelling_ids: Iterable[UUID]) -> dict[UUID, Household]:
    """The household behind each of many doors now, by the id of the door, as `current_household` has it. One query."""
    rows = Household.objects.filter(dwelling_id__in=set(dwelling_ids), until_on__isnull=True)
    found: dict[UUID, Household] = {}
    for row in rows.order_by("from_on", "id"):
        found.setdefault(row.dwelling_id, row)
    return found


def household_of(person: Person) -> Household | None:
    """Where a person belongs now."""
    row = (
        Membership.objects.filter(person=person, until_on__isnull=True)
        .select_related("household__dwelling__place")
        .first()
    )
    return row.household if row else None


def members_of(household: Household) -> list[Membership]:
    """Memberships that last, each with its `person`: the head first, then husband or wife, then by age."""
    rows = household.memberships.filter(until_on__isnull=True, person__voided_at__isnull=True).select_related(
        "person"
    )
    return in_family_order(rows)


def in_family_order(rows: Iterable[Membership]) -> list[Membership]:
    """The head first, then husband or wife, then by age."""
    return sorted(rows, key=_family_order)


def file_members(scope: Scope, household: Household) -> list[Membership]:
    """The members of the household whose file is being read: asked once, however many sections name them."""
    return scope.once(f"people.members:{household.pk}", lambda: members_of(household))


def _family_order(row: Membership) -> tuple[int, int, str]:
    return ORDER.get(Relation(row.relation), 9), row.person.birth_year or 9999, row.person.name


def household_title(household: Household, members: Iterable[Membership] | None = None) -> str:
    """How a household is called: by its head, else by the first who is on file."""
    first = next(iter(members if members is not None else members_of(household)), None)
    return _("%(name)s's household") % {"name": first.person.name} if first else _("Nobody on file")


def heads_of(household_ids: Iterable[UUID]) -> dict[UUID, Membership]:
    """For each of many households the membership by which it is called, with one query: name and phone, no more."""
    living = Membership.objects.filter(
        household_id__in=set(household_ids), until_on__isnull=True, person__voided_at__isnull=True
    ).select_related("person")
    rows = living.only(
        "household", "person", "relation", "person__name", "person__birth_year", "person__phone"
    )
    found: dict[UUID, Membership] = {}
    for row in rows:
        known = found.get(row.household_id)
        if known is None or _family_order(row) < _family_order(known):
            found[row.household_id] = row
    return found


def first_phones(household_ids: Iterable[UUID]) -> dict[UUID, str]:
    """For each of many households the number to ring: the head's, else the first that anybody of them has. One query."""
    living = Membership.objects.filter(
        household_id__in=set(household_ids), until_on__isnull=True, person__voided_at__isnull=True
    ).exclude(person__phone="")
    rows = living.select_related("person").only(
        "household", "person", "relation", "person__name", "person__birth_year", "person__phone"
    )
    found: dict[UUID, str] = {}
    for row in in_family_order(rows):
        found.setdefault(row.household_id, row.person.phone)
    return found


def households_by_ids(household_ids: Iterable[UUID]) -> QuerySet[Household]:
    """Households by id, those that have left too; for services and receivers, never for a page."""
    return Household.objects.filter(pk__in=set(household_ids))


def living_in(household_ids: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """Household id to the ids of the persons who belong to it now. One query."""
    rows = Membership.objects.filter(
        household__in=set(household_ids), until_on__isnull=True, person__voided_at__isnull=True
    )
    found: dict[UUID, list[UUID]] = {}
    for household_id, person_id in rows.order_by("pk").values_list("household_id", "person_id"):
        found.setdefault(household_id, []).append(person_id)
    return found


def homes_of(person_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Person id to the id of the household that the person belongs to now. One query."""
    rows = Membership.objects.filter(person__in=set(person_ids), until_on__isnull=True)
    return dict(rows.values_list("person_id", "household_id"))


def members_inside(community_id: UUID, where: Q) -> list[Membership]:
    """Everybody who lives in these households now, door by door, the head first; `where` filters the household.

    For services and checks, never for a page. With no more of each than name, phone, birth date and door: a roster of
    thousands is read while nobody else can write.
    """
    homes = households_in(community_id).filter(where)
    rows = (
        Membership.objects.filter(household__in=homes, until_on__isnull=True, person__voided_at__isnull=True)
        .select_related("person", "household__dwelling")
        .only(*READ_OF_MANY)
    )
    return sorted(
        rows, key=lambda row: (row.household.dwelling.sort_key, str(row.household_id), _family_order(row))
    )


def person_homes(person_id: UUID) -> list[tuple[UUID, date, date | None]]:
    """The households a person belongs and belonged to, each with from and until; for services and copies."""
    rows = Membership.objects.filter(person_id=person_id).order_by("from_on", "id")
    return list(rows.values_list("household_id", "from_on", "until_on"))
