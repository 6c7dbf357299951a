"""What stood on the table goes with the roster: tubes, what was sent, who came without an entry, who collected bags."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from shouwang.core.registry import purposes
from shouwang.rounds.models import Consignment, Round, Tube, WalkIn, WasteBag
from shouwang.rounds.selectors.tubes import table_past


def _days() -> timedelta:
    return timedelta(days=purposes.get("round").days)


def count_table_past(at: datetime) -> int:
    """Rounds past their days of whose table something is left."""
    return table_past(at - _days()).count()


@transaction.atomic
def erase_table_past(at: datetime, limit: int) -> int:
    """Erases what stood on the tables of at most `limit` rounds. Bags stay counted, without who collected them."""
    rounds = list(table_past(at - _days())[:limit])
    WalkIn.objects.filter(round__in=rounds).delete()
    Tube.objects.filter(round__in=rounds).delete()
    Consignment.objects.filter(round__in=rounds).delete()
    WasteBag.objects.filter(round__in=rounds).exclude(collected_by="").update(collected_by="")
    return len(rounds)


def verify_table_past(at: datetime) -> int:
    """What is left of rounds past their days, counted from the rows."""
    past = list(Round.objects.filter(closed_at__lt=at - _days()).values_list("pk", flat=True))
    named = WasteBag.objects.filter(round__in=past).exclude(collected_by="")
    rows = (Tube.objects.filter(round__in=past), WalkIn.objects.filter(round__in=past))
    return sum(found.count() for found in (*rows, Consignment.objects.filter(round__in=past), named))
