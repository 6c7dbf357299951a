"""Pages of rounds, one file a subject."""

from shouwang.rounds.views.board import begin, board, close, missing, round_page
from shouwang.rounds.views.entries import entry, quick

__all__ = ["begin", "board", "close", "entry", "missing", "quick", "round_page"]
