"""The resident's few forms."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shouwang.core.forms import CommandForm
from shouwang.goods.engines.medicines import table
from shouwang.goods.states.medicine_names import name_with_brands
from shouwang.portal.rules import CHOICES, OTHER, OVER


class DoorForm(CommandForm):
    """Behind which door, and how to reach whoever writes there."""

    door = forms.CharField(label=_("Your door"), max_length=20, help_text=_("For example 501"))
    name = forms.CharField(label=_("How may we call you?"), max_length=30, required=False)
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )

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


class AskForm(DoorForm):
    """What is needed, behind which door, and how to reach who asks."""

    choice = forms.ChoiceField(choices=[(c.code, c.label) for c in CHOICES], widget=forms.HiddenInput)
    words = forms.CharField(
        label=_("What do you need?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write in a few words what you need.")},
    )

    def __init__(self, *args: Any, choice: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["choice"].initial = choice
        self.fields["words"].required = choice != "unwell"


class SpareForm(DoorForm):
    """What a household can spare after its own needs."""

    medicine = forms.ChoiceField(label=_("Which medicine"))
    words = forms.CharField(
        label=_("If it is something else: what does the pack say?"), max_length=80, required=False
    )
    quantity = forms.IntegerField(
        label=_("How much is left?"),
        min_value=1,
        max_value=500,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    good_until = forms.ChoiceField(label=_("Good until"), required=False)
    may_be_named = forms.BooleanField(label=_("Whoever takes it may be told my name"), required=False)

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(code, name_with_brands(one)) for code, one in table().medicines.items()]
        choices = [("", "—"), *known, (OTHER, pgettext_lazy("medicine", "Something else"))]
        self.fields["medicine"].choices = choices  # type: ignore[attr-defined]
        self.fields["good_until"].choices = _months(day)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("medicine") == OTHER and not said.get("words"):
            self.add_error("words", _("Write what the pack says."))
        if said.get("may_be_named") and not said.get("name"):
            self.add_error("name", _("Then write how you may be called."))
        return said


def _months(day: date) -> list[Any]:
    """Not known, over already, then month by month for as long as a fresh pack is good."""
    years = [
        (str(year), [(f"{year}-{month:02d}", f"{year}-{month:02d}") for month in range(first, 13)])
        for year, first in (
            (year, day.month if year == day.year else 1) for year in range(day.year, day.year + 5)
        )
    ]
    return [("", _("I don't know")), (OVER, _("It is over already")), *years]


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
