"""Tracing lists: taken in, each line answered, passed on, closed, erased."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.audit import write_audit
from shouwang.core.bulk import insert_many
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.moves import move
from shouwang.core.registry import purposes
from shouwang.people.selectors import Match, id_number_index, match_outsiders
from shouwang.places.models import Place
from shouwang.rounds.engines.lists import UnreadableList, list_rows, text_rows
from shouwang.rounds.engines.tracing import Traced, read_lines
from shouwang.rounds.models import TracingLine, TracingList
from shouwang.rounds.states import TRACING_MOVES, Found, Outcome, TracingState

MOST_LINES = 5_000
UNREADABLE = {
    "not-a-sheet": _("This file can't be read. Save it as .xlsx or .csv and send it again."),
    "too-large": _("This file is larger than a list can be (5,000 lines, 5 MB). Split it."),
    "empty": _("There is nothing in it. Choose the file, or paste the lines."),
}


def take_in_list(
    *, community: Place, name: str, sender: str, due_at: datetime, content: bytes = b"", text: str = "",
    by: User, at: datetime | None = None,
) -> TracingList:  # fmt: skip
    """Takes in a list as a file (`content`) or pasted (`text`) and looks for everybody on it in the register.

    All lines or none: Refusal when it can't be read or when a line names nobody (with the numbers of those lines).
    """
    at = at or clock.now()
    lines = _read(content, text)
    rows = [asdict(line) for line in lines]
    matches = match_outsiders(community.pk, rows)
    with transaction.atomic():
        taken = TracingList(
            community_id=community.pk, name=name.strip()[:60], sender=sender.strip()[:60], received_at=at,
            due_at=due_at, taken_in_by=by, line_count=len(lines),
        )  # fmt: skip
        taken.save(force_insert=True)
        insert_many([_line(taken, line, match) for line, match in zip(lines, matches, strict=True)])
        write_audit(
            "rounds.tracing.taken_in", by=by, at=at, subject=taken, placed=community, lines=len(lines)
        )
    return taken


def _read(content: bytes, text: str) -> list[Traced]:
    field = "file" if content else "text"
    try:
        rows = list_rows(content, MOST_LINES) if content else text_rows(text)
    except UnreadableList as fault:
        raise Refusal(fault.code, UNREADABLE[fault.code], field=field) from fault
    lines, nobody = read_lines(rows)
    if nobody:
        shown = ", ".join(str(number) for number in nobody[:10])
        raise Refusal(
            "line-names-nobody",
            _("These lines name nobody, without a name, an ID number or a phone: %(lines)s. Put them right first."),
            field=field, lines=shown,
        )  # fmt: skip
    if not lines:
        raise Refusal("empty", UNREADABLE["empty"], field=field)
    return lines


def _line(taken: TracingList, line: Traced, match: Match) -> TracingLine:
    found = Found.MATCHED if match.person_id else Found.PROPOSED if match.proposed else Found.NONE
    row = TracingLine(
        tracing_list=taken, number=line.number, id_number_index=id_number_index(line.id_number), found=found,
        person_id=match.person_id, proposed=[str(pk) for pk in match.proposed],
    )  # fmt: skip
    row.name, row.phone, row.id_number = line.name, line.phone, line.id_number
    row.door, row.asked, row.note = line.door, line.asked, ""
    return row


@transaction.atomic
def settle_match(*, line: TracingLine, person_id: UUID | None, by: User, at: datetime | None = None) -> None:
    """Somebody looked: the line means this person of those proposed, or (None) nobody of the register.

    Refusal for a person who was not proposed; Conflict when the list is closed.
    """
    at = at or clock.now()
    _lock_open(line.tracing_list_id)
    if person_id is not None and str(person_id) not in line.proposed:
        raise Refusal("not-proposed", _("Choose one of those who are proposed."))
    found = Found.MATCHED if person_id else Found.NONE
    TracingLine.objects.filter(pk=line.pk).update(person_id=person_id, found=found)
    line.refresh_from_db()
    write_audit("rounds.tracing.matched", by=by, at=at, subject=line.tracing_list, person_id=person_id)


@transaction.atomic
def answer_line(
    *, line: TracingLine, outcome: str, note: str = "", passed_to: str = "", community: Place | None = None,
    by: User, at: datetime | None = None,
) -> TracingLine:  # fmt: skip
    """Answers one line; a later answer replaces it until the list is closed. Whoever lives elsewhere is passed on: in
    words, or to a `community` of this machine, where the line is on a list of its own from then on.

    Refusal without an outcome, without where to, or without a word on what was tried. Conflict when the list is closed.
    """
    at = at or clock.now()
    taken = _lock_open(line.tracing_list_id)
    note, passed_to = note.strip()[:300], (community.name if community else passed_to.strip()[:60])
    _refuse_unsaid(outcome, note, passed_to)
    line.outcome, line.by, line.at = outcome, by, at
    line.passed_to = passed_to if outcome == Outcome.ELSEWHERE else ""
    line.note = note
    line.save(update_fields=["outcome", "passed_to", "note", "by", "at"])
    if outcome == Outcome.ELSEWHERE and community is not None:
        _pass_on(line, taken, community, by, at)
    write_audit(
        "rounds.tracing.answered", by=by, at=at, subject=taken, placed=_Community(taken.community_id),
        person_id=line.person_id, outcome=outcome,
    )  # fmt: skip
    return line


class _Community:
    """The scope columns of a whole community."""

    grid_id = building_id = stairwell_id = None

    def __init__(self, community_id: UUID) -> None:
        self.community_id = community_id


def _refuse_unsaid(outcome: str, note: str, passed_to: str) -> None:
    if outcome not in Outcome.values:
        raise Refusal("outcome-missing", _("Choose what is answered."), field="outcome")
    if outcome == Outcome.ELSEWHERE and not passed_to:
        raise Refusal("where-to", _("Say to whom it is passed on."), field="passed_to")
    if outcome == Outcome.NOT_REACHED and not note:
        raise Refusal("tried-what", _("Say what was tried, for example “rang three times”."), field="note")


def _pass_on(line: TracingLine, taken: TracingList, community: Place, by: User, at: datetime) -> None:
    """Once, however often it is answered; in the other community's list of what came from here."""
    pk = uuid5(line.pk, f"passed on to {community.pk}")
    if community.pk == taken.community_id:
        raise Refusal("passed-here", _("That is here. Choose another community."), field="community")
    if TracingLine.objects.filter(pk=pk).exists():
        return
    theirs, fresh = TracingList.objects.get_or_create(
        origin=taken, community_id=community.pk, state=TracingState.OPEN,
        defaults={
            "name": taken.name, "sender": taken.sender, "received_at": at, "due_at": taken.due_at, "taken_in_by": by,
        },
    )  # fmt: skip
    theirs = TracingList.objects.select_for_update().get(pk=theirs.pk)
    said = Traced(theirs.line_count + 1, line.name, line.phone, line.id_number, line.door, line.asked)
    copy = _line(theirs, said, match_outsiders(community.pk, [asdict(said)])[0])
    copy.pk = pk
    copy.save(force_insert=True)
    TracingList.objects.filter(pk=theirs.pk).update(line_count=theirs.line_count + 1)
    write_audit("rounds.tracing.passed_on", by=by, at=at, subject=theirs, placed=community, fresh=fresh)


