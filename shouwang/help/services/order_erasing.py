"""What a list says of a household goes thirty days after its request is over; figures and states stay for counting."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from shouwang.core.registry import purposes
from shouwang.help.models import OrderLine, ShoppingRun
from shouwang.help.selectors.order_past import LINE_WORDS, PURPOSE, lines_past, runs_past


def _limit(at: datetime) -> datetime:
    return at - timedelta(days=purposes.get(PURPOSE).days)


def erase_order_words(at: datetime, limit: int) -> int:
    """Erases the words of at most `limit` lines, and of as many runs why their money differed; how many."""
    with transaction.atomic():
        lines = list(lines_past(at).values_list("pk", flat=True)[:limit])
        runs = list(runs_past(at).values_list("pk", flat=True)[: limit - len(lines)])
        OrderLine.objects.filter(pk__in=lines).update(**dict.fromkeys(LINE_WORDS, ""))
        ShoppingRun.objects.filter(pk__in=runs).update(reason="")
        return len(lines) + len(runs)


def order_words_left(at: datetime) -> int:
    """The same counted otherwise: by reading each."""
    limit = _limit(at)
    lines = OrderLine.objects.select_related("order__request").filter(order__request__closed_at__isnull=False)
    told = sum(
        1 for line in lines.iterator()
        if line.order.request.closed_at and line.order.request.closed_at < limit
        and any(getattr(line, name) for name in LINE_WORDS)
    )  # fmt: skip
    runs = ShoppingRun.objects.filter(settled_at__isnull=False)
    return told + sum(
        1 for run in runs.iterator() if run.settled_at and run.settled_at < limit and run.reason
    )
