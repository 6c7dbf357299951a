"""The volunteer's few forms, made for thumbs; and what the app on a phone sends."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field

from shouwang.core.forms import CommandForm
from shouwang.field.engines.sealed import Parcel
from shouwang.help.states import Outcome

COULD_NOT = (Outcome.NOT_IN, Outcome.REFUSED, Outcome.NOT_FOUND, Outcome.WRONG_DOOR, Outcome.NEED_A_HAND)


class WordsForm(CommandForm):
    """A reason in a few words, if one likes."""

    words = forms.CharField(label=_("A word about it"), max_length=200, required=False)


class FinishForm(CommandForm):
    """Done: with a note, or a photo of where it was left."""

    note = forms.CharField(
        label=_("How it went"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For example: left at the door, looked through together."),
    )
    photo = forms.ImageField(
        label=_("Photo"),
        required=False,
        help_text=_("Where and when it was taken is removed before it is kept."),
        widget=forms.ClearableFileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )


class CouldNotForm(CommandForm):
    """It did not work this time, and how."""

    outcome = forms.ChoiceField(
        label=_("What happened?"), choices=[(o.value, o.label) for o in COULD_NOT], widget=forms.RadioSelect
    )
    note = forms.CharField(label=_("A word about it"), max_length=200, required=False)


MOST_AT_ONCE = 200
LONGEST_SEALED = 800_000


class Sealed(BaseModel):
    """One command on its way."""

    model_config = ConfigDict(extra="ignore")
    id: UUID
    device: UUID
    seq: Annotated[int, Field(ge=1, le=2**53)]
    sealed: Annotated[str, Field(max_length=LONGEST_SEALED)]

    def parcel(self) -> Parcel:
        """The same as it is taken in."""
        return Parcel(self.id, self.device, self.seq, self.sealed)


class Parcels(BaseModel):
    """What a phone brings at once."""

    commands: Annotated[list[Sealed], Field(max_length=MOST_AT_ONCE)]


class Enrolment(BaseModel):
    """A phone's key."""

    device: UUID
    key: Annotated[str, Field(max_length=64)]
    name: Annotated[str, Field(max_length=60)] = ""


class Fetch(BaseModel):
    """What a phone has already; `device` so that it is known until when it had its roster."""

    after: Annotated[int, Field(ge=0, lt=2**63)] = 0
    mark: Annotated[str, Field(max_length=64)] = ""
    device: UUID | None = None


class BringInForm(CommandForm):
    """A file of sealed commands that a phone has saved."""

    file = forms.FileField(
        label=_("File from a phone"),
        help_text=_("The app saves it under “what has not arrived”. Nobody else can read it."),
    )
