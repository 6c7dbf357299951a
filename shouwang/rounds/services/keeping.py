"""A roster is kept true to the register."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from shouwang.core.actors import CLOCK
from shouwang.core.audit import write_audit
from shouwang.core.bulk import update_many
from shouwang.incidents.selectors import inside_ids
from shouwang.people.models import Membership
from shouwang.people.selectors import stays_of
from shouwang.places.models import STAMP
from shouwang.rounds.engines.order import place_in_list
from shouwang.rounds.models import Entry, Round, RoundPlace
from shouwang.rounds.selectors.roster import is_elsewhere, leaf_keys, living_and_expected, objects_in
from shouwang.rounds.services.beginning import add_entries, add_objects
from shouwang.rounds.services.counting import Changes, count_changes, note_change
from shouwang.rounds.services.marking import settle_all
from shouwang.rounds.states import OF_PEOPLE, OPEN_STATES, EntryState, RoundState, Whom, Why


@transaction.atomic
def keep_true(*, round_id: UUID, at: datetime) -> bool:
    """Compares the roster with the register; whether the round still goes on.

    Whoever came to live here is added with the reason; an open entry of somebody who left is closed as moved; whoever left by
    the register's word and is back is open again, and so is who was exempt for being elsewhere. Who came to the table
    from elsewhere is not said to have left. A round of an incident takes in what has come inside its line; of spots or
    stairwells, what has been added to them.
    """
    round_ = Round.objects.select_for_update().filter(pk=round_id, state=RoundState.OPEN).first()
    if round_ is None:
        return False
    _follow_line(round_, at)
    added, gone = _keep_homes(round_, at) if round_.whom in OF_PEOPLE else _keep_objects(round_, at)
    if added or gone:
        write_audit("rounds.roster.kept", by=CLOCK, at=at, subject=round_, added=added, gone=gone)
    return True


def _follow_line(round_: Round, at: datetime) -> None:
    """What is inside the incident's line by now belongs to the round; what has left it was begun and is finished."""
    if round_.incident is None or round_.incident.closed_at is not None:
        return
    known = set(round_.places.values_list("place_id", flat=True))
    fresh = sorted(inside_ids(round_.incident, at) - known)
    RoundPlace.objects.bulk_create([RoundPlace(round=round_, place_id=pk) for pk in fresh])


def _keep_homes(round_: Round, at: datetime) -> tuple[int, int]:
    """How many came, and how many left."""
    key = "person_id" if round_.whom == Whom.PEOPLE else "household_id"
    entries = {getattr(entry, key): entry for entry in round_.entries.select_for_update().order_by("pk")}
    living, expected = living_and_expected(round_, at)
    wanted = {getattr(row, key): row for row in expected}
    inside = {getattr(row, key) for row in living}
    added = add_entries(round_, [row for pk, row in wanted.items() if pk not in entries], Why.CAME, at)
    gone = [
        entry for pk, entry in entries.items()
        if pk not in inside and entry.state in OPEN_STATES and entry.why != Why.WALK_IN
    ]  # fmt: skip
    back = [entry for pk, entry in entries.items() if pk in inside and entry.state == EntryState.MOVED]
    back = [entry for entry in back if entry.by_id is None] + _back_home(round_, entries)
    changes: Changes = Counter()
    if round_.whom == Whom.PEOPLE:
        _follow_people(round_, entries, living, changes)
    settle_all(gone, EntryState.MOVED, by=None, at=at, changes=changes)
    for entry in back:
        entry.why = Why.CAME_BACK
    update_many(back, ["why"])
    settle_all(back, EntryState.WAITING, by=None, at=at, changes=changes)
    count_changes(changes)
    return len(added) + len(back), len(gone)


def _back_home(round_: Round, entries: Mapping[UUID, Entry]) -> list[Entry]:
    """Those who were exempt when the roster was frozen because they were elsewhere, and are at home now."""
    away = {
        pk: entry for pk, entry in entries.items() if entry.state == EntryState.EXEMPT and entry.last is None
    }
    if not away or round_.whom != Whom.PEOPLE:
        return []
    stays = stays_of(list(away))
    return [entry for pk, entry in away.items() if not is_elsewhere(stays.get(pk))]


def _follow_people(
    round_: Round, entries: Mapping[UUID, Entry], living: list[Membership], changes: Changes
) -> None:
    """An open entry is looked for behind the door where its person lives now; a settled one stays where it was settled."""
    moved = []
    for row in living:
        entry = entries.get(row.person_id)
        if entry and entry.household_id != row.household_id and entry.state in OPEN_STATES:
            moved.append((entry, row.household))
    keys = leaf_keys(round_.community_id) if moved else {}
    for entry, home in moved:
        note_change(changes, entry, -1)
        entry.household = home
        entry.sort_key = place_in_list(
            keys.get(home.dwelling.place_id, ""), home.dwelling.floor, home.dwelling.sort_key
        )
        for name in STAMP:
            setattr(entry, name, getattr(home, name))
        note_change(changes, entry, 1)
    update_many([entry for entry, _home in moved], ["household", "sort_key", *STAMP])


def _keep_objects(round_: Round, at: datetime) -> tuple[int, int]:
    """How many spots or stairwells were added to the list, and how many are no longer there."""
    key = "spot_id" if round_.whom == Whom.SPOTS else "place_id"
    entries = {getattr(entry, key): entry for entry in round_.entries.select_for_update().order_by("pk")}
    there = {row.pk: row for row in objects_in(round_)}
    added = add_objects(round_, [row for pk, row in there.items() if pk not in entries], Why.ADDED, at)
    gone = [entry for pk, entry in entries.items() if pk not in there and entry.state in OPEN_STATES]
    changes: Changes = Counter()
    settle_all(gone, EntryState.EXEMPT, by=None, at=at, changes=changes)
    count_changes(changes)
    return len(added), len(gone)
