"""The medicine bank: allergies that were said, what is offered, asked for, counted out, and carried to a door."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from shouwang.accounts.models import User
from shouwang.core import personal
from shouwang.core.models import Record, StoredFile
from shouwang.core.personal import Personal
from shouwang.core.sealing import SealedJSONField, SealedTextField
from shouwang.goods.engines.medicines import table
from shouwang.goods.models.parcels import Parcel
from shouwang.goods.models.store import Item, Lot, Shelf
from shouwang.goods.states import (
    OPEN_ASKS,
    OPEN_OFFERS,
    AskState,
    AskUrgency,
    ErrandKind,
    ErrandState,
    IssueState,
    OfferFault,
    OfferState,
)
from shouwang.goods.states.medicine_names import amount_said, medicine_name
from shouwang.people.models import Household, Person
from shouwang.places.models import Dwelling, Place, Placed
from shouwang.volunteers.models import Commitment, Volunteer

MEDICINE = "goods.medicine"
_ENDED_ISSUE = IssueState.TAKEN_BACK


class MedicineNumber(models.Model):
    """The next short number of an ask in a community. Locked last, for the shortest time."""

    community_id = models.UUIDField(primary_key=True)
    next_number = models.PositiveIntegerField(default=1)


class MedicineNote(Record, Placed):
    """That a person is allergic to something: an ingredient or class of the table, or 'other'. One row each.

    Notes never merge and never run out by themselves: two that were said both count, until somebody ends one by name.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="medicine_notes")
    substance = SealedTextField(_("allergic to"))
    source = models.CharField(max_length=60, blank=True, default="")
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    why_ended = SealedTextField(blank=True, default="")

    PERSONAL: ClassVar[dict[str, Personal]] = {
        "substance": Personal(personal.HEALTH, MEDICINE),
        "why_ended": Personal(personal.HEALTH, MEDICINE),
    }
    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"source"})

    class Meta:
        indexes = [models.Index(fields=["person", "ended_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_by__isnull=False), name="note_ended_by_somebody"
            )
        ]


class MedicineLimit(models.Model):
    """A community's own most: so many units of a medicine for one person (and for one household) in so many days."""

    id = models.BigAutoField(primary_key=True)
    community_id = models.UUIDField()
    medicine = models.CharField(max_length=40)
    units = models.PositiveIntegerField()
    household_units = models.PositiveIntegerField()
    days = models.PositiveSmallIntegerField()
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"medicine"})

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community_id", "medicine"], name="medicine_limit_once")
        ]


class MedicineOffer(Record, Placed):
    """What somebody can spare after their own needs. `place` is where it lies; the scope columns are that leaf's.

    Nobody who asks learns who gave, unless the giver `may_be_named` and the household that asked agrees too.
    `door_said` is what a resident wrote at the door's code, whether or not that door is on file; `medicine` stays empty
    until somebody has read off the pack what a resident called by other `words`.
    """

    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+")
    dwelling = models.ForeignKey(Dwelling, on_delete=models.PROTECT, null=True, related_name="+")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    giver_name = models.CharField(_("who gives"), max_length=60, blank=True, default="")
    giver_phone = models.CharField(_("phone"), max_length=20, blank=True, default="")
    door_said = models.CharField(_("door as said"), max_length=60, blank=True, default="")
    may_be_named = models.BooleanField(default=False)
    medicine = models.CharField(max_length=40, blank=True, default="")
    words = models.CharField(_("as it says on the pack"), max_length=80, blank=True, default="")
    quantity = models.PositiveIntegerField()
    opened = models.BooleanField(default=False)
    expires_on = models.DateField(null=True)
    batch = models.CharField(_("lot number"), max_length=40, blank=True, default="")
    leaflet = models.ForeignKey(StoredFile, on_delete=models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=OfferState, default=OfferState.OFFERED)
    fault = models.CharField(max_length=12, choices=OfferFault, blank=True, default="")
    gives_back = models.BooleanField(
        default=False, help_text=_("the household had been given something by the bank before")
    )
    offered_at = models.DateTimeField()
    offered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)
    checked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    PERSONAL: ClassVar[dict[str, Personal]] = {
        "giver_name": Personal(personal.NAME, MEDICINE),
        "giver_phone": Personal(personal.PHONE, MEDICINE),
        "door_said": Personal(personal.DOOR, MEDICINE),
        "words": Personal(personal.WISH, MEDICINE),
    }
    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"medicine", "batch", "state", "fault"})

    class Meta:
        indexes = [models.Index(fields=["community_id", "state"]), models.Index(fields=["medicine", "state"])]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="offer_of_something"),
            models.CheckConstraint(
                condition=~Q(state=OfferState.TAKEN_IN) | Q(lot__isnull=False), name="offer_taken_in_is_a_lot"
            ),
        ]

    def is_open(self) -> bool:
        return self.state in OPEN_OFFERS

    @property
    def called(self) -> str:
        """What is offered, in the reader's language; in the giver's words while nobody has said which medicine it is."""
        known = table().medicines.get(self.medicine)
        return medicine_name(known) if known else self.words or pgettext("parcel", "medicine")

    @property
    def amount(self) -> str:
        """How much of it."""
        known = table().medicines.get(self.medicine)
        return amount_said(self.quantity, known.unit) if known else str(self.quantity)

    @property
    def by_a_resident(self) -> bool:
        """Whether a resident wrote it at the door's code: nobody of the office has heard of it yet."""
        return self.door_said != ""


