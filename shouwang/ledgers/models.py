"""A staged sheet: what was read, before somebody confirms it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from shouwang.accounts.models import User
from shouwang.core import personal
from shouwang.core.models import Record
from shouwang.core.personal import Personal
from shouwang.core.sealing import SealedTextField
from shouwang.ledgers.states import ImportState


class RegisterImport(Record):
    """One uploaded register. `staged` is the sealed preview; it goes when confirmed, dropped or a week old."""

    community_id = models.UUIDField(db_index=True)
    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    sheet_date = models.DateField(null=True)
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.STAGED)
    staged = SealedTextField(blank=True, default="")
    counts = models.JSONField(default=dict)
    problems = SealedTextField(blank=True, default="")
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    PERSONAL: ClassVar[dict[str, Personal]] = {
        "staged": Personal(personal.NOTE, "import"),
        "problems": Personal(personal.NOTE, "import"),
        "file_name": Personal(personal.NOTE, "import"),
    }
    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"digest", "state", "counts"})
