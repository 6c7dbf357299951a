"""core's tables. None of them knows a word of the domain but the id columns by which rows are scoped."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from shouwang.core.ids import uuid7


class Record(models.Model):
    """The base of every domain row: a UUIDv7 that is identity and nothing else."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    class Meta:
        abstract = True


class AuditEntry(models.Model):
    """One change or one sensitive read, append-only. In commit order by (xact, id): see core.audit."""

    id = models.BigAutoField(primary_key=True)
    xact = models.BigIntegerField(default=0)
    at = models.DateTimeField()
    kind = models.CharField(max_length=80)
    actor_kind = models.CharField(max_length=20)
    actor_id = models.UUIDField(null=True)
    source = models.CharField(max_length=20)
    subject_id = models.UUIDField(null=True)
    person_id = models.UUIDField(null=True)
    community_id = models.UUIDField(null=True)
    grid_id = models.UUIDField(null=True)
    building_id = models.UUIDField(null=True)
    stairwell_id = models.UUIDField(null=True)
    payload = models.JSONField(null=True)
    payload_hash = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["community_id", "id"]),
            models.Index(fields=["subject_id", "id"]),
            models.Index(
                fields=["person_id", "id"], condition=models.Q(person_id__isnull=False), name="audit_person"
            ),
            models.Index(fields=["xact", "id"]),
        ]


class AuditSeal(models.Model):
    """A link of the chain: the hash over the entries up to a position and the seal before."""

    number = models.BigIntegerField(primary_key=True)
    up_to_xact = models.BigIntegerField()
    up_to_id = models.BigIntegerField()
    entries = models.IntegerField()
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()


class CommandReceipt(models.Model):
    """That a command was applied, for good. The same id with another body is a conflict."""

    class Status(models.TextChoices):
        ACCEPTED = "accepted", _("accepted")
        QUARANTINED = "quarantined", _("quarantined")

    command_id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=80)
    actor_kind = models.CharField(max_length=20)
    actor_id = models.UUIDField(null=True)
    body_hash = models.CharField(max_length=64)
    status = models.CharField(max_length=12, choices=Status, default=Status.ACCEPTED)
    reason = models.CharField(max_length=40, default="")
    device_id = models.UUIDField(null=True)
    device_seq = models.BigIntegerField(null=True)
    answer = models.JSONField(null=True)
    arrived_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["device_id", "device_seq"],
                condition=models.Q(device_id__isnull=False),
                name="receipt_of_device",
            )
        ]


class DueRow(Record):
    """Something that happens at a time. The clock (or the worker, for calls to the outside) does it."""

    kind = models.CharField(max_length=80)
    key = models.CharField(max_length=120)
    subject_id = models.UUIDField(null=True)
    lane = models.CharField(max_length=8, default="clock")
    due_at = models.DateTimeField()
    payload = models.JSONField(default=dict)
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="due_once")]
        indexes = [
            models.Index(
                fields=["lane", "due_at"], condition=models.Q(failed_at__isnull=True), name="due_next"
            ),
            models.Index(fields=["subject_id"]),
        ]


class Heartbeat(models.Model):
    """That a process is alive, and how late it is."""

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()
    late_seconds = models.FloatField(default=0)
    done = models.BigIntegerField(default=0)


class Purpose(Record):
    """Why incident-only records are kept; when the incident has ended, the days begin to run."""

    code = models.CharField(max_length=60)
    subject_id = models.UUIDField(null=True, help_text="the incident, or null for everyday purposes")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    days = models.PositiveIntegerField()


class DataKey(models.Model):
    """A person's own key, wrapped by the master key. Destroying it erases what it sealed, everywhere."""

    subject_id = models.UUIDField(primary_key=True)
    wrapped = models.BinaryField(null=True)
    destroyed_at = models.DateTimeField(null=True)


class Tombstone(models.Model):
    """That something was erased: its id and a keyed hash, so that nothing erased comes back."""

    subject_id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=60)
    keyed_hash = models.CharField(max_length=64)
    erased_at = models.DateTimeField()


class StoredFile(Record):
    """A file, re-encoded, stripped and sealed, on disk under its id. Expires by its purpose."""

    kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    media_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    added_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    community_id = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["subject_id"])]
