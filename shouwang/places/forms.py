"""Forms of places."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.accounts.selectors import active_users, user_by_username
from shouwang.core.forms import CommandForm
from shouwang.places.models import Place
from shouwang.places.services.posts import ROLE_LEVELS
from shouwang.places.states import Role


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
    online_only = forms.BooleanField(label=_("Online only: reachable, but can't come down"), required=False)

    def __init__(self, *args: Any, place: Place, known: Collection[UUID], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fitting = [role for role in Role if place.level in ROLE_LEVELS[role]]
        self.fields["role"].choices = [(role.value, role.label) for role in fitting]  # type: ignore[attr-defined]
        self.fields["holder"].queryset = active_users().filter(pk__in=known)  # type: ignore[attr-defined]

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
