"""What the coordinators' pages show, composed from the registries."""

from shouwang.desk.selectors.clock import clock_items
from shouwang.desk.selectors.frame import copy_of, figures_for, sections_for, today_items
from shouwang.desk.selectors.record import ROOMS, audit_lines, promise_lines
from shouwang.desk.selectors.wall import building_reached, wall_for

__all__ = [
    "ROOMS",
    "audit_lines",
    "building_reached",
    "clock_items",
    "copy_of",
    "figures_for",
    "promise_lines",
    "sections_for",
    "today_items",
    "wall_for",
]
