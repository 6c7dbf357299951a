"""Forms of stock-taking and of an opening list that is pasted."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwang.core.forms import CommandForm
from shouwang.goods.engines.packs import Packing, QuantityUnread
from shouwang.goods.forms.store import UNREAD
from shouwang.goods.models import Item, Shelf


class CountForm(CommandForm):
    """How much of a lot was counted; nothing at all is a count too."""

    quantity = forms.CharField(
        label=_("I counted"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text"}),
    )

    def __init__(self, *args: Any, packing: Packing, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.packing = packing

    def clean_quantity(self) -> int:
        try:
            return self.packing.read(self.cleaned_data["quantity"])
        except QuantityUnread as fault:
            raise forms.ValidationError(UNREAD[fault.code] % {"said": fault.said[:12]}) from fault


class FoundForm(CommandForm):
    """Something that is there and not on the list."""

    item = forms.ModelChoiceField(Item.objects.none(), label=_("What else is there"))

    def __init__(self, *args: Any, items: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Item.objects.filter(pk__in=[one.pk for one in items]).order_by("name")
        self.fields["item"].queryset = rows  # type: ignore[attr-defined]


class SignForm(CommandForm):
    """Signing a stock-take; the reason is asked for where something differs."""

    reason = forms.CharField(label=_("What is behind the difference"), max_length=120, required=False)


class BeginForm(CommandForm):
    """Which place is counted."""

    shelf = forms.ModelChoiceField(Shelf.objects.none(), label=_("Place in the store"), empty_label=None)

    def __init__(self, *args: Any, shelves: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["shelf"].queryset = Shelf.objects.filter(pk__in=[one.pk for one in shelves])  # type: ignore[attr-defined]


class OpeningForm(CommandForm):
    """A stock list as it is copied out of Excel; `act` says whether to look at it or to take it in."""

    shelf = forms.ModelChoiceField(Shelf.objects.none(), label=_("Place in the store"), empty_label=None)
    text = forms.CharField(
        label=_("The rows"), max_length=60_000, widget=forms.Textarea(attrs={"rows": 8, "wrap": "off"}), strip=False,
        help_text=_("Five columns: name, unit, packs, quantity, good until. Copy the rows in Excel and paste them here."),
        error_messages={"required": _("Paste the rows first.")},
    )  # fmt: skip

    def __init__(self, *args: Any, shelves: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["shelf"].queryset = Shelf.objects.filter(pk__in=[one.pk for one in shelves])  # type: ignore[attr-defined]
