"""What custody enters into core's registries."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shouwang.core.registry import (
    AuditKind,
    DueKind,
    audit_kinds,
    due_kinds,
)
from shouwang.goods import jobs
from shouwang.goods.services import custody as services

for code, sentence in (
    ("goods.holding.begun", _("wrote down that somebody took something over")),
    ("goods.holding.passed_on", _("wrote down that something went on into other hands")),
    ("goods.holding.confirmed", _("receipted what changed hands")),
    ("goods.holding.declined", _("said that something offered was not taken")),
    ("goods.holding.given_back", _("wrote down that something was given back")),
    ("goods.holding.used_up", _("wrote down that something was used for what it was meant for")),
    ("goods.holding.missing", _("wrote down that something can't be found")),
    ("goods.holding.found", _("wrote down that something was found again")),
):
    audit_kinds.add(AuditKind(code, sentence))

due_kinds.add(DueKind(services.DUE_BACK, jobs.remind_due_holding))
