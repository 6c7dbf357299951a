"""What spots, campaigns and the counts up the tree enter into core's registries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from shouwang.core.registry import (
    AuditKind,
    DueKind,
    Lens,
    NavEntry,
    TodayItem,
    TodaySource,
    audit_kinds,
    due_kinds,
    lenses,
    nav_entries,
    today_sources,
)
from shouwang.core.scope import Scope
from shouwang.rounds.jobs import join_due_entries, settle_due_rest, take_due_turn
from shouwang.rounds.selectors import LEAD, MARK, communities_led
from shouwang.rounds.selectors.campaigns import COUNT, asked_of
from shouwang.rounds.selectors.doors import round_look


def rounds_asked_for(scope: Scope, at: datetime) -> Sequence[TodayItem]:
    """Rounds that are asked for from above and that my community has not begun."""
    if not scope.can(LEAD):
        return []
    return [
        TodayItem(
            key=f"campaign:{campaign.pk}:{place.pk}",
            tone="need",
            rank=3,
            title=gettext("%(office)s asks for a round: %(name)s")
            % {"office": campaign.place.name, "name": campaign.name},
            small=campaign.words,
            action=gettext("Begin it"),
            url=f"{reverse('rounds:choose_kind')}?campaign={campaign.pk}",
            since=campaign.began_at,
        )
        for campaign, place in asked_of(communities_led(scope))[:10]
    ]


for code, sentence in (
    ("rounds.campaign.begun", _("asked the communities for the round %(name)s")),
    ("rounds.campaign.closed", _("ended asking for the round %(name)s")),
    ("rounds.spots.added", _("put %(name)s on the list of spots, %(spots)s times")),
    ("rounds.spot.ended", _("took %(name)s off the list of spots")),
    ("rounds.roster.read", _("opened the roster of a stairwell (%(entries)s)")),
    ("rounds.entries.joined", _("joined two entries of one person in a round")),
):
    audit_kinds.add(AuditKind(code, sentence))

due_kinds.add(DueKind("rounds.join_entries", join_due_entries))
due_kinds.add(DueKind("rounds.turn", take_due_turn))
due_kinds.add(DueKind("rounds.settle_left", settle_due_rest))
today_sources.add(TodaySource("rounds.asked_for", rounds_asked_for, order=44))
nav_entries.add(
    NavEntry(
        "rounds.coverage",
        pgettext_lazy("round", "Coverage"),
        "rounds:coverage",
        "chart-column",
        COUNT,
        order=38,
        under="rounds",
    )
)
lenses.add(Lens("round", pgettext_lazy("lens", "Round"), chosen=round_look, capability=MARK, order=40))
