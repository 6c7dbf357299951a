"""What notices enters into core's registries."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from shouwang.core.registry import (
    AuditKind,
    DueKind,
    Eraser,
    Finding,
    Invariant,
    MessageTemplate,
    NavEntry,
    Page,
    PurposeKind,
    audit_kinds,
    due_kinds,
    erasers,
    invariants,
    message_templates,
    nav_entries,
    pages,
    purposes,
)
from shouwang.notices import jobs, selectors, services


def _sent_or_due(at: datetime, community: UUID | None) -> Finding:
    counted, lost = selectors.waiting_and_lost(community)
    return Finding(counted, lost)


for code, sentence, tone in (
    ("notices.message.told", _("told somebody"), "calm"),
    ("notices.message.read", _("read a message"), "calm"),
    ("notices.messages.read", _("read %(number)s messages"), "calm"),
    ("notices.delivery.sent", _("a message went out"), "calm"),
    ("notices.delivery.failed", _("a message could not be sent over any channel"), "need"),
    ("notices.channel.added", _("added a way to be reached"), "calm"),
    ("notices.channel.ended", _("removed a way to be reached"), "calm"),
):
    audit_kinds.add(AuditKind(code, sentence, tone=tone))

due_kinds.add(DueKind("notices.deliver", jobs.deliver_due_message, lane="worker"))
due_kinds.add(DueKind("notices.tell_gaps", jobs.tell_due_gaps))
due_kinds.add(DueKind("notices.tell_glass", jobs.tell_due_glass))

message_templates.add(
    MessageTemplate(
        "notices.gap",
        _("%(places)s has nobody in charge. Please find somebody."),
        _("A stairwell has nobody in charge. Please look."),
    )
)
message_templates.add(
    MessageTemplate(
        "notices.gaps",
        _("%(number)s stairwells have nobody in charge (%(places)s). Please find somebody for each."),
        _("%(number)s stairwells have nobody in charge. Please look."),
    )
)
message_templates.add(
    MessageTemplate(
        "notices.glass",
        _("%(name)s looks into %(place)s because of an emergency. Read why, and whether it was right."),
        _("Somebody looked into a building that is yours. Please look."),
    )
)
message_templates.add(
    MessageTemplate(
        "notices.test",
        _("A test went out over “%(channel)s”. If it arrived there, you can be reached."),
        _("This is a test. If you read it here, you can be reached."),
    )
)

purposes.add(
    PurposeKind("message", _("So that somebody knows what waits for them"), 30, after=_("it was written"))
)
erasers.add(
    Eraser(
        "notices.messages",
        frozenset({"notices.Message.values"}),
        count=lambda at: selectors.old_messages(at).count(),
        erase_batch=services.erase_messages,
        verify=selectors.oldest_message_age,
    )
)
erasers.add(
    Eraser(
        "notices.channels",
        frozenset({"notices.Channel.address"}),
        count=lambda at: selectors.old_channels(at).count(),
        erase_batch=services.erase_addresses,
        verify=selectors.old_addresses,
    )
)
invariants.add(
    Invariant(
        "notices.outbox.sent-or-due",
        _("Every message on its way has been sent or is due"),
        _sent_or_due,
        order=60,
    )
)
pages.add(Page("notices.messages", "notices:messages", _("Messages")))
nav_entries.add(
    NavEntry(
        "notices",
        _("Messages"),
        "notices:messages",
        "bell",
        "today.see",
        order=80,
        count=selectors.unread_count,
    )
)
