"""Forms of places."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time, timedelta
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.accounts.selectors import active_users, user_by_username
from shouwang.core.forms import CommandForm
from shouwang.places.models import Place, Post
from shouwang.places.rules import SHORTEST_REASON
from shouwang.places.selectors import label_of
from shouwang.places.services.posts import ROLE_LEVELS, running
from shouwang.places.states import Role


def post_words(post: Post) -> str:
    """A post as it is listed: who, and as what."""
    return f"{post.holder.name} · {post.get_role_display()}"


class PostForm(CommandForm):
    """Who takes which post at a place. Roles offered are those that exist at its level.

    `known`: ids of the users of this community; nobody else is listed, but may be named by the sign-in name.
    """

    role = forms.ChoiceField(label=_("Post"))
    holder: forms.ModelChoiceField[User] = forms.ModelChoiceField(
        label=_("Who"), queryset=None, required=False
    )
    username = forms.CharField(
        label=_("Or by sign-in name"),
        max_length=60,
        required=False,
        help_text=_("For somebody who has an account and is not in the list yet."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )
    order = forms.IntegerField(
        label=_("Rung as number"),
        required=False,
        min_value=1,
        max_value=20,
        help_text=_("1 is rung first. Left empty: after those already there."),
    )
    stands_in_for: forms.ModelChoiceField[Post] = forms.ModelChoiceField(
        label=_("Stands in for"), queryset=None, required=False
    )
    until_on = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Then the post ends by itself."),
    )
    online_only = forms.BooleanField(label=_("Online only: reachable, but can't come down"), required=False)

    def __init__(
        self, *args: Any, place: Place, known: Collection[UUID], at: datetime, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(place.time_zone)
        replaced = self.fields["stands_in_for"]
        replaced.queryset = place.posts.filter(running(at)).select_related("holder")  # type: ignore[attr-defined]
        replaced.label_from_instance = post_words  # type: ignore[attr-defined]
        fitting = [role for role in Role if place.level in ROLE_LEVELS[role]]
        self.fields["role"].choices = [(role.value, role.label) for role in fitting]  # type: ignore[attr-defined]
        self.fields["holder"].queryset = active_users().filter(pk__in=known)  # type: ignore[attr-defined]

    def until_at(self) -> datetime | None:
        """The instant at which the last day is over, at the place."""
        day = self.cleaned_data["until_on"]
        return datetime.combine(day + timedelta(days=1), time.min, self.zone) if day else None

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if "holder" in self.errors:
            return said
        if not said.get("holder") and said.get("username"):
            user = user_by_username(said["username"])
            said["holder"] = user if user is not None and user.is_active else None
            if said["holder"] is None:
                self.add_error("username", _("Nobody signs in by this name."))
        elif not said.get("holder"):
            self.add_error("holder", _("Say who takes the post."))
        return said


class GlassForm(CommandForm):
    """Which building is to be seen, why, and for how long."""

    place: forms.ModelChoiceField[Place] = forms.ModelChoiceField(
        label=_("Which building"), queryset=None, empty_label=None
    )
    reason = forms.CharField(
        label=_("What is the emergency"),
        min_length=SHORTEST_REASON,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Those who answer for the place read this at once."),
        error_messages={"min_length": _("Write what has happened, in ten characters or more.")},
    )
    minutes = forms.TypedChoiceField(
        label=_("For how long"),
        coerce=int,
        initial=60,
        choices=[(15, _("15 minutes")), (60, _("one hour")), (240, _("four hours"))],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, places: QuerySet[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField[Place]", self.fields["place"])
        field.queryset = places
        field.label_from_instance = lambda place: label_of(place)  # type: ignore[method-assign, assignment]
