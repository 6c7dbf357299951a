"""What rounds enters into core's registries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from shouwang.core.registry import (
    AuditKind,
    DueKind,
    Eraser,
    Finding,
    Invariant,
    NavEntry,
    PurposeKind,
    TodayItem,
    TodaySource,
    audit_kinds,
    due_kinds,
    erasers,
    invariants,
    nav_entries,
    purposes,
    today_sources,
)
from shouwang.core.scope import Scope
from shouwang.rounds import services
from shouwang.rounds.jobs import keep_due_roster_true
from shouwang.rounds.registry import coverage, tracing  # noqa: F401  (entered by being imported)
from shouwang.rounds.selectors import MARK, counts_by_round, rounds_for, uneven_rounds
from shouwang.rounds.states import RoundState


def rounds_going_on(scope: Scope, at: datetime) -> Sequence[TodayItem]:
    """Rounds that go on with somebody still missing in my places."""
    if not scope.can(MARK):
        return []
    found = list(rounds_for(scope).filter(state=RoundState.OPEN)[:10])
    return [
        TodayItem(
            key=f"round:{one.pk}",
            tone="need",
            rank=3,
            title=ngettext(
                "%(name)s: %(n)s of %(all)s is still missing", "%(name)s: %(n)s of %(all)s are still missing",
                counts.open,
            ) % {"name": one.name, "n": counts.open, "all": counts.total},
            small="",
            action=gettext("Who is missing"),
            url=reverse("rounds:missing", args=[one.pk]),
            since=one.began_at,
        )
        for one, counts in counts_by_round(scope, found)
        if counts.open
    ]  # fmt: skip


def _counters_agree(at: datetime, community: UUID | None) -> Finding:
    counted, broken = uneven_rounds(community)
    return Finding(counted, broken)


for code, sentence in (
    ("rounds.round.begun", _("began the round %(name)s with %(entries)s on its roster")),
    ("rounds.round.closed", _("closed the round %(name)s; %(left)s open were signed off")),
    ("rounds.entry.marked", _("said how an entry of a round stands")),
    ("rounds.entries.marked", _("said of %(entries)s entries of a round how they stand")),
    ("rounds.roster.kept", _("compared a roster with the register: %(added)s came, %(gone)s left")),
    ("rounds.missing.read", _("opened the list of those still missing in a round (%(entries)s)")),
):
    audit_kinds.add(AuditKind(code, sentence))

purposes.add(PurposeKind("round", _("To miss nobody in a round"), 30, after=_("the round is closed")))
erasers.add(
    Eraser(
        "rounds.rosters",
        frozenset({"rounds.Attempt.note", "rounds.Attempt.answers", "rounds.Attempt.tube"}),
        count=services.count_past,
        erase_batch=services.erase_past,
        verify=services.verify_past,
    )
)
due_kinds.add(DueKind("rounds.keep_true", keep_due_roster_true))
invariants.add(
    Invariant(
        "rounds.entry.one-state",
        _("Every entry of a round stands in exactly one state, and the counters agree with the roster"),
        _counters_agree,
        order=60,
    )
)
today_sources.add(TodaySource("rounds.missing", rounds_going_on, order=45))
nav_entries.add(NavEntry("rounds", _("Rounds"), "rounds:board", "list-checks", MARK, order=35))
