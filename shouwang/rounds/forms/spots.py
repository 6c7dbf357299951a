"""Putting spots on the list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shouwang.core.forms import CommandForm
from shouwang.places.models import Place
from shouwang.rounds.selectors.spots import EACH_BUILDING, EACH_STAIRWELL, places_meant


class SpotsForm(CommandForm):
    """The same spot at many places at once."""

    name = forms.CharField(
        label=pgettext_lazy("spot", "What"),
        max_length=40,
        help_text=_("For example: Lift, door handle, bins"),
    )
    per_day = forms.IntegerField(label=_("Times a day"), min_value=1, max_value=24, initial=1)
    where = forms.ChoiceField(
        label=_("Where"), widget=forms.RadioSelect, initial=EACH_STAIRWELL,
        choices=[(EACH_STAIRWELL, _("in every stairwell")), (EACH_BUILDING, _("once at every building"))],
    )  # fmt: skip
    community = forms.ChoiceField(label=_("Community"))
    buildings = forms.MultipleChoiceField(
        label=_("Buildings"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen means all of them."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, communities: Sequence[Place], buildings: Sequence[Place], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.community_rows = {str(place.pk): place for place in communities}
        self.building_rows = {str(place.pk): place for place in buildings}
        several = len(communities) > 1
        names: dict[UUID | None, str] = {
            place.pk: f"{place.name} " if several else "" for place in communities
        }
        self.fields["community"].choices = [(pk, p.name) for pk, p in self.community_rows.items()]  # type: ignore[attr-defined]
        self.fields["buildings"].choices = [  # type: ignore[attr-defined]
            (pk, f"{names.get(b.community_id, '')}{b.name}") for pk, b in self.building_rows.items()
        ]
        if len(communities) == 1:
            self.fields["community"].widget = forms.HiddenInput()
            self.fields["community"].initial = str(communities[0].pk)

    def adds(self) -> dict[str, Any]:
        """What `add_spots` is given."""
        said = self.cleaned_data
        community = self.community_rows[said["community"]]
        picked = [self.building_rows[pk] for pk in said["buildings"]]
        inside = [place for place in self.building_rows.values() if place.community_id == community.pk]
        places = places_meant(community.pk, picked or inside, said["where"])
        return {
            "community": community, "places": places, "name": said["name"], "per_day": said["per_day"],
        }  # fmt: skip
