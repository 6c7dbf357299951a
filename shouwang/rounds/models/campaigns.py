"""Rounds of many communities that were asked for together, from above."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shouwang.accounts.models import User
from shouwang.core.models import Record
from shouwang.places.models import Place
from shouwang.rounds.states import RoundState


class Campaign(Record):
    """What a district or subdistrict asks its communities for: each begins its own round under it. `words` say kindly
    what it is for. Above a community nothing but numbers is seen of it."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(pgettext_lazy("round", "name"), max_length=60)
    words = models.CharField(_("what it is for"), max_length=300, blank=True, default="")
    state = models.CharField(max_length=8, choices=RoundState, default=RoundState.OPEN)
    began_at = models.DateTimeField()
    began_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"name", "words", "state"})

    class Meta:
        indexes = [models.Index(fields=["state", "began_at"])]

    def __str__(self) -> str:
        return self.name
