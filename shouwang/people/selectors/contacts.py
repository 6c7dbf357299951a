"""Whom to ring, who may speak for whom, and where people are now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import Http404

from shouwang.core.scope import Scope
from shouwang.people.engines.numbers import clean_phone
from shouwang.people.models import Contact, Household, Membership, Person, Proxy, Stay
from shouwang.people.selectors.households import households_in
from shouwang.people.selectors.persons import persons_for


def contacts_of(household: Household) -> list[Contact]:
    """Whom to ring about the people of a household, by person, in order."""
    members = household.memberships.filter(until_on__isnull=True).values("person_id")
    rows = Contact.objects.filter(person_id__in=members, until_at__isnull=True).select_related("person")
    return list(rows.order_by("person_id", "order", "id"))


def proxies_of(household: Household, at: datetime | None = None) -> list[Proxy]:
    """Who may speak for the household (at `at`, default: those without an end)."""
    live = Q(until_at__isnull=True) | Q(until_at__gt=at) if at else Q(until_at__isnull=True)
    return list(household.proxies.filter(live).order_by("from_at", "id"))


def proxy_households(user: Any, at: datetime) -> list[UUID]:
    """Households for which this user is a proxy at `at`."""
    live = Q(until_at__isnull=True) | Q(until_at__gt=at)
    return list(Proxy.objects.filter(live, user=user, from_at__lte=at).values_list("household_id", flat=True))


def proxy_users(household_ids: Iterable[UUID], at: datetime) -> list[tuple[UUID, UUID]]:
    """(household, user) of those who speak for these households at `at` and have an account; for services."""
    live = Q(until_at__isnull=True) | Q(until_at__gt=at)
    rows = Proxy.objects.filter(
        live, household_id__in=set(household_ids), user__isnull=False, from_at__lte=at
    )
    return [(household, user) for household, user in rows.values_list("household_id", "user_id") if user]


def households_by_phone(community_id: UUID, phone: str) -> list[Household]:
    """Households that a known number calls from or speaks for: their own people's, contacts', proxies'. Own first."""
    number = clean_phone(phone)
    if len(number) < 5:
        return []
    here = Q(household__community_id=community_id, household__until_on__isnull=True, until_on__isnull=True)
    own = Membership.objects.filter(here, person__phone=number, person__voided_at__isnull=True)
    through = Membership.objects.filter(
        here, person__contacts__phone=number, person__contacts__until_at__isnull=True
    )
    ids = [*own.values_list("household_id", flat=True), *through.values_list("household_id", flat=True)]
    ids += Proxy.objects.filter(
        phone=number,
        until_at__isnull=True,
        household__community_id=community_id,
        household__until_on__isnull=True,
    ).values_list("household_id", flat=True)
    found = households_in(community_id).in_bulk(set(ids))
    return [found[pk] for pk in dict.fromkeys(ids)]


def stay_of(person: Person) -> Stay | None:
    """Where a person is now, when not at home."""
    return person.stays.filter(until_at__isnull=True).first()


def stays_of(person_ids: Iterable[UUID]) -> dict[UUID, Stay]:
    """Stays that last, by person, with one query."""
    rows = Stay.objects.filter(person_id__in=set(person_ids), until_at__isnull=True)
    return {row.person_id: row for row in rows}


def contact_for(scope: Scope, contact_id: UUID, capability: str = "register.edit") -> Contact:
    """The contact if the person is within the scope, else 404."""
    contact = Contact.objects.select_related("person").filter(pk=contact_id, until_at__isnull=True).first()
    if contact is None or not persons_for(scope, capability).filter(pk=contact.person_id).exists():
        raise Http404
    return contact


def proxy_for(scope: Scope, proxy_id: UUID, capability: str = "register.edit") -> Proxy:
    """The proxy if the household is within the scope, else 404."""
    row = (
        Proxy.objects.select_related("household")
        .filter(scope.q(capability, "household__"), pk=proxy_id, until_at__isnull=True)
        .first()
    )
    if row is None:
        raise Http404
    return row


def stay_for(scope: Scope, stay_id: UUID, capability: str = "register.edit") -> Stay:
    """The stay if it is within the scope, else 404."""
    row = (
        Stay.objects.select_related("person")
        .filter(scope.q(capability), pk=stay_id, until_at__isnull=True)
        .first()
    )
    if row is None:
        raise Http404
    return row
