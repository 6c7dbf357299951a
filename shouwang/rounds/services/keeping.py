"""A roster is kept true to the register."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from uuid import UUID

from django.db import transaction

from shouwang.core.actors import CLOCK
from shouwang.core.audit import write_audit
from shouwang.people.models import Membership
from shouwang.places.models import STAMP
from shouwang.rounds.models import Entry, Round
from shouwang.rounds.selectors.roster import expected_in, living_inside
from shouwang.rounds.services.beginning import add_entries
from shouwang.rounds.services.counting import Changes, count_changes, note_change
from shouwang.rounds.services.marking import settle_by_register
from shouwang.rounds.states import OPEN_STATES, EntryState, RoundState, Whom, Why


@transaction.atomic
def keep_true(*, round_id: UUID, at: datetime) -> bool:
    """Compares the roster with the register; whether the round still goes on.

    Whoever came to live here is added with the reason; an open entry of somebody who left is closed as moved; whoever left by
    the register's word and is back is open again. Who came to the table from elsewhere is not said to have left.
    """
    round_ = Round.objects.select_for_update().filter(pk=round_id, state=RoundState.OPEN).first()
    if round_ is None:
        return False
    key = "person_id" if round_.whom == Whom.PEOPLE else "household_id"
    entries = {getattr(entry, key): entry for entry in round_.entries.select_for_update().order_by("pk")}
    wanted = {getattr(row, key): row for row in expected_in(round_, at)}
    living = living_inside(round_)
    inside = {getattr(row, key) for row in living}
    added = add_entries(round_, [row for pk, row in wanted.items() if pk not in entries], Why.CAME, at)
    gone = [
        entry for pk, entry in entries.items()
        if pk not in inside and entry.state in OPEN_STATES and entry.why != Why.WALK_IN
    ]  # fmt: skip
    back = [
        entry for pk, entry in entries.items()
        if pk in inside and entry.state == EntryState.MOVED and entry.by_id is None
    ]  # fmt: skip
    changes: Changes = Counter()
    for row in living if round_.whom == Whom.PEOPLE else ():
        _follow(entries.get(row.person_id), row, changes)
    for entry in gone:
        settle_by_register(entry, EntryState.MOVED, by=None, at=at, changes=changes)
    for entry in back:
        Entry.objects.filter(pk=entry.pk).update(why=Why.CAME_BACK)
        settle_by_register(entry, EntryState.WAITING, by=None, at=at, changes=changes)
    count_changes(changes)
    if added or gone or back:
        write_audit(
            "rounds.roster.kept",
            by=CLOCK,
            at=at,
            subject=round_,
            added=len(added) + len(back),
            gone=len(gone),
        )
    return True


def _follow(entry: Entry | None, row: Membership, changes: Changes) -> None:
    """An open entry is looked for behind the door where its person lives now; a settled one stays where it was settled."""
    if entry is None or entry.household_id == row.household_id or entry.state not in OPEN_STATES:
        return
    note_change(changes, entry, -1)
    entry.household = row.household
    for name in STAMP:
        setattr(entry, name, getattr(row.household, name))
    entry.save(update_fields=["household", *STAMP])
    note_change(changes, entry, 1)
