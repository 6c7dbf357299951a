"""Forms of volunteers: enrol, change, a time, stand down. The reasons' rules are in services."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwang.core.forms import CommandForm
from shouwang.places.models import Place
from shouwang.volunteers.states import Skill, StandDownReason

ZONE = "Asia/Shanghai"


class AbilityForm(CommandForm):
    """What somebody can do and how much at a time."""

    skills = forms.MultipleChoiceField(
        label=_("Skills"), choices=Skill.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    carries_kg = forms.IntegerField(label=_("Carries (kg)"), min_value=0, max_value=200, initial=10)
    at_most = forms.IntegerField(label=_("Jobs at a time"), min_value=1, max_value=30, initial=3)
    second_line = forms.BooleanField(
        label=_("Second line: trained, steps in when the first line is ill"), required=False
    )
    by_phone_only = forms.BooleanField(label=_("Works by phone only"), required=False)

    def abilities(self) -> dict[str, Any]:
        """The values as the services take them."""
        names = ("skills", "carries_kg", "at_most", "second_line", "by_phone_only")
        return {name: self.cleaned_data[name] for name in names}


class EnrolForm(AbilityForm):
    """A new user who serves. The password never enters a receipt."""

    UNHASHED = frozenset({"password"})
    field_order = ("name", "phone", "home", "username", "password")

    name = forms.CharField(label=_("Name"), max_length=60)
    phone = forms.CharField(
        label=_("Phone"), max_length=20, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    home = forms.ChoiceField(label=_("Lives in"))
    username = forms.CharField(label=_("Sign-in name"), max_length=60)
    password = forms.CharField(
        label=_("First password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least ten characters. Tell it to the volunteer in person."),
    )

    def __init__(self, *args: Any, homes: Sequence[tuple[Place, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {str(place.pk): place for place, _label in homes}
        self.fields["home"].choices = [(str(place.pk), label) for place, label in homes]  # type: ignore[attr-defined]

    def home_place(self) -> Place:
        """The chosen place."""
        return self.places[self.cleaned_data["home"]]


class PeriodForm(CommandForm):
    """A day with a time from and until, in the community's time zone."""

    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    from_time = forms.TimeField(label=_("Begins"), widget=forms.TimeInput(attrs={"type": "time"}))
    until_time = forms.TimeField(label=_("Until"), widget=forms.TimeInput(attrs={"type": "time"}))

    def period(self) -> tuple[datetime, datetime]:
        """(from, until) as instants; an end at or before the beginning is on the next morning."""
        values = self.cleaned_data
        zone = ZoneInfo(ZONE)
        begins = datetime.combine(values["day"], values["from_time"], zone)
        ends = datetime.combine(values["day"], values["until_time"], zone)
        return begins, ends if ends > begins else ends + timedelta(days=1)


class StandDownForm(CommandForm):
    """Why, and until when if that is known."""

    reason = forms.ChoiceField(label=_("Reason"), choices=StandDownReason.choices, widget=forms.RadioSelect)
    until_on = forms.DateField(
        label=_("Back on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Leave it empty if nobody knows yet."),
    )

    def until_at(self) -> datetime | None:
        """The morning of the day of return, or None."""
        day = self.cleaned_data["until_on"]
        return datetime.combine(day, time(6), ZoneInfo(ZONE)) if day else None
