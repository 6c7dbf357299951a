"""Pages of volunteers: the list, enrolment, one volunteer, standing down."""

from shouwang.volunteers.views.board import board, enrol
from shouwang.volunteers.views.duty import come_back, stand_down
from shouwang.volunteers.views.volunteer import add_period, change, end_period, mine, volunteer

__all__ = [
    "add_period",
    "board",
    "change",
    "come_back",
    "end_period",
    "enrol",
    "mine",
    "stand_down",
    "volunteer",
]
