"""What is said to somebody: an in-app message, and its deliveries over outside channels."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from shouwang.accounts.models import User
from shouwang.core import personal
from shouwang.core.models import Record
from shouwang.core.personal import Personal
from shouwang.core.registry import message_templates
from shouwang.core.sealing import SealedTextField
from shouwang.notices.states import DeliveryState, Urgency


class Message(Record):
    """One message to one user. `template` is a registered template's code, `values` fill it at reading time.

    Outside channels get the template's discreet form only: never a name, a door or an illness.
    """

    to = models.ForeignKey(User, on_delete=models.PROTECT, related_name="messages")
    template = models.CharField(max_length=60)
    values = models.JSONField(default=dict)
    urgency = models.CharField(max_length=6, choices=Urgency, default=Urgency.SOON)
    subject_id = models.UUIDField(null=True, db_index=True)
    url = models.CharField(max_length=200, blank=True, default="")
    written_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    community_id = models.UUIDField(null=True)

    PERSONAL: ClassVar[dict[str, Personal]] = {"values": Personal(personal.NOTE, "message")}
    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"template", "urgency", "url"})

    class Meta:
        indexes = [models.Index(fields=["to", "read_at"]), models.Index(fields=["to", "written_at"])]

    def sentence(self) -> str:
        """What it says, in the language of whoever reads it now."""
        return str(message_templates.get(self.template).sentence) % self.values

    def discreet(self) -> str:
        """What may be said outside."""
        return str(message_templates.get(self.template).discreet) % self.values


class Channel(Record):
    """A way to reach a user outside: an address in the chosen library's URL form, sealed."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="channels")
    label = models.CharField(max_length=60)
    address = SealedTextField()
    order = models.PositiveSmallIntegerField(default=1)
    until_at = models.DateTimeField(null=True)

    PERSONAL: ClassVar[dict[str, Personal]] = {"address": Personal(personal.PHONE, "account")}
    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"label"})


class Delivery(Record):
    """One message over one channel: written with the change, sent by the worker, marked after sending.

    Without a channel it goes to those of the house (SHOUWANG_CHANNELS).
    """

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="deliveries")
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=8, choices=DeliveryState, default=DeliveryState.WAITING)
    sent_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"state"})

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "channel"], name="delivered_once"),
            models.UniqueConstraint(
                fields=["message"], condition=Q(channel__isnull=True), name="delivered_once_by_house"
            ),
        ]
