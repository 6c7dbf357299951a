"""What ledgers enters into core's registries."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouwang.core.registry import (
    AuditKind,
    DueKind,
    Eraser,
    NavEntry,
    Page,
    PurposeKind,
    TodayItem,
    TodaySource,
    audit_kinds,
    due_kinds,
    erasers,
    nav_entries,
    pages,
    purposes,
    today_sources,
)
from shouwang.core.scope import Scope
from shouwang.ledgers import jobs, selectors
from shouwang.ledgers.rules import DAYS_STAGED
from shouwang.ledgers.services.erasing import count_old, erase_old, verify_old
from shouwang.ledgers.states import ImportState


def waiting_imports(scope: Scope, at: datetime) -> list[TodayItem]:
    """Sheets that were read and wait for confirmation."""
    if not scope.can("register.import"):
        return []
    return [_item(row) for row in selectors.imports_for(scope).filter(state=ImportState.STAGED)[:5]]


def _item(row: Any) -> TodayItem:
    words = gettext("%(taken)s new, %(merged)s already there, %(refused)s refused")
    return TodayItem(
        key=f"import:{row.pk}",
        tone="calm",
        rank=4,
        title=gettext("A ledger waits to be confirmed: %(rows)s rows") % row.counts,
        small=words % row.counts,
        action=gettext("Look"),
        url=reverse("ledgers:preview", args=[row.pk]),
        since=row.uploaded_at,
    )


for code, sentence in (
    ("ledgers.register.staged", _("read a ledger of %(rows)s rows")),
    ("ledgers.register.confirmed", _("took a ledger into the register: %(taken)s new, %(merged)s merged")),
    ("ledgers.register.begun", _("began to take in a ledger of %(rows)s rows")),
    ("ledgers.register.not_taken", _("a ledger was not taken in after all: nothing of it was written")),
    ("ledgers.register.dropped", _("threw a read ledger away")),
    ("ledgers.register.exported", _("exported the register: %(people)s people")),
):
    audit_kinds.add(AuditKind(code, sentence))

due_kinds.add(DueKind("ledgers.confirm", jobs.confirm_due_sheet, lane="worker"))

nav_entries.add(
    NavEntry(
        "ledgers.imports",
        _("Ledgers"),
        "ledgers:imports",
        "sheet",
        "register.import",
        order=70,
        under="people",
    )
)
pages.add(Page("ledgers.import", "ledgers:imports", capability="register.import"))
today_sources.add(TodaySource("ledgers.waiting", waiting_imports, order=90))
purposes.add(
    PurposeKind(
        "import", _("A ledger that was read, until it is confirmed"), DAYS_STAGED, after=_("it was read")
    )
)
erasers.add(
    Eraser(
        "ledgers.imports",
        frozenset(f"ledgers.RegisterImport.{name}" for name in ("staged", "problems", "file_name")),
        count=count_old,
        erase_batch=erase_old,
        verify=verify_old,
    )
)
