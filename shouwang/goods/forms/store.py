"""Forms of the store: sheets of several lines at once, and the small ones of an item and a lot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shouwang.core.errors import Refusal
from shouwang.core.forms import CommandForm
from shouwang.goods.engines.packs import Packing, QuantityUnread, read_packs
from shouwang.goods.engines.stock_lists import day_said
from shouwang.goods.models import Item, Shelf
from shouwang.goods.services.store import In, Out
from shouwang.goods.states import MovementKind

ROWS = 8
UNREAD = {
    "empty": _("Say how much: a whole number above zero."),
    "number": _("Begin with a number: 40, or 3 of a pack."),
    "unit": _("This pack or unit is not known: %(said)s."),
    "order": _("The largest pack comes first, each once."),
    "too-much": _("That is more than anybody ever has here."),
}
SHORTEST_REASON = 2
IN_KINDS = [(kind.value, kind.label) for kind in (MovementKind.BOUGHT, MovementKind.ALLOCATED)]


def quantity_read(packing: Packing, said: str) -> int:
    """Units of what was typed; ValidationError with what to do where it cannot be read."""
    try:
        quantity = packing.read(said)
    except QuantityUnread as fault:
        raise forms.ValidationError(UNREAD[fault.code] % {"said": fault.said[:12]}) from fault
    if not quantity:
        raise forms.ValidationError(UNREAD["empty"])
    return quantity


@dataclass(frozen=True)
class Cell:
    """A field of a row as it is drawn, with what ties its error to it."""

    field: forms.BoundField
    is_first: bool = False

    @property
    def widget(self) -> str:
        """The input itself."""
        attrs: dict[str, str | bool] = {"class": "input"}
        if self.field.errors:
            attrs |= {"aria-invalid": "true", "aria-describedby": f"{self.field.auto_id}-error"}
        return self.field.as_widget(attrs=attrs)


@dataclass(frozen=True)
class Row:
    """One row of a sheet; `sure` is the figure that was asked about and comes back with the form."""

    cells: list[Cell]
    sure: forms.BoundField


class SheetForm(CommandForm):
    """Several lines at once: item, quantity, and more where things come in. What is wrong is said at its row.

    `usual` answers the usual quantity of an item where one is far from it; the figure is asked about once, and goes
    through when the same one is sent again.
    """

    coming = False

    def __init__(
        self,
        *args: Any,
        items: Sequence[Item],
        shelves: Sequence[Shelf],
        usual: Callable[[Item, int], int | None],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.items = {item.name: item for item in items}
        self.usual = usual
        self.lines: list[tuple[int, Item, int, date | None, str]] = []
        self.fields["shelf"] = forms.ModelChoiceField(
            Shelf.objects.filter(pk__in=[shelf.pk for shelf in shelves]), label=_("Place in the store"), empty_label=None,
            initial=shelves[0].pk if shelves else None,
        )  # fmt: skip
        for number in range(ROWS):
            self._add_row(number)

    def _add_row(self, number: int) -> None:
        at = {"n": number + 1}
        said = {"autocomplete": "off"}
        self.fields[f"item-{number}"] = forms.CharField(
            label=_("Row %(n)s: what") % at, max_length=60, required=False,
            widget=forms.TextInput(attrs={"list": "store-items", **said}),
        )  # fmt: skip
        self.fields[f"quantity-{number}"] = forms.CharField(
            label=_("Row %(n)s: how much") % at,
            max_length=40,
            required=False,
            widget=forms.TextInput(attrs=said),
        )
        self.fields[f"sure-{number}"] = forms.CharField(
            max_length=12, required=False, widget=forms.HiddenInput
        )
        if self.coming:
            self.fields[f"expires-{number}"] = forms.CharField(
                label=_("Row %(n)s: good until") % at,
                max_length=20,
                required=False,
                widget=forms.TextInput(attrs=said),
            )
            self.fields[f"code-{number}"] = forms.CharField(
                label=_("Row %(n)s: lot number") % at,
                max_length=40,
                required=False,
                widget=forms.TextInput(attrs=said),
            )

    @property
    def rows(self) -> list[Row]:
        names = ("item", "quantity", "expires", "code") if self.coming else ("item", "quantity")
        return [
            Row([Cell(self[f"{name}-{n}"], name == "item") for name in names], self[f"sure-{n}"])
            for n in range(ROWS)
        ]

    def clean(self) -> dict[str, Any]:
        for number in range(ROWS):
            self._read_row(number)
        if not self.lines and not self.errors:
            self.add_error("item-0", _("Fill in at least one row."))
        return self.cleaned_data

    def _read_row(self, number: int) -> None:
        name, said = (self.cleaned_data.get(f"{part}-{number}", "") for part in ("item", "quantity"))
        if not name and not said:
            return
        item = self.items.get(name)
        if item is None:
            self.add_error(f"item-{number}", _("The store does not keep this yet. Add it to the list first."))
            return
        try:
            quantity = quantity_read(item.packing, said)
        except forms.ValidationError as fault:
            self.add_error(f"quantity-{number}", fault)
            return
        self._ask_once(number, item, quantity)
        self.lines.append(
            (number, item, quantity, self._day(number), self.cleaned_data.get(f"code-{number}", ""))
        )

    def _day(self, number: int) -> date | None:
        said = self.cleaned_data.get(f"expires-{number}", "")
        day = day_said(said) if said else None
        if said and day is None:
            self.add_error(f"expires-{number}", _("Write a day as 2023-05-01, or a month as 2023-05."))
        return day

    def _ask_once(self, number: int, item: Item, quantity: int) -> None:
        """The figure that was asked about comes back with the form; another figure is asked about anew."""
        usual = self.usual(item, quantity)
        if usual is None or self.cleaned_data.get(f"sure-{number}") == str(quantity):
            return
        self.data = {**self.data.dict(), f"sure-{number}": str(quantity)}  # type: ignore[attr-defined]
        self.add_error(
            f"quantity-{number}",
            _("You entered %(entered)s, usual is %(usual)s: sure? If it is right, send it again.")
            % {"entered": f"{quantity:,}{item.unit}", "usual": f"{usual:,}{item.unit}"},
        )

    def show_refusal(self, refusal: Refusal) -> None:
        """At the row that the service named."""
        row = refusal.values.get("row")
        if isinstance(row, int) and row < len(self.lines):
            self.refusal = refusal
            self.add_error(f"quantity-{self.lines[row][0]}", refusal.sentence())
        else:
            super().show_refusal(refusal)


class BringInForm(SheetForm):
    """What came: bought, or allocated from above."""

    coming = True
    kind = forms.ChoiceField(
        label=_("How it came"), choices=IN_KINDS, widget=forms.RadioSelect, initial="bought"
    )
    origin = forms.CharField(label=_("From where"), max_length=80, required=False)

    @property
    def ins(self) -> list[In]:
        shelf = self.cleaned_data["shelf"]
        return [In(item, shelf, quantity, day, code) for _n, item, quantity, day, code in self.lines]


class DonationForm(BringInForm):
    """What somebody gave."""

    kind = None  # type: ignore[assignment]
    origin = None  # type: ignore[assignment]
    donor_name = forms.CharField(label=_("Who gives"), max_length=60, required=False)
    donor_phone = forms.CharField(label=_("Telephone"), max_length=20, required=False)
    may_be_named = forms.BooleanField(label=_("May be named in public"), required=False)


class IssueForm(SheetForm):
    """To whom it goes: people who serve, by name or as a team, or the household behind a door."""

    to_user = forms.ChoiceField(label=_("Taken out by"), required=False)
    to_words = forms.CharField(
        label=_("Team"), max_length=60, required=False, help_text=_("for example the logistics group")
    )
    door = forms.CharField(
        label=_("Or to the household behind this door"), max_length=40, required=False,
        help_text=_("As people say it: 8号楼2单元501, 8-2-501."),
    )  # fmt: skip
    reason = forms.CharField(label=_("What for"), max_length=120, required=False)

    def __init__(self, *args: Any, takers: Sequence[Any], find: Callable[[str], Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.takers = {str(user.pk): user for user in takers}
        names = [(pk, user.name) for pk, user in self.takers.items()]
        self.fields["to_user"].choices = [("", "—"), *names]  # type: ignore[attr-defined]
        self.find, self.household = find, None

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        door = said.get("door", "")
        if door:
            self.household = self.find(door)
            if self.household is None:
                self.add_error("door", _("Nobody is known to live behind this door."))
            elif said.get("to_user"):
                self.add_error("to_user", _("Either somebody who serves or a household, not both."))
        elif not said.get("to_user") and not said.get("to_words"):
            self.add_error("to_user", _("Say who takes it: a name, a team or a door."))
        return said

    @property
    def taker(self) -> Any:
        return self.takers.get(self.cleaned_data["to_user"])

    @property
    def outs(self) -> list[Out]:
        shelf = self.cleaned_data["shelf"]
        return [Out(item, shelf, quantity) for _n, item, quantity, _day, _code in self.lines]


class ItemForm(CommandForm):
    """What the store keeps."""

    name = forms.CharField(label=pgettext_lazy("store", "What it is called"), max_length=60)
    unit = forms.CharField(
        label=_("Smallest unit that is handed out"),
        max_length=12,
        help_text=_("Tablet, jin, piece, bottle: quantities are counted in it."),
    )
    packs = forms.CharField(
        label=_("Packs"),
        max_length=120,
        required=False,
        help_text=_("As on the box: 12 tablets/strip × 10 strips/box, or bag=50 jin."),
    )
    unit_weight_g = forms.IntegerField(
        label=_("Grams of one unit"), min_value=1, max_value=200_000, required=False
    )
    warn_below = forms.IntegerField(
        label=_("Warn below (units)"), min_value=0, max_value=1_000_000, required=False
    )
    comes_back = forms.BooleanField(label=_("Lent: whoever takes it gives it back"), required=False)

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if "packs" in said and said.get("unit"):
            try:
                said["sizes"] = read_packs(said["packs"], said["unit"])
            except QuantityUnread:
                self.add_error(
                    "packs", _("Write packs as on the box: 12 tablets/strip × 10 strips/box, or bag=50 jin.")
                )
        return said

    @property
    def values(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {
            "packs": said["sizes"],
            **{name: said[name] for name in ("name", "unit_weight_g", "warn_below", "comes_back")},
        }


class ShelfForm(CommandForm):
    """A place where stock is kept."""

    name = forms.CharField(label=_("Place in the store"), max_length=40)


class QuantityForm(CommandForm):
    """So much of one item, in its own packs."""

    quantity = forms.CharField(
        label=_("How much"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *args: Any, item: Item, shelves: Sequence[Shelf] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.item = item
        for name in ("from_shelf", "to_shelf", "shelf"):
            if name in self.fields:
                rows = Shelf.objects.filter(pk__in=[one.pk for one in shelves])
                self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def clean_quantity(self) -> int:
        return quantity_read(self.item.packing, self.cleaned_data["quantity"])


class TransferForm(QuantityForm):
    """From one place to another."""

    from_shelf = forms.ModelChoiceField(Shelf.objects.none(), label=_("From this place"), empty_label=None)
    to_shelf = forms.ModelChoiceField(Shelf.objects.none(), label=_("To this place"), empty_label=None)


class DiscardForm(QuantityForm):
    """Thrown away, with the reason."""

    shelf = forms.ModelChoiceField(Shelf.objects.none(), label=_("Place in the store"), empty_label=None)
    reason = forms.CharField(label=_("Why"), max_length=120)


class SplitForm(QuantityForm):
    """Some of a lot becomes a lot of its own."""

    shelf = forms.ModelChoiceField(Shelf.objects.none(), label=_("Place in the store"), empty_label=None)


class ReasonForm(CommandForm):
    """Why an act is taken back."""

    reason = forms.CharField(label=_("Why"), max_length=120, min_length=SHORTEST_REASON)


class BackForm(CommandForm):
    """What comes back of a slip: a quantity for each of its items; nothing where nothing came."""

    def __init__(self, *args: Any, lines: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.slip_lines = [line for line in lines if line.out]
        for line in self.slip_lines:
            self.fields[f"back-{line.item.pk.hex}"] = forms.CharField(
                label=line.item.name,
                max_length=40,
                required=False,
                help_text=_("still out: %(out)s") % {"out": line.out_said},
            )

    def clean(self) -> dict[str, Any]:
        self.wanted: dict[Any, int] = {}
        for line in self.slip_lines:
            self._read(line, f"back-{line.item.pk.hex}")
        if not self.wanted and not self.errors:
            raise forms.ValidationError(_("Say of at least one thing how much came back."))
        return self.cleaned_data

    def _read(self, line: Any, name: str) -> None:
        """Spread over the movements behind the line, what expires last first."""
        said = self.cleaned_data.get(name, "")
        if not said:
            return
        try:
            left = quantity_read(line.item.packing, said)
        except forms.ValidationError as fault:
            self.add_error(name, fault)
            return
        if left > line.out:
            self.add_error(name, _("Only %(left)s of it is still out.") % {"left": line.out_said})
            return
        for movement, out in line.by_movement:
            part = min(left, out)
            if part:
                self.wanted[movement] = part
                left -= part
