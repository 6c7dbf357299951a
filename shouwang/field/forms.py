"""The volunteer's few forms, made for thumbs."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwang.core.forms import CommandForm
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
