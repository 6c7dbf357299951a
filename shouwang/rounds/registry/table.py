"""What the table enters: its acts, its part of Today, and the erasing of what stood on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from shouwang.core.registry import (
    AuditKind,
    Eraser,
    TodayItem,
    TodaySource,
    audit_kinds,
    erasers,
    today_sources,
)
from shouwang.core.scope import Scope
from shouwang.rounds import services
from shouwang.rounds.selectors import LEAD
from shouwang.rounds.selectors.table import rounds_with_walk_ins
from shouwang.rounds.selectors.tubes import tubes_without_result


def results_awaited(scope: Scope, at: datetime) -> Sequence[TodayItem]:
    """Tubes that were sent more than a day ago and have no result, for those who lead rounds."""
    if not scope.can(LEAD):
        return []
    return [
        TodayItem(
            key=f"results:{round_.pk}",
            tone="need",
            rank=1,
            title=ngettext(
                "%(name)s: %(n)s tube has no result after a day", "%(name)s: %(n)s tubes have no result after a day",
                number,
            ) % {"name": round_.name, "n": number},
            small=gettext("Ring the laboratory, or enter what it sent."),
            action=gettext("Results"),
            url=reverse("rounds:tubes", args=[round_.pk]),
            since=since,
        )
        for round_, number, since in tubes_without_result(scope, at)
    ]  # fmt: skip


def walk_ins_waiting(scope: Scope, at: datetime) -> Sequence[TodayItem]:
    """Those who came without an entry and are not placed yet, for those who lead rounds."""
    if not scope.can(LEAD):
        return []
    return [
        TodayItem(
            key=f"walk-ins:{round_.pk}",
            tone="need",
            rank=3,
            title=ngettext(
                "%(name)s: %(n)s person came without an entry", "%(name)s: %(n)s people came without an entry", number
            ) % {"name": round_.name, "n": number},
            small=gettext("Find them in the register, or enter them."),
            action=gettext("Place them"),
            url=reverse("rounds:walk_ins", args=[round_.pk]),
            since=since,
        )
        for round_, number, since in rounds_with_walk_ins(scope)
    ]  # fmt: skip


for code, sentence in (
    ("rounds.tube.opened", _("put a new tube on the table of a round")),
    ("rounds.tube.closed", _("closed a tube")),
    ("rounds.tube.reopened", _("opened a closed tube again")),
    ("rounds.tube.relabelled", _("put the label of a tube right, with %(people)s in it")),
    ("rounds.tube.read", _("opened the list of who is in a tube (%(people)s)")),
    ("rounds.tubes.sent", _("sent %(tubes)s tubes to the laboratory")),
    ("rounds.results.recorded", _("entered the results of %(results)s tubes")),
    ("rounds.result.corrected", _("put the result of a tube right")),
    (
        "rounds.follow_up.kept",
        _("compared single samples with the results of tubes: %(added)s came, %(withdrawn)s went"),
    ),
    ("rounds.walk_in.added", _("took in somebody without an entry")),
    ("rounds.walk_in.taken_back", _("took back somebody entered without an entry")),
    ("rounds.walk_in.placed", _("said who somebody without an entry is")),
    ("rounds.point.stepped", _("ticked a step at the point")),
    ("rounds.bags.issued", _("counted out %(bags)s waste bags")),
    ("rounds.bags.collected", _("counted %(bags)s waste bags away")),
):
    audit_kinds.add(AuditKind(code, sentence))

erasers.add(
    Eraser(
        "rounds.table",
        frozenset(
            {
                "rounds.Tube.barcode",
                "rounds.Consignment.handed_to",
                "rounds.WalkIn.name",
                "rounds.WalkIn.number",
                "rounds.WalkIn.number_index",
                "rounds.WalkIn.door",
                "rounds.WalkIn.phone",
                "rounds.WalkIn.tube",
                "rounds.WasteBag.collected_by",
            }
        ),
        count=services.count_table_past,
        erase_batch=services.erase_table_past,
        verify=services.verify_table_past,
    )
)
today_sources.add(TodaySource("rounds.results", results_awaited, order=44))
today_sources.add(TodaySource("rounds.walk_ins", walk_ins_waiting, order=46))
