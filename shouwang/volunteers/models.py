"""Those who serve, what they can do and when, what they have taken on, and when they stand down."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core import personal
from shouwang.core.models import Record
from shouwang.core.personal import Personal
from shouwang.core.sealing import SealedTextField
from shouwang.people.models import Person
from shouwang.places.models import Place, Placed
from shouwang.volunteers.states import CommitmentState, StandDownReason


class Volunteer(Record, Placed):
    """Somebody who serves: staff too, since staff fall ill as well. The scope columns are of `home`."""

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="volunteer")
    person = models.OneToOneField(Person, on_delete=models.PROTECT, null=True, related_name="volunteer")
    home = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+")
    skills = models.JSONField(default=list)
    carries_kg = models.PositiveSmallIntegerField(_("carries (kg)"), default=10)
    at_most = models.PositiveSmallIntegerField(_("jobs at a time"), default=3)
    second_line = models.BooleanField(_("second line"), default=False)
    by_phone_only = models.BooleanField(_("by phone only"), default=False)
    enrolled_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"skills"})


class Availability(Record):
    """A time at which a volunteer can be asked. None at all means at any time."""

    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, related_name="availability")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until_at__gt=models.F("from_at")),
                name="availability_forward",
                violation_error_message=_("The end must be later than the beginning."),
            )
        ]


class Commitment(Record, Placed):
    """What a volunteer has taken on, from whichever room. One table for load, scope, hours and stand-down."""

    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, related_name="commitments")
    kind = models.CharField(
        max_length=40, help_text=_("registered by the room that wrote it: help.request ...")
    )
    subject_id = models.UUIDField()
    household_id = models.UUIDField(null=True)
    state = models.CharField(max_length=12, choices=CommitmentState, default=CommitmentState.OPEN)
    weight = models.PositiveSmallIntegerField(default=1)
    by_phone = models.BooleanField(default=False)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"kind", "state"})

    class Meta:
        indexes = [models.Index(fields=["volunteer", "state"]), models.Index(fields=["subject_id"])]
        constraints = [
            models.UniqueConstraint(
                fields=["volunteer", "kind", "subject_id"],
                condition=Q(state="open"),
                name="commitment_once",
                violation_error_message=_("This volunteer has taken this on already."),
            )
        ]


class StandDown(Record):
    """A time off duty. Others see 'stood down', not why."""

    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, related_name="stand_downs")
    reason = SealedTextField()
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    PERSONAL: ClassVar[dict[str, Personal]] = {"reason": Personal(personal.HEALTH, "service")}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["volunteer"],
                condition=Q(until_at__isnull=True),
                name="stood_down_once",
                violation_error_message=_("Already stood down."),
            )
        ]

    def is_live(self, at: datetime) -> bool:
        return self.from_at <= at and (self.until_at is None or self.until_at > at)

    @property
    def why(self) -> str:
        """The reason in words; only for those who may see it."""
        return str(StandDownReason(self.reason).label) if self.reason else ""
