"""Requests for help, their lines, who does them, what was tried, and what happened when."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core import personal
from shouwang.core.ids import uuid7
from shouwang.core.models import Record, StoredFile
from shouwang.core.personal import Personal
from shouwang.core.sealing import SealedTextField
from shouwang.help.states import (
    OPEN_STATES,
    UNTAKEN_STATES,
    AssignmentState,
    CallBack,
    Category,
    EventKind,
    GreenStep,
    Outcome,
    RequestState,
    Source,
    TicketSource,
    TicketState,
    Urgency,
    Verified,
)
from shouwang.people.models import Household, Person
from shouwang.places.models import Dwelling, Place, Placed
from shouwang.volunteers.models import Commitment, Volunteer


class RequestNumber(models.Model):
    """The next short number of a community. Locked last, for the shortest time."""

    community_id = models.UUIDField(primary_key=True)
    next_number = models.PositiveIntegerField(default=1)


class RequestQuerySet(models.QuerySet["HelpRequest"]):
    """Requests. Those read `veiled` say what kind of thing is needed, not what: for a screen that visitors can read."""

    is_veiled = False

    def veiled(self) -> RequestQuerySet:
        """The same rows, to be shown and never written."""
        rows = self._chain()  # type: ignore[attr-defined]
        rows.is_veiled = True
        return rows  # type: ignore[no-any-return]

    def _clone(self) -> RequestQuerySet:
        rows = super()._clone()  # type: ignore[misc]
        rows.is_veiled = self.is_veiled
        return rows  # type: ignore[no-any-return]

    def _fetch_all(self) -> None:
        fresh = self._result_cache is None  # type: ignore[has-type]
        super()._fetch_all()  # type: ignore[misc]
        if fresh and self.is_veiled:
            for row in self._result_cache or ():
                if isinstance(row, HelpRequest):
                    row.title = str(row.get_category_display())


class HelpRequest(Record, Placed):
    """A call for help. `place` is the leaf asked from, known even when the household is not."""

    number = models.PositiveIntegerField()
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+")
    dwelling = models.ForeignKey(Dwelling, on_delete=models.PROTECT, null=True, related_name="+")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, related_name="requests")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    door_said = models.CharField(_("door as said"), max_length=60, blank=True, default="")
    asker_name = models.CharField(_("who asks"), max_length=60, blank=True, default="")
    asker_phone = models.CharField(_("phone"), max_length=20, blank=True, default="")
    category = models.CharField(max_length=12, choices=Category)
    urgency = models.CharField(max_length=8, choices=Urgency)
    source = models.CharField(max_length=8, choices=Source)
    title = models.CharField(_("what is needed"), max_length=120)
    words = SealedTextField(blank=True, default="")
    confidential = models.BooleanField(default=False)
    no_ring_back = models.BooleanField(
        default=False, help_text=_("nobody rings: whoever hears the phone at home must not know of it")
    )
    state = models.CharField(max_length=10, choices=RequestState, default=RequestState.NEW)
    verified = models.CharField(max_length=6, choices=Verified, default=Verified.NO)
    verified_at = models.DateTimeField(null=True)
    needs_skills = models.JSONField(default=list)
    weight_kg = models.PositiveSmallIntegerField(default=0)
    to_door = models.BooleanField(default=True)
    received_at = models.DateTimeField()
    local_day = models.DateField()
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    accept_due_at = models.DateTimeField(null=True)
    finish_due_at = models.DateTimeField(null=True)
    level = models.PositiveSmallIntegerField(default=0, help_text=_("the highest step of telling reached"))
    rung_out_at = models.DateTimeField(
        null=True, help_text=_("when nobody was left to tell: the desk must ring")
    )
    told_from_at = models.DateTimeField(null=True, help_text=_("from when the next step of telling counts"))
    acknowledged_at = models.DateTimeField(null=True, help_text=_("the last sign that somebody is acting"))
    seen_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    link_digest = models.CharField(max_length=64, unique=True, null=True)
    incident_id = models.UUIDField(null=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged")

    objects = RequestQuerySet.as_manager()

    PERSONAL: ClassVar[dict[str, Personal]] = {
        "door_said": Personal(personal.DOOR, "help.request"),
        "asker_name": Personal(personal.NAME, "help.request"),
        "asker_phone": Personal(personal.PHONE, "help.request"),
        "title": Personal(personal.WISH, "help.request"),
        "words": Personal(personal.HEALTH, "help.request"),
    }
    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset(
        {"category", "urgency", "source", "state", "verified", "needs_skills", "link_digest"}
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community_id", "number"], name="number_once")]
        indexes = [
            models.Index(fields=["community_id", "state"]),
            models.Index(fields=["household", "state"]),
            models.Index(fields=["community_id", "closed_at"]),
            models.Index(fields=["asker_phone"]),
        ]

    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    def is_overdue(self, at: datetime) -> bool:
        """Whether nobody took it in time, or it is not finished in time."""
        due = self.accept_due_at if self.state in UNTAKEN_STATES else self.finish_due_at
        return self.is_open() and self.state != RequestState.DONE and due is not None and due <= at

    @property
    def spoken_number(self) -> str:
        """The number as it is said on the phone: four digits at least."""
        return f"{self.number:04d}"


class Confidant(Record):
    """That somebody is named to know of a confidential request, from/until."""

    request = models.ForeignKey(HelpRequest, on_delete=models.PROTECT, related_name="confidants")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    named_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request", "user"],
                condition=Q(until_at__isnull=True),
                name="named_once",
                violation_error_message=_("This person is named already."),
            )
        ]
        indexes = [models.Index(fields=["user", "until_at"])]


class RequestLine(Record):
    """One thing asked for, in the resident's own words."""

    request = models.ForeignKey(HelpRequest, on_delete=models.PROTECT, related_name="lines")
    order = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(_("what"), max_length=80)
    quantity = models.DecimalField(_("how much"), max_digits=9, decimal_places=3, null=True)
    unit = models.CharField(_("unit"), max_length=12, blank=True, default="")
    note = models.CharField(_("note"), max_length=120, blank=True, default="")

    PERSONAL: ClassVar[dict[str, Personal]] = {
        "name": Personal(personal.WISH, "help.request"),
        "note": Personal(personal.WISH, "help.request"),
    }
    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"unit"})


