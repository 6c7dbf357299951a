"""Whom to ring, and who may speak for a household."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.audit import write_audit
from shouwang.core.errors import Conflict, Refusal
from shouwang.people.engines.names import clean_name
from shouwang.people.engines.numbers import clean_phone
from shouwang.people.models import Contact, Household, Membership, Person, Proxy
from shouwang.people.services.filling import check_phone
from shouwang.people.states import ProxyKind


def _said(name: str, phone: str, *, phone_needed: bool) -> dict[str, str]:
    kept = clean_name(name)[:60]
    if not kept:
        raise Refusal("name-missing", _("Write a name."), field="name")
    check_phone(phone)
    number = clean_phone(phone)[:20]
    if phone_needed and not number:
        raise Refusal("phone-missing", _("Without a number nobody can be rung. Write one."), field="phone")
    return {"name": kept, "phone": number}


def _home_of(person: Person) -> Any:
    row = Membership.objects.filter(person=person, until_on__isnull=True).first()
    return row.household_id if row else person.pk


@transaction.atomic
def add_contact(
    *,
    person: Person,
    name: str,
    phone: str,
    by: Actor,
    relation: str = "",
    order: int | None = None,
    at: datetime | None = None,
) -> Contact:
    """Whom to ring about a person; `order` (1 first) defaults to the end, and those after it move on."""
    said = _said(name, phone, phone_needed=True)
    live = person.contacts.filter(until_at__isnull=True)
    last = live.aggregate(last=Max("order"))["last"] or 0
    place = min(order or last + 1, last + 1)
    for row in live.filter(order__gte=place).order_by("-order"):
        Contact.objects.filter(pk=row.pk).update(order=row.order + 1)
    contact = Contact.objects.create(person=person, relation=relation[:40], order=place, **said)
    write_audit(
        "people.contact.added",
        by=by,
        at=at or clock.now(),
        subject=_home_of(person),
        placed=person,
        person_id=person.pk,
        order=place,
    )
    return contact


@transaction.atomic
def end_contact(*, contact: Contact, by: Actor, at: datetime | None = None) -> Contact:
    """This number is not rung any more; those after it move up. Conflict when it was ended."""
    at = at or clock.now()
    if not Contact.objects.filter(pk=contact.pk, until_at__isnull=True).update(until_at=at):
        raise Conflict("contact-ended", _("This contact was taken off already."))
    later = Contact.objects.filter(
        person_id=contact.person_id, until_at__isnull=True, order__gt=contact.order
    )
    for row in later.order_by("order"):
        Contact.objects.filter(pk=row.pk).update(order=row.order - 1)
    contact.refresh_from_db()
    person = contact.person
    write_audit(
        "people.contact.ended", by=by, at=at, subject=_home_of(person), placed=person, person_id=person.pk
    )
    return contact


@transaction.atomic
def add_proxy(
    *,
    household: Household,
    kind: str,
    name: str,
    by: Actor,
    phone: str = "",
    user: Any = None,
    at: datetime | None = None,
    until_at: datetime | None = None,
) -> Proxy:
    """Somebody who may speak for a household: a child elsewhere, a neighbour."""
    at = at or clock.now()
    said = _said(name, phone, phone_needed=user is None)
    proxy = Proxy.objects.create(
        household=household, kind=ProxyKind(kind), user=user, from_at=at, until_at=until_at, **said
    )
    write_audit("people.proxy.added", by=by, at=at, subject=household, proxy_id=proxy.pk, proxy_kind=kind)
    return proxy


@transaction.atomic
def end_proxy(*, proxy: Proxy, by: Actor, at: datetime | None = None) -> Proxy:
    """No longer speaks for the household. Conflict when that had ended."""
    at = at or clock.now()
    if not Proxy.objects.filter(pk=proxy.pk, until_at__isnull=True).update(until_at=at):
        raise Conflict("proxy-ended", _("This had ended already."))
    proxy.refresh_from_db()
    write_audit("people.proxy.ended", by=by, at=at, subject=proxy.household, proxy_id=proxy.pk)
    return proxy
