"""The editor of a kind: a head, a card for each question and each rule; works without scripts, by its buttons."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from shouwang.core.forms import CommandForm
from shouwang.rounds.engines.definitions import MOST_QUESTIONS, MOST_RULES, Fault, faults_of
from shouwang.rounds.forms.cards import (
    Card,
    QuestionCard,
    RuleCard,
    both,
    heading_of_card,
    question_of,
    question_values,
    rule_of_card,
    rule_values,
)
from shouwang.rounds.models import Kind
from shouwang.rounds.rules import KNOWN, wrong_kind
from shouwang.rounds.states import SAYABLE, TUBE_SIZES, EntryState, Whom

ACT = re.compile(r"(question|rule)-(add|up|down|remove)(?:-(\d{1,2}))?")
# The card's field at which a fault of the definition is shown, where it is not called the same.
SHOWN_AT = {"text": "text_zh", "code": "text_zh", "when": "when_is", "title": "title_zh"}


class KindForm(CommandForm):
    """What a kind is called, what it is for, over whom, and what may be said."""

    use_required_attribute = False
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=40, required=False)
    name_en = forms.CharField(label=_("Name in English"), max_length=40, required=False)
    about_zh = forms.CharField(label=_("What it is for, in Chinese"), max_length=200, required=False)
    about_en = forms.CharField(label=_("What it is for, in English"), max_length=200, required=False)
    guidance_zh = forms.CharField(
        label=_("What to do, in Chinese"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    guidance_en = forms.CharField(
        label=_("What to do, in English"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    whom = forms.ChoiceField(label=_("Who is on it"), choices=Whom)
    by_phone = forms.BooleanField(label=_("It is done by telephone"), required=False)
    at_point = forms.BooleanField(
        label=_("People come to a point"), required=False,
        help_text=_("Then they can be called down and taken at a table. Otherwise somebody rings or goes to them."),
    )  # fmt: skip
    tube_sizes = forms.TypedMultipleChoiceField(
        label=_("People in a tube"), choices=[(size, size) for size in TUBE_SIZES], coerce=int, required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("None chosen means: no tubes."),
    )  # fmt: skip
    states = forms.MultipleChoiceField(
        label=_("What may be said"), widget=forms.CheckboxSelectMultiple, required=False,
        choices=[(one.value, one.label) for one in SAYABLE if one != EntryState.WAITING],
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A name in one language at least, and “done” among what may be said."""
        said = super().clean() or self.cleaned_data
        if not said.get("name_zh", "").strip() and not said.get("name_en", "").strip():
            self.add_error("name_zh", _("Please give it a name."))
        if EntryState.DONE not in said.get("states", []):
            self.add_error("states", _("“Done” is always among what may be said."))
        return said


