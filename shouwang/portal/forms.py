"""The resident's few forms."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwang.core.forms import CommandForm
from shouwang.portal.rules import CHOICES


class AskForm(CommandForm):
    """What is needed, behind which door, and how to reach who asks."""

    choice = forms.ChoiceField(choices=[(c.code, c.label) for c in CHOICES], widget=forms.HiddenInput)
    words = forms.CharField(
        label=_("What do you need?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write in a few words what you need.")},
    )
    door = forms.CharField(label=_("Your door"), max_length=20, help_text=_("For example 501"))
    name = forms.CharField(label=_("How may we call you?"), max_length=30, required=False)
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )

    def __init__(self, *args: Any, choice: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["choice"].initial = choice
        self.fields["words"].required = choice != "unwell"

    def clean_door(self) -> str:
        text = unicodedata.normalize("NFKC", self.cleaned_data["door"]).strip()
        return re.sub(r"[室号户]$", "", text)

    def clean_phone(self) -> str:
        digits = re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", self.cleaned_data["phone"]))
        if digits and not re.fullmatch(r"\+?\d{7,15}", digits):
            raise forms.ValidationError(
                _("This is not a telephone number. Eleven digits, or leave it empty.")
            )
        return digits


class YesNoForm(CommandForm):
    """Yes, or no."""

    yes = forms.TypedChoiceField(choices=[("yes", "yes"), ("no", "no")], coerce=lambda value: value == "yes")


class ConfirmForm(CommandForm):
    """Right, or something is missing or broken."""

    right = forms.TypedChoiceField(
        choices=[("yes", "yes"), ("no", "no")], coerce=lambda value: value == "yes"
    )
    words = forms.CharField(label=_("What is missing or broken?"), max_length=300, required=False)

    def said(self) -> dict[str, Any]:
        """What the service is told."""
        return {"right": self.cleaned_data["right"], "words": self.cleaned_data["words"]}


class WordsForm(CommandForm):
    """Something to add, or a reason."""

    words = forms.CharField(label=_("Something to add"), max_length=300, required=False)

    def said(self) -> dict[str, str]:
        """What the service is told."""
        return {"words": self.cleaned_data["words"]}
