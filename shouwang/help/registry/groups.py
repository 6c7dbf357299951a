"""Group purchases: acts, the due row, messages, Today, the household's file, purpose and eraser, what must hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shouwang.core.registry import (
    AuditKind,
    CopySource,
    DueKind,
    Eraser,
    Finding,
    Invariant,
    MessageTemplate,
    NavEntry,
    Page,
    PurposeKind,
    Section,
    TodaySource,
    audit_kinds,
    copy_sources,
    due_kinds,
    erasers,
    household_sections,
    invariants,
    message_templates,
    nav_entries,
    pages,
    purposes,
    today_sources,
)
from shouwang.help.jobs import close_due_purchase
from shouwang.help.models import GroupPurchase
from shouwang.help.selectors.groups import RUN
from shouwang.help.selectors.groups_faces import copy_parts, group_items, household_groups
from shouwang.help.selectors.groups_promise import groups_astray, groups_unwatched
from shouwang.help.services.groups_erasing import erase_groups, group_words_left, groups_past

for code, sentence in (
    ("help.group.opened", _("opened group purchase %(number)s")),
    ("help.group.changed", _("changed a group purchase")),
    (
        "help.group.joined",
        _("took in a sign-up chain: %(new)s new, %(changed)s changed, %(back)s taken back"),
    ),
    ("help.group.part_taken_back", _("took a household out of a group purchase")),
    ("help.group.part_put_back", _("put a household back into a group purchase")),
    ("help.group.closed", _("a group purchase closed with its minimum reached")),
    ("help.group.not_reached", _("a group purchase closed below its minimum")),
    ("help.group.reopened", _("opened a group purchase again")),
    ("help.group.withdrawn", _("called a group purchase off")),
    ("help.group.ordered", _("ordered %(pieces)s pieces of a group purchase")),
    ("help.group.supplier_paid", _("paid the supplier of a group purchase")),
    ("help.group.supplier_refunded", _("the supplier of a group purchase gave money back")),
    ("help.group.counted", _("counted what came of a group purchase: %(came)s, %(damaged)s of them damaged")),
    ("help.group.split", _("split a group purchase: %(given)s pieces")),
    ("help.group.given_changed", _("put right what a household got of a group purchase")),
    ("help.group.paid", _("a household paid for a group purchase")),
    ("help.group.paid_back", _("a household got money of a group purchase back")),
    ("help.group.payment_taken_back", _("took back a payment written by mistake")),
    ("help.group.settled", _("settled a group purchase")),
):
    audit_kinds.add(AuditKind(code, sentence))

for code, sentence, discreet in (
    (
        "help.group_reached",
        _("Group purchase %(number)s %(title)s has reached its minimum. Please order it."),
        _("Group purchase %(number)s is closed. Please look."),
    ),
    (
        "help.group_not_reached",
        _(
            "Group purchase %(number)s %(title)s has not reached its minimum. Please give back what was paid in."
        ),
        _("Group purchase %(number)s is closed. Please look."),
    ),
):
    message_templates.add(MessageTemplate(code, sentence, discreet))

due_kinds.add(DueKind("help.group_closes", close_due_purchase))
pages.add(Page("help.group", "help:group", _("Group purchase"), RUN))
pages.add(Page("help.groups", "help:groups", _("Group purchases"), RUN))
nav_entries.add(
    NavEntry(
        "help.groups", _("Group purchases"), "help:groups", "shopping-basket", RUN, order=50, under="help"
    )
)
today_sources.add(TodaySource("help.groups", group_items, order=48))
household_sections.add(
    Section("help.groups", _("Group purchases"), "help/section_groups.html", household_groups, order=36)
)
copy_sources.add(CopySource("help.groups", copy_parts, order=26))

# 30 days after it is settled: long enough for 'mine was short', as for requests.
purposes.add(
    PurposeKind(
        "help.group", _("So that neighbours can buy together"), 30, after=_("the purchase is settled")
    )
)
erasers.add(
    Eraser(
        "help.groups",
        frozenset(
            {
                "help.GroupPurchase.supplier", "help.GroupPurchase.reason", "help.GroupPart.door_key",
                "help.GroupPart.door_said", "help.GroupPart.name_said",
            }
        ),
        count=lambda at: groups_past(at).count(),
        erase_batch=erase_groups,
        verify=group_words_left,
    )
)  # fmt: skip


def _watched(at: datetime, community: UUID | None) -> Finding:
    return Finding(*groups_unwatched(at, community))


def _adds_up(at: datetime, community: UUID | None) -> Finding:
    return Finding(*groups_astray(at, community))


def _describe(group_ids: Sequence[UUID]) -> list[tuple[str, str]]:
    found = GroupPurchase.objects.filter(pk__in=list(group_ids))
    return [(row.spoken_number, reverse("help:group", args=[row.pk])) for row in found]


invariants.add(
    Invariant(
        "help.group.closes", _("Every group purchase that takes sign-ups closes by itself"), _watched, order=26,
        describe=_describe,
    )
)  # fmt: skip
invariants.add(
    Invariant(
        "help.group.adds-up",
        _("Goods and money of every group purchase add up"), _adds_up, order=27, describe=_describe,
    )
)  # fmt: skip
