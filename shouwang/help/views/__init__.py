"""The desk's pages of requests."""

from shouwang.help.views.acts import (
    act,
    answer,
    attempt,
    change,
    close,
    finish,
    link,
    note,
    offer,
    on_my_way,
    verify,
)
from shouwang.help.views.board import board, search
from shouwang.help.views.call import lookup, new
from shouwang.help.views.confidants import confidant, end_confidant
from shouwang.help.views.detail import detail, photo
from shouwang.help.views.directory import directory, directory_entry, end_entry
from shouwang.help.views.emergency import emergency, ring, step
from shouwang.help.views.evening import evening
from shouwang.help.views.paste import paste
from shouwang.help.views.tickets import call_back, new_ticket, reply_ticket, ticket, tickets

__all__ = [
    "act", "answer", "attempt", "board", "call_back", "change", "close", "confidant", "detail", "directory",
    "directory_entry", "emergency", "end_confidant", "end_entry", "evening", "finish", "link", "lookup", "new", "new_ticket",
    "note", "offer", "on_my_way", "paste", "photo", "reply_ticket", "ring", "search", "step", "ticket",
    "tickets", "verify",
]  # fmt: skip
