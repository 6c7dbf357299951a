"""The forms of incidents: opening one over an area or single buildings, and changing a protocol."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shouwang.core.forms import CommandForm
from shouwang.incidents.rules import MOST_DAYS, MOST_MINUTES, MOST_REST, Preset
from shouwang.incidents.selectors import SPOKEN, buildings_of_area
from shouwang.incidents.selectors.presets import InForce, presets_in
from shouwang.incidents.states import Protocol, RestRule
from shouwang.people.selectors import flag_words
from shouwang.people.states import Care
from shouwang.places.models import Area, Place


class OpenForm(CommandForm):
    """A name, a protocol, and where the line runs at first."""

    name = forms.CharField(
        label=pgettext_lazy("incident", "Name"), max_length=80, help_text=_("For example: Zone C sealed")
    )
    protocol = forms.ChoiceField(label=_("Protocol"))
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
        self.codes: dict[str, set[str]] = {}
        self._offer("protocol", self._protocols(communities))
        self._offer("community", [(str(place.pk), place.name) for place in communities])
        self._offer("area", [("", "–"), *((str(area.pk), area.name) for area in areas)])
        self._offer(
            "buildings",
            [(str(b.pk), f"{names[b.community_id]} {b.name}" if many else b.name) for b in buildings],
        )
        if len(communities) == 1:
            self.fields["community"].widget = forms.HiddenInput()
            self.fields["community"].initial = str(communities[0].pk)

    def _protocols(self, communities: Sequence[Place]) -> list[tuple[str, Any]]:
        """The built-in protocols, then each community's own; which community has which is kept for `clean`."""
        own: list[tuple[str, Any]] = []
        for place in communities:
            offered = [one for one in presets_in(place.pk) if one.offered]
            self.codes[str(place.pk)] = {one.code for one in offered}
            many = f"{place.name} " if len(communities) > 1 else ""
            own += [(one.code, f"{many}{one.words}") for one in offered if one.own]
        return [*Protocol.choices, *own]

    def clean_community(self) -> str:
        """The chosen community has the chosen protocol."""
        community = str(self.cleaned_data["community"])
        if "protocol" in self.cleaned_data and self.cleaned_data["protocol"] not in self.codes[community]:
            self.add_error("protocol", _("This community has no such protocol."))
        return community

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


class ProtocolForm(CommandForm):
    """What a protocol presets: two times a category, whom to reach first, days. `begin` gives what stands there now."""

    name = forms.CharField(
        label=pgettext_lazy("incident", "Name"), max_length=40, help_text=_("For example: Water out")
    )
    days = forms.IntegerField(
        label=_("Days its records are kept after it is closed"), min_value=1, max_value=MOST_DAYS
    )
    offered = forms.BooleanField(
        label=_("Still offered when an incident is opened"), required=False, initial=True
    )

    def __init__(self, *args: Any, begin: InForce, own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        preset = begin.preset
        self.initial.update(name=begin.name, days=preset.days, offered=begin.offered)
        for code, kind_words in SPOKEN.items():
            accept, finish = preset.targets.get(code, (None, None))
            self._number(
                f"accept_{code}",
                format_lazy("{} · {}", kind_words, _("taken on within")),
                accept,
                MOST_MINUTES,
            )
            self._number(
                f"finish_{code}", format_lazy("{} · {}", kind_words, _("done within")), finish, MOST_MINUTES
            )
        for kind in Care:
            rank = preset.first.index(kind) + 1 if kind in preset.first else None
            self._number(f"first_{kind.value}", flag_words(kind), rank, len(Care))
        for rule in RestRule:
            self._number(f"rest_{rule.value}", rule.label, preset.rest.get(rule), MOST_REST, least=0)
        if not own:
            del self.fields["name"], self.fields["offered"]

    def _number(self, name: str, label: Any, initial: int | None, most: int, least: int = 1) -> None:
        field = forms.IntegerField(label=label, required=False, min_value=least, max_value=most)
        self.fields[name], self.initial[name] = field, initial

    def times(self) -> list[tuple[Any, Any]]:
        """(minutes until taken on, minutes until done) of each category, for the page."""
        return [(self[f"accept_{code}"], self[f"finish_{code}"]) for code in SPOKEN]

    def rests(self) -> list[Any]:
        """The minutes that goods rest at the gate, by what they are."""
        return [self[f"rest_{rule.value}"] for rule in RestRule]

    def ranks(self) -> list[Any]:
        """The fields of whom to reach first: those that are on the list in its order, then the rest."""
        fields = [self[f"first_{kind.value}"] for kind in Care]
        return sorted(fields, key=lambda field: self.initial.get(field.name) or len(Care) + 1)

    def clean(self) -> dict[str, Any]:
        """Both times or none, the first not after the second, no two kinds in one place of the list."""
        said = super().clean() or self.cleaned_data
        for code in SPOKEN:
            accept, finish = said.get(f"accept_{code}"), said.get(f"finish_{code}")
            if (accept is None) != (finish is None) and not {f"accept_{code}", f"finish_{code}"} & set(
                self.errors
            ):
                empty = f"accept_{code}" if accept is None else f"finish_{code}"
                self.add_error(empty, _("Give both times, or leave both empty."))
            elif accept and finish and accept > finish:
                self.add_error(f"finish_{code}", _("It can't be done before it is taken on."))
        rests = {rule: said.get(f"rest_{rule.value}") for rule in RestRule}
        if rests[RestRule.USUAL] is None and any(minutes is not None for minutes in rests.values()):
            self.add_error("rest_usual", _("Give this one too, or leave all empty."))
        taken: set[int] = set()
        for kind in Care:
            rank = said.get(f"first_{kind.value}")
            if rank in taken:
                self.add_error(f"first_{kind.value}", _("Another kind stands in this place already."))
            taken |= {rank} if rank else set()
        return said

    def preset(self) -> Preset:
        """What was said, as a preset."""
        said = self.cleaned_data
        targets = {
            code: (said[f"accept_{code}"], said[f"finish_{code}"])
            for code in SPOKEN
            if said[f"accept_{code}"]
        }
        ranked = sorted(
            (said[f"first_{kind.value}"], kind.value) for kind in Care if said[f"first_{kind.value}"]
        )
        rest = {
            rule.value: said[f"rest_{rule.value}"]
            for rule in RestRule
            if said[f"rest_{rule.value}"] is not None
        }
        return Preset(targets, said["days"], tuple(kind for _rank, kind in ranked), rest=rest)
