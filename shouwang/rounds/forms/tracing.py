"""Taking in a tracing list, and answering its lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shouwang.core.forms import CommandForm
from shouwang.places.models import Place
from shouwang.rounds.engines.lists import MOST_BYTES
from shouwang.rounds.states import Outcome


class TakeInForm(CommandForm):
    """A list as it came: a file, or pasted."""

    community = forms.ChoiceField(label=_("Community"))
    name = forms.CharField(label=pgettext_lazy("tracing list", "What it is about"), max_length=60)
    sender = forms.CharField(label=pgettext_lazy("tracing list", "From whom"), max_length=60)
    due_at = forms.DateTimeField(
        label=_("To be answered by"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    file = forms.FileField(
        label=_("The list as a file"), required=False, max_length=200,
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
        help_text=_("Excel (.xlsx) or .csv, as it came; the headings are recognised."),
    )  # fmt: skip
    text = forms.CharField(
        label=_("Or the lines, pasted"), required=False, max_length=400_000,
        widget=forms.Textarea(attrs={"rows": 6}), help_text=_("One person a line, as copied from the sheet."),
    )  # fmt: skip

    def __init__(self, *args: Any, communities: Sequence[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = {str(place.pk): place for place in communities}
        self.fields["community"].choices = [(pk, place.name) for pk, place in self.rows.items()]  # type: ignore[attr-defined]
        if len(communities) == 1:
            self.fields["community"].widget = forms.HiddenInput()
            self.fields["community"].initial = str(communities[0].pk)

    def clean(self) -> dict[str, Any]:
        """A file, or lines; not both and not neither."""
        said = super().clean() or {}
        if bool(said.get("file")) == bool((said.get("text") or "").strip()):
            self.add_error("file", _("Choose the file, or paste the lines: one of the two."))
        elif said.get("file") and said["file"].size > MOST_BYTES:
            self.add_error("file", _("This file is larger than a list can be (5,000 lines, 5 MB). Split it."))
        return said

    def takes_in(self) -> dict[str, Any]:
        """What `take_in_list` is given."""
        said = self.cleaned_data
        return {
            "community": self.rows[said["community"]], "name": said["name"], "sender": said["sender"],
            "due_at": said["due_at"], "content": said["file"].read() if said["file"] else b"", "text": said["text"],
        }  # fmt: skip


class AnswerForm(CommandForm):
    """What is answered of one line."""

    outcome = forms.ChoiceField(
        label=pgettext_lazy("tracing list", "The answer"), widget=forms.RadioSelect, choices=Outcome.choices
    )
    community = forms.ChoiceField(label=_("Passed on to the community"), required=False)
    passed_to = forms.CharField(
        label=_("Or passed on to"),
        required=False,
        max_length=60,
        help_text=_("Who knows of it now, in words."),
    )
    note = forms.CharField(
        label=_("Note"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Of somebody not reached: what was tried."),
    )  # fmt: skip

    def __init__(self, *args: Any, communities: Sequence[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = {str(place.pk): place for place in communities}
        if communities:
            choices = [("", "–"), *((pk, place.name) for pk, place in self.rows.items())]
            self.fields["community"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["community"]

    def answers(self) -> dict[str, Any]:
        """What `answer_line` is given."""
        said = self.cleaned_data
        return {
            "outcome": said["outcome"], "note": said["note"], "passed_to": said["passed_to"],
            "community": self.rows.get(said.get("community", "")),
        }  # fmt: skip
