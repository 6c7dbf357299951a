"""The record of acts in sentences, and the promise in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouwang.accounts.selectors import names_of
from shouwang.core.checks import Checked, check_promise
from shouwang.core.live import entries_for
from shouwang.core.models import AuditEntry
from shouwang.core.registry import audit_kinds
from shouwang.core.scope import Scope
from shouwang.places.selectors import labels_of

PAGE = 60
SOURCES = {
    "web": gettext_lazy("page"),
    "api": gettext_lazy("program"),
    "cli": gettext_lazy("command line"),
    "clock": gettext_lazy("by the clock"),
    "worker": gettext_lazy("by the clock"),
    "demo": gettext_lazy("demo"),
}
ROOMS = (
    ("", gettext_lazy("all")),
    ("help", gettext_lazy("requests")),
    ("places", gettext_lazy("posts and places")),
    ("people", gettext_lazy("residents")),
    ("volunteers", gettext_lazy("volunteers")),
    ("incidents", gettext_lazy("incidents")),
    ("ledgers", gettext_lazy("ledgers")),
    ("accounts", gettext_lazy("sign-ins")),
)


@dataclass(frozen=True)
class AuditLine:
    """One act as a sentence."""

    at: datetime
    who: str
    sentence: str
    where: str
    source: str
    tone: str


def _who(entry: AuditEntry, names: dict[UUID, str]) -> str:
    if entry.actor_id:
        return names.get(entry.actor_id, _("somebody who has left"))
    return {
        "resident": _("a resident"),
        "clock": _("the clock"),
        "operator": _("the operator"),
    }.get(entry.actor_kind, _("the system"))


def sentence_of(entry: AuditEntry) -> str:
    """The act in words; values that were erased leave the sentence without them."""
    kind = audit_kinds.find(entry.kind)
    if kind is None:
        return entry.kind
    try:
        return str(kind.sentence) % (entry.payload or {})
    except (KeyError, TypeError, ValueError):
        return str(kind.sentence).split("%(")[0].strip() or entry.kind


def audit_lines(
    scope: Scope, *, before: int | None = None, room: str = "", subject_id: UUID | None = None
) -> tuple[list[AuditLine], int | None]:
    """A page of acts within the scope, newest first, and the id to go on from."""
    rows = entries_for(scope)
    if before:
        rows = rows.filter(pk__lt=before)
    if room:
        rows = rows.filter(kind__startswith=f"{room}.")
    if subject_id:
        rows = rows.filter(subject_id=subject_id)
    page = list(rows[: PAGE + 1])
    names = names_of({entry.actor_id for entry in page if entry.actor_id})
    labels = labels_of({place for entry in page if (place := entry.stairwell_id or entry.building_id)})
    lines = [_line(entry, names, labels) for entry in page[:PAGE]]
    return lines, (page[PAGE - 1].pk if len(page) > PAGE else None)


def _line(entry: AuditEntry, names: dict[UUID, str], labels: dict[UUID, str]) -> AuditLine:
    kind = audit_kinds.find(entry.kind)
    place = entry.stairwell_id or entry.building_id
    return AuditLine(
        entry.at,
        _who(entry, names),
        sentence_of(entry),
        labels.get(place, "") if place else "",
        str(SOURCES.get(entry.source, entry.source)),
        kind.tone if kind else "calm",
    )


@dataclass(frozen=True)
class PromiseLine:
    """One part of the promise, and whom it fails."""

    checked: Checked
    names: Sequence[tuple[str, str]]

    @property
    def sentence(self) -> Any:
        return self.checked.invariant.sentence


def promise_lines(at: datetime, community: UUID | None) -> list[PromiseLine]:
    """Every invariant run now, what is broken first, with the names of who is missed."""
    lines = []
    for checked in check_promise(at, community):
        describe = checked.invariant.describe
        names = describe(checked.examples) if describe and checked.examples else ()
        lines.append(PromiseLine(checked, names))
    return sorted(lines, key=lambda line: line.checked.holds)
