"""What phones sent that could not be applied, and waits for a person."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core.models import Record
from shouwang.core.personal import NOTE, Personal
from shouwang.core.sealing import SealedTextField


class Decision(models.TextChoices):
    WAITING = "", _("waits for a person")
    APPLIED = "applied", _("applied")
    LEFT_OUT = "left_out", _("left out")


class SetAside(Record):
    """One command that was not applied, whole: `body` is what its author wrote, or what could not be opened.

    It lives 30 days; then its receipt remains with the keyed hash of the body and the reason.
    """

    command_id = models.UUIDField()
    body_hash = models.CharField(max_length=64)
    device_id = models.UUIDField(null=True)
    author = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    community_id = models.UUIDField(null=True, db_index=True)
    kind = models.CharField(max_length=80, blank=True, default="")
    schema = models.PositiveIntegerField(default=0)
    body = SealedTextField()
    reason = models.CharField(max_length=40)
    sentence = SealedTextField(blank=True, default="")
    claimed_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField()
    decision = models.CharField(max_length=10, choices=Decision, blank=True, default=Decision.WAITING)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    PERSONAL: ClassVar[dict[str, Personal]] = {
        "body": Personal(NOTE, "field.set_aside"),
        "sentence": Personal(NOTE, "field.set_aside"),
    }
    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"body_hash", "kind", "reason", "decision"})

    class Meta:
        constraints = [models.UniqueConstraint(fields=["command_id", "body_hash"], name="set_aside_once")]
