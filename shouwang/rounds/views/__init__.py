"""Pages of rounds, one file a subject."""

from shouwang.rounds.views.answers import answers
from shouwang.rounds.views.beginning import begin, choose_kind
from shouwang.rounds.views.board import board, close, missing, round_page
from shouwang.rounds.views.entries import entry, quick
from shouwang.rounds.views.kinds import change_kind, copy_kind, end_kind, kind, kinds
from shouwang.rounds.views.proposals import begin_proposal, decline_proposal, proposals

__all__ = [
    "answers",
    "begin",
    "begin_proposal",
    "board",
    "change_kind",
    "choose_kind",
    "close",
    "copy_kind",
    "decline_proposal",
    "end_kind",
    "entry",
    "kind",
    "kinds",
    "missing",
    "proposals",
    "quick",
    "round_page",
]
