"""What tracing lists enter into core's registries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from shouwang.core.registry import (
    AuditKind,
    Eraser,
    NavEntry,
    PurposeKind,
    TodayItem,
    TodaySource,
    audit_kinds,
    erasers,
    nav_entries,
    purposes,
    today_sources,
)
from shouwang.core.scope import Scope
from shouwang.rounds import services
from shouwang.rounds.models import TracingLine
from shouwang.rounds.selectors import LEAD
from shouwang.rounds.selectors.tracing import lists_waiting


def lists_to_answer(scope: Scope, at: datetime) -> Sequence[TodayItem]:
    """Lists with lines that nobody has answered yet; late ones first of all. Answered ones wait to be closed."""
    if not scope.can(LEAD):
        return []
    return [_item(found, at) for found in lists_waiting(scope)]


def _item(found: object, at: datetime) -> TodayItem:
    left, late = found.left, found.is_late(at) and found.left > 0  # type: ignore[attr-defined]
    to_answer = ngettext(
        "%(name)s: %(n)s person to be found and answered",
        "%(name)s: %(n)s people to be found and answered",
        left,
    )
    answered = gettext("%(name)s: everybody answered; send it back and close it")
    return TodayItem(
        key=f"tracing:{found.pk}",  # type: ignore[attr-defined]
        tone="need",
        rank=1 if late else 3,
        title=(to_answer if left else answered) % {"name": found.name, "n": left},  # type: ignore[attr-defined]
        small=gettext("past its deadline") if late else found.sender,  # type: ignore[attr-defined]
        action=gettext("Answer it") if left else gettext("Send back"),
        url=reverse("rounds:tracing_list", args=[found.pk]),  # type: ignore[attr-defined]
        since=found.received_at,  # type: ignore[attr-defined]
    )


for code, sentence in (
    ("rounds.tracing.taken_in", _("took in a tracing list (%(lines)s)")),
    ("rounds.tracing.read", _("read lines of a tracing list (%(lines)s)")),
    ("rounds.tracing.matched", _("said whom a line of a tracing list means")),
    ("rounds.tracing.answered", _("answered a line of a tracing list")),
    ("rounds.tracing.passed_on", _("passed a line of a tracing list on to this community")),
    ("rounds.tracing.exported", _("took the answers to a tracing list out (%(lines)s)")),
    ("rounds.tracing.closed", _("closed the tracing list %(name)s")),
):
    audit_kinds.add(AuditKind(code, sentence))

purposes.add(
    PurposeKind(
        "tracing", _("To find and answer those on a list from above"), 7, after=_("the list is closed")
    )
)
erasers.add(
    Eraser(
        "rounds.tracing",
        frozenset(f"rounds.TracingLine.{name}" for name in TracingLine.PERSONAL),
        count=services.count_tracing,
        erase_batch=services.erase_tracing,
        verify=services.verify_tracing,
    )
)
today_sources.add(TodaySource("rounds.tracing", lists_to_answer, order=18))
nav_entries.add(
    NavEntry(
        "rounds.tracing",
        _("Tracing lists"),
        "rounds:tracing_lists",
        "contact-round",
        LEAD,
        order=37,
        under="rounds",
    )
)
