"""What happens to goods by itself, one file a subject."""

from shouwang.goods.jobs import medicine
from shouwang.goods.jobs.custody import recover_due_holdings, remind_due_holding
from shouwang.goods.jobs.gifts import release_due_giver
from shouwang.goods.jobs.parcels import mark_due_wish, release_due_parcels
from shouwang.goods.jobs.runs import hear_due_news, leave_due_runs, plan_due_runs

__all__ = [
    "hear_due_news",
    "leave_due_runs",
    "mark_due_wish",
    "medicine",
    "plan_due_runs",
    "recover_due_holdings",
    "release_due_giver",
    "release_due_parcels",
    "remind_due_holding",
]
