"""Help for rooms whose commands come one at a time: each in a savepoint, a refusal sets only its own command aside."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from shouwang.core.errors import Refusal
from shouwang.core.models import Tombstone
from shouwang.core.registry import Author, OfflineCommand

GONE = _("What this is about is no longer on record, or never was.")


def one_by_one(
    do: Callable[[OfflineCommand, Author, datetime], object],
) -> Callable[[Sequence[OfflineCommand], Author, datetime], list[Refusal | None]]:
    """An `apply` for OfflineKind from what does one command; a Refusal or 404 in it undoes that one alone."""

    def apply(commands: Sequence[OfflineCommand], author: Author, at: datetime) -> list[Refusal | None]:
        return [_try(do, command, author, at) for command in commands]

    return apply


# Base64 of the 400 KB that a phone makes of a photo, and a little more.
LONGEST_PHOTO = 560_000


def photo_said(said: str) -> bytes | None:
    """A photo that came as base64; None when none did. Refusal `photo-unfit` when it cannot be read."""
    try:
        return base64.b64decode(said, validate=True) if said else None
    except (binascii.Error, ValueError):
        raise Refusal(
            "photo-unfit", _("The photo can't be read. Everything else can be applied by hand.")
        ) from None


def _try(
    do: Callable[[OfflineCommand, Author, datetime], object],
    command: OfflineCommand,
    author: Author,
    at: datetime,
) -> Refusal | None:
    try:
        with transaction.atomic():
            do(command, author, at)
    except Refusal as refusal:
        return refusal
    except Http404:
        return gone()
    return None


def gone() -> Refusal:
    """The refusal of a command whose object is erased or never was, or lies where its author has never been."""
    return Refusal("gone", GONE, status=404)


def erased_among(ids: set[UUID]) -> set[UUID]:
    """Those of these ids of which only a tombstone is left."""
    return set(Tombstone.objects.filter(subject_id__in=ids).values_list("subject_id", flat=True))
