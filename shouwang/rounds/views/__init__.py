"""Pages of rounds, one file a subject."""

from shouwang.rounds.views.board import begin, board, close, missing, round_page
from shouwang.rounds.views.calling import back, call, calling, hold, plan, point, screen, slips, tables
from shouwang.rounds.views.entries import entry, quick
from shouwang.rounds.views.walking import (
    end_walk,
    give,
    give_back,
    make_walks,
    take_back,
    walking_list,
    walking_sheet,
    walks,
)

__all__ = [
    "back",
    "begin",
    "board",
    "call",
    "calling",
    "close",
    "end_walk",
    "entry",
    "give",
    "give_back",
    "hold",
    "make_walks",
    "missing",
    "plan",
    "point",
    "quick",
    "round_page",
    "screen",
    "slips",
    "tables",
    "take_back",
    "walking_list",
    "walking_sheet",
    "walks",
]
