"""Every write of this room, one file a chapter of a round's life."""

from shouwang.rounds.services.beginning import begin_round
from shouwang.rounds.services.closing import (
    close_round,
    count_past,
    erase_past,
    record_missing_read,
    verify_past,
)
from shouwang.rounds.services.keeping import keep_true
from shouwang.rounds.services.marking import Heard, Word, hear_words, mark_entry

__all__ = [
    "Heard",
    "Word",
    "begin_round",
    "close_round",
    "count_past",
    "erase_past",
    "hear_words",
    "keep_true",
    "mark_entry",
    "record_missing_read",
    "verify_past",
]
