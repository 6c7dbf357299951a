"""Parcels and bags at the gate, and every step of their way to a door."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core import personal
from shouwang.core.models import Record, StoredFile
from shouwang.core.personal import Personal
from shouwang.core.sealing import SealedTextField
from shouwang.goods.states import IN_HOUSE, ParcelKind, ParcelState, StepKind, WeightClass
from shouwang.incidents.states import RestRule
from shouwang.people.models import Household
from shouwang.places.models import Dwelling, Place, Placed


class ParcelNumber(models.Model):
    """The next short number of a community. Locked last, for the shortest time."""

    community_id = models.UUIDField(primary_key=True)
    next_number = models.PositiveIntegerField(default=1)


class Parcel(Record, Placed):
    """One parcel or bag for one household. `place` is the leaf it goes to; the scope columns are that leaf's.

    A door that is not known yet leaves `place` empty and keeps `door_said`; nobody on file behind the door leaves
    `household` empty. `weight_kg` is weighed, or stands for the weight class that was tapped. `incident_id` is the incident
    by which it has to be disinfected and to rest, None where it needn't. `rest_until_at` is set when it is disinfected and
    never moved by hand: whoever lets it go before (`let_go_early`) gives a reason, in a step of its own. `holder` has it
    while it is on the way; else it is at the gate, or over. `to_door` is what carriers are told, never why.
    """

    number = models.PositiveIntegerField()
    code = models.CharField(
        max_length=16, unique=True, help_text=_("what the QR code on the label says; it tells nothing")
    )
    carrier_code = models.CharField(
        max_length=40, blank=True, default="", help_text=_("the carrier's own barcode, as scanned")
    )
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+")
    dwelling = models.ForeignKey(Dwelling, on_delete=models.PROTECT, null=True, related_name="+")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, related_name="parcels")
    door_said = models.CharField(_("door as said"), max_length=60, blank=True, default="")
    kind = models.CharField(max_length=16, choices=ParcelKind, default=ParcelKind.PARCEL)
    pieces = models.PositiveSmallIntegerField(default=1)
    cold = models.BooleanField(default=False)
    medicine = models.BooleanField(default=False)
    weight_kg = models.DecimalField(max_digits=6, decimal_places=2, default=2)
    note = SealedTextField(_("what is written on it"), blank=True, default="")
    photo = models.ForeignKey(StoredFile, on_delete=models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=12, choices=ParcelState, default=ParcelState.RECEIVED)
    urgent = models.BooleanField(default=False)
    due_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    local_day = models.DateField()
    disinfected_at = models.DateTimeField(null=True)
    rest_until_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    let_go_early = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True)
    holder = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    incident_id = models.UUIDField(null=True)
    to_door = models.BooleanField(default=False)

    PERSONAL: ClassVar[dict[str, Personal]] = {
        "door_said": Personal(personal.DOOR, "goods.parcel"),
        "carrier_code": Personal(personal.WISH, "goods.parcel"),
        "note": Personal(personal.HEALTH, "goods.parcel"),
    }
    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"code", "kind", "state"})

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community_id", "number"], name="parcel_number_once"),
            # Nothing leaves the gate before its hour, unless somebody said so by name; a step of its own has the reason.
            models.CheckConstraint(
                condition=Q(released_at__isnull=True)
                | Q(incident_id__isnull=True)
                | Q(let_go_early=True)
                | Q(rest_until_at__isnull=False, released_at__gte=models.F("rest_until_at")),
                name="released_after_rest",
                violation_error_message=_("This has not rested long enough."),
            ),
            models.CheckConstraint(
                condition=~Q(
                    state__in=[ParcelState.RELEASED, ParcelState.ON_THE_WAY, ParcelState.HANDED_OVER]
                )
                | Q(released_at__isnull=False),
                name="released_before_leaving",
                violation_error_message=_("This has not been released yet."),
            ),
            models.CheckConstraint(
                condition=~Q(state=ParcelState.RESTING) | Q(rest_until_at__isnull=False),
                name="resting_has_hour",
                violation_error_message=_("What rests needs its hour."),
            ),
            models.CheckConstraint(
                condition=Q(state=ParcelState.ON_THE_WAY, holder__isnull=False)
                | (~Q(state=ParcelState.ON_THE_WAY) & Q(holder__isnull=True)),
                name="on_the_way_has_holder",
                violation_error_message=_("What is on the way is in somebody's hands."),
            ),
        ]
        indexes = [
            models.Index(fields=["community_id", "state"]),
            models.Index(fields=["household", "state"]),
            models.Index(fields=["holder", "state"]),
            models.Index(fields=["carrier_code"], condition=~Q(carrier_code=""), name="parcel_carrier"),
        ]

    def is_in_house(self) -> bool:
        """Whether it is somewhere between the gate and its door."""
        return self.state in IN_HOUSE

    @property
    def rest_rule(self) -> str:
        """By which rule of the protocol it rests: medicine before cold food before everything else."""
        if self.medicine or self.kind == ParcelKind.MEDICINE:
            return RestRule.MEDICINE
        return RestRule.COLD if self.cold else RestRule.USUAL

    @property
    def weight_class(self) -> WeightClass:
        """The class a hand would tell: the heaviest that its kilograms reach."""
        return next(
            (one for one in sorted(WeightClass, reverse=True) if self.weight_kg >= one), WeightClass.LIGHT
        )

    def may_leave(self, at: datetime) -> bool:
        """Whether its hour has come."""
        return self.state == ParcelState.RELEASED or (
            self.state == ParcelState.RESTING and self.rest_until_at is not None and self.rest_until_at <= at
        )

    @property
    def spoken_number(self) -> str:
        """The number as it is said and printed: four digits at least."""
        return f"{self.number:04d}"


class ParcelStep(models.Model):
    """One step of a parcel's way, append-only: what, when, who did it, how far it is since, and who has it (None: the gate,
    or it is over)."""

    id = models.BigAutoField(primary_key=True)
    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=14, choices=StepKind)
    state = models.CharField(max_length=12, choices=ParcelState)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    holder = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=120, blank=True, default="")

    PERSONAL: ClassVar[dict[str, Personal]] = {"reason": Personal(personal.NOTE, "goods.parcel")}
    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"kind", "state"})

    class Meta:
        indexes = [models.Index(fields=["parcel", "id"])]
