"""The forms of the gate: taking in, putting right, letting go early, one step of a parcel's way."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shouwang.core.forms import CommandForm
from shouwang.goods.rules import MOST_PIECES
from shouwang.goods.states import ParcelKind, WeightClass

SCAN_ATTRS = {
    "autocomplete": "off", "autocapitalize": "off", "spellcheck": "false", "class": "scan-field", "data-scan": True,
}  # fmt: skip
DOOR_HELP = _("As people say it: 3-2-501, 3号楼2单元501.")


class LooksForm(CommandForm):
    """What a parcel is, as a hand and an eye tell. `next_for_same` fills it with what the last one was."""

    kind = forms.ChoiceField(
        label=_("What it is"), choices=ParcelKind, widget=forms.RadioSelect, initial=ParcelKind.PARCEL
    )
    pieces = forms.IntegerField(
        label=pgettext_lazy("parcel", "Pieces"), min_value=1, max_value=MOST_PIECES, initial=1
    )
    weight = forms.TypedChoiceField(
        label=_("Weight"),
        choices=WeightClass,
        coerce=int,
        widget=forms.RadioSelect,
        initial=WeightClass.LIGHT,
    )
    cold = forms.BooleanField(label=_("has to stay cold"), required=False)
    medicine = forms.BooleanField(label=_("medicine in it"), required=False)
    urgent = forms.BooleanField(label=_("urgent"), required=False)

    def looks(self) -> dict[str, Any]:
        """What the services are given."""
        said = self.cleaned_data
        names = ("kind", "pieces", "cold", "medicine", "urgent")
        return {**{name: said[name] for name in names}, "weight_kg": said["weight"]}


class TakeInForm(LooksForm):
    """One parcel: for a door that was tapped, or as it is said."""

    dwelling = forms.UUIDField(required=False, widget=forms.HiddenInput)
    door = forms.CharField(label=_("Door"), max_length=60, required=False, help_text=DOOR_HELP)
    carrier_code = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("Written on it"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What a note on the bag says of those who wait for it; it is proposed for their file."),
    )  # fmt: skip
    photo = forms.FileField(
        label=_("Photo"), required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )  # fmt: skip


class ChangeForm(LooksForm):
    """What it is, put right."""


class DoorForm(CommandForm):
    """To which door it goes."""

    door = forms.CharField(label=_("Door"), max_length=60, help_text=DOOR_HELP)


class PhotoForm(CommandForm):
    """A photo of the label; two taps later somebody reads the door off it."""

    photo = forms.FileField(
        label=_("Photo of the label"),
        widget=forms.ClearableFileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )


class ScanForm(CommandForm):
    """What was scanned: a label of ours, a resident's code, or the carrier's barcode."""

    text = forms.CharField(label=_("Scan a label, a barcode or a code; or type a door: 3-2-501"), max_length=400,
                           widget=forms.TextInput(SCAN_ATTRS))  # fmt: skip


class NoteForm(CommandForm):
    """What is written on the bag."""

    note = forms.CharField(label=_("Written on it"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class EarlyForm(CommandForm):
    """Why it can't wait for its hour."""

    reason = forms.CharField(
        label=_("Why it can't wait"), max_length=120, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It stays on record with your name."),
    )  # fmt: skip


class StepForm(CommandForm):
    """One step of a parcel's way; `words`: who took it, or why."""

    step = forms.CharField(max_length=20)
    words = forms.CharField(max_length=120, required=False)
