"""What the clock does for this room, one due row at a time."""

from shouwang.help.jobs.requests import (
    escalate_due_row,
    reoffer_due_commitment,
    watch_due_ticket,
)

__all__ = [
    "escalate_due_row",
    "reoffer_due_commitment",
    "watch_due_ticket",
]
