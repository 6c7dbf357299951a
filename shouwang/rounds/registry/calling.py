"""Calling to a point and walking door to door: acts, due rows, messages, work, who may see what, Today."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from shouwang.core.registry import (
    AuditKind,
    DueKind,
    MessageTemplate,
    Page,
    ScopeSource,
    TodayItem,
    TodaySource,
    WorkSource,
    audit_kinds,
    due_kinds,
    message_templates,
    pages,
    scope_sources,
    today_sources,
    work_sources,
)
from shouwang.core.scope import Scope
from shouwang.rounds.jobs import reoffer_due_list, replan_due_point
from shouwang.rounds.selectors import LEAD, rounds_for
from shouwang.rounds.selectors.walking import grants_of_lists, waiting_lists, work_for
from shouwang.rounds.states import RoundState


def lists_without_anybody(scope: Scope, at: datetime) -> Sequence[TodayItem]:
    """Walking lists that nobody has in hand, one row a round."""
    if not scope.can(LEAD):
        return []
    found = list(rounds_for(scope, LEAD).filter(state=RoundState.OPEN)[:10])
    return [
        TodayItem(
            key=f"walks:{one.pk}",
            tone="need",
            rank=2,
            title=ngettext(
                "%(name)s: %(n)s walking list has nobody yet", "%(name)s: %(n)s walking lists have nobody yet", number
            ) % {"name": one.name, "n": number},
            small=gettext("Choose somebody for each building."),
            action=gettext("Choose who goes"),
            url=reverse("rounds:walks", args=[one.pk]),
            since=since,
        )
        for one, number, since in waiting_lists(found)
    ]  # fmt: skip


for code, sentence in (
    ("rounds.point.set", _("set up the point of a round with %(tables)s tables")),
    ("rounds.point.asked", _("asked for a new plan of calls")),
    ("rounds.point.tables", _("changed the open tables of a point from %(before)s to %(after)s")),
    ("rounds.point.planned", _("planned the calls to a point: %(slots)s")),
    ("rounds.building.held", _("held a building back from being called")),
    ("rounds.building.released", _("let a building be called again")),
    ("rounds.slot.called", _("called %(people)s people to the point")),
    ("rounds.slot.passed", _("ended a call: everybody is back")),
    ("rounds.walks.proposed", _("made %(lists)s walking lists with %(entries)s on them")),
    ("rounds.walk.given", _("gave a walking list to a volunteer")),
    ("rounds.walk.taken_back", _("a walking list waits for somebody again")),
    ("rounds.walk.ended", _("ended a walking list; %(left)s on it still open")),
    ("rounds.walk.read", _("opened a walking list")),
):
    audit_kinds.add(AuditKind(code, sentence))

for code, sentence, discreet in (
    (
        "rounds.called",
        _("%(building)s is called to the sampling point. Please come down now."),
        _("It is your turn at the sampling point. Please come down now."),
    ),
    (
        "rounds.called_head",
        _("%(building)s is called to the sampling point: %(households)s households. Please tell your doors."),
        _("A building of yours is called. Please tell your doors."),
    ),
    (
        "rounds.tube_not_negative",
        _(
            "%(round)s: %(people)s people were in a tube that was not negative. Please have them sampled singly."
        ),
        _("A result of a round needs you. Please look at once."),
    ),
    (
        "rounds.walk_given",
        _("%(building)s, %(doors)s doors: please go up and ring. The list is under My work."),
        _("There is a walking list for you under My work."),
    ),
    (
        "rounds.walk_waits",
        _("The walking list of %(building)s waits for somebody again. Please choose who goes."),
        _("A walking list waits for somebody again. Please look."),
    ),
):
    message_templates.add(MessageTemplate(code, sentence, discreet))

due_kinds.add(DueKind("rounds.replan", replan_due_point, lane="worker"))
due_kinds.add(DueKind("rounds.rewalk", reoffer_due_list))
scope_sources.add(ScopeSource("rounds.walks", grants_of_lists))
work_sources.add(WorkSource("rounds.walks", work_for, order=20))
today_sources.add(TodaySource("rounds.walks", lists_without_anybody, order=46))
pages.add(Page("rounds.walking_list", "rounds:walking_list", _("Walking list")))
pages.add(Page("rounds.walks", "rounds:walks", _("Walking lists"), LEAD))
pages.add(Page("rounds.round", "rounds:round", _("A round"), "round.mark"))
pages.add(Page("rounds.slips", "rounds:slips", _("Who is called when"), "round.mark"))
