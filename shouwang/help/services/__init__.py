"""Every write of this room. One small file a chapter of a request's life."""

from shouwang.help.services.closing import (
    close_request,
    confirm_request,
    reopen_request,
    withdraw_request,
)
from shouwang.help.services.confidants import end_confidant, name_confidant
from shouwang.help.services.directory import add_directory_entry, change_directory_entry, end_directory_entry
from shouwang.help.services.dispatch import (
    accept_offer,
    decline_offer,
    offer_request,
    release,
    reoffer_request,
)
from shouwang.help.services.doing import (
    acknowledge_request,
    add_note,
    add_photo,
    finish_request,
    mark_seen,
    record_attempt,
    start_request,
)
from shouwang.help.services.emergency import record_ring, tick_green_step
from shouwang.help.services.erasing import erase_request_texts
from shouwang.help.services.escalation import escalate_due_request
from shouwang.help.services.evening import erase_evening_remarks, evening_remarks_left, sign_off_evening
from shouwang.help.services.intake import change_request, renew_link, take_in_request, verify_request
from shouwang.help.services.tickets import (
    erase_ticket_words,
    record_call_back,
    reply_to_ticket,
    take_in_ticket,
    ticket_words_left,
    watch_ticket,
)

__all__ = [
    "accept_offer",
    "acknowledge_request",
    "add_directory_entry",
    "add_note",
    "add_photo",
    "change_directory_entry",
    "change_request",
    "close_request",
    "confirm_request",
    "decline_offer",
    "end_confidant",
    "end_directory_entry",
    "erase_evening_remarks",
    "erase_request_texts",
    "erase_ticket_words",
    "escalate_due_request",
    "evening_remarks_left",
    "finish_request",
    "mark_seen",
    "name_confidant",
    "offer_request",
    "record_attempt",
    "record_call_back",
    "record_ring",
    "release",
    "renew_link",
    "reoffer_request",
    "reopen_request",
    "reply_to_ticket",
    "sign_off_evening",
    "start_request",
    "take_in_request",
    "take_in_ticket",
    "tick_green_step",
    "ticket_words_left",
    "verify_request",
    "watch_ticket",
    "withdraw_request",
]  # fmt: skip
