"""Every write of this room, one file a chapter of a round's life."""

from shouwang.rounds.services.beginning import begin_round
from shouwang.rounds.services.campaigns import begin_campaign, close_campaign
from shouwang.rounds.services.closing import (
    close_round,
    count_past,
    erase_past,
    record_missing_read,
    record_roster_read,
    settle_left,
    verify_past,
)
from shouwang.rounds.services.joining import join_entries
from shouwang.rounds.services.keeping import keep_true
from shouwang.rounds.services.marking import Heard, Word, hear_words, mark_entry
from shouwang.rounds.services.spots import add_spots, end_spot
from shouwang.rounds.services.tracing import (
    answer_line,
    close_list,
    count_tracing,
    erase_tracing,
    record_tracing_read,
    settle_match,
    take_in_list,
    verify_tracing,
)

__all__ = [
    "Heard",
    "Word",
    "add_spots",
    "answer_line",
    "begin_campaign",
    "begin_round",
    "close_campaign",
    "close_list",
    "close_round",
    "count_past",
    "count_tracing",
    "end_spot",
    "erase_past",
    "erase_tracing",
    "hear_words",
    "join_entries",
    "keep_true",
    "mark_entry",
    "record_missing_read",
    "record_roster_read",
    "record_tracing_read",
    "settle_left",
    "settle_match",
    "take_in_list",
    "verify_past",
    "verify_tracing",
]