def _lock_open(list_id: UUID) -> TracingList:
    taken = TracingList.objects.select_for_update().get(pk=list_id)
    if taken.state != TracingState.OPEN:
        raise Conflict("list-closed", _("This list is closed. Nothing on it changes any more."))
    return taken


@transaction.atomic
def close_list(*, tracing_list: TracingList, by: User, at: datetime | None = None) -> TracingList:
    """Closes a list whose every line is answered: its counts remain, its lines are erased after their days.

    Refusal while lines are open; Conflict when it is closed already.
    """
    at = at or clock.now()
    taken = _lock_open(tracing_list.pk)
    counts = Counter(taken.lines.values_list("outcome", flat=True))
    left = counts.pop("", 0)
    if left:
        raise Refusal(
            "lines-open",
            ngettext("%(n)s line is not answered yet.", "%(n)s lines are not answered yet.", left) % {"n": left},
        )  # fmt: skip
    move(taken, TracingState.CLOSED, table=TRACING_MOVES, closed_at=at, closed_by=by, counts=dict(counts))
    write_audit(
        "rounds.tracing.closed",
        by=by,
        at=at,
        subject=taken,
        placed=_Community(taken.community_id),
        name=taken.name,
    )
    return taken


@transaction.atomic
def record_tracing_read(
    *,
    tracing_list: TracingList,
    by: User,
    at: datetime,
    lines: int,
    person_id: UUID | None = None,
    out: bool = False,
) -> None:
    """That somebody read lines of a list; `out`: that they left the house as a sheet."""
    kind = "rounds.tracing.exported" if out else "rounds.tracing.read"
    write_audit(
        kind, by=by, at=at, subject=tracing_list, placed=_Community(tracing_list.community_id), person_id=person_id,
        lines=lines,
    )  # fmt: skip


def _past(at: datetime) -> QuerySet[TracingLine]:
    before = at - timedelta(days=purposes.get("tracing").days)
    return TracingLine.objects.filter(tracing_list__closed_at__lt=before)


def count_tracing(at: datetime) -> int:
    """Lines past their days."""
    return _past(at).count()


@transaction.atomic
def erase_tracing(at: datetime, limit: int) -> int:
    """Erases at most `limit` lines of closed lists past their days; how many. The list and its counts remain."""
    ids: Sequence[UUID] = list(_past(at).values_list("pk", flat=True)[:limit])
    lists = set(TracingLine.objects.filter(pk__in=ids).values_list("tracing_list_id", flat=True))
    TracingLine.objects.filter(pk__in=ids).delete()
    left = TracingLine.objects.filter(tracing_list=OuterRef("pk"))
    TracingList.objects.filter(~Exists(left), pk__in=lists).update(erased_at=at)
    return len(ids)


def verify_tracing(at: datetime) -> int:
    """The same, counted list by list."""
    before = at - timedelta(days=purposes.get("tracing").days)
    closed = TracingList.objects.filter(closed_at__isnull=False)
    return sum(one.lines.count() for one in closed if one.closed_at and one.closed_at < before)
