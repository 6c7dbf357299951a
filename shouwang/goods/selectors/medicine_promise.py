"""What the bank promises, counted from the rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, Sum
from django.urls import reverse

from shouwang.goods.engines.medicines import table
from shouwang.goods.models import MedicineAsk, MedicineIssue, MedicineNote, Movement
from shouwang.goods.states import IssueState

Found = tuple[int, list[UUID]]


def _issues(community: UUID | None) -> Any:
    rows = MedicineIssue.objects.exclude(state=IssueState.TAKEN_BACK)
    return rows if community is None else rows.filter(community_id=community)


def against_allergies(community: UUID | None) -> Found:
    """Issues of something to which an allergy was on record when it was counted out."""
    rows = list(_issues(community).filter(person__isnull=False).exclude(medicine=""))
    notes: dict[UUID, list[MedicineNote]] = defaultdict(list)
    for note in MedicineNote.objects.filter(person__in={row.person_id for row in rows}):
        notes[note.person_id].append(note)
    known = table().medicines
    return len(rows), [
        row.pk
        for row in rows
        if row.medicine in known
        and any(
            _counted(note, row) and note.substance in known[row.medicine].classes
            for note in notes[row.person_id]
        )
    ]


def _counted(note: MedicineNote, issue: MedicineIssue) -> bool:
    return note.noted_at < issue.counted_at and (note.ended_at is None or note.ended_at > issue.counted_at)


def without_second_eyes(community: UUID | None) -> Found:
    """What needs a second pair of eyes and left without them, or with the same ones."""
    rows = _issues(community).filter(needs_second=True).exclude(state=IssueState.COUNTED)
    wrong = rows.filter(Q(second_by__isnull=True) | Q(second_by=F("counted_by")))
    return rows.count(), list(wrong.values_list("pk", flat=True))


def not_as_moved(community: UUID | None) -> Found:
    """Issues whose number is not what left the store for them."""
    rows = dict(_issues(community).values_list("act", "quantity"))
    moved = Movement.objects.filter(act__in=list(rows)).values("act").annotate(n=Sum("quantity"))
    left = {row["act"]: -row["n"] for row in moved}
    wrong = [act for act, number in rows.items() if left.get(act, 0) != number]
    return len(rows), list(MedicineIssue.objects.filter(act__in=wrong).values_list("pk", flat=True))


def issued_twice(community: UUID | None) -> Found:
    """Asks for which something was counted out twice."""
    rows = (
        MedicineAsk.objects.all() if community is None else MedicineAsk.objects.filter(community_id=community)
    )
    live = Count("issues", filter=~Q(issues__state=IssueState.TAKEN_BACK))
    counted = rows.annotate(n=live).filter(n__gt=0)
    return counted.count(), list(counted.filter(n__gt=1).values_list("pk", flat=True))


def describe_issues(issue_ids: Sequence[UUID]) -> list[tuple[str, str]]:
    """Numbers and pages; what was given is not said here."""
    rows = MedicineIssue.objects.filter(pk__in=list(issue_ids)).select_related("ask")
    return [(row.ask.spoken_number, reverse("goods:medicine_ask", args=[row.ask_id])) for row in rows]


def describe_asks(ask_ids: Sequence[UUID]) -> list[tuple[str, str]]:
    """The same of asks."""
    rows = MedicineAsk.objects.filter(pk__in=list(ask_ids))
    return [(row.spoken_number, reverse("goods:medicine_ask", args=[row.pk])) for row in rows]
