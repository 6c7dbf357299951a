"""Beginning a round."""

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
from shouwang.rounds.engines.turns import read_hours
from shouwang.rounds.models import Campaign, Kind
from shouwang.rounds.states import OF_PEOPLE

# What can be said of people and their homes alone.
OF_HOMES = ("flag", "from_age", "stay", "post")


class BeginForm(CommandForm):
    """A name, and over whom and where; under what is asked for from above, if something is. Whom it is over follows
    from its kind."""

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
    stay = forms.ChoiceField(label=_("Only those who stay"), required=False)
    post = forms.ChoiceField(label=_("Only those who serve as"), required=False)
    incident = forms.ChoiceField(
        label=_("Inside the line of"), required=False,
        help_text=_("Then the buildings are those inside the line, and follow it when it grows."),
    )  # fmt: skip
    campaign = forms.ChoiceField(
        label=_("Asked for from above"), required=False, help_text=_("Above, only numbers are seen of it.")
    )
    hours = forms.CharField(
        label=_("Again every day at"), required=False, max_length=60,
        help_text=_("For example 08:00, or 08:00 14:00 20:00. Empty: it comes once."),
    )  # fmt: skip
    until_on = forms.DateField(
        label=_("Last day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty: until you end it, or the incident is closed."),
    )  # fmt: skip
    tube_size = forms.TypedChoiceField(
        label=_("Tubes"), coerce=int, empty_value=None,
        help_text=_("For sampling: how many people's samples go into one tube."),
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        kind: Kind,
        communities: Sequence[Place],
        buildings: Sequence[Place],
        incidents: Sequence[Incident] = (),
        campaigns: Sequence[Campaign] = (),
        **kwargs: Any,
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
        self._offer_narrowing()
        self.incident_rows = {str(row.pk): row for row in incidents}
        self.campaign_rows = {str(row.pk): row for row in campaigns}
        self._offer_rows("incident", self.incident_rows, _("no incident"))
        self._offer_rows("campaign", self.campaign_rows, _("our own round"))
        if len(communities) == 1:
            self.fields["community"].widget = forms.HiddenInput()
            self.fields["community"].initial = str(communities[0].pk)

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def _offer_narrowing(self) -> None:
        """Who of those who live there; a round over spots or stairwells asks nothing of people."""
        if self.kind.whom not in OF_PEOPLE:
            for name in OF_HOMES:
                del self.fields[name]
            return
        self._offer("flag", [("", _("everybody")), *((care.value, flag_words(care)) for care in Care)])
        self._offer("stay", [("", _("wherever they are")), *StayKind.choices])
        self._offer("post", [("", _("whether they serve or not")), *Role.choices])

    def _offer_rows(self, name: str, rows: Mapping[str, Any], none: Any) -> None:
        """Nothing to choose from: the question is not asked."""
        if rows:
            self._offer(name, [("", none), *((pk, row.name) for pk, row in rows.items())])
        else:
            del self.fields[name]

    def clean_hours(self) -> tuple[str, ...]:
        hours = read_hours(self.cleaned_data["hours"])
        if hours is None:
            raise forms.ValidationError(
                _("Write hours like 08:00 14:00, at most six a day."), code="hours-unreadable"
            )
        return hours

    def comes_again(self) -> dict[str, Any] | None:
        """What `come_again` is given; None for a round that comes once."""
        said = self.cleaned_data
        return {"hours": said["hours"], "until_on": said["until_on"]} if said["hours"] else None

    def begins(self) -> dict[str, Any]:
        """What `begin_round` is given."""
        said = self.cleaned_data
        community = self.community_rows[said["community"]]
        picked = [self.building_rows[pk] for pk in said["buildings"]]
        all_of_them = [place for place in self.building_rows.values() if place.community_id == community.pk]
        return {
            "community": community, "kind": self.kind, "name": said["name"], "places": picked or all_of_them,
            "flag": said.get("flag", ""), "from_age": said.get("from_age"), "stay": said.get("stay", ""),
            "post": said.get("post", ""), "tube_size": said.get("tube_size"),
            "incident": self.incident_rows.get(said.get("incident", "")),
            "campaign": self.campaign_rows.get(said.get("campaign", "")),
        }  # fmt: skip
