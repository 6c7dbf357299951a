"""Walking lists: who goes up where, what is still to do there, who could go; and what a volunteer may see of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shouwang.core.registry import WorkItem
from shouwang.core.scope import Grant, ObjectGrant, Scope
from shouwang.places.models import Place
from shouwang.places.selectors import buildings_in, labels_of
from shouwang.rounds.models import Entry, Round, SlotEntry, WalkingEntry, WalkingList
from shouwang.rounds.selectors import LEAD, MARK, Missing, lines_of, round_for
from shouwang.rounds.selectors.planning import point_of, waiting_in
from shouwang.rounds.selectors.point import point_disinfected, point_steps
from shouwang.rounds.states import (
    OF_PEOPLE,
    OPEN_STATES,
    EntryState,
    ForWhom,
    RoundState,
    SlotState,
    WalksBadly,
    WalkState,
)
from shouwang.volunteers.models import Volunteer
from shouwang.volunteers.rules import COMMITTED_CLASSES
from shouwang.volunteers.selectors import can_serve, loads
from shouwang.volunteers.states import CommitmentState

KIND = "rounds.walking_list"
ENTRY = "rounds.entry"
NEAREST = 8


def may_go_upstairs(round_: Round) -> bool | None:
    """Whether the round's point was disinfected, so that somebody may go upstairs; None: no point was opened. Where
    nobody comes to a point there is none to be disinfected."""
    if not round_.at_point:
        return True
    return point_disinfected(round_) is not None if point_steps(round_) else None


# What lists would hold


def on_open_lists(round_: Round) -> set[UUID]:
    """Ids of the entries that are on a list that has not ended."""
    rows = WalkingEntry.objects.filter(walking_list__round=round_)
    return set(rows.exclude(walking_list__state=WalkState.ENDED).values_list("entry_id", flat=True))


def to_be_visited(round_: Round, kinds: Collection[str], at: datetime) -> dict[tuple[str, UUID], list[Entry]]:
    """By (for whom, building): entries for which somebody should go up and that are on no list yet.

    An entry is in one of them: who cannot come down before the high-risk building before who has not come; where nobody
    comes to a point everybody is simply still open. Of spots and stairwells nobody: they are gone over, nobody is
    visited there.
    """
    if round_.whom not in OF_PEOPLE:
        return {}
    point = point_of(round_)
    agreed = point.buildings.all() if point is not None else ()
    risky = {row.place_id for row in agreed if row.door_to_door}
    walks_badly = point.walks_badly if point is not None else WalksBadly.DOOR
    there = on_open_lists(round_)
    found: dict[tuple[str, UUID], list[Entry]] = defaultdict(list)
    for row in waiting_in(round_, at, walks_badly) if round_.at_point else ():
        kind = ForWhom.CANNOT_WALK if row.visited else ForWhom.HIGH_RISK if row.building_id in risky else None
        if kind in kinds and row.entry.pk not in there:
            found[str(kind), row.building_id].append(row.entry)
    if ForWhom.NOT_COME in kinds:
        taken = there | {entry.pk for entries in found.values() for entry in entries}
        for entry in _not_come(round_):
            if entry.pk not in taken and entry.building_id is not None:
                found[str(ForWhom.NOT_COME), entry.building_id].append(entry)
    return found


def _not_come(round_: Round) -> QuerySet[Entry]:
    """Open entries that nobody will call any more: called and not come, found away, put off; all where nobody calls."""
    rows = Entry.objects.filter(round=round_, state__in=OPEN_STATES).order_by("id")
    if point_of(round_) is None:
        return rows
    through = SlotEntry.objects.filter(slot__round=round_, slot__state=SlotState.PASSED)
    return rows.filter(Q(pk__in=through.values("entry_id")) | ~Q(state=EntryState.WAITING))


def walked_round(scope: Scope, round_id: UUID) -> Round:
    """A round of people or households whose walking lists the scope leads; else 404."""
    found = round_for(scope, round_id, LEAD)
    if found.whom not in OF_PEOPLE:
        raise Http404
    return found


# What there is


@dataclass(frozen=True)
class ListLine:
    """A list as whoever leads the round sees it; `left` of `doors` entries are still open."""

    walking_list: WalkingList
    building: str
    entries: int
    left: int


@dataclass(frozen=True)
class Walker:
    """Somebody who could go: `near` says where they live if it is in this building, `load` what they have in hand."""

    volunteer: Volunteer
    words: str


def lists_of(round_: Round) -> list[ListLine]:
    """The lists that have not ended, in the order people count buildings; those without anybody first."""
    rows = (
        WalkingList.objects.filter(round=round_)
        .exclude(state=WalkState.ENDED)
        .select_related("volunteer__user")
        .annotate(
            total=Count("entries"),
            left=Count("entries", filter=Q(entries__entry__state__in=OPEN_STATES)),
        )
    )
    names: dict[UUID | None, tuple[int, str]] = {
        place.pk: (n, place.name) for n, place in enumerate(buildings_in(round_.community_id))
    }
    order = list(ForWhom.values)
    found = sorted(
        rows,
        key=lambda row: (row.state != WalkState.WAITING, names[row.building_id], order.index(row.for_whom)),
    )
    return [ListLine(row, names[row.building_id][1], row.total, row.left) for row in found]


def list_for(scope: Scope, walking_list_id: UUID) -> WalkingList:
    """A list: for whoever has it in hand, and for whoever leads rounds there; else 404."""
    mine = Q(pk__in=scope.object_ids(KIND))
    rows = WalkingList.objects.filter(mine | scope.q(LEAD), pk=walking_list_id)
    found = rows.select_related("round__kind", "volunteer__user", "commitment").first()
    if found is None:
        raise Http404
    return found


def led_list(scope: Scope, walking_list_id: UUID) -> WalkingList:
    """A list for whoever leads rounds there, or 404."""
    rows = WalkingList.objects.filter(scope.q(LEAD), pk=walking_list_id)
    found = rows.select_related("round", "volunteer__user", "commitment").first()
    if found is None:
        raise Http404
    return found


def own_list(scope: Scope, walking_list_id: UUID) -> WalkingList:
    """A list that the reader has in hand, or 404."""
    found = list_for(scope, walking_list_id)
    if found.volunteer is None or scope.user is None or found.volunteer.user_id != scope.user.pk:
        raise Http404
    return found


def building_label(walking_list: WalkingList) -> str:
    """The building as people say it."""
    return next(iter(labels_of([walking_list.building_id]).values()), "") if walking_list.building_id else ""


def walk_with(scope: Scope, entry: Entry, said: str = "") -> UUID | None:
    """The walking list through which the reader came to an entry: the one that is named; for a volunteer
    without a post any; or None."""
    led = WalkingList.objects.filter(scope.q(LEAD))
    reached = Q(walking_list__in=scope.object_ids(KIND)) | Q(walking_list__in=led)
    rows = WalkingEntry.objects.filter(reached, entry=entry).order_by("-id")
    ids = list(rows.values_list("walking_list_id", flat=True))
    named = next((pk for pk in ids if str(pk) == said), None)
    return named if named or scope.can(MARK) else next(iter(ids), None)


def entries_of(walking_list: WalkingList) -> QuerySet[Entry]:
    """The entries of a list, the top floor first, stairwell by stairwell."""
    return (
        Entry.objects.filter(walks__walking_list=walking_list)
        .select_related("round__kind", "person", "household__dwelling__place")
        .order_by("sort_key", "id")
    )


def doors_on(scope: Scope, walking_list: WalkingList) -> list[Missing]:
    """The list as it is walked: what to do at which door, never why."""
    return lines_of(scope, list(entries_of(walking_list)))


# What a volunteer sees


def _mine(user: Any) -> QuerySet[WalkingList]:
    return WalkingList.objects.filter(
        volunteer__user=user, state=WalkState.GIVEN, commitment__state=CommitmentState.OPEN,
        round__state=RoundState.OPEN,
    )  # fmt: skip


def grants_of_lists(user: Any, at: datetime) -> tuple[Sequence[Grant], Sequence[ObjectGrant]]:
    """Exactly the entries of the lists that somebody has in hand, while they last."""
    rows = WalkingEntry.objects.filter(walking_list__in=_mine(user)).values_list("entry_id", flat=True)
    return [], [ObjectGrant(ENTRY, pk, COMMITTED_CLASSES, "commitment") for pk in rows]


def work_for(user: Any, at: datetime) -> list[WorkItem]:
    """The lists that this user has in hand."""
    rows = list(_mine(user).order_by("given_at"))
    doors: dict[UUID, list[tuple[UUID, str]]] = {row.pk: [] for row in rows}
    if rows:
        on_them = WalkingEntry.objects.filter(walking_list__in=rows).order_by("entry__sort_key", "entry_id")
        for list_id, entry_id, state in on_them.values_list("walking_list_id", "entry_id", "entry__state"):
            doors[list_id].append((entry_id, state))
    labels = labels_of(row.building_id for row in rows if row.building_id)
    return [
        _in_hand(row, doors[row.pk], labels.get(row.building_id, "") if row.building_id else "")
        for row in rows
    ]


def _in_hand(row: WalkingList, doors: Sequence[tuple[UUID, str]], building: str) -> WorkItem:
    left = sum(state in OPEN_STATES for _pk, state in doors)
    return WorkItem(
        key=f"walk:{row.pk}", kind=KIND, title=_("Door to door"), door=building,
        small=ngettext("%(n)s still to do", "%(n)s still to do", left) % {"n": left},
        url=reverse("rounds:walking_list", args=[row.pk]), rank=2, tone="need" if left else "calm",
        round=row.round_id, entries=[pk for pk, _state in doors],
    )  # fmt: skip


@dataclass(frozen=True)
class Walkers:
    """Who could go to a building: the nearest first, then everybody else by name."""

    near: list[Walker]
    others: list[Walker]


def walkers_for(round_: Round, at: datetime) -> dict[UUID, Walkers]:
    """By building: who could go there, those who live there first, then whoever has the least in hand; after the nearest
    everybody else by name.

    Not who is stood down, works by phone only, or has as much in hand as they take on.
    """
    free, load = _free(round_, at)
    return {place.pk: _walkers_at(place, free, load) for place in buildings_in(round_.community_id)}


def _free(round_: Round, at: datetime) -> tuple[list[Volunteer], dict[UUID, int]]:
    """Those who can be asked, by name, with what each has in hand."""
    rows = can_serve(at).filter(community_id=round_.community_id, by_phone_only=False)
    people = list(rows.select_related("user").order_by("user__name", "id"))
    load = loads(row.pk for row in people)
    return [row for row in people if load[row.pk] < row.at_most], load


@dataclass(frozen=True)
class WaitingIn:
    """A grid, or the whole community, with the walking lists there that nobody has in hand."""

    place_id: UUID
    name: str
    lists: int


def waiting_in_grids(lines: Sequence[ListLine], community: Place) -> list[WaitingIn]:
    """Where several lists wait at once: the whole community, then each of its grids."""
    waiting = [line.walking_list for line in lines if line.walking_list.state == WalkState.WAITING]
    if len(waiting) < 2:
        return []
    counted = Counter(row.grid_id for row in waiting if row.grid_id)
    names = labels_of(counted)
    grids = [WaitingIn(pk, names[pk], number) for pk, number in counted.items()]
    return [
        WaitingIn(community.pk, community.name, len(waiting)),
        *sorted(grids, key=lambda one: (len(one.name), one.name)),
    ]


def waiting_at(scope: Scope, round_: Round, place_id: UUID) -> list[WalkingList]:
    """The lists of a round that wait there: the place is a grid or the community itself."""
    there = Q(grid_id=place_id) | Q(community_id=place_id)
    rows = WalkingList.objects.filter(scope.q(LEAD), there, round=round_, state=WalkState.WAITING)
    return list(rows.select_related("round", "commitment").order_by("pk"))


def everybody_free(round_: Round, at: datetime) -> list[Walker]:
    """Those who can be asked, by name."""
    free, load = _free(round_, at)
    return [Walker(row, _words(row, 2, load[row.pk])) for row in free]


def _walkers_at(place: Place, people: Sequence[Volunteer], load: dict[UUID, int]) -> Walkers:
    def far(row: Volunteer) -> int:
        return 0 if row.building_id == place.pk else 1 if row.grid_id == place.grid_id else 2

    ordered = sorted(people, key=lambda row: (far(row), load[row.pk], row.user.name))
    near = ordered[:NEAREST]
    told = {row.pk: Walker(row, _words(row, far(row), load[row.pk])) for row in ordered}
    others = [told[row.pk] for row in people if row not in near]
    return Walkers([told[row.pk] for row in near], others)


def _words(row: Volunteer, far: int, load: int) -> str:
    near = (_("lives in this building"), _("same grid"), "")[far]
    hand = _("%(number)s in hand") % {"number": load} if load else _("nothing in hand")
    return " · ".join(part for part in (row.user.name, near, hand) if part)


def lists_to_reoffer(commitment_ids: Iterable[UUID]) -> list[WalkingList]:
    """The lists that hang on these commitments of somebody who was stood down."""
    rows = WalkingList.objects.filter(commitment_id__in=list(commitment_ids), state=WalkState.GIVEN)
    return list(rows.select_related("round", "commitment", "volunteer__user"))


def waiting_lists(rounds: Sequence[Round]) -> list[tuple[Round, int, datetime]]:
    """Of these rounds those with lists that nobody has in hand: how many, and since when the oldest waits."""
    rows = WalkingList.objects.filter(round__in=rounds, state=WalkState.WAITING).values("round_id")
    counted = {row["round_id"]: row for row in rows.annotate(n=Count("pk"), since=Min("made_at"))}
    return [(one, counted[one.pk]["n"], counted[one.pk]["since"]) for one in rounds if one.pk in counted]
