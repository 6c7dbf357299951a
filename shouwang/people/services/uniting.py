"""One person entered twice becomes one again, and two again if that was wrong: for 30 days."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.audit import write_audit
from shouwang.core.errors import Conflict, Refusal
from shouwang.people.models import (
    CareFlag,
    Contact,
    Household,
    KnownApart,
    Membership,
    Person,
    PersonMerge,
    ResidentCode,
    Stay,
)
from shouwang.people.rules import UNDO_DAYS
from shouwang.people.services.care import LIVE
from shouwang.people.services.filling import day_of
from shouwang.people.signals import home_changed, persons_merged
from shouwang.people.states import CareState, Relation

# What makes up each field that one chooses as a whole.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "name_letters", "name_pinyin"),
    "sex": ("sex",),
    "birth": ("birth_year", "birth_month", "birth_day"),
    "phone": ("phone", "phone_reversed"),
    "id_number": ("id_kind", "id_number", "id_number_index"),
}


@transaction.atomic
def merge_persons(
    *, survivor: Person, alias: Person, by: Actor, take: Collection[str] = (), at: datetime | None = None
) -> PersonMerge:
    """`alias` was a second entry of `survivor`: what hangs on it goes over, and its id leads to the survivor.

    `take` names FIELDS in which the alias is right; where the survivor has nothing the alias's is taken anyway.
    Flags, contacts and codes are joined, never dropped. Refusals: same-person, other-community, two-numbers; Conflict
    `person-voided` when either is off the register.
    """
    at = at or clock.now()
    _refuse_unlike(survivor, alias)
    if Person.objects.filter(pk=survivor.pk, voided_at__isnull=True).count() != 1:
        raise Conflict("person-voided", _("This person was taken off the register already."))
    if not Person.objects.filter(pk=alias.pk, voided_at__isnull=True).update(voided_at=at):
        raise Conflict("person-voided", _("This person was taken off the register already."))
    home = _home_of(survivor)
    before: dict[str, Any] = {
        "columns": _take_columns(survivor, alias, take, at),
        "flags": _hand_over_flags(survivor, alias, home, at),
        "contacts": _hand_over_contacts(survivor, alias),
        "codes": _hand_over_codes(survivor, alias),
        "stay": _hand_over_stay(survivor, alias, at),
        **_leave_home(survivor, alias, home, at),
    }
    kept: dict[str, Any] = {"before": before, **survivor.stamp()}
    merge = PersonMerge.objects.create(
        survivor=survivor,
        alias=alias,
        merged_at=at,
        merged_by_id=by.pk if by.actor_kind == "user" else None,
        **kept,
    )
    _record("people.person.merged", survivor, home, by=by, at=at, alias=alias.pk)
    persons_merged.send(sender=Person, survivor_id=survivor.pk, alias_id=alias.pk, at=at)
    return merge


def _refuse_unlike(survivor: Person, alias: Person) -> None:
    if survivor.pk == alias.pk:
        raise Refusal("same-person", _("This is one entry, not two."))
    if survivor.community_id != alias.community_id:
        raise Refusal(
            "other-community", _("The two live in different communities. Let one of them move first.")
        )
    numbers = {person.id_number_index for person in (survivor, alias) if person.id_number_index}
    if len(numbers) > 1:
        raise Refusal(
            "two-numbers",
            _(
                "The two have different ID numbers, so they are two people. If one number is wrong, take it out first."
            ),
        )


def _home_of(person: Person) -> Membership | None:
    return Membership.objects.filter(person=person, until_on__isnull=True).select_related("household").first()


def _take_columns(survivor: Person, alias: Person, take: Collection[str], at: datetime) -> dict[str, Any]:
    """Writes what the alias knows better; answers {column: [before, after]} of what changed."""
    wanted: dict[str, Any] = {}
    for field, columns in FIELDS.items():
        told = getattr(alias, columns[-1] if field == "id_number" else columns[0])
        known = getattr(survivor, columns[-1] if field == "id_number" else columns[0])
        if told and (field in take or not known):
            wanted |= {column: getattr(alias, column) for column in columns}
    wanted["extra"] = {**alias.extra, **survivor.extra}
    changed = {
        column: [getattr(survivor, column), value]
        for column, value in wanted.items()
        if getattr(survivor, column) != value
    }
    for column, (_before, value) in changed.items():
        setattr(survivor, column, value)
    survivor.edited_at = at
    survivor.save(update_fields=[*changed, "edited_at"])
    return changed


def _hand_over_flags(
    survivor: Person, alias: Person, home: Membership | None, at: datetime
) -> list[dict[str, Any]]:
    """Live flags of the alias become the survivor's; one that is there already ends. What undoing needs of each."""
    there = {
        flag.kind: flag for flag in CareFlag.objects.filter(person=survivor, state__in=LIVE).order_by("id")
    }
    kept = []
    for flag in CareFlag.objects.filter(person=alias, state__in=LIVE).order_by("id"):
        kept.append({"id": str(flag.pk), "household": str(flag.household_id), "state": flag.state})
        double = there.get(flag.kind)
        if double is not None:
            if flag.state == CareState.ACCEPTED and double.state == CareState.PROPOSED:
                kept[-1]["raised"] = str(double.pk)
                CareFlag.objects.filter(pk=double.pk).update(state=CareState.ACCEPTED)
            CareFlag.objects.filter(pk=flag.pk).update(state=CareState.ENDED, ended_at=at)
        else:
            where = home.household if home else flag.household
            CareFlag.objects.filter(pk=flag.pk).update(person=survivor, household=where, **where.stamp())
    return kept


