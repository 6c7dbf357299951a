"""The forms of delivery runs: where, who carries, who is kept apart, where a stop is moved, who takes a cart over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext_lazy as _

from shouwang.core.forms import CommandForm
from shouwang.goods.models import RunPlan, RunStop
from shouwang.goods.selectors.run_board import targets_for
from shouwang.goods.selectors.runs import Candidate
from shouwang.goods.services.run_carriers import MOST_KG

NOBODY = {
    "required": _("Choose somebody."),
    "invalid_choice": _("This volunteer cannot be asked now. Choose somebody else."),
}
TIME = forms.TimeInput(attrs={"type": "time"})


def offer(form: forms.Form, candidates: Sequence[Candidate]) -> None:
    """Lets one of these be chosen."""
    field = form.fields["volunteer"]
    assert isinstance(field, forms.TypedChoiceField)
    field.choices = [(str(one.volunteer_id), one.words) for one in candidates]


class OpenForm(CommandForm):
    """Which community, and which area of it."""

    community = forms.UUIDField(widget=forms.HiddenInput)
    area = forms.UUIDField(required=False, label=_("Where"))


class CartForm(CommandForm):
    """What somebody carries and until when."""

    cart_kg = forms.IntegerField(label=_("the cart holds (kg)"), min_value=1, max_value=MOST_KG, initial=80)
    strength_kg = forms.IntegerField(
        label=_("carries upstairs at once (kg)"), min_value=1, max_value=MOST_KG, required=False,
        help_text=_("Empty: as much as the cart holds."),
    )  # fmt: skip
    until = forms.TimeField(label=_("until"), required=False, widget=TIME)

    def __init__(self, *args: Any, plan: RunPlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan

    def said(self) -> dict[str, Any]:
        """What the service is given."""
        told = self.cleaned_data
        return {
            "cart_kg": told["cart_kg"], "strength_kg": told["strength_kg"],
            "until_at": _moment(self.plan.day, told["until"]),
        }  # fmt: skip


class CarrierForm(CartForm):
    """Somebody who carries."""

    volunteer = forms.TypedChoiceField(label=_("Who carries"), error_messages=NOBODY)
    begins = forms.TimeField(label=_("from"), required=False, widget=TIME)
    field_order = ("volunteer", "cart_kg", "strength_kg", "begins", "until")

    def __init__(self, *args: Any, candidates: Sequence[Candidate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, candidates)

    def said(self) -> dict[str, Any]:
        begins = _moment(self.plan.day, self.cleaned_data["begins"])
        return {**super().said(), "from_at": begins}


class TakeOverForm(CommandForm):
    """Who goes on with a cart that is loaded."""

    volunteer = forms.TypedChoiceField(label=_("Who goes on with it"), error_messages=NOBODY)

    def __init__(self, *args: Any, candidates: Sequence[Candidate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, candidates)


class ApartForm(CommandForm):
    """Who brings nothing to which door. Nobody asks why."""

    volunteer = forms.TypedChoiceField(label=_("Volunteer"), error_messages=NOBODY)
    door = forms.CharField(
        label=_("Door"), max_length=60, help_text=_("As people say it: 3-2-501, 3号楼2单元501.")
    )

    def __init__(self, *args: Any, candidates: Sequence[Candidate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, candidates)


class MoveForm(CommandForm):
    """Where a stop goes, and which number it gets there."""

    to = forms.ChoiceField(label=_("Onto which trip"), widget=forms.RadioSelect)
    position = forms.IntegerField(
        label=_("As which stop"),
        min_value=1,
        max_value=999,
        required=False,
        help_text=_("Empty: as the last one."),
    )

    def __init__(self, *args: Any, stop: RunStop, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [(one.value, one.words) for one in targets_for(stop)]  # type: ignore[attr-defined]
        self.initial.setdefault("to", f"run:{stop.run_id}")
        self.initial.setdefault("position", stop.order)


def _moment(day: date, said: time | None) -> datetime | None:
    """An hour of that day; None where none was said."""
    return datetime.combine(day, said, tzinfo=get_current_timezone()) if said is not None else None
