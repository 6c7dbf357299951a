"""The form that opens an incident: over an area, or over buildings picked one by one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shouwang.core.forms import CommandForm
from shouwang.incidents.selectors import buildings_of_area
from shouwang.incidents.states import Protocol
from shouwang.places.models import Area, Place


class OpenForm(CommandForm):
    """A name, a protocol, and where the line runs at first."""

    name = forms.CharField(
        label=pgettext_lazy("incident", "Name"), max_length=80, help_text=_("For example: Zone C sealed")
    )
    protocol = forms.ChoiceField(label=_("Protocol"), choices=Protocol.choices)
    community = forms.ChoiceField(label=_("Community"))
    area = forms.ChoiceField(label=_("Area"), required=False)
    buildings = forms.MultipleChoiceField(
        label=_("Or single buildings"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        *args: Any,
        communities: Sequence[Place],
        areas: Sequence[Area],
        buildings: Sequence[Place],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rows = {str(row.pk): row for row in (*communities, *areas, *buildings)}
        many = len(communities) > 1
        names = {place.pk: place.name for place in communities}
        self._offer("community", [(str(place.pk), place.name) for place in communities])
        self._offer("area", [("", "–"), *((str(area.pk), area.name) for area in areas)])
        self._offer(
            "buildings",
            [(str(b.pk), f"{names[b.community_id]} {b.name}" if many else b.name) for b in buildings],
        )
        if len(communities) == 1:
            self.fields["community"].widget = forms.HiddenInput()
            self.fields["community"].initial = str(communities[0].pk)

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def community_place(self) -> Any:
        """The chosen community."""
        return self.rows[self.cleaned_data["community"]]

    def places(self) -> list[Any]:
        """The places the line begins with: those of the area, and the picked ones."""
        area = self.rows.get(self.cleaned_data["area"])
        picked = [self.rows[pk] for pk in self.cleaned_data["buildings"]]
        return [*(buildings_of_area(area) if area else []), *picked]
