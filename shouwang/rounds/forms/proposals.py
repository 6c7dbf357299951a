"""Leaving a proposal be, with a word."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwang.core.forms import CommandForm


class DeclineForm(CommandForm):
    """Why it is not taken up."""

    note = forms.CharField(
        label=_("Why it is not taken up"), max_length=200,
        help_text=_("For example: rang back, all is well."),
    )  # fmt: skip