def _hand_over_contacts(survivor: Person, alias: Person) -> list[str]:
    """Contacts of the alias are rung after the survivor's own."""
    last = Contact.objects.filter(person=survivor, until_at__isnull=True).count()
    moved = []
    for contact in Contact.objects.filter(person=alias, until_at__isnull=True).order_by("order", "id"):
        last += 1
        Contact.objects.filter(pk=contact.pk).update(person=survivor, order=last)
        moved.append(str(contact.pk))
    return moved


def _hand_over_codes(survivor: Person, alias: Person) -> list[str]:
    """Every code of the alias, so that what was printed for it is the survivor's and says so when it is scanned."""
    codes = [str(pk) for pk in ResidentCode.objects.filter(person=alias).values_list("pk", flat=True)]
    ResidentCode.objects.filter(pk__in=codes).update(person=survivor)
    # Two words about the alias are two words about the survivor; taking apart again leaves them there.
    alias.contradictions.update(person=survivor)
    return codes


def _hand_over_stay(survivor: Person, alias: Person, at: datetime) -> dict[str, str] | None:
    stay = Stay.objects.filter(person=alias, until_at__isnull=True).first()
    if stay is None:
        return None
    if Stay.objects.filter(person=survivor, until_at__isnull=True).exists():
        Stay.objects.filter(pk=stay.pk).update(until_at=max(at, stay.from_at))
        return {"id": str(stay.pk), "was": "ended"}
    Stay.objects.filter(pk=stay.pk).update(person=survivor, **survivor.stamp())
    return {"id": str(stay.pk), "was": "moved"}


def _leave_home(survivor: Person, alias: Person, home: Membership | None, at: datetime) -> dict[str, Any]:
    """The alias's membership ends; a household left without anybody and without a flag of its own ends with it."""
    old = _home_of(alias)
    if old is None:
        return {}
    day = max(day_of(at), old.from_on)
    Membership.objects.filter(pk=old.pk).update(until_on=day)
    said: dict[str, Any] = {"membership": str(old.pk)}
    if old.relation == Relation.HEAD and home is not None and home.household_id == old.household_id:
        said["relation"] = [str(home.pk), home.relation]
        Membership.objects.filter(pk=home.pk).update(relation=Relation.HEAD)
    if home is None:
        said["came"] = str(_take_home(survivor, old, day).pk)
    elif home.household_id != old.household_id and _is_empty(old.household):
        Household.objects.filter(pk=old.household_id).update(until_on=day)
        said["closed"] = str(old.household_id)
    home_changed.send(sender=Membership, person_id=alias.pk, before=old.household_id, after=None, at=at)
    return said


def _take_home(survivor: Person, old: Membership, day: date) -> Membership:
    """A survivor without a home lives where the alias was thought to."""
    Person.objects.filter(pk=survivor.pk).update(**old.household.stamp())
    return Membership.objects.create(
        person=survivor, household=old.household, relation=old.relation, from_on=day
    )


def _is_empty(household: Household) -> bool:
    living = household.memberships.filter(until_on__isnull=True).exists()
    return not living and not household.flags.filter(state__in=LIVE).exists()


def _record(
    kind: str, person: Person, home: Membership | None, *, by: Actor, at: datetime, alias: UUID
) -> None:
    subject = home.household_id if home else person.pk
    write_audit(kind, by=by, at=at, subject=subject, placed=person, person_id=person.pk, alias=alias)


