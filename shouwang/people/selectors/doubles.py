"""People who may have been entered twice, and what was put together lately."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.selectors import names_of
from shouwang.core.clock import local_day
from shouwang.core.personal import BIRTH, ID_NUMBER, PHONE
from shouwang.core.scope import Scope
from shouwang.people.engines.births import Birth, same_birth
from shouwang.people.engines.doubles import SAME_BIRTH, SAME_DOOR, SAME_PHONE, SOUNDS_ALIKE, Known, find_pairs
from shouwang.people.engines.names import clean_name
from shouwang.people.engines.numbers import clean_phone, mask_id, mask_phone
from shouwang.people.models import KnownApart, Membership, PersonMerge
from shouwang.people.rules import UNDO_DAYS
from shouwang.people.selectors.matching import birth_of
from shouwang.people.selectors.persons import age_words, birth_words
from shouwang.places.selectors import door_label, door_labels

WHY = {
    SAME_BIRTH: _("the same name and birth date"),
    SAME_PHONE: _("the same name and phone"),
    SAME_DOOR: _("the same name behind the same door"),
    SOUNDS_ALIKE: _("names that sound the same, the same birth date"),
}
MOST_PAIRS = 60


@dataclass(frozen=True)
class Side:
    """One of two entries, as far as the reader's field classes go."""

    membership: Membership
    door: str
    age: str
    birth: str
    phone: str


@dataclass(frozen=True)
class Double:
    """Two entries that may be one person, and why one may think so."""

    first: Side
    second: Side
    why: str


def live_memberships(scope: Scope, capability: str = "register.edit") -> QuerySet[Membership]:
    """Who belongs to which household now, within the scope of posts."""
    return Membership.objects.filter(
        scope.q(capability, "household__"),
        until_on__isnull=True,
        household__until_on__isnull=True,
        person__voided_at__isnull=True,
    )


def double_pairs(scope: Scope, at: datetime) -> tuple[list[Double], int]:
    """The first pairs to be looked at, in the order of doors, and how many there are in all. Five queries."""
    rows = live_memberships(scope).order_by(
        "household__dwelling__place__sort_key", "household__dwelling__sort_key", "id"
    )
    known = [
        Known(pk, name, sound, (year, month, day) if year else None, phone, number, door)
        for pk, name, sound, year, month, day, phone, number, door in rows.values_list(
            "pk",
            "person__name",
            "person__name_pinyin",
            "person__birth_year",
            "person__birth_month",
            "person__birth_day",
            "person__phone",
            "person__id_number_index",
            "household__dwelling_id",
        )
    ]
    pairs = find_pairs(known)
    wanted = {pk for pair in pairs for pk in (pair.first, pair.second)}
    found = {
        row.pk: row for row in Membership.objects.filter(pk__in=wanted).select_related("person", "household")
    }
    apart = _known_apart({row.person_id for row in found.values()})
    left = [
        pair
        for pair in pairs
        if frozenset((found[pair.first].person_id, found[pair.second].person_id)) not in apart
    ]
    shown = [(found[pair.first], found[pair.second], str(WHY[pair.why])) for pair in left[:MOST_PAIRS]]
    return _doubles(scope, shown, local_day(at, settings.TIME_ZONE)), len(left)


def _known_apart(ids: set[UUID]) -> set[frozenset[UUID]]:
    rows = KnownApart.objects.filter(Q(first_id__in=ids) & Q(second_id__in=ids))
    return {frozenset(pair) for pair in rows.values_list("first_id", "second_id")}


def _doubles(scope: Scope, rows: Sequence[tuple[Membership, Membership, str]], day: date) -> list[Double]:
    doors = door_labels([side.household.dwelling for first, second, _why in rows for side in (first, second)])
    return [
        Double(
            _side(scope, first, doors[first.household.dwelling_id], day),
            _side(scope, second, doors[second.household.dwelling_id], day),
            why,
        )
        for first, second, why in rows
    ]


