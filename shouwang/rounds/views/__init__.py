"""Pages of rounds, one file a subject."""

from shouwang.rounds.views.board import begin, board, close, missing, round_page
from shouwang.rounds.views.coverage import asked_rounds, campaign, campaign_community, close_campaign
from shouwang.rounds.views.doors import building, stairwell
from shouwang.rounds.views.entries import entry, quick
from shouwang.rounds.views.spots import end_spot, spot_list
from shouwang.rounds.views.tracing import (
    close_tracing,
    tracing_answers,
    tracing_line,
    tracing_list,
    tracing_lists,
    tracing_match,
)

__all__ = [
    "asked_rounds",
    "begin",
    "board",
    "building",
    "campaign",
    "campaign_community",
    "close",
    "close_campaign",
    "close_tracing",
    "end_spot",
    "entry",
    "missing",
    "quick",
    "round_page",
    "spot_list",
    "stairwell",
    "tracing_answers",
    "tracing_line",
    "tracing_list",
    "tracing_lists",
    "tracing_match",
]