class Assignment(Record):
    """That a volunteer was offered, or has taken on, a request. Several may be on one until it is over."""

    request = models.ForeignKey(HelpRequest, on_delete=models.PROTECT, related_name="assignments")
    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, related_name="assignments")
    state = models.CharField(max_length=10, choices=AssignmentState, default=AssignmentState.OFFERED)
    commitment = models.OneToOneField(
        Commitment, on_delete=models.PROTECT, null=True, related_name="assignment"
    )
    offered_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    why = models.JSONField(default=list, help_text=_("reasons for the suggestion, as codes"))

    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"state", "why"})

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request", "volunteer"],
                condition=Q(state__in=["offered", "accepted"]),
                name="assigned_once",
                violation_error_message=_("This volunteer is on this request already."),
            )
        ]
        indexes = [models.Index(fields=["volunteer", "state"])]


class Attempt(Record):
    """Something tried: a door, a call, an offer. What was offered is on record, not who was difficult."""

    request = models.ForeignKey(HelpRequest, on_delete=models.PROTECT, related_name="attempts")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=12, choices=Outcome)
    note = SealedTextField(blank=True, default="")

    PERSONAL: ClassVar[dict[str, Personal]] = {"note": Personal(personal.NOTE, "help.request")}
    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"outcome"})


