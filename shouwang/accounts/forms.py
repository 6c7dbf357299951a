"""Forms of accounts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import ApiToken
from shouwang.accounts.rules import clean_username
from shouwang.core.errors import Refusal
from shouwang.core.forms import CommandForm

LANGUAGES = [
    ("", _("as the browser asks")),
    ("zh-hans", "简体中文"),
    ("zh-hant", "繁體中文"),
    ("en", "English"),
]


class SignInForm(AuthenticationForm):
    """Name and password. What is wrong is never said, so that nobody learns who has an account."""

    error_messages = {
        "invalid_login": _("The sign-in name or the password is not right."),
        "inactive": _("The sign-in name or the password is not right."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("Sign-in name")
        self.fields["password"].label = _("Password")
        self.fields["username"].widget.attrs |= {"autocapitalize": "none", "autocomplete": "username"}

    def clean_username(self) -> str:
        return clean_username(self.cleaned_data["username"])


class PasswordForm(CommandForm):
    """A new password, after the present one."""

    UNHASHED = frozenset({"old", "password"})

    old = forms.CharField(
        label=_("Present password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    password = forms.CharField(
        label=_("New password"),
        help_text=_(
            "At least 10 characters. Three words that do not belong together are easy to keep in mind."
        ),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class TokenForm(CommandForm):
    """A token for a program."""

    name = forms.CharField(label=_("What is it for?"), max_length=60)
    reach = forms.ChoiceField(label=_("It may"), choices=ApiToken.Reach, initial=ApiToken.Reach.READ)


class LanguageForm(CommandForm):
    """The language in which one is written to."""

    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, required=False)


class CodeForm(forms.Form):
    """Six figures from the phone, or a code from the paper. No command: a wrong one counts, and is never taken back."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "text", "autofocus": True}
        ),
    )
    refusal: Refusal | None = None

    @property
    def status(self) -> int:
        return 422 if self.errors else 200

    def tries(self, do: Callable[[], Any]) -> Any:
        """What `do` answers when the form is whole and nothing is refused, else None with the reason at its field."""
        if not self.is_valid():
            return None
        try:
            return do()
        except Refusal as refusal:
            self.refusal = refusal
            self.add_error(refusal.field if refusal.field in self.fields else None, refusal.sentence())
            return None


class EndSecondForm(CodeForm):
    """Taking one's second factor away."""

    password = forms.CharField(
        label=_("Present password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
