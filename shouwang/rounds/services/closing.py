"""A round ends: what is still open is signed off by name; later its roster is erased."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.audit import write_audit
from shouwang.core.due import schedule
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.moves import move
from shouwang.core.registry import purposes
from shouwang.places.models import Place
from shouwang.rounds.models import Attempt, Entry, Round
from shouwang.rounds.selectors import rounds_past
from shouwang.rounds.services.counting import Changes, count_changes
from shouwang.rounds.services.keeping import keep_true
from shouwang.rounds.services.marking import settle_all
from shouwang.rounds.services.walking import end_lists
from shouwang.rounds.states import OPEN_STATES, ROUND_MOVES, EntryState, RoundState

# How many entries are settled in one transaction.
SLICE = 500
LONGEST_REASON = 200


@transaction.atomic
def close_round(*, round_: Round, reason: str = "", by: User, at: datetime | None = None) -> Round:
    """Closes a round. What is still open must be signed off by name and with the `reason`: who was never met is then
    `not reached` (of a large roster a part at once, the others by the clock).

    Refusal when entries are open and nobody says why; Conflict when it is closed already.
    """
    at = at or clock.now()
    keep_true(round_id=round_.pk, at=at)
    _lock_open(round_.pk)
    rows = Entry.objects.filter(round=round_, state__in=OPEN_STATES)
    left = rows.count()
    if left and not reason.strip():
        words = ngettext(
            "%(n)s is still open. Say in a word why it is signed off.",
            "%(n)s are still open. Say in a word why they are signed off.",
            left,
        )
        raise Refusal("entries-open", words % {"n": left}, field="reason")
    end_lists(round_, by=by, at=at)
    move(
        round_,
        RoundState.CLOSED,
        table=ROUND_MOVES,
        closed_at=at,
        closed_by=by,
        **_signed_off(round_, left, reason),
    )
    if settle_left(round_id=round_.pk, at=at):
        schedule("rounds.settle_left", at=at, subject_id=round_.pk)
    kind = "rounds.round.signed_off" if left else "rounds.round.closed"
    write_audit(kind, by=by, at=at, subject=round_, name=round_.name, left=left)
    return round_


def _signed_off(round_: Round, left: int, reason: str) -> dict[str, Any]:
    token = Round.signed_off_why.sealed_for(round_, reason.strip()[:LONGEST_REASON]) if left else ""  # type: ignore[attr-defined]
    return {"signed_off_count": left, "signed_off_why": token}


@transaction.atomic
def settle_left(*, round_id: UUID, at: datetime) -> bool:
    """Some of those of a closed round who were never met become `not reached`, in the name of who signed; whether more
    are left. Never a whole roster of thousands at once: nobody else could write meanwhile."""
    round_ = Round.objects.select_for_update().get(pk=round_id, state=RoundState.CLOSED)
    waiting = Entry.objects.filter(round=round_, state=EntryState.WAITING).select_for_update().order_by("pk")
    some = list(waiting[:SLICE])
    changes: Changes = Counter()
    settle_all(some, EntryState.NOT_REACHED, by=round_.closed_by, at=at, changes=changes)
    count_changes(changes)
    return len(some) == SLICE and waiting.exists()


def _lock_open(round_id: UUID) -> Round:
    round_ = Round.objects.select_for_update().get(pk=round_id)
    if round_.state != RoundState.OPEN:
        raise Conflict("round-closed", _("This round is closed. Nothing on it changes any more."))
    return round_


@transaction.atomic
def record_missing_read(*, round_: Round, by: User, entries: int, at: datetime) -> None:
    """That somebody opened the list of those still missing, with names and phones."""
    write_audit("rounds.missing.read", by=by, at=at, subject=round_, entries=entries)


@transaction.atomic
def record_roster_read(*, round_: Round, place: Place, by: User, entries: int, at: datetime) -> None:
    """That somebody opened the roster of a stairwell, with names and phones."""
    write_audit("rounds.roster.read", by=by, at=at, subject=round_, placed=place, entries=entries)


def _days() -> timedelta:
    return timedelta(days=purposes.get("round").days)


def count_past(at: datetime) -> int:
    """Entries of rosters past their days."""
    return Entry.objects.filter(round__in=rounds_past(at - _days())).count() + _told_why(at).count()


@transaction.atomic
def erase_past(at: datetime, limit: int) -> int:
    """Erases at most `limit` entries of rosters past their days, with every try; how many. The round and its counts
    remain, which name nobody. Never a whole roster at once: nobody else could write meanwhile."""
    ids = list(Entry.objects.filter(round__in=rounds_past(at - _days())).values_list("pk", flat=True)[:limit])
    Attempt.objects.filter(entry__in=ids).delete()
    Entry.objects.filter(pk__in=ids).delete()
    told = list(_told_why(at).values_list("pk", flat=True)[: limit - len(ids)])
    Round.objects.filter(pk__in=told).update(signed_off_why="")
    return len(ids) + len(told)


def _told_why(at: datetime) -> QuerySet[Round]:
    """Rounds past their days that still say why somebody signed."""
    return Round.objects.filter(closed_at__lt=at - _days()).exclude(signed_off_why="")


def verify_past(at: datetime) -> int:
    """Entries of rounds past their days, counted round by round."""
    closed = Round.objects.filter(closed_at__lt=at - _days())
    told = sum(1 for why in closed.values_list("signed_off_why", flat=True) if why)
    entries: int = sum(closed.annotate(n=Count("entries")).values_list("n", flat=True))
    return told + entries
