"""Work in hand, what may be seen because one was told, and search."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shouwang.core.offline import one_by_one
from shouwang.core.registry import (
    CopySource,
    Hit,
    OfflineKind,
    ScopeSource,
    SearchSource,
    Veil,
    WorkSource,
    copy_sources,
    offline_kinds,
    scope_sources,
    search_sources,
    veils,
    work_sources,
)
from shouwang.core.scope import Scope
from shouwang.help import commands, selectors
from shouwang.help.selectors import own_copy
from shouwang.help.selectors.labels import doors_of
from shouwang.help.selectors.work import grants_of_tellings
from shouwang.help.states import RequestState

MOST_HITS = 8


def search_hits(scope: Scope, said: str, at: datetime) -> Sequence[Hit]:
    """Requests by number, words, name or phone, within the scope."""
    if not scope.can("help.see"):
        return []
    found = list(selectors.search_requests(scope, said)[:MOST_HITS])
    doors = doors_of(found)
    return [
        Hit(
            title=f"{row.spoken_number} {row.title}",
            small=" · ".join(part for part in (doors[row.pk], str(RequestState(row.state).label)) if part),
            url=reverse("help:request", args=[row.pk]),
            kind=str(_("request")),
        )
        for row in found
    ]


veils.add(Veil("help.confidential", selectors.veiled_ids))
for kind, label, shape, do in (
    ("help.take", _("I take it"), commands.Body, commands.take),
    ("help.start", _("I set out"), commands.Body, commands.start),
    ("help.attempt", _("It did not work"), commands.Attempt, commands.attempt),
    ("help.finish", _("It is done"), commands.Finish, commands.finish),
):
    offline_kinds.add(OfflineKind(kind, label, {1: shape}, one_by_one(do), commands.describe))
work_sources.add(WorkSource("help.requests", selectors.work_for, order=10))
copy_sources.add(CopySource("help.requests", own_copy.copy_parts, order=20))
search_sources.add(SearchSource("help.requests", search_hits, order=30))
scope_sources.add(ScopeSource("help.told", grants_of_tellings))
