"""Reads of the field app: my work, what a phone is given, what was set aside."""

from shouwang.field.selectors.set_aside import (
    command_of,
    communities_overseen,
    phones_in,
    row_for,
    said_in,
    waiting_in,
)
from shouwang.field.selectors.snapshot import snapshot_for
from shouwang.field.selectors.work import job_for, mark_of, my_work, standing

__all__ = [
    "command_of",
    "communities_overseen",
    "job_for",
    "mark_of",
    "my_work",
    "phones_in",
    "row_for",
    "said_in",
    "snapshot_for",
    "standing",
    "waiting_in",
]
