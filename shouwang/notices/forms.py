"""Forms of notices: a new way to be reached."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwang.core.forms import CommandForm


class ChannelForm(CommandForm):
    """A name for oneself and the address as the messenger gives it. The address never enters a receipt."""

    UNHASHED = frozenset({"address"})

    label = forms.CharField(
        label=_("What you call it"), max_length=60, help_text=_("For example: group of building 8")
    )
    address = forms.CharField(
        label=_("Address"),
        max_length=400,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "inputmode": "url"}),
        help_text=_(
            "As the messenger gives it, for example wecombot://key, dingtalk://token, ntfys://host/topic or mailtos://…"
        ),
    )

    def clean_address(self) -> str:
        return str(self.cleaned_data["address"]).strip()
