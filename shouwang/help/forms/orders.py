"""Forms of shopping for others: lists, runs, lines at the shelf and at the door, and their money."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwang.core.forms import CommandForm
from shouwang.core.scope import Scope
from shouwang.help.models import OrderLine
from shouwang.help.selectors.shopping import Shopper, shoppers
from shouwang.help.states import AskedHow, PaidHow, ShopShelf
from shouwang.volunteers.models import Volunteer

NUMBER = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})


class YuanField(forms.DecimalField):
    """Yuan as typed, fen as kept: 14.9 is 1490. Whole fen only."""

    def __init__(self, **kwargs: Any) -> None:
        given: dict[str, Any] = {
            "min_value": Decimal("0.01"),
            "max_value": Decimal(100_000),
            "max_digits": 8,
            "decimal_places": 2,
        }
        super().__init__(widget=NUMBER, **(given | kwargs))

    def clean(self, value: Any) -> int | None:
        yuan = super().clean(value)
        return None if yuan is None else int(yuan * 100)

    def prepare_value(self, value: Any) -> Any:
        return f"{value / 100:.2f}" if isinstance(value, int) else value


class AmountField(forms.DecimalField):
    """How much of something: up to three places."""

    def __init__(self, **kwargs: Any) -> None:
        given: dict[str, Any] = {"min_value": 0, "max_value": 99999, "max_digits": 8, "decimal_places": 3}
        super().__init__(widget=NUMBER, **(given | kwargs))

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def choices_of(people: list[Shopper]) -> list[tuple[str, str]]:
    """Volunteers as choices: by id, with what they have in hand."""
    return [(str(one.volunteer.pk), one.words) for one in people]


class WhoGoes(CommandForm):
    """Somebody by name."""

    volunteer = forms.ChoiceField(label=_("Who goes"))

    def __init__(self, *args: Any, scope: Scope, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = shoppers(scope, at)
        cast("forms.ChoiceField", self.fields["volunteer"]).choices = choices_of(self.people)

    def clean_volunteer(self) -> Volunteer:
        chosen = self.cleaned_data["volunteer"]
        return next(one.volunteer for one in self.people if str(one.volunteer.pk) == chosen)


class GatherForm(WhoGoes):
    """Which lists go to which shop, with whom."""

    shop = forms.CharField(label=_("Shop"), max_length=60)
    orders = forms.TypedMultipleChoiceField(
        coerce=str, error_messages={"required": _("Choose at least one list.")}
    )

    def __init__(self, *args: Any, orders: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.TypedMultipleChoiceField", self.fields["orders"]).choices = [(pk, pk) for pk in orders]


class ListForm(CommandForm):
    """More things, in the resident's own words."""

    text = forms.CharField(
        label=_("What they want, one thing a line"), max_length=3000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("As they say it: potatoes 5 jin, at most 20 yuan."),
    )  # fmt: skip


class LineForm(CommandForm):
    """One line as it is wanted."""

    name = forms.CharField(label=_("What is wanted"), max_length=80)
    quantity = AmountField(label=_("How much"), min_value=Decimal("0.001"))
    unit = forms.CharField(label=_("Unit"), max_length=12)
    brand = forms.CharField(label=_("Brand"), max_length=40, required=False)
    origin = forms.CharField(label=_("From where"), max_length=40, required=False)
    size = forms.CharField(label=_("Size"), max_length=20, required=False)
    note = forms.CharField(label=_("Note"), max_length=120, required=False)
    ceiling_fen = YuanField(label=_("At most (yuan)"), required=False)
    may_substitute = forms.BooleanField(label=_("Something similar will do without asking"), required=False)
    shelf = forms.ChoiceField(label=_("Shelf"), choices=ShopShelf.choices)

    @classmethod
    def of(cls, line: OrderLine, data: Any = None) -> LineForm:
        """The form of this line."""
        names = [name for name in cls.base_fields if name != "command_id"]
        return cls(data, initial={name: getattr(line, name) for name in names})

    def said(self) -> dict[str, Any]:
        """What was typed, by the names of the columns."""
        return {name: value for name, value in self.cleaned_data.items() if name != "command_id"}


class TickForm(CommandForm):
    """It is in the basket: how much of it, and what it costs. Both may stay empty: all of it, priced later."""

    bought = AmountField(label=_("So much of it"), required=False)
    price = YuanField(label=_("Price together (yuan)"), required=False)


class PriceForm(CommandForm):
    """What the same goods of several households cost: together, or a unit."""

    price = YuanField(label=_("Price (yuan)"))
    each = forms.ChoiceField(choices=[("total", _("together")), ("unit", _("per unit"))], initial="total")
    lines = forms.TypedMultipleChoiceField(coerce=str)

    def __init__(self, *args: Any, lines: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.TypedMultipleChoiceField", self.fields["lines"]).choices = [(pk, pk) for pk in lines]

    def said(self) -> dict[str, int]:
        """The price as the service takes it."""
        name = "per_unit_fen" if self.cleaned_data["each"] == "unit" else "total_fen"
        return {name: self.cleaned_data["price"]}


class AskForm(CommandForm):
    """What there is instead, for the household to say yes or no to."""

    question = forms.CharField(label=_("What there is instead, with its price"), max_length=120)


class AgreeForm(CommandForm):
    """The household takes something else, or goes without; and who heard it."""

    instead = forms.CharField(label=_("What they take instead"), max_length=120, required=False)
    how = forms.ChoiceField(label=_("How they answered"), choices=AskedHow.choices, initial=AskedHow.RANG)
    verdict = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])


class CountForm(CommandForm):
    """Counted again."""

    received = AmountField(label=_("Counted"))
    words = forms.CharField(label=_("Why it differs"), max_length=120, required=False)


class DoorForm(CommandForm):
    """What the resident takes of it."""

    delivered = AmountField(label=_("They take"))


class ReceiptForm(CommandForm):
    """What the receipt says, with its photo."""

    total = YuanField(label=_("Total of the receipt (yuan)"))
    photo = forms.FileField(
        label=_("Photo of the receipt"), required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )  # fmt: skip


class YuanForm(CommandForm):
    """An amount."""

    amount = YuanField(label=_("Amount (yuan)"))


class PayForm(YuanForm):
    """An amount, and into or out of whose hands."""

    how = forms.ChoiceField(label=_("How"), choices=PaidHow.choices, initial=PaidHow.CASH)
    back = forms.BooleanField(label=_("given back to them"), required=False)


class ChangeBackForm(YuanForm):
    """What somebody gives back into the box."""

    holder = forms.UUIDField(widget=forms.HiddenInput)


class ReasonForm(CommandForm):
    """Why, in a few words."""

    reason = forms.CharField(label=_("Why"), max_length=300, required=False)
