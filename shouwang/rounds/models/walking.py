"""Lists for walking door to door: one building, one reason, one named volunteer at a time."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from shouwang.accounts.models import User
from shouwang.core.models import Record
from shouwang.places.models import Placed
from shouwang.rounds.models.roster import Entry, Round
from shouwang.rounds.states import ForWhom, WalkState
from shouwang.volunteers.models import Commitment, Volunteer


class WalkingList(Record, Placed):
    """Doors of one building at which somebody rings. The scope columns are the building's.

    `commitment` is the row that lets the volunteer see these doors, while they have the list in hand.
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="walking_lists")
    for_whom = models.CharField(max_length=12, choices=ForWhom)
    state = models.CharField(max_length=8, choices=WalkState, default=WalkState.WAITING)
    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, null=True, related_name="+")
    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"for_whom", "state"})

    class Meta:
        indexes = [models.Index(fields=["round", "state"]), models.Index(fields=["volunteer", "state"])]


class WalkingEntry(models.Model):
    """One entry of the roster on a walking list."""

    walking_list = models.ForeignKey(WalkingList, on_delete=models.CASCADE, related_name="entries")
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="walks")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["walking_list", "entry"], name="walking_entry_once")]
