"""The promise for lists and runs, asked of the live database."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from shouwang.core.due import keys_due
from shouwang.help.models import Order, OrderLine, ShoppingRun
from shouwang.help.states import LIVE_RUNS, OPEN_STATES, UNANSWERED_LINES, UNDELIVERED_ORDERS, OrderState

ANSWER = "help.answer"


def orders_unwatched(community: UUID | None) -> tuple[int, list[UUID]]:
    """Undelivered orders counted, and those that nobody would come back to: an open one whose request is over, one in
    a run that is over, or one with a question that nothing will remind of."""
    rows = Order.objects.filter(state__in=UNDELIVERED_ORDERS).select_related("request", "run")
    if community is not None:
        rows = rows.filter(community_id=community)
    found = list(rows)
    due = keys_due(ANSWER)
    lines = OrderLine.objects.filter(order__in=[row.pk for row in found], state__in=UNANSWERED_LINES)
    unasked = {order_id for pk, order_id in lines.values_list("pk", "order_id") if str(pk) not in due}
    return len(found), [row.pk for row in found if row.pk in unasked or _is_lost(row)]


def _is_lost(order: Order) -> bool:
    if order.state == OrderState.IN_RUN:
        return order.run is None or order.run.state not in LIVE_RUNS
    return order.request.state not in OPEN_STATES


def describe_orders(ids: Sequence[UUID]) -> list[tuple[UUID, str]]:
    """The numbers of these orders' requests."""
    rows = Order.objects.filter(pk__in=list(ids)).select_related("request")
    return [(row.pk, row.request.spoken_number) for row in rows]


def describe_runs(ids: Sequence[UUID]) -> list[tuple[UUID, str]]:
    """The shops of these runs; money of something else than a run is told by whoever keeps it."""
    return [(row.pk, row.shop) for row in ShoppingRun.objects.filter(pk__in=list(ids))]
