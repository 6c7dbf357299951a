"""Walking lists are made, given to somebody, taken back, offered again, and ended."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.audit import write_audit
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.moves import move
from shouwang.places.models import STAMP
from shouwang.places.selectors import buildings_in
from shouwang.rounds.models import Round, WalkingEntry, WalkingList
from shouwang.rounds.selectors.walking import KIND, to_be_visited
from shouwang.rounds.services.telling import tell_list_waits, tell_of_list
from shouwang.rounds.states import OPEN_STATES, WALK_MOVES, ForWhom, RoundState, WalkState
from shouwang.volunteers.models import Volunteer
from shouwang.volunteers.services import close_commitment, commit
from shouwang.volunteers.states import CommitmentState


@transaction.atomic
def propose_lists(
    *, round_: Round, for_whom: Collection[str] = tuple(ForWhom), by: User, at: datetime | None = None
) -> list[WalkingList]:
    """Makes a list for each building and reason, of the entries that are on none yet; asked again it adds what is new.

    Refusal when nobody is left for whom somebody would have to go.
    """
    at = at or clock.now()
    locked = _lock_round(round_)
    wanted = to_be_visited(locked, for_whom, at)
    if not wanted:
        raise Refusal("nobody-to-visit", _("Nobody is left for whom somebody would have to go up."))
    places = {place.pk: place for place in buildings_in(locked.community_id)}
    lists, entries = [], []
    for (kind, building_id), rows in wanted.items():
        stamp = {name: getattr(places[building_id], name) for name in STAMP}
        row = WalkingList(round=locked, for_whom=kind, made_at=at, made_by=by, **stamp)
        row.save(force_insert=True)
        lists.append(row)
        entries += [WalkingEntry(walking_list=row, entry=entry) for entry in rows]
    WalkingEntry.objects.bulk_create(entries)
    write_audit("rounds.walks.proposed", by=by, at=at, subject=locked, lists=len(lists), entries=len(entries))
    return lists


@transaction.atomic
def give_list(
    *, walking_list: WalkingList, volunteer: Volunteer, by: User, at: datetime | None = None
) -> WalkingList:
    """Gives a list to a volunteer by name; the commitment that lets them see its doors is written with it.

    Refusal for somebody stood down or by phone only, Conflict when somebody has it already.
    """
    at = at or clock.now()
    locked = _lock(walking_list)
    if locked.state != WalkState.WAITING:
        raise Conflict("walk-taken", _("Somebody has this list already. Take it back first."))
    commitment = commit(volunteer=volunteer, kind=KIND, subject_id=locked.pk, placed=locked, by=by, at=at)
    move(locked, WalkState.GIVEN, table=WALK_MOVES, volunteer=volunteer, commitment=commitment, given_at=at)
    write_audit("rounds.walk.given", by=by, at=at, subject=locked, volunteer=volunteer.pk)
    doors = (
        locked.entries.filter(entry__state__in=OPEN_STATES).values("entry__household_id").distinct().count()
    )
    tell_of_list(locked, volunteer.user, doors=doors, by=by, at=at)
    return locked


@transaction.atomic
def give_lists(
    *, lists: Collection[WalkingList], volunteer: Volunteer, by: User, at: datetime | None = None
) -> int:
    """Gives several lists to one volunteer, all or none; how many. Refusal when none is waiting any more."""
    if not lists:
        raise Refusal("no-list-waits", _("No list waits there any more."), field="place")
    for row in lists:
        give_list(walking_list=row, volunteer=volunteer, by=by, at=at)
    return len(lists)


@transaction.atomic
def take_back_list(*, walking_list: WalkingList, by: Actor, at: datetime | None = None) -> WalkingList:
    """A list waits for somebody again: taken back, given back, or left by somebody who was stood down."""
    at = at or clock.now()
    locked = _lock(walking_list)
    if locked.state != WalkState.GIVEN:
        raise Conflict("walk-not-given", _("Nobody has this list at present."))
    _let_go(locked, WalkState.WAITING, by, at)
    write_audit("rounds.walk.taken_back", by=by, at=at, subject=locked)
    return locked


@transaction.atomic
def reoffer_list(*, walking_list: WalkingList, by: Actor, at: datetime) -> None:
    """Whoever had the list is off duty: it waits for somebody again, and whoever made it is told."""
    take_back_list(walking_list=walking_list, by=by, at=at)
    tell_list_waits(walking_list, by=by, at=at)


@transaction.atomic
def end_list(*, walking_list: WalkingList, by: User, at: datetime | None = None) -> WalkingList:
    """A list is through. Who was not met stays open, and comes onto the next list that is made."""
    at = at or clock.now()
    locked = _lock(walking_list)
    _end(locked, by, at)
    return locked


def end_lists(round_: Round, *, by: User, at: datetime) -> None:
    """Ends what lists there are, in the transaction that closes the round."""
    for row in WalkingList.objects.filter(round=round_).exclude(state=WalkState.ENDED).order_by("pk"):
        _end(row, by, at)


def _end(walking_list: WalkingList, by: User, at: datetime) -> None:
    left = walking_list.entries.filter(entry__state__in=OPEN_STATES).count()
    _let_go(walking_list, WalkState.ENDED, by, at)
    write_audit("rounds.walk.ended", by=by, at=at, subject=walking_list, left=left)


def _let_go(walking_list: WalkingList, to: WalkState, by: Actor, at: datetime) -> None:
    commitment = walking_list.commitment
    if commitment is not None and commitment.state != CommitmentState.CLOSED:
        close_commitment(commitment=commitment, by=by, at=at)
    if to == WalkState.ENDED:
        move(walking_list, to, table=WALK_MOVES, ended_at=at)
    else:
        move(walking_list, to, table=WALK_MOVES, volunteer=None, commitment=None)


@transaction.atomic
def record_list_read(*, walking_list: WalkingList, by: User, at: datetime) -> None:
    """That somebody opened a walking list, with names and phones."""
    write_audit("rounds.walk.read", by=by, at=at, subject=walking_list)


def _lock_round(round_: Round) -> Round:
    locked = Round.objects.select_for_update().get(pk=round_.pk)
    if locked.state != RoundState.OPEN:
        raise Conflict("round-closed", _("This round is closed. Nothing on it changes any more."))
    return locked


def _lock(walking_list: WalkingList) -> WalkingList:
    rows = WalkingList.objects.select_for_update(of=("self",)).select_related("round", "commitment")
    locked = rows.get(pk=walking_list.pk)
    if locked.round.state != RoundState.OPEN:
        raise Conflict("round-closed", _("This round is closed. Nothing on it changes any more."))
    return locked
