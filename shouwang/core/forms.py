"""Forms that carry a command: sent twice they act once, and a refusal becomes an error at its field."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from shouwang.core.actors import RESIDENT, Actor
from shouwang.core.commands import Receipt, run_once
from shouwang.core.errors import Refusal
from shouwang.core.ids import uuid7

STALE = _("This page is no longer fresh. Open it anew.")


def typed(values: Mapping[str, str], name: str, longest: int = 80) -> str:
    """What was typed into a field that stands alone, without what no key types (a zero byte ends a database's patience)
    and without blanks around it; cut to `longest` characters."""
    said = "".join(sign for sign in values.get(name, "") if sign.isprintable())
    return said.strip()[:longest]


def plain_body(values: Mapping[str, Any]) -> dict[str, Any]:
    """Cleaned values as what a receipt hashes: rows by id, files by the SHA-256 of their content."""
    return {name: _plain(value) for name, value in values.items() if name != "command_id"}


def _plain(value: Any) -> Any:
    if isinstance(value, UploadedFile):
        return _digest(value)
    if isinstance(value, Model):
        return str(value.pk)
    if isinstance(value, QuerySet | list | tuple | set | frozenset):
        found = [_plain(item) for item in value]
        return sorted(found, key=str) if isinstance(value, QuerySet | set | frozenset) else found
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    return value


def _digest(file: UploadedFile) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def actor_of(request: HttpRequest) -> Actor:
    """The signed-in user, else RESIDENT."""
    return cast(Actor, request.user) if request.user.is_authenticated else RESIDENT


class CommandForm(forms.Form):
    """A form whose hidden `command_id` (never prefixed) makes sending it again harmless.

    `refusal` is what the service refused with, after `apply` answered None for that reason.
    """

    command_id = forms.UUIDField(
        initial=uuid7,
        widget=forms.HiddenInput,
        error_messages={"required": STALE, "invalid": STALE},
    )

    refusal: Refusal | None = None
    # Fields whose values never enter a receipt, not even hashed: passwords.
    UNHASHED: ClassVar[frozenset[str]] = frozenset()

    def add_prefix(self, field_name: str) -> str:
        """`command_id` keeps its name, so that `{% command_id %}` fits every form."""
        return field_name if field_name == "command_id" else super().add_prefix(field_name)

    @property
    def status(self) -> int:
        """The HTTP status of a page that shows this form again: 200 when unsent, else the refusal's, else 422."""
        if self.refusal is not None:
            return self.refusal.status
        return 422 if self.is_bound and self.errors else 200

    def apply(
        self, request: HttpRequest, kind: str, do: Callable[[], Any], *, also: Mapping[str, Any] | None = None
    ) -> Receipt | None:
        """Runs `do` once for this form's command id; None when the form is wrong or the service refused.

        `kind` names the command; `also` is what belongs to the command but not to the form (the id in the
        address), so that one form cannot be replayed on another object. `do` answers something that fits in JSON.
        """
        if not self.is_valid():
            return None
        try:
            return run_once(
                command_id=self.cleaned_data["command_id"],
                kind=kind,
                by=actor_of(request),
                body=self._body(also or {}),
                do=do,
                at=request.at,  # type: ignore[attr-defined]
            )
        except Refusal as refusal:
            self.show_refusal(refusal)
            return None

    def _body(self, also: Mapping[str, Any]) -> dict[str, Any]:
        shown = {name: value for name, value in self.cleaned_data.items() if name not in self.UNHASHED}
        return plain_body({**shown, **also})

    def show_refusal(self, refusal: Refusal) -> None:
        """Adds the refusal's sentence at its field, or above the form."""
        self.refusal = refusal
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.sentence())


def press(request: HttpRequest, kind: str, do: Callable[[], Any], **about: Any) -> Receipt:
    """A form of one button: runs `do` once for the command id it carries; a refusal is raised, for its own page."""
    form = CommandForm(request.POST)
    receipt = form.apply(request, kind, do, also=about)
    if receipt is None:
        raise form.refusal or Refusal("stale-page", STALE)
    return receipt
