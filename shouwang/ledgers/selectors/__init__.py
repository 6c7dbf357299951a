"""Reads of ledgers: imports within the scope, and what confirming one would do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from shouwang.core.scope import Scope
from shouwang.ledgers.engines.shapes import Issue, RegisterSheet
from shouwang.ledgers.engines.writing import cell_text, write_problems
from shouwang.ledgers.models import RegisterImport
from shouwang.ledgers.selectors.planning import known_doors, plan_import
from shouwang.ledgers.selectors.sentences import said_of
from shouwang.ledgers.selectors.staged import from_text
from shouwang.people.selectors import RegisterEntry

MOST_SHOWN = 300


def imports_for(scope: Scope) -> QuerySet[RegisterImport]:
    """Imports of the communities where the scope may import, newest first."""
    ids = scope.ids("register.import", "community_id")
    return (
        RegisterImport.objects.filter(Q(community_id__in=ids))
        .select_related("uploaded_by")
        .order_by("-uploaded_at")
    )


def import_by_id(import_id: UUID | None) -> RegisterImport | None:
    """For the worker, never for a page."""
    return RegisterImport.objects.filter(pk=import_id).first() if import_id else None


def import_for(scope: Scope, import_id: UUID) -> RegisterImport:
    """The import, or 404."""
    found = imports_for(scope).filter(pk=import_id).first()
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True)
class Doubt:
    """A line with something to look at."""

    row: int
    door: str
    name: str
    sentences: tuple[str, ...]
    refused: bool


@dataclass(frozen=True)
class Preview:
    """What a staged sheet holds, and what confirming it would do."""

    sheet: RegisterSheet
    counts: dict[str, int]
    issues: tuple[Issue, ...]
    doubts: tuple[Doubt, ...]
    absent: tuple[RegisterEntry, ...]


def preview_of(staged: RegisterImport) -> Preview:
    """Works the plan out anew, so that the preview is true at the moment it is looked at."""
    sheet = from_text(staged.staged)
    assert staged.sheet_date is not None
    plan = plan_import(staged.community_id, sheet, staged.sheet_date, known_doors(staged.community_id))
    issues = tuple(sorted([*sheet.issues, *plan.issues], key=lambda issue: issue.row))
    counts = {
        **staged.counts,
        **plan.counts,
        "warnings": sum(1 for issue in issues if issue.level == "warning"),
    }
    return Preview(sheet, counts, issues, tuple(_doubts(sheet, issues)), tuple(plan.absent))


def _doubts(sheet: RegisterSheet, issues: tuple[Issue, ...]) -> list[Doubt]:
    rows = {row.number: row for row in sheet.rows}
    refused = {row.number: row for row in sheet.refused}
    found = []
    for number in sorted({issue.row for issue in issues if issue.row}):
        row: Any = rows.get(number)
        door = "-".join(part for part in (row.building, row.stairwell, row.door) if part) if row else ""
        name = (
            row.name
            if row
            else " ".join(cell_text(c) for c in refused[number].cells if c)[:60]
            if number in refused
            else ""
        )
        sentences = tuple(said_of(issue) for issue in issues if issue.row == number)
        found.append(Doubt(number, door, name, sentences, number in refused))
    return sorted(found, key=lambda doubt: (not doubt.refused, doubt.row))


def doubts_of(staged: RegisterImport) -> list[Doubt]:
    """The doubtful lines of a sheet that was confirmed, while its text is kept."""
    if not staged.staged:
        return []
    sheet = from_text(staged.staged)
    return _doubts(sheet, tuple(sheet.issues))[:MOST_SHOWN]


def problems_workbook(staged: RegisterImport, title: str) -> bytes:
    """The lines with doubts as .xlsx, cells marked, the sentence beside."""
    preview = preview_of(staged)
    cells = {row.number: row.cells for row in preview.sheet.rows}
    cells |= {row.number: row.cells for row in preview.sheet.refused}
    lines = [
        (number, cells.get(number, ()), [issue for issue in preview.issues if issue.row == number])
        for number in sorted({issue.row for issue in preview.issues if issue.row})
    ]
    return write_problems(preview.sheet.headings, lines, title=title, sentence=said_of)


def as_contract(preview: Preview) -> dict[str, Any]:
    """The answer of import-register, as others script against it."""
    counts = preview.counts
    return {
        **{name: counts[name] for name in ("rows", "taken", "merged", "refused", "households")},
        "errors": [_line(issue) for issue in preview.issues if issue.level == "error"],
        "warnings": [_line(issue) for issue in preview.issues if issue.level != "error"],
        "absent": counts["absent"],
    }


def _line(issue: Issue) -> dict[str, Any]:
    return {"row": issue.row, "column": issue.column, "code": issue.code, "message": said_of(issue)}