class KindEditor:
    """The whole page. Without `posted` as the kind is; with it as was sent: a button that is not "save" adds, moves or
    takes away a card and keeps nothing."""

    def __init__(self, kind: Kind, language: str, posted: QueryDict | None = None) -> None:
        self.kind, self.language, self.posted = kind, language, posted
        self.saving = posted is not None and not ACT.fullmatch(str(posted.get("act", "")))
        if posted is None:
            questions = [question_values(one, kind.questions, language) for one in kind.questions]
            rules = [rule_values(one, kind.questions, language) for one in kind.rules]
            head = _head_values(kind)
        else:
            questions, rules = _sent(posted, "q", QuestionCard), _sent(posted, "r", RuleCard)
            head = _raw(posted, "", KindForm)
            if not self.saving:
                _rearrange(str(posted.get("act", "")), questions, rules)
        self.head = KindForm(posted) if self.saving else KindForm(initial=head)
        offered = [
            (
                one["code"],
                f"{number}. {heading_of_card({'text': {'zh': one['text_zh'], 'en': one['text_en']}}, language)}",
            )
            for number, one in enumerate(questions, 1)
        ]
        self.questions = self._cards("q", QuestionCard, questions, offered)
        self.rules = self._cards("r", RuleCard, rules, offered)

    def _cards(
        self, mark: str, card: type[Card], rows: Sequence[Mapping[str, Any]], offered: list[tuple[str, str]]
    ) -> list[Card]:
        return [
            card(
                self.posted if self.saving else None,
                prefix=f"{mark}{number}",
                initial=dict(row),
                offered=[one for one in offered if mark == "r" or one[0] != row["code"]],
            )
            for number, row in enumerate(rows)
        ]

    def is_valid(self) -> bool:
        """Whether head and cards may be kept; what is wrong stands at its field afterwards."""
        forms_fine = all(
            [self.head.is_valid(), *(card.is_valid() for card in (*self.questions, *self.rules))]
        )
        if forms_fine:
            for fault in faults_of(self.definition["questions"], self.definition["rules"], KNOWN):
                self._show(fault)
        return self.head.is_valid() and not self.cards_at_fault()

    def cards_at_fault(self) -> list[tuple[str, int, Card]]:
        """(anchor, number from 1, card) of the cards on which something is to be put right."""
        cards = [
            (f"{mark}{number - 1}", number, card)
            for mark, some in (("q", self.questions), ("r", self.rules))
            for number, card in enumerate(some, 1)
        ]
        return [one for one in cards if one[2].is_bound and one[2].errors]

    def _show(self, fault: Fault) -> None:
        part, number, field = (*fault.where, None, None)[:3]
        words = wrong_kind(fault)
        if not isinstance(number, int):
            self.head.add_error(None, words)
            return
        card = (self.questions if part == "questions" else self.rules)[number]
        name = SHOWN_AT.get(str(field), str(field))
        if fault.code in ("when-unknown", "when-no-number"):
            name = "when_code"
        card.add_error(name if name in card.fields else None, words)

    @cached_property
    def definition(self) -> dict[str, Any]:
        """What `change_kind` is given, from the cleaned forms."""
        head = self.head.cleaned_data
        before = {one["code"]: one for one in self.kind.questions}
        questions: list[dict[str, Any]] = []
        for card in self.questions:
            said = card.cleaned_data
            questions.append(question_of(said, before.get(said["code"], {}), questions))
        return {
            **{name: {"zh": head[f"{name}_zh"], "en": head[f"{name}_en"]} for name in ("name", "about", "guidance")},
            "whom": head["whom"], "by_phone": head["by_phone"], "at_point": head["at_point"], "tube_sizes": head["tube_sizes"],
            "states": head["states"], "questions": questions,
            "rules": [rule_of_card(card.cleaned_data, questions) for card in self.rules],
        }  # fmt: skip

    @property
    def status(self) -> int:
        """The HTTP status of the page that shows it again."""
        wrong = self.saving and (self.cards_at_fault() or self.head.errors)
        return self.head.status if self.head.refusal else 422 if wrong else 200

    @property
    def most(self) -> dict[str, bool]:
        """Whether one more of each sort may be added."""
        return {"questions": len(self.questions) < MOST_QUESTIONS, "rules": len(self.rules) < MOST_RULES}


def _head_values(kind: Kind) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name in ("name", "about", "guidance"):
        values[f"{name}_zh"], values[f"{name}_en"] = both(getattr(kind, name))
    return values | {
        "version": kind.version, "whom": kind.whom, "by_phone": kind.by_phone, "at_point": kind.at_point,
        "tube_sizes": kind.tube_sizes, "states": kind.states,
    }  # fmt: skip


def _raw(posted: QueryDict, prefix: str, form: type[forms.Form]) -> dict[str, Any]:
    """What was typed, field by field, unchecked."""
    values: dict[str, Any] = {}
    for name, field in form.base_fields.items():
        several = isinstance(field, forms.MultipleChoiceField)
        sent = f"{prefix}{name}"
        values[name] = posted.getlist(sent) if several else posted.get(sent, "")
        if isinstance(field, forms.BooleanField):
            values[name] = sent in posted
    return values


def _sent(posted: QueryDict, mark: str, card: type[Card]) -> list[dict[str, Any]]:
    """The cards that were sent, by their hidden codes, from the first on without a gap."""
    found: list[dict[str, Any]] = []
    most = MOST_QUESTIONS if mark == "q" else MOST_RULES
    while len(found) < most and f"{mark}{len(found)}-code" in posted:
        found.append(_raw(posted, f"{mark}{len(found)}-", card))
    return found


def _rearrange(act: str, questions: list[dict[str, Any]], rules: list[dict[str, Any]]) -> None:
    """Does what one of the page's buttons says."""
    said = ACT.fullmatch(act)
    assert said is not None
    rows = questions if said[1] == "question" else rules
    number = int(said[3]) if said[3] is not None else len(rows)
    if said[2] == "add":
        blank = QuestionCard if said[1] == "question" else RuleCard
        rows.append(dict.fromkeys(blank.base_fields, "") | {"code": _new_code(said[1][0], rows)})
    elif number >= len(rows):
        return
    elif said[2] == "remove":
        rows.pop(number)
    else:
        other = number + (-1 if said[2] == "up" else 1)
        if 0 <= other < len(rows):
            rows[number], rows[other] = rows[other], rows[number]


def _new_code(letter: str, rows: Sequence[Mapping[str, Any]]) -> str:
    taken, number = {row["code"] for row in rows}, 1
    while f"{letter}{number}" in taken:
        number += 1
    return f"{letter}{number}"