class MedicineAsk(Record, Placed):
    """Somebody asks for medicine, or for a thing that goes with it: a thermometer, tests.

    `answers` are what was said on the phone (months, kg, states, allergies, what was taken), sealed as a whole;
    `findings` what the last check found, for the record. `medicine` is the one chosen for it, of the table.
    """

    number = models.PositiveIntegerField()
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+")
    dwelling = models.ForeignKey(Dwelling, on_delete=models.PROTECT, null=True, related_name="+")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    door_said = models.CharField(_("door as said"), max_length=60, blank=True, default="")
    asker_name = models.CharField(_("who asks"), max_length=60, blank=True, default="")
    asker_phone = models.CharField(_("phone"), max_length=20, blank=True, default="")
    may_be_named = models.BooleanField(default=False)
    medicine = models.CharField(max_length=40, blank=True, default="")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, related_name="+")
    quantity = models.PositiveIntegerField(default=0)
    words = SealedTextField(_("what it is about"), blank=True, default="")
    answers = SealedJSONField(default=dict, blank=True)
    findings = SealedJSONField(default=dict, blank=True)
    outcome = models.CharField(max_length=12, blank=True, default="")
    doctor_words = SealedTextField(_("what the doctor said"), blank=True, default="")
    doctor_at = models.DateTimeField(null=True)
    doctor_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    urgency = models.CharField(max_length=6, choices=AskUrgency, default=AskUrgency.TODAY)
    state = models.CharField(max_length=14, choices=AskState, default=AskState.ASKED)
    asked_at = models.DateTimeField()
    local_day = models.DateField()
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    due_at = models.DateTimeField()
    offer = models.ForeignKey(MedicineOffer, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    PERSONAL: ClassVar[dict[str, Personal]] = {
        "door_said": Personal(personal.DOOR, MEDICINE),
        "asker_name": Personal(personal.NAME, MEDICINE),
        "asker_phone": Personal(personal.PHONE, MEDICINE),
        "medicine": Personal(personal.WISH, MEDICINE),
        "words": Personal(personal.HEALTH, MEDICINE),
        "answers": Personal(personal.HEALTH, MEDICINE),
        "findings": Personal(personal.HEALTH, MEDICINE),
        "doctor_words": Personal(personal.HEALTH, MEDICINE),
    }
    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"outcome", "urgency", "state"})

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community_id", "number"], name="medicine_ask_number_once"),
            models.UniqueConstraint(
                fields=["offer"],
                condition=Q(state=AskState.MATCHED),
                name="offer_for_one_ask",
                violation_error_message=_("This is being fetched for somebody else."),
            ),
        ]
        indexes = [
            models.Index(fields=["community_id", "state"]),
            models.Index(fields=["person", "state"]),
            models.Index(fields=["household", "state"]),
        ]

    def is_open(self) -> bool:
        return self.state in OPEN_ASKS

    def is_late(self, at: datetime) -> bool:
        """Whether it should have been at the door by now."""
        return self.is_open() and self.state != AskState.DOCTOR_FIRST and self.due_at <= at

    def minutes(self, at: datetime) -> int:
        """Whole minutes from the call to the door, or until now."""
        return max(0, int(((self.ended_at or at) - self.asked_at).total_seconds() // 60))

    @property
    def spoken_number(self) -> str:
        """The number as it is said on the phone: four digits at least."""
        return f"{self.number:04d}"


class MedicineIssue(Record, Placed):
    """What was counted out for one ask: the lot that was split off, how many, who counted, who looked a second time.

    `act` is the store's act by which it left the shelf. An ask has one at most that was not taken back.
    """

    ask = models.ForeignKey(MedicineAsk, on_delete=models.PROTECT, related_name="issues")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, related_name="+")
    medicine = models.CharField(max_length=40, blank=True, default="")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, null=True, related_name="+")
    shelf = models.ForeignKey(Shelf, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()
    act = models.UUIDField(unique=True)
    checks = SealedJSONField(default=dict, blank=True)
    state = models.CharField(max_length=12, choices=IssueState, default=IssueState.COUNTED)
    counted_at = models.DateTimeField()
    counted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    needs_second = models.BooleanField(default=False)
    second_at = models.DateTimeField(null=True)
    second_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    parcel = models.OneToOneField(Parcel, on_delete=models.PROTECT, null=True, related_name="medicine_issue")
    delivered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    PERSONAL: ClassVar[dict[str, Personal]] = {
        "medicine": Personal(personal.WISH, MEDICINE),
        "checks": Personal(personal.HEALTH, MEDICINE),
    }
    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"state"})

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ask"],
                condition=~Q(state=_ENDED_ISSUE),
                name="issued_once",
                violation_error_message=_("Something was counted out for this already."),
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="issue_of_something"),
            models.CheckConstraint(
                condition=Q(needs_second=False)
                | Q(state__in=[IssueState.COUNTED, IssueState.TAKEN_BACK])
                | Q(second_by__isnull=False),
                name="second_eyes_before_leaving",
                violation_error_message=_("Somebody else looks at it first."),
            ),
            models.CheckConstraint(
                condition=Q(second_by__isnull=True) | ~Q(second_by=models.F("counted_by")),
                name="second_eyes_are_others",
                violation_error_message=_("Whoever counted it cannot be the second pair of eyes."),
            ),
        ]
        indexes = [
            models.Index(fields=["community_id", "state"]),
            models.Index(fields=["person", "counted_at"]),
            models.Index(fields=["household", "counted_at"]),
        ]

    @property
    def amount(self) -> str:
        """How much was counted out, in the reader's language."""
        return self.item.amount(self.quantity)


class MedicineErrand(Record, Placed):
    """Somebody goes: to fetch from a giver, or to bring to a door. The commitment lets them see the door, no more."""

    kind = models.CharField(max_length=6, choices=ErrandKind)
    ask = models.ForeignKey(MedicineAsk, on_delete=models.PROTECT, related_name="errands")
    dwelling = models.ForeignKey(Dwelling, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=6, choices=ErrandState, default=ErrandState.OPEN)
    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, related_name="+")
    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"kind", "state"})

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ask", "kind"],
                condition=Q(state=ErrandState.OPEN),
                name="errand_once",
                violation_error_message=_("Somebody is going already."),
            )
        ]
        indexes = [models.Index(fields=["volunteer", "state"])]


def answers_of(ask: MedicineAsk) -> dict[str, Any]:
    """What was said on the phone, unsealed; {} where nothing was asked yet."""
    return dict(ask.answers or {})
