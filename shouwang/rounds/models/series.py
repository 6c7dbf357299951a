"""Rounds that come again: every day at the same hours."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import pgettext_lazy

from shouwang.accounts.models import User
from shouwang.core.models import Record


class Series(Record):
    """That a round comes again every day at these hours ("08:00" by the clock on the wall), until a day or until
    somebody ends it. What it is over follows from its newest round. Each turn is a round of its own."""

    community_id = models.UUIDField(db_index=True)
    name = models.CharField(pgettext_lazy("round", "name"), max_length=48)
    hours = models.JSONField(default=list)
    until_on = models.DateField(null=True, help_text="the last day")
    began_at = models.DateTimeField()
    began_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"name", "hours"})

    def __str__(self) -> str:
        return self.name