class RequestEvent(models.Model):
    """One line of the timeline, append-only. `private` lines are never shown to the resident."""

    id = models.BigAutoField(primary_key=True)
    request = models.ForeignKey(HelpRequest, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=12, choices=EventKind)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    whom = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    code = models.CharField(
        max_length=20, blank=True, default="", help_text=_("outcome, step or level, as a code")
    )
    seal_id = models.UUIDField(default=uuid7, editable=False)
    text = SealedTextField(blank=True, default="", bound_by="seal_id")
    photo = models.ForeignKey(StoredFile, on_delete=models.SET_NULL, null=True, related_name="+")
    private = models.BooleanField(default=True)

    PERSONAL: ClassVar[dict[str, Personal]] = {"text": Personal(personal.NOTE, "help.request")}
    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"kind", "code"})

    class Meta:
        indexes = [models.Index(fields=["request", "id"])]


class Told(Record):
    """That somebody was told of a request, at which step; 'seen' only when a person has seen it."""

    request = models.ForeignKey(HelpRequest, on_delete=models.PROTECT, related_name="told")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    step = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "user"], name="told_once")]


class GreenChannelStep(Record):
    """A ticked step of the green channel, with who and when."""

    request = models.ForeignKey(HelpRequest, on_delete=models.PROTECT, related_name="green_steps")
    step = models.CharField(max_length=14, choices=GreenStep)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    with_person = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"step"})

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "step"], name="step_once")]


class DirectoryEntry(Record):
    """Somebody to ring in an emergency: a hospital, a dialysis centre, the gate, the utility."""

    community_id = models.UUIDField(db_index=True)
    name = models.CharField(_("name"), max_length=80)
    phone = models.CharField(_("phone"), max_length=30)
    kind = models.CharField(_("for"), max_length=40, blank=True, default="")
    order = models.PositiveSmallIntegerField(default=1)
    until_at = models.DateTimeField(null=True)

    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"name", "phone", "kind"})


class EveningSignOff(Record):
    """That somebody went through a day's requests of a community, with what was counted then and what they say to
    those that are left. A day may be signed again; the last one stands on top, none is overwritten."""

    community_id = models.UUIDField(db_index=True)
    day = models.DateField()
    counts = models.JSONField(default=dict)
    remark = SealedTextField(blank=True, default="")
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    PERSONAL: ClassVar[dict[str, Personal]] = {"remark": Personal(personal.NOTE, "help.request")}
    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"counts"})

    class Meta:
        indexes = [models.Index(fields=["community_id", "day", "signed_at"])]


class HotlineTicket(Record):
    """A call or complaint that came down from a hotline with a number and a deadline: answered in writing by then,
    and whoever had rung is rung back. Not content: it is open again."""

    community_id = models.UUIDField(db_index=True)
    number = models.CharField(_("their number"), max_length=40)
    source = models.CharField(max_length=12, choices=TicketSource, default=TicketSource.HOTLINE)
    state = models.CharField(max_length=8, choices=TicketState, default=TicketState.OPEN)
    received_at = models.DateTimeField()
    due_at = models.DateTimeField(_("to be answered by"))
    caller_name = models.CharField(_("who rang"), max_length=60, blank=True, default="")
    caller_phone = models.CharField(_("phone"), max_length=20, blank=True, default="")
    words = SealedTextField(blank=True, default="")
    reply = SealedTextField(blank=True, default="")
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    replied_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    replied_at = models.DateTimeField(null=True)
    call_back = models.CharField(max_length=12, choices=CallBack, blank=True, default="")
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    PERSONAL: ClassVar[dict[str, Personal]] = {
        "caller_name": Personal(personal.NAME, "help.request"),
        "caller_phone": Personal(personal.PHONE, "help.request"),
        "words": Personal(personal.HEALTH, "help.request"),
        "reply": Personal(personal.NOTE, "help.request"),
    }
    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"number", "source", "state", "call_back"})

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community_id", "source", "number"],
                name="ticket_once",
                violation_error_message=_("This ticket is here already."),
            )
        ]
        indexes = [models.Index(fields=["community_id", "state", "due_at"])]

    def is_late(self, at: datetime) -> bool:
        """Whether its deadline is over and nobody has answered."""
        return self.state == TicketState.OPEN and self.due_at <= at
