"""Tracing lists of the reader's communities, their lines, and who of the register may be meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from shouwang.core.personal import BIRTH, DOOR, ID_NUMBER, NAME, PHONE
from shouwang.core.scope import Scope
from shouwang.people.selectors import birth_words, mask_id, mask_phone, persons_for
from shouwang.places.models import Place
from shouwang.places.selectors import (
    communities_below,
    community_by_id,
    door_labels,
    dwellings_by_id,
    parents_of,
)
from shouwang.rounds.engines.answers_out import write_sheet
from shouwang.rounds.models import TracingLine, TracingList
from shouwang.rounds.selectors import LEAD
from shouwang.rounds.states import Outcome, TracingState

PAGE = 100
OPEN_LINE = Q(lines__outcome="", lines__isnull=False)


@dataclass(frozen=True)
class Told:
    """A line as far as the reader's field classes go. `there`: where the register knows the person."""

    line: TracingLine
    name: str
    phone: str
    id_number: str
    door: str
    there: str


@dataclass(frozen=True)
class Known:
    """Somebody of the register whom a line may mean."""

    person_id: UUID
    name: str
    door: str
    birth: str


def lists_for(scope: Scope) -> QuerySet[TracingList]:
    """Lists of communities that the scope leads, the nearest deadline first, with `left`, how many lines are open."""
    mine = TracingList.objects.filter(community_id__in=scope.ids(LEAD, "community_id"))
    return mine.annotate(left=Count("lines", filter=OPEN_LINE)).order_by("-state", "due_at", "pk")


def list_for(scope: Scope, list_id: UUID) -> Any:
    """The list, or 404."""
    found = lists_for(scope).filter(pk=list_id).first()
    if found is None:
        raise Http404
    return found


def line_for(scope: Scope, line_id: UUID) -> TracingLine:
    """One line, or 404."""
    rows = TracingLine.objects.filter(tracing_list__community_id__in=scope.ids(LEAD, "community_id"))
    found = rows.select_related("tracing_list", "person", "by").filter(pk=line_id).first()
    if found is None:
        raise Http404
    return found


def lists_waiting(scope: Scope) -> list[Any]:
    """Open lists with lines to be answered, the nearest deadline first."""
    return list(lists_for(scope).filter(state=TracingState.OPEN)[:10])


def lines_of(scope: Scope, tracing_list: TracingList, show: str, page: str) -> tuple[list[Told], Page[Any]]:
    """The lines in the sheet's order: all, or ("open") those still to be answered; a page of them."""
    rows = tracing_list.lines.select_related("by").order_by("number")
    if show == "open":
        rows = rows.filter(outcome="")
    shown = Paginator(rows, PAGE).get_page(page)
    return told_lines(scope, tracing_list, list(shown.object_list)), shown


def told_lines(scope: Scope, tracing_list: TracingList, lines: Sequence[TracingLine]) -> list[Told]:
    """These lines of one list for this reader; three questions, whatever their number."""
    classes = scope.classes_for(tracing_list)
    there = _doors_of(scope, {line.person_id for line in lines if line.person_id})
    return [
        Told(
            line=line,
            name=line.name if NAME in classes else "",
            phone=line.phone if PHONE in classes else mask_phone(line.phone),
            id_number=line.id_number if ID_NUMBER in classes else mask_id(line.id_number),
            door=line.door if DOOR in classes else "",
            there=there.get(line.person_id, "") if line.person_id else "",
        )
        for line in lines
    ]


def _doors_of(scope: Scope, person_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Where these people of the register live now, as far as the scope reaches."""
    here = persons_for(scope).filter(pk__in=set(person_ids), memberships__until_on__isnull=True)
    homes = dict(here.values_list("pk", "memberships__household__dwelling_id"))
    labels = door_labels(list(dwellings_by_id(homes.values()).values()))
    return {person: labels.get(dwelling, "") for person, dwelling in homes.items()}


def proposed_for(scope: Scope, line: TracingLine) -> list[Known]:
    """Those of the register whom a line may mean, for somebody to decide."""
    people = list(persons_for(scope).filter(pk__in=[UUID(pk) for pk in line.proposed]))
    doors = _doors_of(scope, [person.pk for person in people])
    return [
        Known(
            person.pk, person.name, doors.get(person.pk, ""),
            birth_words(person) if BIRTH in scope.classes_for(person) else "",
        )
        for person in people
    ]  # fmt: skip


def line_shown(scope: Scope, line: TracingLine) -> dict[str, Any]:
    """What a line's own page tells: as the list says, and whom it may mean."""
    told = told_lines(scope, line.tracing_list, [line])[0]
    return {"told": told, "proposed": proposed_for(scope, line)}


def communities_beside(community_id: UUID) -> list[Place]:
    """The other communities under the same district or subdistrict: to whom a line can be passed on."""
    here = top = community_by_id(community_id)
    while above := parents_of([top]):
        top = above[0]
    return [place for place in communities_below(top) if place.pk != here.pk]


def counts_by_outcome(tracing_list: TracingList) -> list[tuple[Any, int]]:
    """How many lines were answered how; of a closed list the counts that remain."""
    counts = tracing_list.counts
    if tracing_list.state == TracingState.OPEN:
        rows = tracing_list.lines.exclude(outcome="").order_by().values_list("outcome")
        counts = dict(rows.annotate(n=Count("pk")))
    return [(one.label, counts.get(one.value, 0)) for one in Outcome]


_HEADINGS = (
    (pgettext_lazy("tracing list", "No."), 6), (gettext_lazy("Name"), 12), (gettext_lazy("ID number"), 22),
    (gettext_lazy("Phone"), 16),
    (gettext_lazy("Address"), 30), (pgettext_lazy("tracing list", "Answer"), 18), (gettext_lazy("Passed on to"), 20),
    (gettext_lazy("Note"), 30), (gettext_lazy("When"), 18),
)  # fmt: skip


def answers_workbook(scope: Scope, tracing_list: TracingList) -> bytes:
    """The answers for whoever sent the list, as .xlsx; with what the reader may read."""
    lines = list(tracing_list.lines.order_by("number"))
    rows = [_answer(told) for told in told_lines(scope, tracing_list, lines)]
    title = _("%(name)s: answers") % {"name": tracing_list.name}
    return write_sheet(title, [(str(heading), width) for heading, width in _HEADINGS], rows)


def _answer(told: Told) -> list[str]:
    line = told.line
    when = timezone.localtime(line.at).strftime("%Y-%m-%d %H:%M") if line.at else ""
    said = str(Outcome(line.outcome).label) if line.outcome else _("not answered yet")
    return [
        str(line.number), told.name, told.id_number, told.phone, told.door, said, line.passed_to, line.note, when,
    ]  # fmt: skip
