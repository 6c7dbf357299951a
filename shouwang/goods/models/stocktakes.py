"""Stock-taking: somebody counts without knowing the figure, somebody else counts again where it differs."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core import personal
from shouwang.core.models import Record
from shouwang.core.personal import Personal
from shouwang.goods.models.store import Lot, Shelf
from shouwang.goods.states import CountState, StockTakeState


class StockTake(Record):
    """One stock-take of one shelf. Closed, it says with how many differences; `act` wrote them as movements."""

    community_id = models.UUIDField(db_index=True)
    shelf = models.ForeignKey(Shelf, on_delete=models.PROTECT, related_name="stock_takes")
    state = models.CharField(max_length=10, choices=StockTakeState, default=StockTakeState.COUNTING)
    began_at = models.DateTimeField()
    began_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=120, blank=True, default="")
    differences = models.PositiveIntegerField(null=True)
    act = models.UUIDField(null=True)

    PERSONAL: ClassVar[dict[str, Personal]] = {"reason": Personal(personal.NOTE, "goods.store")}
    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"state"})

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shelf"],
                condition=Q(state="counting"),
                name="stock_take_once",
                violation_error_message=_("This place is being counted already."),
            )
        ]


class CountLine(models.Model):
    """One lot that is to be counted. `difference` is known once somebody has counted; nobody who counts is shown it."""

    id = models.BigAutoField(primary_key=True)
    stock_take = models.ForeignKey(StockTake, on_delete=models.PROTECT, related_name="lines")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=CountState, default=CountState.OPEN)
    difference = models.IntegerField(null=True)

    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"state"})

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stock_take", "lot"], name="count_line_once")]


class Count(models.Model):
    """What somebody counted of a line, append-only, and what the stock was at that moment."""

    id = models.BigAutoField(primary_key=True)
    line = models.ForeignKey(CountLine, on_delete=models.PROTECT, related_name="counts")
    number = models.PositiveSmallIntegerField()
    quantity = models.PositiveIntegerField()
    stock = models.IntegerField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "number"], name="count_number_once")]
