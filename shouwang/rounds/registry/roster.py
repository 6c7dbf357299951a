"""What rosters enter into core's registries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from shouwang.core.offline import one_by_one
from shouwang.core.registry import (
    AuditKind,
    DueKind,
    Eraser,
    Finding,
    Invariant,
    NavEntry,
    OfflineKind,
    PhonePart,
    PurposeKind,
    TodayItem,
    TodaySource,
    WorkSource,
    audit_kinds,
    due_kinds,
    erasers,
    invariants,
    nav_entries,
    offline_kinds,
    phone_parts,
    purposes,
    today_sources,
    work_sources,
)
from shouwang.core.scope import Scope
from shouwang.rounds import commands, services
from shouwang.rounds.jobs import keep_due_roster_true
from shouwang.rounds.selectors import MARK, counts_by_round, phones, rounds_for, uneven_rounds
from shouwang.rounds.selectors.at_posts import rounds_at_posts
from shouwang.rounds.selectors.proposals import TAKE_IN, told_urgent, waiting_by_urgency
from shouwang.rounds.states import RoundState


def rounds_going_on(scope: Scope, at: datetime) -> Sequence[TodayItem]:
    """Rounds that go on with somebody still missing in my places."""
    if not scope.can(MARK):
        return []
    found = list(rounds_for(scope).filter(state=RoundState.OPEN)[:10])
    return [
        TodayItem(
            key=f"round:{one.pk}",
            tone="danger" if one.follows_id else "need",
            rank=1 if one.follows_id else 3,
            title=ngettext(
                "%(name)s: %(n)s of %(all)s is still missing", "%(name)s: %(n)s of %(all)s are still missing",
                counts.open,
            ) % {"name": one.name, "n": counts.open, "all": counts.total},
            small=gettext("They were in a tube that was not negative.") if one.follows_id else "",
            action=gettext("Who is missing"),
            url=reverse("rounds:missing", args=[one.pk]),
            since=one.began_at,
        )
        for one, counts in counts_by_round(scope, found)
        if counts.open
    ]  # fmt: skip


def danger_in_answers(scope: Scope, at: datetime) -> Sequence[TodayItem]:
    """What answers propose: danger to life at once and each for itself, the rest as one line."""
    waiting = waiting_by_urgency(scope)
    url, items = reverse("rounds:proposals"), []
    if waiting[True]:
        for told in told_urgent(scope, get_language() or "zh", 10):
            items.append(
                TodayItem(
                    key=f"proposal:{told.proposal.pk}", tone="danger", rank=0, title=f"{told.door} {told.heading}",
                    small=gettext("said in a round; nobody has taken it up"), action=gettext("Take it up"), url=url,
                    since=told.proposal.made_at,
                )
            )  # fmt: skip
    if waiting[False]:
        title = ngettext(
            "%(n)s proposal from answers waits", "%(n)s proposals from answers wait", len(waiting[False])
        ) % {"n": len(waiting[False])}
        since = min(row.made_at for row in waiting[False])
        items.append(
            TodayItem(
                key="proposals", tone="need", rank=3, title=title, small="", action=gettext("Look at them"), url=url,
                since=since,
            )
        )  # fmt: skip
    return items


def count_proposals(scope: Scope, at: datetime) -> int:
    """How many proposals wait, for the navigation."""
    return sum(len(rows) for rows in waiting_by_urgency(scope).values())


def _counters_agree(at: datetime, community: UUID | None) -> Finding:
    counted, broken = uneven_rounds(community)
    return Finding(counted, broken)


for code, sentence in (
    ("rounds.round.begun", _("began the round %(name)s with %(entries)s on its roster")),
    ("rounds.series.begun", _("lets the round %(name)s come again every day at %(hours)s")),
    ("rounds.series.ended", _("the round %(name)s comes again no more")),
    ("rounds.turn.skipped", _("A turn of the round %(name)s was left out: nobody would be on it (%(why)s)")),
    ("rounds.round.closed", _("closed the round %(name)s; %(left)s open were signed off")),
    (
        "rounds.round.signed_off",
        _("closed the round %(name)s and signed off %(left)s that were open; why stands on the round"),
    ),
    ("rounds.entry.marked", _("said how an entry of a round stands")),
    ("rounds.entries.marked", _("said of %(entries)s entries of a round how they stand")),
    ("rounds.roster.kept", _("compared a roster with the register: %(added)s came, %(gone)s left")),
    ("rounds.kind.copied", _("copied the kind of round %(kind_of)s for the community")),
    ("rounds.kind.changed", _("changed the kind of round %(kind_of)s (version %(version)s)")),
    ("rounds.kind.ended", _("offers the kind of round %(kind_of)s no longer")),
    ("rounds.answers.read", _("read what was answered for an entry of a round")),
    ("rounds.answers.named", _("looked up the %(entries)s who gave an answer in a round")),
    ("rounds.answers.counted", _("opened %(entries)s answers of a round to count them")),
    ("rounds.proposals.made", _("answers of a round proposed %(made)s; %(withdrawn)s were taken back")),
    ("rounds.proposals.read", _("opened %(proposals)s proposals from answers")),
    ("rounds.proposal.begun", _("began what an answer had proposed")),
    ("rounds.proposal.declined", _("left be what an answer had proposed")),
    ("rounds.missing.read", _("opened the list of those still missing in a round (%(entries)s)")),
):
    audit_kinds.add(AuditKind(code, sentence))

purposes.add(PurposeKind("round", _("To miss nobody in a round"), 30, after=_("the round is closed")))
erasers.add(
    Eraser(
        "rounds.rosters",
        frozenset(
            {
                "rounds.Round.signed_off_why",
                "rounds.Attempt.note",
                "rounds.Attempt.answers",
                "rounds.Attempt.tube",
                "rounds.Proposal.answers",
                "rounds.Proposal.note",
            }
        ),
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
for kind, label, schemas, apply, describe in (
    ("rounds.mark", _("How an entry of a round stands"), commands.MARKS, commands.mark, commands.describe),
    (
        "rounds.trouble",
        _("A trouble met on the way"),
        commands.TROUBLES,
        one_by_one(commands.trouble),
        commands.describe_trouble,
    ),
):
    offline_kinds.add(OfflineKind(kind, label, schemas, apply, describe))
work_sources.add(WorkSource("rounds.at_posts", rounds_at_posts, order=30))
phone_parts.add(PhonePart("rounds", phones.phone_rounds, order=20))
phone_parts.add(PhonePart("entries", phones.phone_entries, order=30))
today_sources.add(TodaySource("rounds.proposals", danger_in_answers, order=15))
nav_entries.add(
    NavEntry(
        "rounds.proposals", _("Proposals"), "rounds:proposals", "message-circle-question-mark", TAKE_IN, order=36,
        under="rounds",
        count=count_proposals,
    )
)  # fmt: skip
nav_entries.add(NavEntry("rounds", _("Rounds"), "rounds:board", "list-checks", MARK, order=35))
