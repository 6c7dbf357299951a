"""Beginning a round."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shouwang.core.forms import CommandForm
from shouwang.people.selectors import flag_words
from shouwang.people.states import Care
from shouwang.places.models import Place
from shouwang.rounds.models import Kind


class BeginForm(CommandForm):
    """A name, and over whom and where. Whom it is over follows from its kind."""

    name = forms.CharField(
        label=pgettext_lazy("round", "Name"), max_length=60, help_text=_("For example: Third sampling")
    )
    community = forms.ChoiceField(label=_("Community"))
    buildings = forms.MultipleChoiceField(
        label=_("Buildings"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen means all of them."),
    )  # fmt: skip
    flag = forms.ChoiceField(label=_("Only with the care flag"), required=False)
    from_age = forms.IntegerField(
        label=_("Only from this age"), required=False, min_value=1, max_value=120,
        help_text=_("Whoever's age is not known is on it all the same."),
    )  # fmt: skip
    tube_size = forms.TypedChoiceField(
        label=_("Tubes"), coerce=int, empty_value=None,
        help_text=_("For sampling: how many people's samples go into one tube."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, kind: Kind, communities: Sequence[Place], buildings: Sequence[Place], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        if kind.tube_sizes:
            self._offer("tube_size", [(size, size) for size in kind.tube_sizes])
        else:
            del self.fields["tube_size"]
        if kind.community_id is not None:
            communities = [place for place in communities if place.pk == kind.community_id]
            buildings = [place for place in buildings if place.community_id == kind.community_id]
        self.community_rows = {str(place.pk): place for place in communities}
        self.building_rows = {str(place.pk): place for place in buildings}
        names = {str(place.pk): f"{place.name} " if len(communities) > 1 else "" for place in communities}
        self._offer("community", [(pk, place.name) for pk, place in self.community_rows.items()])
        self._offer(
            "buildings",
            [(pk, f"{names[str(b.community_id)]}{b.name}") for pk, b in self.building_rows.items()],
        )
        self._offer("flag", [("", _("everybody")), *((kind.value, flag_words(kind)) for kind in Care)])
        if len(communities) == 1:
            self.fields["community"].widget = forms.HiddenInput()
            self.fields["community"].initial = str(communities[0].pk)

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def begins(self) -> dict[str, Any]:
        """What `begin_round` is given."""
        said = self.cleaned_data
        community = self.community_rows[said["community"]]
        picked = [self.building_rows[pk] for pk in said["buildings"]]
        all_of_them = [place for place in self.building_rows.values() if place.community_id == community.pk]
        return {
            "community": community, "kind": self.kind, "name": said["name"], "flag": said["flag"],
            "from_age": said["from_age"], "tube_size": said.get("tube_size"), "places": picked or all_of_them,
        }  # fmt: skip
