"""What happens to goods by itself, one file a subject."""

from shouwang.goods.jobs.custody import recover_due_holdings, remind_due_holding

__all__ = ["recover_due_holdings", "remind_due_holding"]
