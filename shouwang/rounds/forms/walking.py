"""The forms of walking lists: who goes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwang.core.forms import CommandForm
from shouwang.volunteers.models import Volunteer
from shouwang.volunteers.selectors import can_serve


class GiveForm(CommandForm):
    """A volunteer of the community who can be asked now."""

    volunteer: forms.ModelChoiceField[Volunteer] = forms.ModelChoiceField(
        label=_("Who goes"), queryset=None,
        error_messages={
            "required": _("Choose who goes."),
            "invalid_choice": _("This volunteer cannot be asked now. Choose somebody else."),
        },
    )  # fmt: skip

    def __init__(self, *args: Any, community_id: Any, at: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["volunteer"].queryset = can_serve(at).filter(community_id=community_id)  # type: ignore[attr-defined]


class GiveAllForm(GiveForm):
    """All lists that wait in a grid, or in the community, to one volunteer."""

    place = forms.UUIDField(label=_("Where"))
