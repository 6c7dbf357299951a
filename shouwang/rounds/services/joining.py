"""One person entered twice had two entries on a roster: they become one, with every try."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from uuid import UUID

from django.db import transaction

from shouwang.core.actors import CLOCK
from shouwang.core.audit import write_audit
from shouwang.core.locks import share_lock
from shouwang.people.selectors import survivor_id
from shouwang.rounds.engines.evidence import Standing, Weight, dispute_id, weigh
from shouwang.rounds.models import Attempt, Entry, JoinedEntry, Round, SlotEntry, TracingLine, WalkIn
from shouwang.rounds.services.counting import Changes, count_changes, note_change
from shouwang.rounds.states import OPEN_STATES, EntryState, ProposalState, RoundState

STANDING = ("state", "last", "disputed", "by_id", "at")


@transaction.atomic
def join_entries(*, alias_id: UUID, at: datetime) -> int:
    """After `alias_id` was found to be a second entry of another person: their entries in the rounds that go on become
    one each, the survivor's. How many were joined or handed over; closed rosters stay as they were signed.

    Which of two words stands is decided as between two people who did not know of each other; every try is kept.
    """
    survivor = survivor_id(alias_id)
    if survivor == alias_id:
        return 0
    TracingLine.objects.filter(person_id=alias_id).update(person_id=survivor)
    theirs = Entry.objects.filter(person_id=alias_id).values("round_id")
    rounds = share_lock(Round.objects.filter(pk__in=theirs).order_by("pk"))
    going_on = {row.pk: row for row in rounds if row.state == RoundState.OPEN}
    entries = Entry.objects.filter(round__in=list(going_on), person_id__in=[alias_id, survivor])
    found = {(entry.round_id, entry.person_id): entry for entry in entries.select_for_update().order_by("pk")}
    changes: Changes = Counter()
    for pk, round_ in going_on.items():
        kept, gone = found.get((pk, survivor)), found[pk, alias_id]
        if kept is None:
            Entry.objects.filter(pk=gone.pk).update(person_id=survivor)
        else:
            _join(kept, gone, changes)
        write_audit("rounds.entries.joined", by=CLOCK, at=at, subject=round_, placed=gone, person_id=survivor)
    count_changes(changes)
    return len(going_on)


def _join(kept: Entry, gone: Entry, changes: Changes) -> None:
    note_change(changes, kept, -1)
    note_change(changes, gone, -1)
    for name, value in _standing_of(kept, gone).items():
        setattr(kept, name, value)
    kept.tries += gone.attempts.filter(by__isnull=False).exclude(state=EntryState.WAITING).count()
    Attempt.objects.filter(entry=gone).update(entry=kept)
    JoinedEntry.objects.filter(entry=gone).update(entry=kept)
    _hand_over(kept, gone)
    JoinedEntry.objects.create(gone_id=gone.pk, entry=kept)
    gone.delete()
    kept.save(update_fields=["state", "last", "disputed", "by", "at", "tries"])
    note_change(changes, kept, 1)


def _hand_over(kept: Entry, gone: Entry) -> None:
    """What hangs on the entry that goes hangs on the other: what answers proposed, the call to the point, walking lists,
    who was a walk-in. Where the other has the same already, one is enough."""
    waits = (ProposalState.PROPOSED, ProposalState.BEGUN)
    there = kept.proposals.filter(state__in=waits).values("rule")
    gone.proposals.exclude(state=ProposalState.PROPOSED, rule__in=there).update(entry=kept)
    gone.walks.exclude(walking_list__in=kept.walks.values("walking_list")).update(entry=kept)
    if not SlotEntry.objects.filter(entry=kept).exists():
        SlotEntry.objects.filter(entry=gone).update(entry=kept)
    WalkIn.objects.filter(entry=gone).update(entry=kept)


def _standing_of(kept: Entry, gone: Entry) -> dict[str, object]:
    """How the one that remains stands: what somebody said beats what only the register says; of two words the one that
    would have stood had both been said of one entry."""
    if gone.by_id is None or kept.by_id is None:
        return _columns(kept if gone.by_id is None else gone)
    if kept.disputed or gone.disputed:
        return _columns(kept if kept.disputed else gone)
    first, second = sorted((kept, gone), key=lambda entry: (entry.at, entry.pk))
    tubes: dict[UUID | None, str] = dict(
        Attempt.objects.filter(pk__in=[kept.last, gone.last]).values_list("pk", "tube")
    )
    weight = weigh(
        Standing(first.state, first.last, tubes.get(first.last, ""), first.disputed),
        state=second.state, tube=tubes.get(second.last, ""), base=None, open_states=OPEN_STATES,
    )  # fmt: skip
    if weight is not Weight.DISPUTES or first.last is None or second.last is None:
        return _columns(first if weight is Weight.KEPT else second)
    stands = {"state": EntryState.WAITING, "last": dispute_id(first.last, second.last), "disputed": True}
    return _columns(second) | stands


def _columns(entry: Entry) -> dict[str, object]:
    return {name: getattr(entry, name) for name in STANDING}
