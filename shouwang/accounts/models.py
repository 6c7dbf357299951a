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
