"""Whoever was in a tube that was not negative is sampled once more, singly: on a round of its own that few may see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from shouwang.accounts.models import User
from shouwang.core.audit import write_audit
from shouwang.core.bulk import insert_many
from shouwang.core.due import schedule
from shouwang.rounds.models import Entry, Round, RoundPlace
from shouwang.rounds.selectors.tubes import contents_of, followed_tubes
from shouwang.rounds.services.counting import Changes, count_changes, note_change
from shouwang.rounds.services.telling import tell_of_tube
from shouwang.rounds.states import EntryState, RoundState, Why

AGAIN = timedelta(minutes=10)


@transaction.atomic
def keep_follow_up_true(round_: Round, *, by: User, at: datetime) -> tuple[int, int]:
    """Compares the round of single samples with the tubes' results as they are now; (how many came, how many went).

    Ids follow from tube and entry, so a result sent twice makes nothing twice. Who is in no such tube any more, since a
    result or a label was put right, goes again unless somebody has been sampled or spoken to.
    """
    wanted = _wanted(round_)
    # Rounds before entries, as everywhere.
    open_one = round_.follow_ups.select_for_update().filter(state=RoundState.OPEN).order_by("pk").first()
    known = list(Entry.objects.filter(round__follows=round_).select_for_update(of=("self",)).order_by("pk"))
    gone = [entry for entry in known if entry.pk not in wanted and _is_untouched(entry, open_one)]
    stay = [entry for entry in known if entry not in gone]
    fresh = _without(wanted, stay)
    if not fresh and not gone:
        return 0, 0
    open_one = open_one or _begin(round_, len(fresh), by=by, at=at)
    _write(open_one, fresh, gone, at)
    write_audit(
        "rounds.follow_up.kept", by=by, at=at, subject=open_one, added=len(fresh), withdrawn=len(gone)
    )
    if fresh:
        tell_of_tube(open_one, len(fresh), by=by, at=at)
    return len(fresh), len(gone)


def _wanted(round_: Round) -> dict[UUID, Entry]:
    """What the roster is to hold, unsaved, by the id that follows from tube and entry."""
    wanted: dict[UUID, Entry] = {}
    for tube in followed_tubes(round_):
        for found in contents_of(tube):
            pk = uuid5(tube.pk, found.key.hex)
            wanted[pk] = Entry(
                pk=pk, household_id=found.household_id, person_id=found.person_id, why=Why.TUBE,
                sort_key=found.sort_key, **found.stamp,
            )  # fmt: skip
    return wanted


def _is_untouched(entry: Entry, open_one: Round | None) -> bool:
    """Nobody has been there yet: the entry is as the result made it."""
    return (
        open_one is not None
        and entry.round_id == open_one.pk
        and (entry.state, entry.last, entry.why) == (EntryState.WAITING, None, Why.TUBE)
    )


def _without(wanted: dict[UUID, Entry], there: Iterable[Entry]) -> list[Entry]:
    """Those of `wanted` who have no entry yet; somebody in two such tubes is sampled once."""
    ids = {entry.pk for entry in there}
    taken = {entry.person_id or entry.household_id for entry in there}
    fresh = []
    for pk, entry in wanted.items():
        subject = entry.person_id or entry.household_id
        if pk not in ids and subject not in taken:
            taken.add(subject)
            fresh.append(entry)
    return fresh


def _write(open_one: Round, fresh: list[Entry], gone: list[Entry], at: datetime) -> None:
    changes: Changes = Counter()
    for entry in gone:
        note_change(changes, entry, -1)
    Entry.objects.filter(pk__in=[entry.pk for entry in gone]).delete()
    for entry in fresh:
        entry.round, entry.at = open_one, at
        note_change(changes, entry, 1)
    insert_many(fresh)
    count_changes(changes)


def _begin(round_: Round, people: int, *, by: User, at: datetime) -> Round:
    """A round of single samples over the same places; its id follows from the round it follows."""
    made = Round(
        pk=uuid5(round_.pk, f"single samples {round_.follow_ups.count()}"), community_id=round_.community_id,
        name=(_("%(name)s: single samples") % {"name": round_.name[:40]})[:60], whom=round_.whom, tube_size=1,
        follows=round_, began_at=at, began_by=by, frozen_count=people,
    )  # fmt: skip
    made.save(force_insert=True)
    RoundPlace.objects.bulk_create(
        RoundPlace(round=made, place_id=pk) for pk in round_.places.values_list("place_id", flat=True)
    )
    write_audit("rounds.round.begun", by=by, at=at, subject=made, name=made.name, entries=people)
    schedule("rounds.keep_true", at=at + AGAIN, subject_id=made.pk)
    return made
