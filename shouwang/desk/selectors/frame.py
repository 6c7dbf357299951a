"""Today's queue and figures, and the sections of composed pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from shouwang.core.registry import (
    CopyPart,
    Figure,
    Section,
    TodayItem,
    copy_sources,
    figure_sources,
    today_sources,
)
from shouwang.core.scope import Scope

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


def today_items(scope: Scope, at: datetime) -> list[TodayItem]:
    """What waits for this user, most pressing first: rank, then how long it has been so."""
    items = [item for source in today_sources for item in source.items(scope, at)]
    return sorted(items, key=lambda item: (item.rank, item.since or BEGINNING))


def figures_for(scope: Scope, at: datetime) -> list[Figure]:
    """The figures on top of Today; each is a link to its list."""
    found = (source.figure(scope, at) for source in figure_sources)
    return [figure for figure in found if figure is not None]


@dataclass(frozen=True)
class Shown:
    """A section with the values its template needs."""

    section: Section
    values: dict[str, Any]

    @property
    def template(self) -> str:
        return self.section.template


def sections_for(
    sections: Iterable[Section], subject_id: UUID, scope: Scope, at: datetime
) -> dict[str, list[Shown]]:
    """Sections by column; one whose context is None is left out."""
    columns: dict[str, list[Shown]] = {}
    for section in sections:
        values = section.context(subject_id, scope, at)
        if values is not None:
            columns.setdefault(section.column, []).append(Shown(section, dict(values)))
    return columns


def copy_of(person_id: UUID, at: datetime) -> list[CopyPart]:
    """Everything that any room keeps about a person."""
    return [part for source in copy_sources for part in source.parts(person_id, at)]
