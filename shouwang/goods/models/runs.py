"""Delivery runs: the plan of a day, who carries, the trips, and where each stops with what."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core.models import Record
from shouwang.goods.models.parcels import Parcel
from shouwang.goods.states import PlanFault, PlanState, RunState, StopState
from shouwang.people.models import Household
from shouwang.places.models import Area, Dwelling, Place, Placed
from shouwang.volunteers.models import Commitment, Volunteer


class RunPlan(Record, Placed):
    """What is to be brought from the gate on one day, in a community or an area of it. One is alive at a time.

    `version` grows with everything that makes a plan wrong; `planned_version` is the one that the runs were made for.
    `stale_since`: something came that the runs do not hold yet, and they are right as far as
    they go. `last_return_at`, `late`, `left_out` are figures of that planning.
    """

    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, related_name="+")
    day = models.DateField()
    state = models.CharField(max_length=8, choices=PlanState, default=PlanState.ASKED)
    version = models.PositiveIntegerField(default=1)
    planned_version = models.PositiveIntegerField(default=0)
    stale_since = models.DateTimeField(null=True)
    seconds = models.FloatField(default=5)
    seed = models.PositiveIntegerField(default=1)
    fault = models.CharField(max_length=10, choices=PlanFault, blank=True, default=PlanFault.NONE)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField(null=True)
    last_return_at = models.DateTimeField(null=True)
    late = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)

    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"state", "fault"})

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community_id"],
                condition=~Q(state=PlanState.OVER),
                name="run_plan_once",
                violation_error_message=_("The runs of this community are being planned already."),
            )
        ]
        indexes = [models.Index(fields=["community_id", "state"])]

    def is_stale(self) -> bool:
        """Whether something has changed since the runs were made."""
        return self.planned_version != self.version or self.stale_since is not None


class RunCarrier(Record):
    """Somebody who carries on the day of a plan: what the cart holds, and what of one stop they carry upstairs."""

    plan = models.ForeignKey(RunPlan, on_delete=models.PROTECT, related_name="carriers")
    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, related_name="+")
    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, null=True, related_name="+")
    cart_kg = models.PositiveSmallIntegerField(_("the cart holds (kg)"), default=80)
    strength_kg = models.PositiveSmallIntegerField(_("carries upstairs at once (kg)"), null=True)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "volunteer"],
                condition=Q(left_at__isnull=True),
                name="run_carrier_once",
                violation_error_message=_("This volunteer helps already."),
            ),
            models.CheckConstraint(condition=Q(cart_kg__gt=0), name="cart_carries"),
        ]


class KeptApart(Record):
    """That a volunteer brings nothing to a household. Nobody says why, and it is kept nowhere."""

    community_id = models.UUIDField(db_index=True)
    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, related_name="+")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["volunteer", "household"],
                condition=Q(until_at__isnull=True),
                name="kept_apart_once",
                violation_error_message=_("These two are kept apart already."),
            )
        ]


class Run(Record, Placed):
    """One trip with a cart. `by_hand`: somebody chose its stops and their order, and planning goes around it.

    `volunteer` is who walks it: the carrier's, or whoever took it over; nobody when whoever had it was stood down.
    `taken_by` set out with it first. `why` are the planner's codes for the trip as a whole.
    """

    plan = models.ForeignKey(RunPlan, on_delete=models.PROTECT, related_name="runs")
    carrier = models.ForeignKey(RunCarrier, on_delete=models.PROTECT, related_name="runs")
    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, null=True, related_name="+")
    taken_by = models.ForeignKey(Volunteer, on_delete=models.PROTECT, null=True, related_name="+")
    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, null=True, related_name="+")
    order = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=8, choices=RunState, default=RunState.PLANNED)
    by_hand = models.BooleanField(default=False)
    load_kg = models.DecimalField(max_digits=7, decimal_places=2, default=0)
    why = models.JSONField(default=list, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    loading_at = models.DateTimeField(null=True)
    out_at = models.DateTimeField(null=True)
    over_at = models.DateTimeField(null=True)
    waits_since = models.DateTimeField(null=True, help_text=_("since when nobody has it"))

    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"state", "why"})

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[RunState.PLANNED, RunState.OVER])
                | Q(volunteer__isnull=False)
                | Q(waits_since__isnull=False),
                name="run_out_with_somebody",
            )
        ]
        indexes = [models.Index(fields=["plan", "state"]), models.Index(fields=["volunteer", "state"])]


class RunStop(Record, Placed):
    """Where a run stops, for one household. The scope columns are the door's; `order` counts from 1 within the run.

    `arrive_at`, `done_at` are the planner's; `called_at` when the cart stood there, `reached` how many of the household
    were told by message, `rings` how often somebody was rung, `tries` how often nobody
    came. `why` are the planner's codes for this place in the order.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="stops")
    order = models.PositiveSmallIntegerField()
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    dwelling = models.ForeignKey(Dwelling, on_delete=models.PROTECT, null=True, related_name="+")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=StopState, default=StopState.OPEN)
    to_door = models.BooleanField(default=False)
    kg = models.DecimalField(max_digits=7, decimal_places=2, default=0)
    arrive_at = models.DateTimeField()
    done_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    why = models.JSONField(default=list, blank=True)
    called_at = models.DateTimeField(null=True)
    reached = models.PositiveSmallIntegerField(default=0)
    rings = models.PositiveSmallIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"state", "why"})

    class Meta:
        indexes = [models.Index(fields=["run", "order"]), models.Index(fields=["household", "state"])]

    def is_late(self) -> bool:
        """Whether the plan brings it after its time."""
        return self.due_at is not None and self.arrive_at > self.due_at


class StopParcel(models.Model):
    """So many pieces of a parcel that a stop brings: all of them, unless they were too much for one cart."""

    stop = models.ForeignKey(RunStop, on_delete=models.CASCADE, related_name="loads")
    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="stops")
    pieces = models.PositiveSmallIntegerField(default=1)
    kg = models.DecimalField(max_digits=7, decimal_places=2, default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stop", "parcel"], name="stop_parcel_once"),
            models.CheckConstraint(condition=Q(pieces__gt=0), name="stop_brings_pieces"),
        ]
