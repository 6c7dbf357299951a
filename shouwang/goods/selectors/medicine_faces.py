"""What other pages show of the bank: Today, the household's file, a person's own copy, a volunteer's work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shouwang.core.personal import HEALTH
from shouwang.core.registry import CopyPart, TodayItem, WorkItem
from shouwang.core.scope import Scope
from shouwang.goods.models import MedicineAsk, MedicineErrand, MedicineIssue, MedicineNote, MedicineOffer
from shouwang.goods.selectors.medicine import ERRAND, KEEP, allergy_words, door_of, open_offers
from shouwang.goods.selectors.medicine_board import board_rows, title_of
from shouwang.goods.states import ErrandKind, ErrandState, OfferState
from shouwang.people.selectors import file_household, person_homes, readable_classes
from shouwang.volunteers.states import CommitmentState

MOST_ITEMS = 20


def today_items(scope: Scope, at: datetime) -> Sequence[TodayItem]:
    """Open asks, each with its clock and one next action."""
    if not scope.can(KEEP):
        return []
    return [
        TodayItem(
            key=f"medicine:{row.ask.pk}", tone="need" if row.runs else "calm", rank=1 if row.late else 2 if row.runs else 3,
            title=_("Medicine %(number)s: %(what)s") % {"number": row.ask.spoken_number, "what": row.title},
            small=" · ".join(part for part in (row.door, row.ask.get_state_display(), row.who) if part),
            action=row.action, url=reverse("goods:medicine_ask", args=[row.ask.pk]), since=row.ask.asked_at,
        )
        for row in board_rows(scope, at)[:MOST_ITEMS]
    ] + _offers_to_look_at(scope)  # fmt: skip


def _offers_to_look_at(scope: Scope) -> list[TodayItem]:
    """One line for what residents wrote at their door's code: nobody of the office has heard of it otherwise."""
    rows = [row for row in open_offers(scope) if row.by_a_resident and row.state == OfferState.OFFERED]
    if not rows:
        return []
    title = ngettext("A resident can spare medicine", "%(n)s residents can spare medicine", len(rows))
    return [
        TodayItem(
            key="medicine:offers", tone="calm", rank=3, title=title % {"n": len(rows)}, small=_("Look at the pack"),
            action=_("Look"), url=reverse("goods:medicine_offers"), since=rows[0].offered_at,
        )
    ]  # fmt: skip


def open_count(scope: Scope, at: datetime) -> int:
    """How many asks are open, for the navigation."""
    return len(board_rows(scope, at))


def household_section(household_id: UUID, scope: Scope, at: datetime) -> Mapping[str, Any] | None:
    """That there is something on file for giving medicine; what it is, on a page of its own whose opening is on record."""
    household = file_household(scope, household_id)
    if HEALTH not in readable_classes(scope, household) or not scope.covers(KEEP, household):
        return None
    members = household.memberships.filter(until_on__isnull=True).values_list("person_id", flat=True)
    notes = MedicineNote.objects.filter(person_id__in=list(members), ended_at__isnull=True).count()
    asks = MedicineAsk.objects.filter(household=household).count()
    return {"household": household, "notes": notes, "asks": asks} if notes or asks else None


def household_file(household: Any) -> dict[str, Any]:
    """Allergies of its people and what the bank gave: for the page whose opening is on record."""
    members = household.memberships.filter(until_on__isnull=True).values_list("person_id", flat=True)
    notes = MedicineNote.objects.filter(person_id__in=list(members)).select_related(
        "person", "noted_by", "ended_by"
    )
    issues = MedicineIssue.objects.filter(household=household).select_related("item", "ask", "person")
    return {
        "notes": [
            (row, allergy_words(row.substance) or _("something else")) for row in notes.order_by("-noted_at")
        ],
        "issues": list(issues.order_by("-counted_at")[:50]),
    }


def copy_parts(person_id: UUID, at: datetime) -> Sequence[CopyPart]:
    """A person's own copy: allergies on record, what was asked for them, what they gave. Nobody else is in it."""
    notes = MedicineNote.objects.filter(person_id=person_id).order_by("noted_at")
    parts = [
        CopyPart(
            _("Allergic to"), [(_moment(row.noted_at), allergy_words(row.substance) or _("something else"))]
        )
        for row in notes
    ]
    for ask in MedicineAsk.objects.filter(person_id=person_id).order_by("asked_at"):
        issues = MedicineIssue.objects.filter(ask=ask).select_related("item")
        given = [(_moment(row.counted_at), f"{row.item.called} {row.amount}") for row in issues]
        lines = [(_("Asked"), _moment(ask.asked_at)), (_("In their words"), ask.words), *given]
        parts.append(CopyPart(f"{ask.spoken_number} · {title_of(ask)}", [line for line in lines if line[1]]))
    return [*parts, *_given(person_id)]


def _given(person_id: UUID) -> list[CopyPart]:
    homes = [household_id for household_id, _from, _until in person_homes(person_id)]
    rows = MedicineOffer.objects.filter(household_id__in=homes).order_by("offered_at")
    return [
        CopyPart(
            _("Given to the medicine bank"),
            [(_moment(row.offered_at), f"{row.words or row.called} {row.amount}")],
        )
        for row in rows
    ]


def _moment(at: datetime) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M")


def work_for(user: Any, at: datetime) -> list[WorkItem]:
    """The errands that this user has in hand: a door, and what to do there."""
    rows = MedicineErrand.objects.filter(
        volunteer__user=user, state=ErrandState.OPEN, commitment__state=CommitmentState.OPEN
    ).select_related("dwelling__place", "ask")
    return [
        WorkItem(
            key=f"medicine:{row.pk}", kind=ERRAND,
            title=_("Fetch a small bag") if row.kind == ErrandKind.FETCH else _("Medicine: hand over"),
            door=door_of(row), small=_("go now") if row.ask.urgency == "now" else "",
            url=reverse("goods:medicine_errand", args=[row.pk]), rank=1, tone="need", due_at=row.ask.due_at,
        )
        for row in rows.order_by("given_at")
    ]  # fmt: skip
