"""Every write of this room, one file a chapter of a round's life."""

from shouwang.rounds.services.answers import clean_answers
from shouwang.rounds.services.beginning import begin_round
from shouwang.rounds.services.closing import (
    close_round,
    count_past,
    erase_past,
    record_missing_read,
    verify_past,
)
from shouwang.rounds.services.keeping import keep_true
from shouwang.rounds.services.kinds import change_kind, copy_kind, end_kind, ship_kinds
from shouwang.rounds.services.marking import Heard, Word, hear_words, mark_entry
from shouwang.rounds.services.proposals import (
    begin_proposal,
    decline_proposal,
    record_proposals_read,
)
from shouwang.rounds.services.reading import record_answers_counted, record_answers_read

__all__ = [
    "Heard",
    "Word",
    "begin_proposal",
    "begin_round",
    "change_kind",
    "clean_answers",
    "close_round",
    "copy_kind",
    "count_past",
    "decline_proposal",
    "end_kind",
    "erase_past",
    "hear_words",
    "keep_true",
    "mark_entry",
    "record_answers_counted",
    "record_answers_read",
    "record_missing_read",
    "record_proposals_read",
    "ship_kinds",
    "verify_past",
]
