"""Sheets past their days: their text goes, that they came stays."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from shouwang.ledgers.models import RegisterImport
from shouwang.ledgers.rules import DAYS_STAGED
from shouwang.ledgers.states import ImportState


def _old(at: datetime) -> Q:
    holds = ~Q(staged="") | ~Q(file_name="") | ~Q(problems="")
    return Q(uploaded_at__lt=at - timedelta(days=DAYS_STAGED)) & holds


def count_old(at: datetime) -> int:
    """Sheets past their days that still hold text."""
    return RegisterImport.objects.filter(_old(at)).count()


def erase_old(at: datetime, limit: int) -> int:
    """Empties them; one that nobody confirmed is dropped."""
    ids = list(RegisterImport.objects.filter(_old(at)).values_list("pk", flat=True)[:limit])
    rows = RegisterImport.objects.filter(pk__in=ids)
    rows.filter(state=ImportState.STAGED).update(state=ImportState.DROPPED)
    return rows.update(staged="", problems="", file_name="")


def verify_old(at: datetime) -> int:
    """The same counted row by row."""
    limit = at - timedelta(days=DAYS_STAGED)
    rows = RegisterImport.objects.values_list("uploaded_at", "staged", "problems", "file_name")
    return sum(1 for uploaded_at, *texts in rows if uploaded_at < limit and any(texts))
