"""The forms of the table, of tubes and their results, of those without an entry, of the point and of paper sheets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shouwang.core.forms import CommandForm
from shouwang.help.states import Category
from shouwang.rounds.selectors import Missing
from shouwang.rounds.selectors.tubes import TubeRow
from shouwang.rounds.services import SheetRow, Shown
from shouwang.rounds.states import Document, EntryState, TubeResult

SCAN_ATTRS = {
    "autocomplete": "off", "autocapitalize": "off", "spellcheck": "false", "class": "scan-field", "autofocus": True,
}  # fmt: skip


class ScanForm(CommandForm):
    """What was scanned or typed, or the entry that was chosen; with the tube that stands on the table."""

    text = forms.CharField(
        label=_("Scan the tube, then each person"),
        required=False,
        max_length=400,
        widget=forms.TextInput(SCAN_ATTRS),
    )
    entry = forms.UUIDField(required=False, widget=forms.HiddenInput)
    tube = forms.UUIDField(required=False, widget=forms.HiddenInput)
    is_tube = forms.BooleanField(required=False, widget=forms.HiddenInput)


class NameForm(forms.Form):
    """Looking for somebody by name."""

    name = forms.CharField(
        label=_("Name, its letters, or a door"), required=False, max_length=60,
        widget=forms.TextInput({"type": "search", "autocomplete": "off"}),
    )  # fmt: skip


class UndoForm(CommandForm):
    """Which scan is taken back: an entry, as it was seen, or somebody without an entry."""

    entry = forms.UUIDField(required=False)
    seen = forms.UUIDField(required=False)
    walk_in = forms.UUIDField(required=False)
    tube = forms.UUIDField(required=False)


class WalkInForm(CommandForm):
    """Somebody without an entry."""

    name = forms.CharField(
        label=_("Name"), max_length=60, help_text=_("Of a newborn without a name: “child of …”.")
    )
    document = forms.ChoiceField(
        label=_("What they showed"), choices=Document, widget=forms.RadioSelect, initial=Document.ID
    )
    number = forms.CharField(
        label=_("Number of the document"),
        required=False,
        max_length=30,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    door = forms.CharField(
        label=_("Door"), required=False, max_length=60, help_text=_("For example 8-2-501.")
    )
    phone = forms.CharField(
        label=_("Phone"),
        required=False,
        max_length=20,
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "off"}),
    )
    tube = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def shown(self, barcode: str) -> Shown:
        """What `add_walk_in` is given, with the barcode of the tube on the table."""
        said = self.cleaned_data
        words = {name: said[name] for name in ("name", "document", "number", "door", "phone")}
        return Shown(**words, tube=barcode)


class LabelForm(CommandForm):
    """The right barcode of a tube."""

    barcode = forms.CharField(
        label=_("The right barcode"), max_length=120, widget=forms.TextInput(SCAN_ATTRS),
        help_text=_("Scan the label that is on the tube now."),
    )  # fmt: skip
    back = forms.UUIDField(required=False, widget=forms.HiddenInput)


class SendForm(CommandForm):
    """Tubes that leave together."""

    tubes = forms.MultipleChoiceField(label=_("Tubes that leave now"), widget=forms.CheckboxSelectMultiple)
    handed_to = forms.CharField(
        label=_("Handed to"), max_length=60, help_text=_("The driver, or the laboratory.")
    )

    def __init__(self, *args: Any, rows: Sequence[TubeRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tubes"].choices = [  # type: ignore[attr-defined]
            (str(row.tube.pk), f"{row.tube.barcode} · {row.people}/{row.tube.size}") for row in rows
        ]
        self.fields["tubes"].initial = [str(row.tube.pk) for row in rows if row.is_full]

    def chosen(self) -> list[UUID]:
        return [UUID(pk) for pk in self.cleaned_data["tubes"]]


class ResultForm(CommandForm):
    """What was found in one tube."""

    result = forms.ChoiceField(
        label=pgettext_lazy("tube", "Result"), choices=TubeResult, widget=forms.RadioSelect
    )


class ResultFileForm(forms.Form):
    """A laboratory's file; nothing is kept before it is confirmed."""

    file = forms.FileField(
        label=_("The laboratory's file"),
        help_text=_("Excel (.xlsx) or .csv with a column for the barcode and one for the result."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
    )


class ConfirmResultsForm(CommandForm):
    """What was read from a file, as it was shown: a line a tube, barcode and result."""

    rows = forms.CharField(widget=forms.HiddenInput, max_length=1_200_000)

    def results(self) -> dict[str, str]:
        """Barcode to result."""
        pairs = (line.partition("\t") for line in self.cleaned_data["rows"].splitlines())
        return {barcode: result for barcode, _tab, result in pairs if barcode}


class PlaceForm(CommandForm):
    """Who a walk-in is: a person of the register, or a new member of a household."""

    person = forms.UUIDField(required=False)
    household = forms.UUIDField(required=False)


class StepForm(CommandForm):
    """A step at the point."""

    step = forms.CharField(max_length=12)


class BagsOutForm(CommandForm):
    """Waste bags counted out."""

    number = forms.IntegerField(label=_("How many bags"), min_value=1, max_value=500)


class BagsAwayForm(CommandForm):
    """Waste bags counted away."""

    numbers = forms.CharField(label=_("Their numbers"), max_length=300, help_text=_("For example 1-12, 15."))
    collected_by = forms.CharField(label=_("Collected by"), max_length=60)


class TroubleForm(CommandForm):
    """What was met on the way: two taps."""

    category = forms.ChoiceField(
        label=_("What is it about"), widget=forms.RadioSelect,
        choices=[(one.value, one.label) for one in Category if one not in (Category.THANKS, Category.SUGGESTION)],
    )  # fmt: skip
    words = forms.CharField(
        label=_("In their words"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


class SheetForm(CommandForm):
    """A paper sheet: for each row a tick, the tube, and the attempt that stood there when the page was opened."""

    def __init__(self, *args: Any, lines: Sequence[Missing], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        self.row_errors: dict[UUID, str] = {}
        for line in lines:
            key = line.entry.pk.hex
            self.fields[f"done-{key}"] = forms.BooleanField(required=False)
            self.fields[f"tube-{key}"] = forms.CharField(required=False, max_length=120)
            self.fields[f"seen-{key}"] = forms.UUIDField(required=False)

    def ticked(self) -> list[SheetRow]:
        """The rows that say something: ticked, or with a tube."""
        said = self.cleaned_data
        rows = []
        for line in self.lines:
            key = line.entry.pk.hex
            if line.entry.state != EntryState.DONE and (said.get(f"done-{key}") or said.get(f"tube-{key}")):
                rows.append(SheetRow(line.entry.pk, said.get(f"tube-{key}") or "", said.get(f"seen-{key}")))
        return rows

    def shown(self) -> list[dict[str, Any]]:
        """Each row as the grid shows it: what was typed is kept."""
        return [
            {
                "line": line,
                "key": line.entry.pk.hex,
                "settled": line.entry.state == EntryState.DONE,
                "done": bool(self.data.get(f"done-{line.entry.pk.hex}")),
                "tube": self.data.get(f"tube-{line.entry.pk.hex}", ""),
                "seen": self.data.get(f"seen-{line.entry.pk.hex}", line.entry.last or ""),
                "error": self.row_errors.get(line.entry.pk, ""),
            }
            for line in self.lines
        ]
