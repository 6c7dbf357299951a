"""What the clock does for this room, one due row at a time."""

from shouwang.help.jobs.groups import close_due_purchase
from shouwang.help.jobs.orders import (
    book_due_cash,
    remind_due_answer,
    reoffer_due_run,
)
from shouwang.help.jobs.requests import (
    escalate_due_row,
    reoffer_due_commitment,
    watch_due_ticket,
)

__all__ = [
    "book_due_cash",
    "close_due_purchase",
    "escalate_due_row",
    "remind_due_answer",
    "reoffer_due_commitment",
    "reoffer_due_run",
    "watch_due_ticket",
]
