"""Asking communities for a round, from above."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shouwang.core.forms import CommandForm
from shouwang.places.models import Place


class CampaignForm(CommandForm):
    """A name, what it is for, and whose communities are asked."""

    name = forms.CharField(
        label=pgettext_lazy("round", "Name"), max_length=60, help_text=_("For example: Third sampling")
    )
    words = forms.CharField(
        label=_("What it is for"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The communities read this beside the name."),
    )  # fmt: skip
    place = forms.ChoiceField(label=_("The communities of"))

    def __init__(self, *args: Any, offices: Sequence[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = {str(place.pk): place for place in offices}
        self.fields["place"].choices = [(pk, place.name) for pk, place in self.rows.items()]  # type: ignore[attr-defined]

    def begins(self) -> dict[str, Any]:
        """What `begin_campaign` is given."""
        said = self.cleaned_data
        return {"place": self.rows[said["place"]], "name": said["name"], "words": said["words"]}
