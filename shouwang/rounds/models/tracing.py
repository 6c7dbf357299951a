"""Tracing lists from above: who is to be found, each answered one by one by a deadline, erased when done."""

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
from shouwang.rounds.states import Found, Outcome, TracingState


class TracingList(Record):
    """A list as it came. `sender` in words; its lines are erased some days after it is closed. `origin`: the list of
    another community whose lines were passed on."""

    community_id = models.UUIDField()
    name = models.CharField(_("what it is about"), max_length=60)
    sender = models.CharField(_("from whom"), max_length=60)
    state = models.CharField(max_length=8, choices=TracingState, default=TracingState.OPEN)
    received_at = models.DateTimeField()
    due_at = models.DateTimeField()
    taken_in_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    line_count = models.PositiveIntegerField(default=0)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    erased_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)
    origin = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")

    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"name", "sender", "state", "counts"})

    class Meta:
        indexes = [models.Index(fields=["community_id", "state"])]
        constraints = [
            models.UniqueConstraint(
                fields=["origin", "community_id"], condition=Q(origin__isnull=False, state=TracingState.OPEN),
                name="tracing_passed_once",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def is_late(self, at: datetime) -> bool:
        """Whether lines are still open past the deadline."""
        return self.state == TracingState.OPEN and self.due_at < at


class TracingLine(Record):
    """One person of a list, as the sheet says; `person` whom the register knows under it, once that is certain."""

    tracing_list = models.ForeignKey(TracingList, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    name = SealedTextField(_("name"), blank=True, default="")
    phone = SealedTextField(_("phone"), blank=True, default="")
    id_number = SealedTextField(_("ID number"), blank=True, default="")
    id_number_index = models.CharField(max_length=64, blank=True, default="")
    door = SealedTextField(_("address"), blank=True, default="")
    asked = SealedTextField(_("what is asked"), blank=True, default="")
    found = models.CharField(max_length=10, choices=Found, default=Found.NONE)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    proposed = models.JSONField(default=list)
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True, default="")
    passed_to = models.CharField(_("passed on to"), max_length=60, blank=True, default="")
    note = SealedTextField(_("note"), blank=True, default="")
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(null=True)

    PERSONAL: ClassVar[dict[str, Personal]] = {
        "name": Personal(personal.NAME, "tracing"),
        "phone": Personal(personal.PHONE, "tracing"),
        "id_number": Personal(personal.ID_NUMBER, "tracing"),
        "id_number_index": Personal(personal.ID_NUMBER, "tracing"),
        "door": Personal(personal.DOOR, "tracing"),
        "asked": Personal(personal.HEALTH, "tracing"),
        "note": Personal(personal.NOTE, "tracing"),
        "passed_to": Personal(personal.NOTE, "tracing"),
        "outcome": Personal(personal.NOTE, "tracing"),
    }
    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"found", "proposed"})

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tracing_list", "number"], name="tracing_line_once")]
        indexes = [
            models.Index(fields=["tracing_list"], condition=Q(outcome=""), name="tracing_line_open"),
        ]
