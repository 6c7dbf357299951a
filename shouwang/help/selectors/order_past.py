"""Lines and runs whose days are over and that still say something of somebody."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from shouwang.core.registry import purposes
from shouwang.help.models import OrderLine, ShoppingRun

PURPOSE = "help.order"
LINE_WORDS = ("name", "said", "brand", "origin", "size", "note", "question", "difference_words")


def _limit(at: datetime) -> datetime:
    return at - timedelta(days=purposes.get(PURPOSE).days)


def lines_past(at: datetime) -> QuerySet[OrderLine]:
    """Lines of requests that were over before the days that the purpose allows, with any words left."""
    said = Q(pk__in=[])
    for name in LINE_WORDS:
        said |= ~Q(**{name: ""})
    return OrderLine.objects.filter(said, order__request__closed_at__lt=_limit(at)).order_by("pk")


def runs_past(at: datetime) -> QuerySet[ShoppingRun]:
    """Runs settled before then that still say why their money differed."""
    return ShoppingRun.objects.filter(settled_at__lt=_limit(at)).exclude(reason="").order_by("pk")
