"""The questions of a round as fields; and the form that says how an entry stands."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from shouwang.core.forms import CommandForm
from shouwang.rounds.engines.questions import (
    CHOICE,
    CHOICES,
    COUNTED_IN_NUMBERS,
    LONGEST_ANSWER,
    YES_NO,
    Answers,
    Question,
    asked_in,
    clean,
)
from shouwang.rounds.engines.texts import said
from shouwang.rounds.rules import wrong_answer
from shouwang.rounds.selectors.proposals import either_of
from shouwang.rounds.states import SAYABLE, EntryState

YES_OR_NO = (("yes", pgettext_lazy("answer", "yes")), ("no", pgettext_lazy("answer", "no")))


@dataclass(frozen=True)
class Asked:
    """A question on a page. `condition`: when it is asked, in words, "" where always; `source` and `values` tell the
    same to the page's script. `short`: yes and no stand beside each other."""

    bound: BoundField
    condition: str
    source: str
    values: str
    short: bool


class Questions:
    """Gives a form a field for each question of a round, in one language."""

    fields: dict[str, forms.Field]
    asked: list[dict[str, Any]]

    def ask(self, questions: Sequence[Question], language: str, answers: Mapping[str, Any]) -> None:
        """Adds the fields, filled in with `answers`."""
        self.questions, self.language = questions, language
        self.asked = asked_in(questions, language)
        for question in self.asked:
            field = field_of(question)
            field.initial = as_typed(answers.get(question["code"]))
            self.fields[name_of(question)] = field

    def questions_shown(self) -> Iterator[Asked]:
        """The questions in their order, each with its condition."""
        for question in self.asked:
            when = question["when"]
            yield Asked(
                self[name_of(question)],  # type: ignore[index]
                _condition(self.questions, when, self.language) if when else "",
                name_of(when) if when else "",
                json.dumps([as_typed(value) for value in when["is"]]) if when else "",
                question["type"] == YES_NO,
            )

    def given(self, values: Mapping[str, Any]) -> Answers:
        """The answers as engines.questions takes them, from cleaned fields; what is empty is left out."""
        found = {
            question["code"]: _as_answer(question, values.get(name_of(question))) for question in self.asked
        }
        return {code: value for code, value in found.items() if value not in (None, "", [])}


def name_of(question: Mapping[str, Any]) -> str:
    """The name of a question's field."""
    return f"a-{question['code']}"


def as_typed(value: Any) -> Any:
    """An answer as its field holds it."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


def _as_answer(question: Question, value: Any) -> Any:
    return {"yes": True, "no": False}.get(value) if question["type"] == YES_NO else value


def _condition(questions: Sequence[Question], when: Mapping[str, Any], language: str) -> str:
    """“Is anyone unwell?” – yes"""
    source = next(question for question in questions if question["code"] == when["code"])
    return gettext("Only if: %(question)s – %(answer)s") % {
        "question": said(source["text"], language), "answer": either_of(source, when["is"], language),
    }  # fmt: skip


def field_of(question: Mapping[str, Any]) -> forms.Field:
    """The field in which a question is answered."""
    label = f"{question['text']} ({question['unit']})" if question["unit"] else question["text"]
    about: dict[str, Any] = {"label": label, "required": question["required"]}
    choices = [(choice["code"], choice["text"]) for choice in question["choices"]]
    if question["type"] == YES_NO:
        return forms.ChoiceField(choices=YES_OR_NO, widget=forms.RadioSelect, **about)
    if question["type"] == CHOICE:
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **about)
    if question["type"] == CHOICES:
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **about)
    if question["type"] in COUNTED_IN_NUMBERS:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "short", "autocomplete": "off"})
        return forms.CharField(widget=widget, max_length=14, **about)
    return forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), max_length=LONGEST_ANSWER, **about)


class Preview(Questions, forms.Form):
    """The questions as whoever asks them sees them; nothing is sent."""

    def __init__(self, questions: Sequence[Question], language: str) -> None:
        super().__init__()
        self.ask(questions, language, {})


class EntryForm(Questions, CommandForm):
    """How it stands, why, and what was answered. `answers` is what `mark_entry` is given; only `done` has any."""

    use_required_attribute = False
    state = forms.ChoiceField(
        label=_("How it stands"), widget=forms.RadioSelect,
        choices=[(state.value, state.label) for state in SAYABLE],
    )  # fmt: skip
    note = forms.CharField(
        label=_("Why"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "For a refusal two lines: what was offered, and what was explained. No judgement of the person."
        ),
    )  # fmt: skip

    tube = forms.CharField(
        label=_("Tube"), required=False, max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("The barcode of the tube that holds the sample."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, state: str, states: Sequence[str] = (), questions: Sequence[Question] = (),
        answers: Mapping[str, Any] | None = None, language: str = "zh", tube_size: int | None = None,
        asking: bool = False, waiting: str = "", **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        if tube_size is None:
            del self.fields["tube"]
        self.answers: Answers = {}
        self.ask(questions, language, answers or {})
        # An entry that still waits offers no "take it back"; one that was settled does. With questions to ask, what was
        # answered is put right by saying "done" once more.
        again = {EntryState.AWAY, EntryState.REFUSED} | ({EntryState.DONE} if questions else set())
        offered = {*states, EntryState.WAITING} if states else set(SAYABLE)
        choices = [
            (one.value, (one == EntryState.WAITING and waiting) or one.label)
            for one in SAYABLE
            if one in offered and (one.value != state or one in again)
        ]
        self.fields["state"].choices = choices  # type: ignore[attr-defined]
        to_ask = asking or (questions and state == EntryState.DONE)
        self.fields["state"].initial = (
            EntryState.DONE if to_ask and EntryState.DONE in dict(choices) else None
        )

    def full_clean(self) -> None:
        """Whether a question has to be answered follows from the state and the other answers, not from the field."""
        musts = {name: field.required for name, field in self.fields.items() if name.startswith("a-")}
        for name in musts:
            self.fields[name].required = False
        super().full_clean()
        for name, must in musts.items():
            self.fields[name].required = must

    def clean(self) -> dict[str, Any]:
        """Checks the answers as the round asks for them."""
        values = super().clean() or self.cleaned_data
        if values.get("state") != EntryState.DONE:
            return values
        self.answers, faults = clean(self.questions, self.given(values))
        for fault in faults:
            if (name := f"a-{fault.question}") not in self.errors:
                self.add_error(name, wrong_answer(fault))
        return values
