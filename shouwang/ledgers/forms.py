"""The one form of ledgers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwang.core.forms import CommandForm
from shouwang.places.models import Place
from shouwang.places.selectors import communities_by_ids


class UploadForm(CommandForm):
    """A register to read. Nothing is written before it is confirmed."""

    community: forms.ModelChoiceField[Place] = forms.ModelChoiceField(
        label=_("Community"), queryset=None, empty_label=None
    )
    file = forms.FileField(
        label=_("The ledger"),
        help_text=_(
            "Excel (.xlsx, .xls) or .csv, as your office keeps it: titles, notes and totals may stay."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
    )
    as_of = forms.DateField(
        label=_("The sheet's day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Leave it empty to take the day that the sheet itself states."),
    )

    def __init__(self, *args: Any, communities: list[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["community"].queryset = communities_by_ids([place.pk for place in communities])  # type: ignore[attr-defined]
        if len(communities) == 1:
            self.fields["community"].initial = communities[0]
            self.fields["community"].widget = forms.HiddenInput()
