"""The point of a round: its steps ticked off, and its waste bags counted out and away."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core.models import Record
from shouwang.core.personal import NAME, Personal
from shouwang.rounds.models.roster import Round
from shouwang.rounds.states import Step


class PointStep(Record):
    """That a step was done at the point, by whom, when; append-only, since a round may open on several days."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(max_length=12, choices=Step)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"step"})


class WasteBag(Record):
    """A bag for medical waste, numbered within its round: counted out, later counted away."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="bags")
    number = models.PositiveIntegerField()
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    collected_by = models.CharField(_("collected by"), max_length=60, blank=True, default="")
    away_at = models.DateTimeField(null=True)
    away_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    PERSONAL: ClassVar[dict[str, Personal]] = {"collected_by": Personal(NAME, "round")}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "number"], name="bag_number_once")]
