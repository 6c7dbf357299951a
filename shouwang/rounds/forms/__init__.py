"""The forms of rounds: beginning one, and saying how an entry stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shouwang.core.forms import CommandForm
from shouwang.incidents.models import Incident
from shouwang.people.selectors import flag_words
from shouwang.people.states import Care, StayKind
from shouwang.places.models import Place
from shouwang.places.states import Role
from shouwang.rounds.models import Campaign
from shouwang.rounds.states import SAYABLE, EntryState, Whom


class BeginForm(CommandForm):
    """A name, who is on it, and where; under what is asked for from above, if something is."""

    name = forms.CharField(
        label=pgettext_lazy("round", "Name"), max_length=60, help_text=_("For example: Third sampling")
    )
    community = forms.ChoiceField(label=_("Community"))
    whom = forms.ChoiceField(label=_("Who is on it"), choices=Whom)
    buildings = forms.MultipleChoiceField(
        label=_("Buildings"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen means all of them."),
    )  # fmt: skip
    flag = forms.ChoiceField(label=_("Only with the care flag"), required=False)
    from_age = forms.IntegerField(
        label=_("Only from this age"), required=False, min_value=1, max_value=120,
        help_text=_("Whoever's age is not known is on it all the same."),
    )  # fmt: skip
    stay = forms.ChoiceField(label=_("Only those who stay"), required=False)
    post = forms.ChoiceField(label=_("Only those who serve as"), required=False)
    incident = forms.ChoiceField(
        label=_("Inside the line of"), required=False,
        help_text=_("Then the buildings are those inside the line, and follow it when it grows."),
    )  # fmt: skip
    campaign = forms.ChoiceField(
        label=_("Asked for from above"), required=False, help_text=_("Above, only numbers are seen of it.")
    )

    def __init__(
        self,
        *args: Any,
        communities: Sequence[Place],
        buildings: Sequence[Place],
        incidents: Sequence[Incident] = (),
        campaigns: Sequence[Campaign] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.incident_rows = {str(row.pk): row for row in incidents}
        self.campaign_rows = {str(row.pk): row for row in campaigns}
        self._offer("stay", [("", _("wherever they are")), *StayKind.choices])
        self._offer("post", [("", _("whether they serve or not")), *Role.choices])
        self._offer_rows("incident", self.incident_rows, _("no incident"))
        self._offer_rows("campaign", self.campaign_rows, _("our own round"))
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

    def _offer_rows(self, name: str, rows: Mapping[str, Any], none: Any) -> None:
        """Nothing to choose from: the question is not asked."""
        if rows:
            self._offer(name, [("", none), *((pk, row.name) for pk, row in rows.items())])
        else:
            del self.fields[name]

    def begins(self) -> dict[str, Any]:
        """What `begin_round` is given."""
        said = self.cleaned_data
        community = self.community_rows[said["community"]]
        picked = [self.building_rows[pk] for pk in said["buildings"]]
        all_of_them = [place for place in self.building_rows.values() if place.community_id == community.pk]
        return {
            "community": community, "name": said["name"], "whom": said["whom"], "flag": said["flag"],
            "from_age": said["from_age"], "places": picked or all_of_them, "stay": said["stay"], "post": said["post"],
            "incident": self.incident_rows.get(said.get("incident", "")),
            "campaign": self.campaign_rows.get(said.get("campaign", "")),
        }  # fmt: skip


class EntryForm(CommandForm):
    """How it stands, and why."""

    state = forms.ChoiceField(
        label=_("How it stands"), widget=forms.RadioSelect,
        choices=[(state.value, state.label) for state in SAYABLE],
    )  # fmt: skip
    note = forms.CharField(
        label=_("Why"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For a refusal: what was offered and explained. No judgement of the person."),
    )  # fmt: skip

    def __init__(self, *args: Any, state: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # An entry that still waits offers no "take it back"; one that was settled does.
        choices = [
            (one.value, one.label)
            for one in SAYABLE
            if one.value != state or one in (EntryState.AWAY, EntryState.REFUSED)
        ]
        self.fields["state"].choices = choices  # type: ignore[attr-defined]
