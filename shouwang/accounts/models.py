"""Users, and the tokens by which programs act for them."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from shouwang.core import personal
from shouwang.core.models import Record
from shouwang.core.personal import Personal
from shouwang.core.sealing import SealedTextField, keyed_hash


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username=username)


class User(Record, AbstractBaseUser):
    """Somebody who may sign in. What one may see follows from posts and commitments, not from this row."""

    username = models.CharField(_("sign-in name"), max_length=60, unique=True)
    name = models.CharField(_("personal name"), max_length=60)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    language = models.CharField(max_length=10, blank=True, default="")
    is_active = models.BooleanField(default=True)
    is_technician = models.BooleanField(
        default=False, help_text=_("may run the machine: technical queue, backups; sees no resident")
    )
    joined_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    locked_said_at = models.DateTimeField(null=True, help_text=_("when a lockout was last put on record"))

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    PERSONAL: ClassVar[dict[str, Personal]] = {
        "username": Personal(personal.NAME, "account"),
        "name": Personal(personal.NAME, "account"),
        "phone": Personal(personal.PHONE, "account"),
    }
    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"language", "password"})

    actor_kind = "user"

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name


class ApiToken(Record):
    """A bearer token; only its hash is kept."""

    class Reach(models.TextChoices):
        READ = "read", _("read")
        WRITE = "write", _("read and write")

    name = models.CharField(max_length=60)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="tokens")
    reach = models.CharField(max_length=5, choices=Reach)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"name", "digest", "reach"})

    @staticmethod
    def new_secret() -> str:
        return f"sw_{secrets.token_urlsafe(32)}"

    @staticmethod
    def digest_of(secret: str) -> str:
        return hashlib.sha256(secret.encode()).hexdigest()

    def is_live(self, at: datetime) -> bool:
        return self.ended_at is None or self.ended_at > at


class OwnSession(Record):
    """One browser in which a user is signed in, so that they can see it and end it."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="sessions")
    session_key = models.CharField(max_length=40, unique=True)
    device = models.CharField(max_length=60, blank=True, default="")
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField(help_text=_("to five minutes"))

    PERSONAL: ClassVar[dict[str, Personal]] = {"device": Personal(personal.NOTE, "account.session")}
    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"session_key"})


class Device(Record):
    """A phone that works without a signal, for one user: its id is made by the phone.

    `key`: base64 of the 32 bytes under which its commands are sealed. `pulled_at`: when it was last given its roster.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="devices")
    key = SealedTextField()
    name = models.CharField(max_length=60, blank=True, default="")
    made_at = models.DateTimeField()
    seen_at = models.DateTimeField(help_text=_("to five minutes"))
    pulled_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    PERSONAL: ClassVar[dict[str, Personal]] = {"name": Personal(personal.NOTE, "account.device")}
    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"key"})


class SecondFactor(Record):
    """A user's second factor by time (RFC 6238). Counts only from `confirmed_at` on, when a first code was right.

    `last_step` is the 30-second step of the code used last: none is taken twice. `recovery` holds keyed hashes of the
    codes on paper that are left.
    """

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="second_factor")
    secret = SealedTextField()
    recovery = models.JSONField(default=list)
    made_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)
    wrong = models.PositiveSmallIntegerField(default=0)
    wrong_from = models.DateTimeField(null=True)

    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"secret", "recovery"})

    def recovery_hash(self, code: str) -> str:
        """What is kept of a code on paper; blanks and dashes in it do not count."""
        return keyed_hash(
            f"recovery:{self.user_id}", "".join(sign for sign in code.lower() if sign.isalnum())
        )
