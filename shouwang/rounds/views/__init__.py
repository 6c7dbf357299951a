"""Pages of rounds, one file a subject."""

from shouwang.rounds.views.board import begin, board, close, missing, round_page
from shouwang.rounds.views.entries import entry, quick
from shouwang.rounds.views.point import bags, point, point_step, sheet, sheets, trouble
from shouwang.rounds.views.table import names, scan, table, undo, walk_in
from shouwang.rounds.views.tubes import close_tube, consignment, label, results, tube_page, tubes_page
from shouwang.rounds.views.walk_ins import place, walk_ins

__all__ = [
    "bags",
    "begin",
    "board",
    "close",
    "close_tube",
    "consignment",
    "entry",
    "label",
    "missing",
    "names",
    "place",
    "point",
    "point_step",
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
