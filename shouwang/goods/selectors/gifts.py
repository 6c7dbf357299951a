"""Who gets what: who would be meant, how a list stands, its doors, and what is posted of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Min, Q, QuerySet, Sum
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shouwang.core.clock import local_day
from shouwang.core.errors import Refusal
from shouwang.core.registry import WorkItem
from shouwang.core.scope import Scope
from shouwang.goods.engines.posting import fold
from shouwang.goods.models import GiftLine, GiftList, GiftPosting, Movement
from shouwang.goods.selectors.doors import goes_to_door
from shouwang.goods.states.gifts import GiftState, ListState
from shouwang.people.models import Household
from shouwang.people.rules import may_read_flag
from shouwang.people.selectors import (
    aged_households,
    current_household,
    flag_words,
    households_for,
    households_with,
)
from shouwang.people.states import Care
from shouwang.places.engines.doors import read_door
from shouwang.places.selectors import buildings_in, door_label, door_labels, find_dwelling, labels_of
from shouwang.volunteers.selectors import commitments_of, commitments_to, volunteer_of
from shouwang.volunteers.states import CommitmentState

GIFTS = "goods.gifts"
KIND = "goods.gift_list"
AGED = "aged_80"
# By which a list may be made: how people live, never an illness.
KINDS = (
    Care.DIBAO, Care.TEKUN, Care.NO_KIN, Care.BEREAVED, Care.LIVES_ALONE, Care.COUPLE_ALONE, Care.EMPTY_NEST,
    Care.ALONE_WITH_CHILD, Care.INFANT,
)  # fmt: skip


def kind_choices() -> list[tuple[str, str]]:
    """(code, words) of what a list may be made by."""
    return [*((str(kind), flag_words(kind)) for kind in KINDS), (AGED, flag_words(AGED))]


def households_meant(
    scope: Scope, community_id: UUID, kinds: Collection[str], buildings: Collection[UUID], at: datetime
) -> list[Household]:
    """The households that a list would have, by door. See services.gifts.make_list."""
    if not kinds and not buildings:
        return []
    rows = households_for(scope, "care.see" if kinds else "register.see").filter(community_id=community_id)
    rows = rows.filter(building_id__in=buildings) if buildings else rows
    if kinds:
        rows = rows.filter(pk__in=_with_kinds(scope, rows, kinds, at))
    return list(rows.order_by("dwelling__place__sort_key", "dwelling__sort_key", "id"))


def _with_kinds(scope: Scope, rows: QuerySet[Household], kinds: Collection[str], at: datetime) -> set[UUID]:
    known = [kind for kind in kinds if kind in KINDS]
    found: set[UUID] = set()
    for household_id, flags in (households_with(known, rows) if known else {}).items():
        if any(may_read_flag(flag.kind, scope.classes_for(flag)) for flag in flags):
            found.add(household_id)
    return found | (aged_households(rows, local_day(at, settings.TIME_ZONE)) if AGED in kinds else set())


def gift_lists_for(scope: Scope) -> QuerySet[GiftList]:
    """Lists of the communities whose gifts the scope looks after, the newest first."""
    return (
        GiftList.objects.filter(scope.q(GIFTS))
        .select_related("item", "shelf", "made_by")
        .order_by("-made_at")
    )


def gift_list_for(scope: Scope, gift_list_id: UUID) -> GiftList:
    """One of them, or 404."""
    found = gift_lists_for(scope).filter(pk=gift_list_id).first()
    if found is None:
        raise Http404
    return found


def doors_list_for(scope: Scope, gift_list_id: UUID) -> GiftList:
    """A list whose doors the scope may see: who looks after it, or was named to go; else 404."""
    mine = Q(pk__in=scope.object_ids(KIND), state=ListState.OPEN)
    rows = GiftList.objects.filter(scope.q(GIFTS) | mine, pk=gift_list_id)
    found = rows.select_related("item", "shelf", "made_by").first()
    if found is None or scope.counter:
        raise Http404
    return found


def line_for(scope: Scope, line_id: UUID) -> GiftLine:
    """A line of such a list, or 404."""
    found = (
        GiftLine.objects.select_related("gift_list", "household__dwelling__place").filter(pk=line_id).first()
    )
    if found is None:
        raise Http404
    doors_list_for(scope, found.gift_list_id)
    return found


@dataclass(frozen=True)
class ListRow:
    """A list with how it stands."""

    gift_list: GiftList
    total: int
    handed: int
    left: int
    posted: bool


def list_rows(scope: Scope, most: int = 100) -> list[ListRow]:
    """Lists with their counts; those that go on first. Two queries."""
    rows = gift_lists_for(scope).annotate(
        total=Count("lines"),
        handed=Count("lines", filter=Q(lines__state=GiftState.HANDED_OVER)),
        left=Count("lines", filter=Q(lines__state=GiftState.TO_GIVE)),
    )
    found = sorted(rows[:most], key=lambda row: row.state != ListState.OPEN)
    posted = set(_live_postings().filter(gift_list__in=found).values_list("gift_list_id", flat=True))
    return [
        ListRow(
            row, row.total, row.handed if row.total else row.handed_count or 0, row.left, row.pk in posted
        )
        for row in found
    ]


def lists_open(scope: Scope) -> list[tuple[GiftList, int]]:
    """Lists that go on with somebody who has not been given anything yet, and how many."""
    rows = gift_lists_for(scope).filter(state=ListState.OPEN)
    counted = rows.annotate(left=Count("lines", filter=Q(lines__state=GiftState.TO_GIVE)))
    return [(row, row.left) for row in counted if row.left]


# Doors


@dataclass(frozen=True)
class DoorLine:
    """A line at its door; `had` is when the household was given something on another list of the occasion, `to_door`
    whether they cannot come down for it."""

    line: GiftLine
    door: str
    floor: int | None
    had: datetime | None
    to_door: bool


@dataclass(frozen=True)
class Stairs:
    """The doors of one stairwell, the top floor first."""

    label: str
    lines: list[DoorLine]
    left: int


def stairs_of(gift_list: GiftList) -> list[Stairs]:
    """All doors of a list, stairwell by stairwell in the order people count them. Five queries, whatever the size."""
    rows = list(
        gift_list.lines.select_related("household__dwelling__place", "settled_by").order_by(
            "household__dwelling__place__sort_key", "household__dwelling__sort_key"
        )
    )
    labels = door_labels([row.household.dwelling for row in rows])
    leaves = labels_of({row.household.dwelling.place_id for row in rows})
    upstairs = goes_to_door([row.household_id for row in rows])
    had, groups = had_before(gift_list, rows), defaultdict(list)
    for row in rows:
        dwelling = row.household.dwelling
        line = DoorLine(
            row, labels[dwelling.pk], dwelling.floor, had.get(row.household_id), row.household_id in upstairs
        )
        groups[dwelling.place_id].append(line)
    return [
        Stairs(
            leaves[place_id], sorted(lines, key=lambda one: -(one.floor or 0)),
            sum(one.line.state == GiftState.TO_GIVE for one in lines),
        )
        for place_id, lines in groups.items()
    ]  # fmt: skip


def had_before(gift_list: GiftList, lines: Iterable[GiftLine]) -> dict[UUID, datetime]:
    """Household id to when it was first given something on another list of the same occasion. One query."""
    if not gift_list.occasion:
        return {}
    others = GiftLine.objects.filter(
        gift_list__community_id=gift_list.community_id, gift_list__occasion=gift_list.occasion,
        state=GiftState.HANDED_OVER, household_id__in=[line.household_id for line in lines],
    ).exclude(gift_list=gift_list)  # fmt: skip
    return {
        row["household_id"]: row["first"]
        for row in others.values("household_id").annotate(first=Min("settled_at"))
    }


def givers_of(gift_list: GiftList) -> list[Any]:
    """The volunteers who were named to go, by name."""
    found = {row.volunteer_id: row.volunteer for row in commitments_to(gift_list.pk, KIND)}
    return sorted(found.values(), key=lambda one: one.user.name)


# For everybody


@dataclass(frozen=True)
class Posted:
    """What everybody may read: the building and how many households; `elsewhere` those not told by building."""

    gift_list: GiftList
    rows: list[tuple[str, int]]
    elsewhere: int
    total: int
    first: datetime | None
    last: datetime | None
    posting: GiftPosting | None = None


def _live_postings() -> QuerySet[GiftPosting]:
    return GiftPosting.objects.filter(taken_back_at__isnull=True)


def posting_of(gift_list: GiftList) -> GiftPosting | None:
    """The posting that holds now."""
    return _live_postings().filter(gift_list=gift_list).select_related("published_by").first()


def posted(gift_list: GiftList, posting: GiftPosting | None = None) -> Posted:
    """The counts of a list as they are posted: no building with fewer than three households stands by itself."""
    handed = gift_list.lines.filter(state=GiftState.HANDED_OVER)
    counts = dict(handed.values_list("building_id").annotate(n=Count("pk")))
    times = list(handed.order_by("settled_at").values_list("settled_at", flat=True))
    shown, elsewhere = fold(counts)
    names = [(place.name, shown[place.pk]) for place in _buildings(gift_list) if place.pk in shown]
    missing = sum(shown.values()) - sum(number for _name, number in names)
    return Posted(
        gift_list, names, elsewhere + missing, sum(counts.values()), times[0] if times else None,
        times[-1] if times else None, posting,
    )  # fmt: skip


def postings_in(community_id: UUID, most: int = 30) -> list[Posted]:
    """All that is posted in a community, for everybody; the newest first."""
    rows = (
        _live_postings().filter(community_id=community_id).select_related("gift_list__item", "published_by")
    )
    return [posted(row.gift_list, row) for row in rows.order_by("-published_at")[:most]]


def _buildings(gift_list: GiftList) -> list[Any]:
    return buildings_in(gift_list.community_id) if gift_list.community_id else []


# Other pages


def gifts_of(household_id: UUID) -> list[GiftLine]:
    """What a household was given, the newest first. Callers scope the household."""
    rows = GiftLine.objects.filter(household_id=household_id, state=GiftState.HANDED_OVER)
    return list(rows.select_related("gift_list__item", "settled_by").order_by("-settled_at")[:20])


def work_for(user: Any, at: datetime) -> Sequence[WorkItem]:
    """Lists that a volunteer was named to carry."""
    volunteer = volunteer_of(user)
    if volunteer is None:
        return []
    ids = (
        commitments_of(volunteer)
        .filter(kind=KIND, state=CommitmentState.OPEN)
        .values_list("subject_id", flat=True)
    )
    rows = GiftList.objects.filter(pk__in=list(ids), state=ListState.OPEN)
    counted = rows.annotate(left=Count("lines", filter=Q(lines__state=GiftState.TO_GIVE))).order_by("made_at")
    return [
        WorkItem(
            key=f"goods.gift_list:{row.pk}", kind=KIND, title=row.what, door="",
            small=ngettext("%(n)s door still to go to", "%(n)s doors still to go to", row.left) % {"n": row.left},
            url=reverse("goods:gift_doors", args=[row.pk]), rank=3, tone="need" if row.left else "calm",
        )
        for row in counted
    ]  # fmt: skip


def amount_of(gift_list: GiftList) -> str:
    """What each household gets, in words: 蔬菜包 1 袋."""
    unit = gift_list.item.unit if gift_list.item is not None else ""
    return (
        f"{gift_list.what} {gift_list.quantity}{unit}" if unit or gift_list.quantity > 1 else gift_list.what
    )


def list_by_id(gift_list_id: UUID) -> GiftList | None:
    """By id, for due rows; never for a page."""
    return GiftList.objects.select_related("made_by").filter(pk=gift_list_id).first()


def twice_given(community: UUID | None) -> tuple[int, list[UUID]]:
    """How many households were given something from lists that keep stock, and the lines whose stock did not move once."""
    rows = GiftLine.objects.filter(state=GiftState.HANDED_OVER, gift_list__item__isnull=False)
    rows = rows if community is None else rows.filter(community_id=community)
    acts = dict(rows.values_list("pk", "act"))
    given = dict(
        Movement.objects.filter(act__in=[act for act in acts.values() if act])
        .values_list("act")
        .annotate(n=Sum("quantity"))
    )
    wanted = dict(rows.values_list("pk", "gift_list__quantity"))
    return len(acts), [pk for pk, act in acts.items() if act is None or given.get(act) != -wanted[pk]]


def counts_in(stairs: Iterable[Stairs]) -> dict[str, int]:
    """How many doors a list has, how many were given something, how many are left."""
    states = [one.line.state for group in stairs for one in group.lines]
    return {
        "total": len(states),
        "handed": states.count(GiftState.HANDED_OVER),
        "left": states.count(GiftState.TO_GIVE),
    }


def door_of(line: GiftLine) -> str:
    """The door of a line in words."""
    return door_label(line.household.dwelling)


def household_said(scope: Scope, gift_list: GiftList, said: str) -> Household:
    """The household behind the door that was typed. Refusal when there is no such door, or nobody lives there."""
    read = read_door(said)
    dwelling = None
    if read is not None and read.door and read.building and gift_list.community_id is not None:
        dwelling = find_dwelling(gift_list.community_id, read.building, read.stairwell, read.door)
    if dwelling is None or not scope.covers("register.see", dwelling):
        raise Refusal("no-such-door", _("There is no such door here. Say it as 8-2-501."), field="door")
    home = current_household(dwelling)
    if home is None:
        raise Refusal("nobody-there", _("Nobody is on file behind this door."), field="door")
    return home
