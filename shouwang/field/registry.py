"""What field enters into core's registries."""

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
    Page,
    PurposeKind,
    TodayItem,
    TodaySource,
    audit_kinds,
    erasers,
    nav_entries,
    pages,
    purposes,
    today_sources,
)
from shouwang.core.scope import Scope
from shouwang.field import services
from shouwang.field.selectors.set_aside import OVERSEE, waiting_in


def set_aside_waits(scope: Scope, at: datetime) -> Sequence[TodayItem]:
    """One line for everything that phones sent and that waits for a person."""
    rows = list(waiting_in(scope)[:100]) if scope.can(OVERSEE) else []
    if not rows:
        return []
    title = ngettext(
        "%(n)s entry from a phone waits for a decision",
        "%(n)s entries from phones wait for a decision",
        len(rows),
    ) % {"n": len(rows)}
    return [
        TodayItem(
            key="field:set-aside", tone="need", rank=2, title=title, small="", action=gettext("Look at them"),
            url=reverse("field:set_aside"), since=rows[0].arrived_at,
        )
    ]  # fmt: skip


for code, sentence in (
    ("field.command.applied", _("applied what a phone had sent and was set aside")),
    ("field.command.left_out", _("left out what a phone had sent and was set aside")),
    ("field.set_aside.read", _("read what a phone had sent and was set aside")),
):
    audit_kinds.add(AuditKind(code, sentence))
purposes.add(
    PurposeKind("field.set_aside", _("To lose nothing that a phone has sent"), 30, after=_("it arrived"))
)
erasers.add(
    Eraser(
        "field.set_aside",
        frozenset({"field.SetAside.body", "field.SetAside.sentence"}),
        count=services.count_past,
        erase_batch=services.erase_past,
        verify=services.verify_past,
    )
)
today_sources.add(TodaySource("field.set_aside", set_aside_waits, order=46))
nav_entries.add(
    NavEntry(
        "field.set_aside",
        _("From phones"),
        "field:set_aside",
        "smartphone",
        OVERSEE,
        order=75,
        under="rounds",
    )
)
pages.add(Page("field.request", "field:request"))
pages.add(Page("field.my_work", "field:my_work"))