@transaction.atomic
def undo_merge(*, merge: PersonMerge, by: Actor, at: datetime | None = None) -> PersonMerge:
    """The two are two again, each with what was its own; what was changed by hand since stays with the survivor.

    Conflict `merge-undone` when that was done, `merge-too-old` after 30 days; Refusal `household-left` when the
    household of the second entry has moved out since, Conflict `merged-further` when the survivor is an alias now.
    """
    at = at or clock.now()
    if at > merge.merged_at + timedelta(days=UNDO_DAYS):
        raise Conflict("merge-too-old", _("After 30 days this can't be undone. Enter the other person anew."))
    if PersonMerge.objects.filter(alias_id=merge.survivor_id, undone_at__isnull=True).exists():
        raise Conflict(
            "merged-further", _("This entry was put together with a third one since. Take that apart first.")
        )
    before = merge.before
    _refuse_left(before)
    if not PersonMerge.objects.filter(pk=merge.pk, undone_at__isnull=True).update(undone_at=at):
        raise Conflict("merge-undone", _("The two were taken apart already."))
    Person.objects.filter(pk=merge.alias_id).update(voided_at=None)
    _give_back_columns(merge.survivor, before["columns"], at)
    _give_back_flags(merge, before["flags"])
    Contact.objects.filter(pk__in=before["contacts"], person_id=merge.survivor_id).update(
        person_id=merge.alias_id
    )
    # A merge of before there were codes says nothing of them.
    ResidentCode.objects.filter(pk__in=before.get("codes", ()), person_id=merge.survivor_id).update(
        person_id=merge.alias_id
    )
    _give_back_stay(merge, before["stay"])
    _return_home(merge, before, at)
    merge.refresh_from_db()
    _record(
        "people.person.unmerged", merge.survivor, _home_of(merge.survivor), by=by, at=at, alias=merge.alias_id
    )
    return merge


def _refuse_left(before: Mapping[str, Any]) -> None:
    if "membership" not in before:
        return
    home = Membership.objects.select_related("household").get(pk=before["membership"]).household
    if home.until_on is not None and before.get("closed") != str(home.pk):
        raise Refusal("household-left", _("This household had left already."))


def _give_back_columns(survivor: Person, columns: Mapping[str, Any], at: datetime) -> None:
    given = [name for name, (_old, new) in columns.items() if getattr(survivor, name) == new]
    for name in given:
        setattr(survivor, name, columns[name][0])
    survivor.edited_at = at
    survivor.save(update_fields=[*given, "edited_at"])


def _give_back_flags(merge: PersonMerge, flags: Collection[Mapping[str, Any]]) -> None:
    for said in flags:
        household = Household.objects.get(pk=said["household"])
        raised = said.get("raised")
        if raised:
            CareFlag.objects.filter(pk=raised, state=CareState.ACCEPTED).update(state=CareState.PROPOSED)
        CareFlag.objects.filter(pk=said["id"], person_id=merge.alias_id, ended_at=merge.merged_at).update(
            state=said["state"], ended_at=None
        )
        CareFlag.objects.filter(pk=said["id"], person_id=merge.survivor_id).update(
            person_id=merge.alias_id, household=household, **household.stamp()
        )


def _give_back_stay(merge: PersonMerge, said: Mapping[str, str] | None) -> None:
    if said is None:
        return
    if said["was"] == "ended":
        Stay.objects.filter(pk=said["id"]).update(until_at=None)
    else:
        Stay.objects.filter(pk=said["id"], person_id=merge.survivor_id).update(
            person_id=merge.alias_id, **merge.alias.stamp()
        )


def _return_home(merge: PersonMerge, before: Mapping[str, Any], at: datetime) -> None:
    if "closed" in before:
        Household.objects.filter(pk=before["closed"]).update(until_on=None)
    if "came" in before:
        Membership.objects.filter(pk=before["came"]).delete()
    if "relation" in before:
        pk, relation = before["relation"]
        Membership.objects.filter(pk=pk, relation=Relation.HEAD).update(relation=relation)
    if "membership" in before:
        Membership.objects.filter(pk=before["membership"]).update(until_on=None)
        home = Membership.objects.get(pk=before["membership"])
        home_changed.send(
            sender=Membership, person_id=merge.alias_id, before=None, after=home.household_id, at=at
        )


@transaction.atomic
def tell_apart(*, one: Person, other: Person, by: Actor, at: datetime | None = None) -> KnownApart:
    """Somebody looked: these are two people. They are not proposed again."""
    at = at or clock.now()
    if one.pk == other.pk:
        raise Refusal("same-person", _("This is one entry, not two."))
    first, second = sorted((one, other), key=lambda person: person.pk)
    row, fresh = KnownApart.objects.get_or_create(
        first=first,
        second=second,
        defaults={
            "told_at": at,
            "told_by_id": by.pk if by.actor_kind == "user" else None,
            **first.stamp(),
        },
    )
    if fresh:
        _record("people.person.told_apart", first, _home_of(first), by=by, at=at, alias=second.pk)
    return row
