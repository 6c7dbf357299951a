"""Households open and close; people belong to them, move and leave."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.audit import write_audit
from shouwang.core.errors import Conflict, Refusal
from shouwang.people.models import Household, Membership, Person
from shouwang.people.services.care import end_flags_of
from shouwang.people.services.doors import know_door
from shouwang.people.services.filling import day_of, relation_code
from shouwang.people.signals import home_changed
from shouwang.people.states import Relation
from shouwang.places.models import Dwelling


@transaction.atomic
def open_household(
    *, dwelling: Dwelling, by: Actor, from_on: date | None = None, at: datetime | None = None
) -> Household:
    """A household behind a door. Several may live behind one door (a shared flat)."""
    at = at or clock.now()
    household = Household.objects.create(dwelling=dwelling, from_on=from_on or day_of(at), **dwelling.stamp())
    know_door(dwelling, at)
    write_audit("people.household.opened", by=by, at=at, subject=household)
    return household


@transaction.atomic
def close_household(
    *, household: Household, by: Actor, until_on: date | None = None, at: datetime | None = None
) -> Household:
    """A household has left its door, with everybody in it. Conflict when it had."""
    at = at or clock.now()
    day = until_on or day_of(at)
    for row in household.memberships.filter(until_on__isnull=True).select_related("person"):
        end_membership(membership=row, by=by, at=at, until_on=day)
    if not Household.objects.filter(pk=household.pk, until_on__isnull=True).update(until_on=day):
        raise Conflict("household-left", _("This household had left already."))
    household.refresh_from_db()
    end_flags_of(household=household, person=None, by=by, at=at)
    write_audit("people.household.closed", by=by, at=at, subject=household, until_on=day)
    return household


@transaction.atomic
def note_household(*, household: Household, note: str, by: Actor, at: datetime | None = None) -> Household:
    """Rewrites the household's note. The audit says that it changed, not what it says."""
    household.note = note[:300]
    household.save(update_fields=["note"])
    household.refresh_from_db()
    write_audit("people.household.noted", by=by, at=at or clock.now(), subject=household)
    return household


def begin_membership(*, person: Person, household: Household, relation: str, from_on: date) -> Membership:
    """The row alone; callers audit. Refusal when the person belongs somewhere, or a head is there already."""
    if household.until_on is not None:
        raise Refusal("household-left", _("This household had left already."))
    if Membership.objects.filter(person=person, until_on__isnull=True).exists():
        raise Refusal("has-home", _("This person belongs to another household."))
    _refuse_second_head(household, relation)
    return Membership.objects.create(
        person=person, household=household, relation=relation_code(relation), from_on=from_on
    )


def _refuse_second_head(household: Household, relation: str, but: Membership | None = None) -> None:
    heads = household.memberships.filter(relation=Relation.HEAD, until_on__isnull=True)
    if but is not None:
        heads = heads.exclude(pk=but.pk)
    if relation == Relation.HEAD and heads.exists():
        raise Refusal(
            "head-there", _("This household has a head already. Change that one first."), field="relation"
        )


@transaction.atomic
def change_relation(
    *, membership: Membership, relation: str, by: Actor, at: datetime | None = None
) -> Membership:
    """How somebody relates to the head. Refusal for a second head."""
    _refuse_second_head(membership.household, relation, but=membership)
    before = membership.relation
    Membership.objects.filter(pk=membership.pk, until_on__isnull=True).update(
        relation=relation_code(relation)
    )
    membership.refresh_from_db()
    write_audit(
        "people.person.changed",
        by=by,
        at=at or clock.now(),
        subject=membership.household_id,
        placed=membership.household,
        person_id=membership.person_id,
        fields=["relation"],
        before=before,
        after=membership.relation,
    )
    return membership


@transaction.atomic
def end_membership(
    *, membership: Membership, by: Actor, until_on: date | None = None, at: datetime | None = None
) -> Membership:
    """Somebody no longer belongs to the household: flags end, days begin to run. Conflict when it had ended."""
    at = at or clock.now()
    day = until_on or day_of(at)
    if day < membership.from_on:
        day = membership.from_on
    if not Membership.objects.filter(pk=membership.pk, until_on__isnull=True).update(until_on=day):
        raise Conflict("membership-ended", _("This person had left the household already."))
    membership.refresh_from_db()
    household, person = membership.household, membership.person
    end_flags_of(household=household, person=person, by=by, at=at)
    write_audit("people.membership.ended", by=by, at=at, subject=household, person_id=person.pk, until_on=day)
    home_changed.send(sender=Membership, person_id=person.pk, before=household.pk, after=None, at=at)
    return membership


@transaction.atomic
def move_person(
    *,
    person: Person,
    household: Household,
    relation: str,
    by: Actor,
    on: date | None = None,
    at: datetime | None = None,
) -> Membership:
    """Somebody now belongs to another household; flags about the person go with the person."""
    at = at or clock.now()
    day = on or day_of(at)
    old = Membership.objects.filter(person=person, until_on__isnull=True).select_related("household").first()
    if old is not None and old.household_id == household.pk:
        raise Refusal("same-home", _("This person lives in this household already."))
    if old is not None:
        Membership.objects.filter(pk=old.pk).update(until_on=max(day, old.from_on))
    row = begin_membership(person=person, household=household, relation=relation, from_on=day)
    Person.objects.filter(pk=person.pk).update(**household.stamp())
    live = person.flags.filter(state__in=["proposed", "accepted"])
    live.update(household=household, **household.stamp())
    person.stays.filter(until_at__isnull=True).update(**household.stamp())
    person.refresh_from_db()
    write_audit(
        "people.person.moved",
        by=by,
        at=at,
        subject=household,
        person_id=person.pk,
        before=old.household_id if old else None,
        after=household.pk,
    )
    home_changed.send(
        sender=Membership,
        person_id=person.pk,
        before=old.household_id if old else None,
        after=household.pk,
        at=at,
    )
    return row
