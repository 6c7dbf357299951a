"""Forms of group purchases: a new one, rows of a chain, steps, amounts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core.forms import CommandForm
from shouwang.help.models import GroupItem
from shouwang.help.services.groups import Thing
from shouwang.help.states import GroupMinimum, GroupRule
from shouwang.places.models import Place

THINGS = 4
MOST_YUAN = Decimal(1_000_000)
PHOTO = {"accept": "image/*"}


def fen_of(yuan: Decimal | None) -> int:
    """Yuan as typed, in fen."""
    return int((yuan or Decimal(0)) * 100)


class YuanField(forms.DecimalField):
    """An amount in yuan, to the fen."""

    def __init__(self, **more: Any) -> None:
        given: dict[str, Any] = {"max_digits": 9, "decimal_places": 2, "min_value": 0, "max_value": MOST_YUAN}
        super().__init__(**given | more)


class GroupFields(CommandForm):
    """What may still be changed before it is ordered."""

    title = forms.CharField(label=_("What is bought together"), max_length=80)
    supplier = forms.CharField(
        label=_("Supplier"), max_length=120, required=False, help_text=_("name, telephone, how to order")
    )
    minimum_kind = forms.ChoiceField(
        label=_("The minimum counts"), choices=GroupMinimum.choices, initial=GroupMinimum.QUANTITY,
        widget=forms.RadioSelect,
    )  # fmt: skip
    minimum = YuanField(label=_("Minimum"), initial=0, help_text=_("0 where there is none"))
    closes_at = forms.DateTimeField(
        label=_("Signing up ends"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    payer: forms.ModelChoiceField[User] = forms.ModelChoiceField(
        label=_("Who holds the money and pays"), queryset=None, empty_label=None
    )
    rule = forms.ChoiceField(
        label=_("If less comes"),
        choices=GroupRule.choices,
        initial=GroupRule.BY_ORDER,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, users: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField[User]", self.fields["payer"]).queryset = users

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        minimum, kind = said.get("minimum"), said.get("minimum_kind")
        if minimum is not None and kind == GroupMinimum.QUANTITY and minimum != int(minimum):
            self.add_error("minimum", _("Only whole pieces can be counted."))
        return said

    def values(self) -> dict[str, Any]:
        """The cleaned values as the service takes them."""
        said = self.cleaned_data
        by_amount = said["minimum_kind"] == GroupMinimum.AMOUNT
        return {
            "title": said["title"], "supplier": said["supplier"], "minimum_kind": said["minimum_kind"],
            "minimum": fen_of(said["minimum"]) if by_amount else int(said["minimum"]), "rule": said["rule"],
            "closes_at": said["closes_at"], "payer": said["payer"],
        }  # fmt: skip


class GroupForm(GroupFields):
    """A new purchase: where to, and up to four things with their prices."""

    place: forms.ModelChoiceField[Place] = forms.ModelChoiceField(
        label=_("For whom"), queryset=None, empty_label=None
    )
    field_order = (
        "command_id",
        "title",
        "place",
        "supplier",
        "closes_at",
        "minimum_kind",
        "minimum",
        "payer",
        "rule",
    )

    def __init__(self, *args: Any, places: QuerySet[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField[Place]", self.fields["place"]).queryset = places
        for number in range(THINGS):
            first = number == 0
            self.fields[f"name{number}"] = forms.CharField(label=_("Thing"), max_length=60, required=first)
            self.fields[f"unit{number}"] = forms.CharField(
                label=_("Unit"), max_length=12, required=False, initial="份"
            )
            self.fields[f"price{number}"] = YuanField(label=_("Yuan each"), required=first)
            self.fields[f"kg{number}"] = forms.DecimalField(
                label=_("Kilograms each"), max_digits=6, decimal_places=2, min_value=0, required=False
            )

    def rows(self) -> list[Any]:
        """The fields of each thing, for the page."""
        return [[self[f"{name}{n}"] for name in ("name", "unit", "price", "kg")] for n in range(THINGS)]

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        for n in range(1, THINGS):
            if said.get(f"name{n}") and said.get(f"price{n}") is None and f"price{n}" not in self.errors:
                self.add_error(f"price{n}", _("Write what one costs."))
        return said

    def things(self) -> list[Thing]:
        """What is bought, with prices in fen and weights in grams."""
        said = self.cleaned_data
        return [
            Thing(
                said[f"name{n}"], said[f"unit{n}"] or "份", fen_of(said[f"price{n}"]),
                weight_g=int((said[f"kg{n}"] or Decimal(1)) * 1000),
            )
            for n in range(THINGS)
            if said.get(f"name{n}")
        ]  # fmt: skip


class ChainForm(CommandForm):
    """A pasted sign-up chain."""

    text = forms.CharField(
        label=_("The chain, as it stands in the chat group"), max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 12}),
    )  # fmt: skip


class RowForm(forms.Form):
    """One row of a chain, to be looked at: what that door wants now, in all."""

    door = forms.CharField(
        label=_("Door"), max_length=60, required=False, widget=forms.TextInput(attrs={"class": "input"})
    )
    name = forms.CharField(
        label=_("Name"), max_length=40, required=False, widget=forms.TextInput(attrs={"class": "input"})
    )
    as_said = forms.BooleanField(label=_("Not on file: take it as written"), required=False)
    leave_out = forms.BooleanField(label=_("Leave out"), required=False)
    before = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)
    text = forms.CharField(required=False, max_length=400, widget=forms.HiddenInput)

    def __init__(self, *args: Any, items: Sequence[GroupItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = items
        for item in items:
            self.fields[f"q{item.order}"] = forms.IntegerField(
                label=item.name, min_value=0, max_value=999, required=False,
                widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "input input-number"}),
            )  # fmt: skip

    def amounts(self) -> list[Any]:
        """The bound number fields with their things."""
        return [(item, self[f"q{item.order}"]) for item in self.items]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if not said.get("leave_out") and all(said.get(f"q{item.order}") is None for item in self.items):
            self.add_error(f"q{self.items[0].order}", _("How many? 0 takes it back."))
        return said

    def quantities(self) -> dict[UUID, int]:
        """How much of each thing, by its id; what is left empty is none."""
        return {item.pk: self.cleaned_data.get(f"q{item.order}") or 0 for item in self.items}

    def quantities_before(self) -> dict[UUID, int] | None:
        """What the page showed of this door; None where it showed nothing to compare."""
        try:
            kept = json.loads(self.cleaned_data["before"] or "null")
            return None if kept is None else {UUID(pk): int(number) for pk, number in kept.items()}
        except (ValueError, AttributeError, TypeError):
            return None


class OrderForm(CommandForm):
    """It is ordered; what was paid with it."""

    amount = YuanField(label=_("Paid to the supplier, yuan"), required=False)
    receipt = forms.FileField(
        label=_("Photo of the receipt"), required=False, widget=forms.ClearableFileInput(attrs=PHOTO)
    )
    anyway = forms.BooleanField(label=_("The supplier takes it below the minimum too"), required=False)


class SupplierForm(CommandForm):
    """Money to the supplier, or from there."""

    amount = YuanField(label=_("Amount, yuan"))
    receipt = forms.FileField(
        label=_("Photo of the receipt"), required=False, widget=forms.ClearableFileInput(attrs=PHOTO)
    )


class ArrivalForm(CommandForm):
    """What came of each thing, counted."""

    receipt = forms.FileField(
        label=_("Photo of the delivery note"), required=False, widget=forms.ClearableFileInput(attrs=PHOTO)
    )

    def __init__(self, *args: Any, items: Sequence[GroupItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = items
        for item in items:
            for name, label in (("came", _("Came")), ("damaged", _("Of these damaged"))):
                self.fields[f"{name}{item.order}"] = forms.IntegerField(
                    label=label, min_value=0, max_value=99_999, required=name == "came",
                    widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
                )  # fmt: skip

    def rows(self) -> list[Any]:
        return [(item, self[f"came{item.order}"], self[f"damaged{item.order}"]) for item in self.items]

    def counted(self) -> dict[UUID, tuple[int, int]]:
        """(came, damaged) an item id."""
        said = self.cleaned_data
        return {
            item.pk: (said[f"came{item.order}"], said[f"damaged{item.order}"] or 0) for item in self.items
        }


class SplitForm(CommandForm):
    """By which rule it is split."""

    rule = forms.ChoiceField(
        label=_("Who gets how much"), choices=GroupRule.choices, widget=forms.RadioSelect
    )


class ReopenForm(CommandForm):
    """Until when signing up goes on."""

    closes_at = forms.DateTimeField(
        label=_("Signing up goes on until"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )


class ReasonForm(CommandForm):
    """Why; where nothing has to be said it may be empty."""

    reason = forms.CharField(label=_("Why"), max_length=200, required=False)


class AmountForm(CommandForm):
    """An amount paid in; empty for all that is owed."""

    amount = YuanField(label=_("Amount, yuan"), required=False, help_text=_("empty: all that is owed"))


class GivenForm(CommandForm):
    """What a door really got of each thing."""

    def __init__(self, *args: Any, items: Sequence[GroupItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = items
        for item in items:
            self.fields[f"given{item.order}"] = forms.IntegerField(
                label=item.name, min_value=0, max_value=999, required=True
            )
