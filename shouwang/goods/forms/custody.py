"""The forms of custody: taking over, passing on, giving back."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core.forms import CommandForm
from shouwang.goods.selectors.custody_lines import takers
from shouwang.goods.states import HoldingKind

# The end of the day on which it is to be back, before people go to bed.
BACK_BY = time(20, 0)


class DayInput(forms.DateInput):
    """A day from the browser's own calendar."""

    def __init__(self) -> None:
        super().__init__(attrs={"type": "date"}, format="%Y-%m-%d")


class PhotoField(forms.ImageField):
    """A photo taken on the spot; where and when it was taken is removed before it is kept."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Photo"), required=False,
            help_text=_("Where and when it was taken is removed before it is kept."),
            widget=forms.ClearableFileInput(attrs={"accept": "image/*", "capture": "environment"}),
        )  # fmt: skip


class TakeForm(CommandForm):
    """What is taken over, in whose hands, and until when. `chooses`: whether somebody else may be named."""

    kind = forms.ChoiceField(label=_("What is it?"), choices=HoldingKind, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("In a few words"), max_length=80, required=False,
        help_text=_("For example: list of medicines, key of the front door. Left empty, the kind says it."),
    )  # fmt: skip
    quantity = forms.IntegerField(label=_("How many"), min_value=1, max_value=9999, initial=1)
    amount = forms.DecimalField(
        label=_("Amount (yuan)"), min_value=0, max_digits=9, decimal_places=2, required=False,
        help_text=_("For cash only."),
    )  # fmt: skip
    from_words = forms.CharField(
        label=_("Who gave it"), max_length=60, required=False,
        help_text=_("Left empty, the household itself. For example: his daughter."),
    )  # fmt: skip
    holder: forms.ModelChoiceField[User] = forms.ModelChoiceField(label=_("In whose hands"), queryset=None)
    back_on = forms.DateField(
        label=_("To be back by the evening of"),
        required=False,
        widget=DayInput,  # type: ignore[arg-type]
        help_text=_("Whoever has it is reminded then."),
    )
    photo = PhotoField()

    def __init__(
        self, *args: Any, community_id: Any, user: User, chooses: bool, at: datetime, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.at = at
        holder = self.fields["holder"]
        holder.queryset = takers(community_id, at, also=user.pk)  # type: ignore[attr-defined]
        holder.initial = user.pk
        if not chooses:
            del self.fields["holder"]
        self.user = user

    def said(self) -> dict[str, Any]:
        """As services.custody.hold takes it."""
        values = dict(self.cleaned_data)
        amount, day = values.pop("amount"), values.pop("back_on")
        values.pop("command_id")
        kind = HoldingKind(values["kind"])
        values |= {
            "words": values["words"].strip() or str(kind.label), "holder": values.get("holder") or self.user,
            "amount_fen": int(amount * 100) if amount is not None and kind == HoldingKind.CASH else None,
            "due_back_at": timezone.make_aware(datetime.combine(day, BACK_BY)) if day else None,
        }  # fmt: skip
        return values

    def clean_back_on(self) -> Any:
        day = self.cleaned_data["back_on"]
        if day is not None and day < timezone.localtime(self.at).date():
            raise forms.ValidationError(_("This day has passed."))
        return day


class PassForm(CommandForm):
    """Into whose hands it goes now."""

    to_user: forms.ModelChoiceField[User] = forms.ModelChoiceField(
        label=_("Into whose hands"), queryset=None, error_messages={"required": _("Choose who takes it.")}
    )
    photo = PhotoField()

    def __init__(self, *args: Any, community_id: Any, without: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_user"].queryset = takers(community_id, at).exclude(pk=without)  # type: ignore[attr-defined]


class BackForm(CommandForm):
    """Back where it came from; to whom, when it is not the household."""

    to_words = forms.CharField(
        label=_("Who took it"), max_length=60, required=False,
        help_text=_("Left empty: the household or the office that it came from. For example: his daughter."),
    )  # fmt: skip
    photo = PhotoField()


class WhyForm(CommandForm):
    """Why, in a few words."""

    why = forms.CharField(
        label=_("Why"), max_length=120, error_messages={"required": _("Say why, in a few words.")}
    )