def _side(scope: Scope, row: Membership, door: str, day: date) -> Side:
    classes = scope.classes_for(row.household)
    return Side(
        membership=row,
        door=door,
        age=age_words(row.person, day) if BIRTH in classes else "",
        birth=birth_words(row.person) if BIRTH in classes else "",
        phone=mask_phone(row.person.phone) if PHONE in classes else "",
    )


def pair_for(scope: Scope, first_id: UUID, second_id: UUID, at: datetime) -> Double:
    """Two entries side by side, both of which the scope may edit, or 404."""
    rows = {
        row.person_id: row
        for row in live_memberships(scope)
        .filter(person_id__in=[first_id, second_id])
        .select_related("person", "household__dwelling__place")
    }
    if len(rows) != 2:
        raise Http404
    day = local_day(at, settings.TIME_ZONE)
    first, second = (
        _side(scope, rows[pk], door_label(rows[pk].household.dwelling), day) for pk in (first_id, second_id)
    )
    return Double(first, second, "")


@dataclass(frozen=True)
class Merged:
    """One that was put together and can still be taken apart."""

    row: PersonMerge
    name: str
    by: str


def merges_for(scope: Scope, at: datetime) -> list[Merged]:
    """What was put together in the last 30 days, the latest first."""
    rows = list(_undoable(scope, at).select_related("survivor").order_by("-merged_at")[:MOST_PAIRS])
    names = names_of({row.merged_by_id for row in rows if row.merged_by_id})
    return [
        Merged(row, row.survivor.name, names.get(row.merged_by_id, "") if row.merged_by_id else "")
        for row in rows
    ]


def _undoable(scope: Scope, at: datetime) -> QuerySet[PersonMerge]:
    return PersonMerge.objects.filter(
        scope.q("register.edit"), undone_at__isnull=True, merged_at__gte=at - timedelta(days=UNDO_DAYS)
    )


def merge_for(scope: Scope, merge_id: UUID) -> PersonMerge:
    """The merge, whether it can be undone or not, or 404."""
    row = (
        PersonMerge.objects.filter(scope.q("register.edit"), pk=merge_id)
        .select_related("survivor", "alias")
        .first()
    )
    if row is None:
        raise Http404
    return row


def lookalikes(scope: Scope, community_id: UUID, name: str, birth: Birth | None, phone: str) -> list[str]:
    """Doors behind which somebody of this name is on file whose birth date or phone fits: who is entered now may be
    entered twice. A door out of the scope is '' - that there is somebody is said, not where."""
    rows = Membership.objects.filter(
        household__community_id=community_id,
        until_on__isnull=True,
        person__voided_at__isnull=True,
        person__name=clean_name(name),
    ).select_related("person", "household__dwelling__place")
    number = clean_phone(phone)
    found = [
        row
        for row in rows[:200]
        if (birth and same_birth(birth_of(row.person), birth)) or (number and row.person.phone == number)
    ]
    return [
        door_label(row.household.dwelling) if scope.covers("register.see", row.household) else ""
        for row in found
    ]


@dataclass(frozen=True)
class MergeSide:
    """One of two entries: `key` the person's id, `shown` what the reader may read of it, by field."""

    key: str
    door: str
    shown: Mapping[str, str]


def merge_sides(scope: Scope, pair: Double) -> list[MergeSide]:
    """The two entries as the form compares them: what the reader may read of each."""
    return [_merge_side(scope, side) for side in (pair.first, pair.second)]


def _merge_side(scope: Scope, side: Side) -> MergeSide:
    person, classes = side.membership.person, scope.classes_for(side.membership.household)
    shown = {
        "name": person.name,
        "sex": str(person.get_sex_display()) if BIRTH in classes and person.sex else "",
        "birth": side.birth,
        "phone": person.phone if PHONE in classes else "",
        "id_number": mask_id(person.id_number) if ID_NUMBER in classes else "",
    }
    home = f"{side.door} · {side.membership.get_relation_display()}"
    return MergeSide(str(person.pk), home, {name: words for name, words in shown.items() if words})
