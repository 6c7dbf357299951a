"""Spots that are looked after: the lift, the bins, the handle of the door."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shouwang.core.models import Record
from shouwang.places.models import Place, Placed


class Spot(Record, Placed):
    """One spot at a stairwell or building, and how often a day somebody comes by. Ended, never deleted."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(pgettext_lazy("spot", "name"), max_length=40)
    per_day = models.PositiveSmallIntegerField(_("times a day"), default=1)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"name"})

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place", "name"], condition=Q(until__isnull=True), name="spot_once",
                violation_error_message=_("This spot is on the list already."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name
