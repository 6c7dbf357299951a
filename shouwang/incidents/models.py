"""An emergency over places. Its line is a list of places with from/until; moving it keeps the past."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shouwang.accounts.models import User
from shouwang.core.models import Purpose, Record
from shouwang.incidents.states import IncidentState, Protocol, Reached
from shouwang.people.models import Household
from shouwang.places.models import Place


class Incident(Record):
    """`targets`: {category code: {"accept": minutes, "finish": minutes}}, overriding the category's own. `first`: care
    flags to be reached first, most pressing first. `rest`: {RestRule: minutes that goods rest at the gate}, empty where they
    come in as they are. All are the incident's own copy of its protocol's edition."""

    community_id = models.UUIDField(db_index=True)
    name = models.CharField(pgettext_lazy("incident", "name"), max_length=80)
    protocol = models.CharField(_("protocol"), max_length=20, choices=Protocol)
    state = models.CharField(max_length=10, choices=IncidentState, default=IncidentState.OPEN)
    own_protocol = models.CharField(max_length=40, blank=True)
    edition = models.PositiveSmallIntegerField(null=True)
    targets = models.JSONField(default=dict)
    first = models.JSONField(default=list)
    rest = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    suspended_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, null=True, related_name="+")

    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset(
        {"name", "protocol", "own_protocol", "state", "targets", "first", "rest"}
    )

    def __str__(self) -> str:
        return self.name

    @property
    def protocol_words(self) -> str:
        """Its protocol as people call it: the community's own name, else the built-in one's."""
        return self.own_protocol or self.get_protocol_display()


class ProtocolEdition(Record):
    """How a community wants a protocol to preset its incidents: one row for each time it was changed, the last is in
    force. `code` is a built-in protocol's, or that of a protocol of the community's own, whose `base` it follows."""

    community_id = models.UUIDField()
    code = models.CharField(max_length=40)
    number = models.PositiveSmallIntegerField()
    base = models.CharField(max_length=20, choices=Protocol)
    name = models.CharField(pgettext_lazy("incident", "name"), max_length=40, blank=True)
    targets = models.JSONField(default=dict)
    days = models.PositiveSmallIntegerField()
    first = models.JSONField(default=list)
    rest = models.JSONField(default=dict)
    offered = models.BooleanField(default=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"code", "base", "name", "targets", "first", "rest"})

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community_id", "code", "number"], name="edition_once")
        ]


class IncidentPlace(Record):
    """That a place is inside the line, from/until. A row is ended, never deleted."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="line")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="incident_places")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "place"],
                condition=Q(until_at__isnull=True),
                name="line_once",
                violation_error_message=_("This building is inside the line already."),
            )
        ]


class FirstCheck(Record):
    """How a household that is to be reached first was found: one row for each, the last word stands. Every try is in
    the record of acts. Why it is to be reached is not kept here."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="first_checks")
    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=Reached)
    tries = models.PositiveSmallIntegerField(default=1)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"state"})

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "household"], name="found_once")]
