"""What happens to goods by itself, one file a subject."""

from shouwang.goods.jobs.custody import remind_due_holding
from shouwang.goods.jobs.parcels import mark_due_wish, release_due_parcels

__all__ = ["mark_due_wish", "release_due_parcels", "remind_due_holding"]
