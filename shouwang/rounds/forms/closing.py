"""Closing a round."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwang.core.forms import CommandForm


class CloseForm(CommandForm):
    """Why what is still open is signed off; asked only when something is."""

    reason = forms.CharField(
        label=_("Why they are signed off"), max_length=200, required=False,
        help_text=_("For example: the point closes at noon, whoever is left comes tomorrow."),
    )  # fmt: skip

    def __init__(self, *args: Any, left: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = bool(left)
