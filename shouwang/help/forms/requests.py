"""Forms of the desk: a call, a draft out of a message, and the small ones of a request."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core.forms import CommandForm
from shouwang.help.engines.messages import read_message
from shouwang.help.states import (
    CallBack,
    Category,
    GreenStep,
    Outcome,
    Source,
    TicketSource,
    Urgency,
    Verified,
)
from shouwang.volunteers.states import Skill

TRIED = (
    Outcome.NOT_IN, Outcome.REFUSED, Outcome.NOT_FOUND, Outcome.WRONG_DOOR, Outcome.NEED_A_HAND, Outcome.RANG,
    Outcome.NO_ANSWER,
)  # fmt: skip
URGENCIES = [(Urgency.NORMAL, Urgency.NORMAL.label), (Urgency.TODAY, Urgency.TODAY.label),
             (Urgency.LIFE, Urgency.LIFE.label)]  # fmt: skip


def lines_of(text: str) -> list[dict[str, Any]]:
    """What was typed, one thing a line, as lines: amounts and units are read as in a message."""
    found = []
    for row in filter(None, (row.strip() for row in text.splitlines())):
        read = [line.as_json() for part in read_message(row).parts for line in part.lines]
        found += read or [{"name": row[:80], "quantity": None, "unit": "", "note": ""}]
    return found


def text_of(lines: Any) -> str:
    """Lines as they are typed: one a line."""
    rows = [line if isinstance(line, dict) else line.as_json() for line in lines]
    return "\n".join(
        f"{row['name']} {row['quantity'] or ''}{row['unit'] or ''} {row['note'] or ''}".strip()
        for row in rows
    )


class AskedFields(forms.Form):
    """What is asked for, shared by the call and the draft."""

    category = forms.ChoiceField(label=_("What kind"), choices=Category.choices, initial=Category.OTHER)
    urgency = forms.ChoiceField(
        label=_("How urgent"), choices=URGENCIES, initial=Urgency.NORMAL, widget=forms.RadioSelect
    )
    title = forms.CharField(
        label=_("In one line"), max_length=120, required=False,
        help_text=_("Left empty, it is made from the list or the notes."),
    )  # fmt: skip
    lines = forms.CharField(
        label=_("What to bring, one thing a line"), required=False, max_length=3000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    words = forms.CharField(
        label=_("Notes, in the caller's words"), required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    confidential = forms.BooleanField(label=_("Confidential: only those named see it"), required=False)
    no_ring_back = forms.BooleanField(label=_("Do not ring back"), required=False)


class CallForm(CommandForm, AskedFields):
    """A call, a visit, somebody speaking for another; notes are taken while talking."""

    source = forms.ChoiceField(
        label=_("How it came"), widget=forms.RadioSelect, initial=Source.PHONE,
        choices=[(Source.PHONE, Source.PHONE.label), (Source.VISIT, Source.VISIT.label),
                 (Source.PROXY, Source.PROXY.label), (Source.CHAT, Source.CHAT.label)],
    )  # fmt: skip
    phone = forms.CharField(label=_("Number that is calling"), max_length=20, required=False)
    asker_name = forms.CharField(label=_("Who is speaking"), max_length=60, required=False)
    door = forms.CharField(
        label=_("Door"),
        max_length=60,
        required=False,
        help_text=_("As people say it: 8号楼2单元501, 8-2-501."),
    )
    household = forms.UUIDField(required=False, widget=forms.HiddenInput)
    community = forms.UUIDField(required=False, widget=forms.HiddenInput)
    needs_skills = forms.MultipleChoiceField(
        label=_("Needs somebody who"),
        choices=Skill.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    weight_kg = forms.IntegerField(
        label=_("Weight to carry (kg)"), min_value=0, max_value=500, required=False
    )

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"].strip()
        if phone and not any(sign.isdigit() for sign in phone):
            raise forms.ValidationError(_("This is no number to ring back."))
        return phone


class PasteForm(forms.Form):
    """The pasted message; reading it writes nothing."""

    text = forms.CharField(
        label=_("The message"), max_length=20000, widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": _("Paste the message first.")},
    )  # fmt: skip


class DraftForm(AskedFields):
    """One card: what one household asks for, to be looked at by a person."""

    door = forms.CharField(label=_("Door"), max_length=60, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=20, required=False)
    care = forms.CharField(required=False, widget=forms.HiddenInput)


class ChangeForm(CommandForm):
    """Triage."""

    category = forms.ChoiceField(label=_("What kind"), choices=Category.choices)
    urgency = forms.ChoiceField(label=_("How urgent"), choices=URGENCIES, widget=forms.RadioSelect)
    confidential = forms.BooleanField(label=_("Confidential"), required=False)
    no_ring_back = forms.BooleanField(label=_("Do not ring back"), required=False)


class VerifyForm(CommandForm):
    """How it was verified, and the door if it is known now."""

    how = forms.ChoiceField(
        label=_("How it was verified"), widget=forms.RadioSelect, initial=Verified.CALL,
        choices=[(Verified.CALL, _("by call")), (Verified.VISIT, _("by visit"))],
    )  # fmt: skip
    door = forms.CharField(label=_("Door"), max_length=60, required=False)


class AttemptForm(CommandForm):
    """What was tried and how it went."""

    outcome = forms.ChoiceField(label=_("How it went"), choices=[(code, code.label) for code in TRIED])
    note = forms.CharField(label=_("Note"), max_length=400, required=False)


class NoteForm(CommandForm):
    """A note, a reason, a word with what was done."""

    text = forms.CharField(
        label=_("Note"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class FinishForm(NoteForm):
    """Done, with a note or a photo."""

    photo = forms.FileField(
        label=_("Photo"), required=False, widget=forms.ClearableFileInput(attrs={"accept": "image/*"})
    )


class StepForm(CommandForm):
    """A step of the green channel."""

    step = forms.ChoiceField(choices=GreenStep.choices)


class RingForm(CommandForm):
    """Who was rung and whether somebody answered."""

    whom = forms.UUIDField(required=False)
    entry = forms.UUIDField(required=False)
    outcome = forms.ChoiceField(
        choices=[(Outcome.RANG, Outcome.RANG.label), (Outcome.NO_ANSWER, Outcome.NO_ANSWER.label)]
    )


class DirectoryForm(CommandForm):
    """An entry of the directory."""

    name = forms.CharField(label=_("Name or place"), max_length=80)
    phone = forms.CharField(label=_("Phone"), max_length=30)
    kind = forms.CharField(label=_("For what"), max_length=40, required=False)
    order = forms.IntegerField(label=_("Place in the list"), min_value=1, max_value=99, initial=1)
    community = forms.UUIDField(required=False, widget=forms.HiddenInput)


class EveningForm(CommandForm):
    """The words under an evening's count."""

    remark = forms.CharField(
        label=_("What happens tonight with those that are left, and who sees to it"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class TicketForm(CommandForm):
    """A ticket as it came down."""

    number = forms.CharField(label=_("Their number"), max_length=40)
    source = forms.ChoiceField(
        label=_("From whom"), choices=TicketSource.choices, initial=TicketSource.HOTLINE
    )
    due_at = forms.DateTimeField(
        label=_("To be answered by"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    words = forms.CharField(
        label=_("What it is about"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5})
    )
    caller_name = forms.CharField(label=_("Who rang"), max_length=60, required=False)
    caller_phone = forms.CharField(label=_("Phone to ring back"), max_length=20, required=False)


class ReplyForm(CommandForm):
    """The written answer to a ticket."""

    reply = forms.CharField(label=_("The answer"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}))


class CallBackForm(CommandForm):
    """How the call back went."""

    outcome = forms.ChoiceField(label=_("Rung back"), choices=CallBack.choices, widget=forms.RadioSelect)


class ConfidantForm(CommandForm):
    """Who else may know of a confidential request."""

    user: forms.ModelChoiceField[User] = forms.ModelChoiceField(
        label=_("Name somebody"), queryset=None, empty_label=None
    )

    def __init__(self, *args: Any, users: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField[User]", self.fields["user"]).queryset = users
