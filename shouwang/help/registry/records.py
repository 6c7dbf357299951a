"""Audit kinds, due kinds, purposes, the eraser, the promise, the messages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shouwang.core.registry import (
    AuditKind,
    DueKind,
    Eraser,
    Finding,
    Invariant,
    MessageTemplate,
    PurposeKind,
    audit_kinds,
    due_kinds,
    erasers,
    invariants,
    message_templates,
    purposes,
)
from shouwang.help import jobs, selectors, services
from shouwang.help.models import HelpRequest, HotlineTicket
from shouwang.help.selectors.evening import evenings_past
from shouwang.help.selectors.past import texts_left
from shouwang.help.selectors.tickets import tickets_past, tickets_unwatched

for code, sentence, tone in (
    ("help.request.taken_in", _("took in request %(number)s"), "calm"),
    ("help.request.verified", _("verified who asked"), "calm"),
    ("help.request.changed", _("changed a request"), "calm"),
    ("help.request.link_renewed", _("gave out a new private link"), "calm"),
    ("help.request.seen", _("saw a request first"), "calm"),
    ("help.request.read", _("opened a confidential request"), "calm"),
    ("help.request.offered", _("offered a request to a volunteer"), "calm"),
    ("help.request.accepted", _("a request was taken on"), "calm"),
    ("help.request.declined", _("an offer was not taken"), "calm"),
    ("help.request.released", _("a request was handed back"), "need"),
    ("help.request.started", _("set out for a request"), "calm"),
    ("help.request.attempted", _("tried, and wrote down how it went"), "calm"),
    ("help.request.noted", _("wrote a note"), "calm"),
    ("help.request.told", _("told %(people)s people of a request"), "calm"),
    ("help.request.risen", _("a request rose one level"), "need"),
    ("help.request.rung_out", _("nobody was left to tell of a request"), "need"),
    ("help.request.word_ran_out", _("no word for 30 minutes on a danger to life"), "danger"),
    ("help.request.step_ticked", _("ticked a step of the green channel"), "calm"),
    ("help.request.rang", _("rang somebody about a request"), "calm"),
    ("help.request.photo_added", _("added a photo to a request"), "calm"),
    ("help.request.finished", _("finished a request"), "calm"),
    ("help.request.confirmed", _("the resident said that it is right"), "calm"),
    ("help.request.not_right", _("the resident said that something is not right"), "need"),
    ("help.request.closed", _("closed a request"), "calm"),
    ("help.request.withdrawn", _("a request was withdrawn"), "calm"),
    ("help.request.reopened", _("opened a request again"), "calm"),
    ("help.ticket.taken_in", _("took in a hotline's ticket"), "calm"),
    ("help.ticket.replied", _("answered a hotline's ticket"), "calm"),
    ("help.ticket.rung_back", _("rang back about a hotline's ticket"), "calm"),
    ("help.confidant.named", _("named somebody who may know of a confidential request"), "calm"),
    ("help.confidant.ended", _("somebody is no longer to know of a confidential request"), "calm"),
    ("help.evening.signed", _("signed off the evening, %(unanswered)s unanswered"), "calm"),
    ("help.money.written", _("wrote down an act with money"), "calm"),
    ("help.directory.added", _("added somebody to ring to the directory"), "calm"),
    ("help.directory.changed", _("changed an entry of the directory"), "calm"),
    ("help.directory.ended", _("took an entry off the directory"), "calm"),
):
    audit_kinds.add(AuditKind(code, sentence, tone=tone))

due_kinds.add(DueKind("help.escalate", jobs.escalate_due_row))
due_kinds.add(DueKind("help.ticket", jobs.watch_due_ticket))
due_kinds.add(DueKind("help.reoffer", jobs.reoffer_due_commitment))

# 30 days after its end: long enough for 'that is not what I asked for', and for the month's count.
purposes.add(
    PurposeKind(
        "help.request", _("So that a call for help can be answered"), 30, after=_("the request is closed")
    )
)
erasers.add(
    Eraser(
        "help.requests",
        frozenset(
            {
                "help.HelpRequest.door_said", "help.HelpRequest.asker_name", "help.HelpRequest.asker_phone",
                "help.HelpRequest.title", "help.HelpRequest.words", "help.RequestLine.name", "help.RequestLine.note",
                "help.Attempt.note", "help.RequestEvent.text",
            }
        ),
        count=lambda at: selectors.past_their_days(at).count(),
        erase_batch=lambda at, limit: services.erase_request_texts(at=at, limit=limit),
        verify=texts_left,
    )
)  # fmt: skip

erasers.add(
    Eraser(
        "help.evenings",
        frozenset({"help.EveningSignOff.remark"}),
        count=lambda at: evenings_past(at, purposes.get("help.request").days).count(),
        erase_batch=services.erase_evening_remarks,
        verify=services.evening_remarks_left,
    )
)

erasers.add(
    Eraser(
        "help.tickets",
        frozenset(
            {
                "help.HotlineTicket.caller_name", "help.HotlineTicket.caller_phone", "help.HotlineTicket.words",
                "help.HotlineTicket.reply",
            }
        ),
        count=lambda at: tickets_past(at, purposes.get("help.request").days).count(),
        erase_batch=services.erase_ticket_words,
        verify=services.ticket_words_left,
    )
)  # fmt: skip


def _watched(at: datetime, community: UUID | None) -> Finding:
    return Finding(*tickets_unwatched(community))


def _describe_tickets(ticket_ids: Sequence[UUID]) -> list[tuple[str, str]]:
    found = HotlineTicket.objects.filter(pk__in=list(ticket_ids))
    return [(row.number, reverse("help:ticket", args=[row.pk])) for row in found]


def _owned_and_due(at: datetime, community: UUID | None) -> Finding:
    return Finding(*selectors.without_owner_or_due(community))


def _heard(at: datetime, community: UUID | None) -> Finding:
    return Finding(*selectors.life_unheard(at, community))


def _describe(request_ids: Sequence[UUID]) -> list[tuple[str, str]]:
    """Numbers and pages; what is asked is not said here, since some are confidential."""
    found = HelpRequest.objects.filter(pk__in=list(request_ids))
    return [(row.spoken_number, reverse("help:request", args=[row.pk])) for row in found]


invariants.add(
    Invariant(
        "help.request.has-owner-and-due",
        _("Every open request is somebody's or in a queue, and somebody looks at it again"),
        _owned_and_due, order=20, describe=_describe,
    )
)  # fmt: skip
invariants.add(
    Invariant(
        "help.life.somebody-told",
        _("Of every danger to life somebody has been told"),
        _heard, order=5, describe=_describe,
    )
)  # fmt: skip

invariants.add(
    Invariant(
        "help.ticket.watched",
        _("Every hotline's ticket that is not over has somebody told before its deadline"),
        _watched, order=25, describe=_describe_tickets,
    )
)  # fmt: skip

for code, sentence in (
    ("help.ticket_soon", _("The hotline's ticket %(number)s is to be answered within four hours.")),
    ("help.ticket_late", _("The deadline of the hotline's ticket %(number)s is over. Please answer it now.")),
    (
        "help.ticket_ring",
        _("The hotline's ticket %(number)s is answered and nobody has rung back yet. Please ring."),
    ),
):
    message_templates.add(MessageTemplate(code, sentence, sentence))

for code, sentence, discreet, confidential in (
    (
        "help.new",
        _("%(number)s · %(door)s: %(title)s. Please see to it, or find somebody."),
        _("Request %(number)s waits for somebody. Please look."),
        _("Request %(number)s waits for you. It is confidential."),
    ),
    (
        "help.offered",
        _("%(number)s · %(door)s: %(title)s. Can you take it on?"),
        _("Can you take on request %(number)s? Please look."),
        _("Can you take on request %(number)s? It is confidential."),
    ),
    (
        "help.untaken",
        _("%(number)s · %(door)s: %(title)s. Nobody has taken it on in time; it is with you now."),
        _("Nobody has taken on request %(number)s in time. Please look."),
        _("Nobody has taken on request %(number)s in time. It is confidential."),
    ),
    (
        "help.soon_late",
        _("%(number)s · %(door)s: %(title)s should be finished soon."),
        _("Request %(number)s should be finished soon."),
        _("Request %(number)s should be finished soon. It is confidential."),
    ),
    (
        "help.late",
        _("%(number)s · %(door)s: %(title)s is late. Please ask what is missing."),
        _("Request %(number)s is late. Please look."),
        _("Request %(number)s is late. It is confidential."),
    ),
    (
        "help.unconfirmed",
        _("%(number)s · %(door)s: %(title)s is done since yesterday and not confirmed. Please ring."),
        _("Request %(number)s is done and not confirmed. Please ring."),
        _("Request %(number)s is done and not confirmed. It is confidential."),
    ),
    (
        "help.asker_wrote",
        _("%(number)s · %(door)s: whoever asked has added something."),
        _("Something was added to request %(number)s. Please look."),
        _("Something was added to request %(number)s. It is confidential."),
    ),
    (
        "help.life",
        _("DANGER TO LIFE %(number)s · %(door)s: %(title)s. If you can go, say 'I'm on my way'."),
        _("Danger to life, request %(number)s. Please look at once."),
        _("Danger to life, request %(number)s. It is confidential: please look at once."),
    ),
):
    message_templates.add(MessageTemplate(code, sentence, discreet))
    message_templates.add(MessageTemplate(f"{code}_confidential", confidential, discreet))
