"""Every write of rounds: begin with a frozen roster, mark, keep the roster true, close."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.actors import CLOCK
from shouwang.core.audit import write_audit
from shouwang.core.bulk import insert_many
from shouwang.core.due import schedule
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.moves import move
from shouwang.core.registry import purposes
from shouwang.people.models import Membership
from shouwang.people.selectors import stays_of
from shouwang.people.states import StayKind
from shouwang.places.models import STAMP, Place
from shouwang.rounds.models import Attempt, Entry, Round, RoundPlace, Tally
from shouwang.rounds.rules import MOST_REFUSALS
from shouwang.rounds.selectors import rounds_past
from shouwang.rounds.selectors.roster import expected_in, living_inside
from shouwang.rounds.states import (
    OPEN_STATES,
    ROUND_MOVES,
    SAYABLE,
    WITH_REASON,
    EntryState,
    RoundState,
    Whom,
    Why,
)


@transaction.atomic
def begin_round(
    *,
    community: Place,
    name: str,
    whom: str,
    places: Sequence[Place],
    flag: str = "",
    from_age: int | None = None,
    by: User,
    at: datetime | None = None,
) -> Round:
    """Begins a round over buildings or stairwells of one community; its roster is frozen with date and author.

    Whoever stays elsewhere (hospital, hotel) is on the roster, exempt. Refusal without a name or places, or when nobody would
    be on it.
    """
    at = at or clock.now()
    if not name.strip():
        raise Refusal("name-missing", _("Please give it a name, for example “Third sampling”."), field="name")
    if not places or any(place.community_id != community.pk for place in places):
        raise Refusal("no-places", _("Choose at least one building of this community."), field="buildings")
    round_ = Round(
        community_id=community.pk, name=name.strip()[:60], whom=whom, flag=flag, from_age=from_age, began_at=at,
        began_by=by,
    )  # fmt: skip
    round_.save(force_insert=True)
    RoundPlace.objects.bulk_create([RoundPlace(round=round_, place=place) for place in places])
    entries = _add(round_, expected_in(round_, at), Why.BEGAN, at)
    if not entries:
        raise Refusal("nobody-on-it", _("Nobody would be on this roster. Look at what you chose."))
    round_.frozen_count = len(entries)
    round_.save(update_fields=["frozen_count"])
    write_audit("rounds.round.begun", by=by, at=at, subject=round_, name=round_.name, entries=len(entries))
    schedule("rounds.keep_true", at=at + timedelta(minutes=10), subject_id=round_.pk)
    return round_


def _add(round_: Round, rows: Iterable[Membership], why: str, at: datetime) -> list[Entry]:
    rows = list(rows)
    by_person = round_.whom == Whom.PEOPLE
    stays = stays_of([row.person_id for row in rows]) if by_person else {}
    entries = []
    for row in rows:
        stay = stays.get(row.person_id)
        elsewhere = stay is not None and stay.kind != StayKind.HOME
        entries.append(
            Entry(
                round=round_,
                household_id=row.household_id,
                person_id=row.person_id if by_person else None,
                state=EntryState.EXEMPT if elsewhere else EntryState.WAITING,
                why=why,
                at=at,
                **{name: getattr(row.household, name) for name in STAMP},
            )
        )
    insert_many(entries)
    _count(round_, Counter((_leaf(entry), entry.building_id, entry.state) for entry in entries))
    return entries


def _leaf(entry: Entry) -> UUID:
    leaf = entry.stairwell_id or entry.building_id
    if leaf is None:
        raise Refusal("no-building", _("A household without a building can't be on a roster."))
    return leaf


def _count(round_: Round, changes: Counter[tuple[UUID, UUID | None, str]]) -> None:
    """Adds to the counters, in one order everywhere, so that no two transactions wait for each other."""
    by_leaf: dict[UUID, dict[str, int]] = {}
    buildings: dict[UUID, UUID | None] = {}
    for (leaf, building, state), change in changes.items():
        by_leaf.setdefault(leaf, {})[state] = change
        buildings[leaf] = building
    for leaf in sorted(by_leaf):
        changed = {state: F(state) + change for state, change in by_leaf[leaf].items() if change}
        if not changed:
            continue
        Tally.objects.get_or_create(round=round_, leaf_id=leaf, defaults={"building_id": buildings[leaf]})
        Tally.objects.filter(round=round_, leaf_id=leaf).update(**changed)


@transaction.atomic
def mark_entry(*, entry: Entry, state: str, note: str = "", by: User, at: datetime | None = None) -> Entry:
    """Says how an entry stands; a later word replaces an earlier one and each is kept. Back to `waiting` takes it back.

    Refusal without a reason where one is needed (a refusal says what was offered and explained), or after
    `MOST_REFUSALS`. Conflict when the round is closed or somebody else was quicker.
    """
    at = at or clock.now()
    note = note.strip()
    if state not in SAYABLE:
        raise Refusal("state-unknown", _("Choose how it stands."), field="state")
    if state in WITH_REASON and not note:
        raise Refusal(
            "reason-missing",
            _("Please say why; for a refusal, what was offered and explained."),
            field="note",
        )
    _require_open(entry.round_id)
    if state == EntryState.REFUSED and _refusals(entry) >= MOST_REFUSALS:
        raise Refusal(
            "asked-enough", _("They were asked often enough. Let it be; this stands as it is."), field="state"
        )
    _move(entry, state, by=by, note=note, at=at)
    write_audit("rounds.entry.marked", by=by, at=at, subject=entry, state=state)
    return entry


def _require_open(round_id: UUID) -> Round:
    round_ = Round.objects.select_for_update().get(pk=round_id)
    if round_.state != RoundState.OPEN:
        raise Conflict("round-closed", _("This round is closed. Nothing on it changes any more."))
    return round_


def _refusals(entry: Entry) -> int:
    return entry.attempts.filter(state=EntryState.REFUSED).count()


def _move(entry: Entry, state: str, *, by: User | None, note: str, at: datetime) -> None:
    before = Entry.objects.select_for_update().values_list("state", flat=True).get(pk=entry.pk)
    changed = Entry.objects.filter(pk=entry.pk, state=before).update(
        state=state, by=by, at=at, tries=F("tries") + int(state != EntryState.WAITING)
    )
    if not changed:
        raise Conflict("moved-meanwhile", _("Somebody else was quicker. Look again before you go on."))
    Attempt(entry=entry, state=state, note=note, by=by, at=at).save(force_insert=True)
    entry.refresh_from_db()
    leaf = _leaf(entry)
    changes: Counter[tuple[UUID, UUID | None, str]] = Counter()
    changes[leaf, entry.building_id, before] -= 1
    changes[leaf, entry.building_id, state] += 1
    _count(entry.round, changes)


@transaction.atomic
def keep_true(*, round_id: UUID, at: datetime) -> bool:
    """Compares the roster with the register; whether the round still goes on.

    Whoever came to live here is added with the reason; an open entry of somebody who left is closed as moved; whoever left by
    the register's word and is back is open again.
    """
    round_ = Round.objects.select_for_update().filter(pk=round_id, state=RoundState.OPEN).first()
    if round_ is None:
        return False
    key = "person_id" if round_.whom == Whom.PEOPLE else "household_id"
    entries = {getattr(entry, key): entry for entry in round_.entries.all()}
    wanted = {getattr(row, key): row for row in expected_in(round_, at)}
    living = living_inside(round_)
    inside = {getattr(row, key) for row in living}
    added = _add(round_, [row for pk, row in wanted.items() if pk not in entries], Why.CAME, at)
    gone = [entry for pk, entry in entries.items() if pk not in inside and entry.state in OPEN_STATES]
    back = [
        entry for pk, entry in entries.items()
        if pk in inside and entry.state == EntryState.MOVED and entry.by_id is None
    ]  # fmt: skip
    for row in living if round_.whom == Whom.PEOPLE else ():
        _follow(entries.get(row.person_id), row)
    for entry in gone:
        _move(entry, EntryState.MOVED, by=None, note="", at=at)
    for entry in back:
        Entry.objects.filter(pk=entry.pk).update(why=Why.CAME_BACK)
        _move(entry, EntryState.WAITING, by=None, note="", at=at)
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


def _follow(entry: Entry | None, row: Membership) -> None:
    """An open entry is looked for behind the door where its person lives now; a settled one stays where it was settled."""
    if entry is None or entry.household_id == row.household_id or entry.state not in OPEN_STATES:
        return
    changes: Counter[tuple[UUID, UUID | None, str]] = Counter()
    changes[_leaf(entry), entry.building_id, entry.state] -= 1
    entry.household = row.household
    for name in STAMP:
        setattr(entry, name, getattr(row.household, name))
    entry.save(update_fields=["household", *STAMP])
    changes[_leaf(entry), entry.building_id, entry.state] += 1
    _count(entry.round, changes)


@transaction.atomic
def close_round(*, round_: Round, sign_off: bool = False, by: User, at: datetime | None = None) -> Round:
    """Closes a round. What is still open must be signed off by name: who was never met is then `not reached`.

    Refusal when entries are open and nobody signs; Conflict when it is closed already.
    """
    at = at or clock.now()
    keep_true(round_id=round_.pk, at=at)
    _require_open(round_.pk)
    rows = Entry.objects.filter(round=round_, state__in=OPEN_STATES)
    left = rows.count()
    if left and not sign_off:
        raise Refusal(
            "entries-open",
            ngettext("%(n)s is still open.", "%(n)s are still open.", left) % {"n": left},
        )
    for entry in rows.filter(state=EntryState.WAITING):
        _move(entry, EntryState.NOT_REACHED, by=by, note="", at=at)
    move(round_, RoundState.CLOSED, table=ROUND_MOVES, closed_at=at, closed_by=by, signed_off_count=left)
    write_audit("rounds.round.closed", by=by, at=at, subject=round_, name=round_.name, left=left)
    return round_


@transaction.atomic
def record_missing_read(*, round_: Round, by: User, entries: int, at: datetime) -> None:
    """That somebody opened the list of those still missing, with names and phones."""
    write_audit("rounds.missing.read", by=by, at=at, subject=round_, entries=entries)


def _days() -> timedelta:
    return timedelta(days=purposes.get("round").days)


def count_past(at: datetime) -> int:
    """Rosters past their days."""
    return rounds_past(at - _days()).count()


@transaction.atomic
def erase_past(at: datetime, limit: int) -> int:
    """Erases at most `limit` rosters with every try; the round and its counts remain, which name nobody."""
    rounds = list(rounds_past(at - _days())[:limit])
    Entry.objects.filter(round__in=rounds).delete()
    return len(rounds)


def verify_past(at: datetime) -> int:
    """Entries of rounds past their days, counted from the entries."""
    return Entry.objects.filter(round__closed_at__lt=at - _days()).count()
