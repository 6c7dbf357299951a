"""A round's point: its tables and what was agreed about it, and the slots in which buildings are called to it."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core.models import Record
from shouwang.places.models import Place, Placed
from shouwang.rounds.models.roster import Entry, Round
from shouwang.rounds.states import Lane, PlanFault, SlotState, WalksBadly


class Point(Record):
    """Where the people of a round come to. `seconds_given` is what a person takes at one table, as told beforehand.

    What was last planned: with which pace (`planned_seconds`) and how many tables, when, and when the last person would
    be through. `version` counts what a plan hangs on, so that a plan made meanwhile from older figures is dropped;
    `asked` says that a new plan is wanted.
    """

    round = models.OneToOneField(Round, on_delete=models.PROTECT, related_name="point")
    community_id = models.UUIDField(db_index=True)
    opens_at = models.DateTimeField(_("opens"))
    tables = models.PositiveSmallIntegerField(_("tables open now"), validators=[MinValueValidator(1)])
    seconds_given = models.PositiveSmallIntegerField(_("seconds a person"))
    queue_limit = models.PositiveSmallIntegerField(_("most people waiting"))
    walk_minutes = models.PositiveSmallIntegerField(_("minutes to walk"))
    walks_badly = models.CharField(max_length=6, choices=WalksBadly, default=WalksBadly.GREEN)
    version = models.PositiveIntegerField(default=0)
    asked = models.BooleanField(default=True)
    planned_at = models.DateTimeField(null=True)
    planned_seconds = models.FloatField(null=True)
    planned_tables = models.PositiveSmallIntegerField(null=True)
    planned_ends_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=12, choices=PlanFault, blank=True, default="")

    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"walks_badly", "fault"})


class PointBuilding(models.Model):
    """What is agreed of one building: it is visited and not called (high risk), or it is held back for now."""

    point = models.ForeignKey(Point, on_delete=models.CASCADE, related_name="buildings")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    door_to_door = models.BooleanField(default=False)
    held = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["point", "place"], name="point_building_once")]


class PointPath(models.Model):
    """Two buildings whose people must not meet on the way."""

    point = models.ForeignKey(Point, on_delete=models.CASCADE, related_name="paths")
    one = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["point", "one", "other"], name="point_path_once"),
            models.CheckConstraint(
                condition=~Q(one=F("other")),
                name="point_path_of_two",
                violation_error_message=_("A path needs two buildings."),
            ),
        ]


class Slot(Record, Placed):
    """Households of one building that are called together. `starts_at`: when they stand at the point; they are called
    one walk earlier. Once called it is never planned anew."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="slots")
    lane = models.CharField(max_length=6, choices=Lane)
    starts_at = models.DateTimeField()
    people = models.PositiveSmallIntegerField()
    households = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=SlotState, default=SlotState.PLANNED)
    called_at = models.DateTimeField(null=True)
    called_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    passed_at = models.DateTimeField(null=True)

    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"lane", "state"})

    class Meta:
        indexes = [models.Index(fields=["round", "state", "starts_at"])]


class SlotEntry(models.Model):
    """Who is called in a slot: one entry of the roster, with the rest of the household beside it."""

    slot = models.ForeignKey(Slot, on_delete=models.CASCADE, related_name="entries")
    entry = models.OneToOneField(Entry, on_delete=models.CASCADE, related_name="slot")
