"""Reads of help. Whatever takes a scope answers 404 for a foreign object; confidential ones reach few."""

from shouwang.help.selectors.board import A_PAGE, FILTERS, BoardRow, board_counts, board_rows, board_total
from shouwang.help.selectors.calls import Caller, callers_by_phone, doors_like, find_door, household_choice
from shouwang.help.selectors.drafts import Draft, drafts_of, read_drafts
from shouwang.help.selectors.emergency import (
    GreenRow,
    directory_for,
    directory_of,
    entry_for,
    green_channel,
    who_to_ring,
)
from shouwang.help.selectors.figures import closed_on_day, open_life_count, waiting_count
from shouwang.help.selectors.labels import door_of, doors_of, short_door_of
from shouwang.help.selectors.past import past_their_days
from shouwang.help.selectors.promise import life_unheard, without_owner_or_due
from shouwang.help.selectors.requests import (
    assignment_for,
    assignments_on,
    assignments_to_reoffer,
    confidant_for,
    confidants_of,
    live_assignment_of,
    live_assignment_to,
    may_move_to,
    named_request_for,
    photo_for,
    request_by_link,
    request_for,
    requests_for,
    requests_of_household,
    search_requests,
    veiled_ids,
    who_may_be_named,
)
from shouwang.help.selectors.suggestions import Reason, Suggestion, suggestions_for
from shouwang.help.selectors.timeline import Moment, timeline_of
from shouwang.help.selectors.work import told_requests, work_for

__all__ = [
    "A_PAGE",
    "FILTERS",
    "BoardRow",
    "Caller",
    "Draft",
    "GreenRow",
    "Moment",
    "Reason",
    "Suggestion",
    "assignment_for",
    "assignments_on",
    "assignments_to_reoffer",
    "board_counts",
    "board_rows",
    "board_total",
    "callers_by_phone",
    "closed_on_day",
    "confidant_for",
    "confidants_of",
    "directory_for",
    "directory_of",
    "door_of",
    "doors_like",
    "doors_of",
    "drafts_of",
    "entry_for",
    "find_door",
    "green_channel",
    "household_choice",
    "life_unheard",
    "live_assignment_of",
    "live_assignment_to",
    "may_move_to",
    "named_request_for",
    "open_life_count",
    "past_their_days",
    "photo_for",
    "read_drafts",
    "request_by_link",
    "request_for",
    "requests_for",
    "requests_of_household",
    "search_requests",
    "short_door_of",
    "suggestions_for",
    "timeline_of",
    "told_requests",
    "veiled_ids",
    "waiting_count",
    "who_may_be_named",
    "who_to_ring",
    "without_owner_or_due",
    "work_for",
]  # fmt: skip
