"""Pages of rounds, one file a subject."""

from shouwang.rounds.views.answers import answers
from shouwang.rounds.views.beginning import begin, choose_kind
from shouwang.rounds.views.board import board, close, missing, round_page
from shouwang.rounds.views.entries import entry, quick
from shouwang.rounds.views.kinds import change_kind, copy_kind, end_kind, kind, kinds
from shouwang.rounds.views.point import bags, point, point_step, sheet, sheets, trouble
from shouwang.rounds.views.proposals import begin_proposal, decline_proposal, proposals
from shouwang.rounds.views.table import names, scan, table, undo, walk_in
from shouwang.rounds.views.tubes import close_tube, consignment, label, results, tube_page, tubes_page
from shouwang.rounds.views.walk_ins import place, walk_ins

__all__ = [
    "answers",
    "bags",
    "begin",
    "begin_proposal",
    "board",
    "change_kind",
    "choose_kind",
    "close",
    "close_tube",
    "consignment",
    "copy_kind",
    "decline_proposal",
    "end_kind",
    "entry",
    "kind",
    "kinds",
    "label",
    "missing",
    "names",
    "place",
    "point",
    "point_step",
    "proposals",
    "quick",
    "results",
    "round_page",
    "scan",
    "sheet",
    "sheets",
    "table",
    "trouble",
    "tube_page",
    "tubes_page",
    "undo",
    "walk_in",
    "walk_ins",
]
