"""The forms of lists of gifts."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwang.core.forms import CommandForm
from shouwang.goods.forms.custody import PhotoField
from shouwang.goods.models import Item, Shelf
from shouwang.goods.selectors.gifts import kind_choices
from shouwang.goods.selectors.store import items_in, shelves_in
from shouwang.places.selectors import buildings_in
from shouwang.volunteers.models import Volunteer
from shouwang.volunteers.selectors import can_serve


class ListForm(CommandForm):
    """What is given, to whom, and what everybody is told of why."""

    name = forms.CharField(
        label=_("Name of the list"),
        max_length=60,
        help_text=_("For example: vegetables for hardship families."),
    )
    what = forms.CharField(
        label=_("What each household gets"), max_length=60, help_text=_("For example: vegetable bag.")
    )
    quantity = forms.IntegerField(label=_("How many each"), min_value=1, max_value=999, initial=1)
    item = forms.ChoiceField(
        label=_("Out of the store"), required=False,
        help_text=_("Then every handing over is taken from the stock by itself."),
    )  # fmt: skip
    shelf = forms.ChoiceField(label=_("From which place"), required=False)
    why = forms.CharField(
        label=_("Why, as everybody may read it"), max_length=200,
        help_text=_("It stands on the posting, so that nobody asks “why building 2?”. Name nobody."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    occasion = forms.CharField(
        label=_("Occasion"), max_length=60, required=False,
        help_text=_("The same on lists of one occasion: then whoever has had one shows."),
    )  # fmt: skip
    kinds = forms.MultipleChoiceField(
        label=_("Households with"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("By the register's care flags. That they were gone through is on record; the list says no reason."),
    )  # fmt: skip
    buildings = forms.MultipleChoiceField(
        label=_("Only in these buildings"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Without a choice above: everybody who lives there. With neither, you add doors by hand."),
    )  # fmt: skip

    def __init__(self, *args: Any, community_id: UUID, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = {str(one.pk): one for one in items_in(community_id)}
        self.shelves = {str(one.pk): one for one in shelves_in(community_id)}
        self._choose(
            "item", [("", _("not out of the store")), *((pk, one.name) for pk, one in self.items.items())]
        )
        self._choose("shelf", [("", "—"), *((pk, one.name) for pk, one in self.shelves.items())])
        self._choose("kinds", kind_choices())
        self._choose("buildings", [(str(one.pk), one.name) for one in buildings_in(community_id)])

    def _choose(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def said(self) -> dict[str, Any]:
        """As services.gifts.make_list takes it."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "command_id"}
        item: Item | None = self.items.get(values["item"])
        shelf: Shelf | None = self.shelves.get(values["shelf"])
        if item is not None and shelf is None and len(self.shelves) == 1:
            shelf = next(iter(self.shelves.values()))
        return {**values, "item": item, "shelf": shelf, "buildings": [UUID(pk) for pk in values["buildings"]]}


class DoorForm(CommandForm):
    """One household more, by its door."""

    door = forms.CharField(
        label=_("Door"), max_length=60, help_text=_("As people say it: 8号楼2单元501, 8-2-501."),
        error_messages={"required": _("Say which door.")},
    )  # fmt: skip


class GiverForm(CommandForm):
    """Who carries it."""

    volunteer: forms.ModelChoiceField[Volunteer] = forms.ModelChoiceField(
        label=_("Who goes"), queryset=None, error_messages={"required": _("Choose who goes.")}
    )

    def __init__(self, *args: Any, community_id: UUID, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["volunteer"]
        field.queryset = can_serve(at).filter(community_id=community_id).order_by("user__name")  # type: ignore[attr-defined]
        field.label_from_instance = lambda one: one.user.name  # type: ignore[attr-defined]


class HandForm(CommandForm):
    """Handed over at the door: who took it and a photo, if one likes."""

    to_words = forms.CharField(label=_("Who took it"), max_length=60, required=False)
    photo = PhotoField()
