"""Forms of places."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.accounts.selectors import active_users
from shouwang.core.forms import CommandForm
from shouwang.places.models import Place
from shouwang.places.services.posts import ROLE_LEVELS
from shouwang.places.states import Role


class PostForm(CommandForm):
    """Who takes which post at a place. Roles offered are those that exist at its level."""

    role = forms.ChoiceField(label=_("Post"))
    holder: forms.ModelChoiceField[User] = forms.ModelChoiceField(label=_("Who"), queryset=None)
    online_only = forms.BooleanField(label=_("Online only: reachable, but can't come down"), required=False)

    def __init__(self, *args: Any, place: Place, candidates: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fitting = [role for role in Role if place.level in ROLE_LEVELS[role]]
        self.fields["role"].choices = [(role.value, role.label) for role in fitting]  # type: ignore[attr-defined]
        self.fields["holder"].queryset = active_users()  # type: ignore[attr-defined]
