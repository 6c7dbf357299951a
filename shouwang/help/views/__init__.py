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
from shouwang.help.views.detail import detail, photo
from shouwang.help.views.directory import directory, directory_entry, end_entry
from shouwang.help.views.emergency import emergency, ring, step
from shouwang.help.views.evening import evening
from shouwang.help.views.paste import paste

__all__ = [
    "act",
    "answer",
    "attempt",
    "board",
    "change",
    "close",
    "detail",
    "directory",
    "directory_entry",
    "emergency",
    "end_entry",
    "evening",
    "finish",
    "link",
    "lookup",
    "new",
    "note",
    "offer",
    "on_my_way",
    "paste",
    "photo",
    "ring",
    "search",
    "step",
    "verify",
]  # fmt: skip
