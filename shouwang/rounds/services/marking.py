"""What is said of entries: one or many at once, each kept, each counted once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.audit import audit_entry, write_audit
from shouwang.core.bulk import insert_many, update_many
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.ids import uuid7
from shouwang.core.locks import share_lock
from shouwang.rounds.engines.evidence import Standing, Weight, dispute_id, weigh
from shouwang.rounds.models import Attempt, Entry, JoinedEntry, Round
from shouwang.rounds.rules import MOST_REFUSALS
from shouwang.rounds.services.counting import Changes, count_changes, leaf_of, note_change
from shouwang.rounds.services.filling import barcode_refusal, fill_tubes
from shouwang.rounds.services.proposals import propose_from
from shouwang.rounds.states import OPEN_STATES, SAYABLE, WITH_REASON, EntryState, RoundState


@dataclass(frozen=True)
class Word:
    """What somebody says of an entry. `id` becomes the attempt's; `base` the attempt that its author had seen last.

    `tube` is the barcode of the tube with the sample, the evidence; `answers` question code to value, already checked.
    """

    id: UUID
    entry_id: UUID
    state: str
    note: str = ""
    tube: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    base: UUID | None = None
    claimed_at: datetime | None = None


@dataclass(frozen=True)
class Heard:
    """What became of a word: `refusal` why it was not taken, else `weight` what it did, and the entry as it stands."""

    word: Word
    entry: Entry | None
    weight: Weight | None = None
    refusal: Refusal | None = None


def mark_entry(
    *, entry: Entry, state: str, note: str = "", tube: str = "", answers: Mapping[str, Any] | None = None,
    by: User, at: datetime | None = None,
) -> Entry:  # fmt: skip
    """Says how an entry stands; a later word replaces an earlier one and each is kept. Back to `waiting` takes it back.

    Refusal without a reason where one is needed (a refusal says what was offered and explained), or after
    `MOST_REFUSALS`. Conflict when the round is closed, or when the entry is not as the author saw it.
    """
    word = Word(uuid7(), entry.pk, state, note, tube, answers or {}, base=entry.last)
    with transaction.atomic():
        heard = hear_words([word], by=by, at=at or clock.now())[0]
        if heard.refusal is not None:
            raise heard.refusal
        if heard.weight is not Weight.STANDS:
            raise Conflict("moved-meanwhile", _("Somebody else was quicker. Look again before you go on."))
    entry.refresh_from_db()
    return entry


@transaction.atomic
def hear_words(words: Sequence[Word], *, by: User, at: datetime, on_record: bool = True) -> list[Heard]:
    """Applies words of one author one after another, as if each came alone, with one write for all.

    A word that is refused changes nothing and the others stand; whoever may not say it is for the caller to ask.
    `on_record` false: the words are part of one act that the caller puts on record.
    """
    ids = {word.entry_id for word in words}
    # Rounds before entries, as everywhere: two who lock both never wait for each other.
    open_rounds = _lock_open_rounds(ids)
    entries = _lock_entries(ids)
    hearing = _Hearing(
        entries=entries,
        open_rounds=open_rounds,
        refusals=_refusals_of(words, entries),
        tubes=_tubes_of(words, entries),
        by=by,
        at=at,
        on_record=on_record,
    )
    heard = [hearing.hear(word) for word in words]
    hearing.write()
    return heard


def _lock_open_rounds(entry_ids: set[UUID]) -> dict[UUID, Round]:
    """Those of the entries' rounds that go on, held open until the transaction ends; of entries that were joined with
    another too."""
    joined = JoinedEntry.objects.filter(gone_id__in=entry_ids).values("entry__round_id")
    meant = Entry.objects.filter(pk__in=entry_ids).values("round_id").union(joined)
    rows = share_lock(
        Round.objects.filter(pk__in=meant).only("state", "tube_size", "community_id").order_by("pk")
    )
    return {row.pk: row for row in rows if row.state == RoundState.OPEN}


def _lock_entries(ids: set[UUID]) -> dict[UUID, Entry]:
    """The entries by the ids that were given; one that was joined with another leads to that."""
    found = _locked(ids)
    missing = ids - set(found)
    if missing:
        joined = dict(JoinedEntry.objects.filter(gone_id__in=missing).values_list("gone_id", "entry_id"))
        found |= _locked(set(joined.values()) - set(found))
        found |= {gone: found[entry] for gone, entry in joined.items() if entry in found}
    return found


def _locked(ids: set[UUID]) -> dict[UUID, Entry]:
    rows = Entry.objects.select_for_update().filter(pk__in=ids).order_by("pk") if ids else ()
    return {row.pk: row for row in rows}


def _refusals_of(words: Iterable[Word], entries: Mapping[UUID, Entry]) -> Counter[UUID]:
    said = {word.entry_id for word in words if word.state == EntryState.REFUSED}
    ids = {entries[pk].pk for pk in said if pk in entries}
    if not ids:
        return Counter()
    rows = Attempt.objects.filter(entry_id__in=ids, state=EntryState.REFUSED).values("entry_id")
    return Counter({row["entry_id"]: row["n"] for row in rows.annotate(n=Count("pk")).order_by()})


def _tubes_of(words: Iterable[Word], entries: Mapping[UUID, Entry]) -> dict[UUID, str]:
    """The tube of the attempt that counts, for the entries that somebody speaks of without having seen it."""
    unseen = {
        entries[word.entry_id].last for word in words
        if word.entry_id in entries and entries[word.entry_id].last not in (None, word.base)
    }  # fmt: skip
    if not unseen:
        return {}
    return dict(Attempt.objects.filter(pk__in=unseen).values_list("entry_id", "tube"))


@dataclass
class _Hearing:
    """One transaction's words: the entries as they stand after each, and what is to be written for all of them."""

    entries: dict[UUID, Entry]
    open_rounds: dict[UUID, Round]
    refusals: Counter[UUID]
    tubes: dict[UUID, str]
    by: User
    at: datetime
    on_record: bool = True
    attempts: list[Attempt] = field(default_factory=list)
    changes: Changes = field(default_factory=Counter)
    changed: dict[UUID, Entry] = field(default_factory=dict)
    marked: list[Entry] = field(default_factory=list)

    def hear(self, word: Word) -> Heard:
        entry = self.entries.get(word.entry_id)
        refusal = self._refusal(word, entry)
        if entry is None or refusal is not None:
            return Heard(word, entry, refusal=refusal)
        standing = Standing(entry.state, entry.last, self.tubes.get(entry.pk, ""), entry.disputed)
        weight = weigh(standing, state=word.state, tube=word.tube, base=word.base, open_states=OPEN_STATES)
        self._keep_attempt(word, entry, weight)
        return Heard(word, entry, weight)

    def _refusal(self, word: Word, entry: Entry | None) -> Refusal | None:
        if entry is None:
            return Refusal("entry-gone", _("This entry is no longer on record."), status=404)
        if word.state not in SAYABLE:
            return Refusal("state-unknown", _("Choose how it stands."), field="state")
        if word.state in WITH_REASON and not word.note.strip():
            return Refusal(
                "reason-missing", _("Please say why; for a refusal, what was offered and explained."), field="note"
            )  # fmt: skip
        if entry.round_id not in self.open_rounds:
            return Conflict("round-closed", _("This round is closed. Nothing on it changes any more."))
        if word.state == EntryState.REFUSED and self.refusals[entry.pk] >= MOST_REFUSALS:
            return Refusal(
                "asked-enough", _("They were asked often enough. Let it be; this stands as it is."), field="state"
            )  # fmt: skip
        return barcode_refusal(word.tube, shortest=1) if word.tube else None

    def _keep_attempt(self, word: Word, entry: Entry, weight: Weight) -> None:
        attempt = Attempt(
            pk=word.id, entry=entry, state=word.state, note=word.note.strip(), tube=word.tube,
            counts=weight is Weight.STANDS, by=self.by, at=self.at, claimed_at=word.claimed_at,
        )  # fmt: skip
        attempt.answers = dict(word.answers)
        self.attempts.append(attempt)
        self.refusals[entry.pk] += int(word.state == EntryState.REFUSED)
        if weight is Weight.KEPT:
            return
        note_change(self.changes, entry, -1)
        if weight is Weight.STANDS:
            entry.state, entry.last, entry.disputed = word.state, word.id, False
        else:
            assert entry.last is not None
            entry.state, entry.last, entry.disputed = (
                EntryState.WAITING,
                dispute_id(entry.last, word.id),
                True,
            )
        self.tubes[entry.pk] = word.tube
        entry.by, entry.at = self.by, self.at
        entry.tries += int(word.state != EntryState.WAITING)
        note_change(self.changes, entry, 1)
        self.changed[entry.pk] = entry

    def write(self) -> None:
        insert_many(self.attempts)
        update_many(list(self.changed.values()), ["state", "last", "disputed", "by", "at", "tries"])
        count_changes(self.changes)
        fill_tubes(self.attempts, self.open_rounds, by=self.by, at=self.at)
        propose_from(self.attempts, by=self.by, at=self.at)
        if self.on_record:
            self._write_audit()

    def _write_audit(self) -> None:
        """One row a stairwell, since whoever looks after it watches for what changes there."""
        if len(self.attempts) == 1:
            one = self.attempts[0]
            write_audit("rounds.entry.marked", by=self.by, at=self.at, subject=one.entry, state=one.state)
            return
        by_leaf: dict[tuple[UUID, UUID], list[Entry]] = {}
        for attempt in self.attempts:
            by_leaf.setdefault((attempt.entry.round_id, leaf_of(attempt.entry)), []).append(attempt.entry)
        insert_many(
            [
                audit_entry(
                    "rounds.entries.marked", by=self.by, at=self.at, subject=round_id, placed=rows[0], entries=len(rows)
                )
                for (round_id, _leaf), rows in by_leaf.items()
            ]
        )  # fmt: skip


def settle_all(
    entries: Sequence[Entry], state: str, *, by: Actor | None, at: datetime, changes: Changes, note: str = ""
) -> None:
    """Moves entries by the register's word or at the round's end, each with its attempt, with one write for all. The
    caller holds them locked and counts `changes`."""
    author = by if isinstance(by, User) else None
    attempts = [Attempt(entry=entry, state=state, note=note, by=author, at=at) for entry in entries]
    for entry, attempt in zip(entries, attempts, strict=True):
        note_change(changes, entry, -1)
        entry.state, entry.last, entry.disputed = state, attempt.pk, False
        entry.by, entry.at = author, at
        entry.tries += int(state != EntryState.WAITING)
        note_change(changes, entry, 1)
    insert_many(attempts)
    update_many(entries, ["state", "last", "disputed", "by", "at", "tries"])
