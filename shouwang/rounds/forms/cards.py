"""A card for each question and each rule of a kind, and how it is read back into a definition."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from shouwang.help.states import Category, Urgency
from shouwang.people.selectors import flag_words
from shouwang.people.states import Care
from shouwang.rounds.engines.definitions import FLAG, LONGEST_TEXT, LONGEST_TITLE, LONGEST_UNIT, REQUEST
from shouwang.rounds.engines.questions import (
    COUNTED_IN_NUMBERS,
    WITH_CHOICES,
    YES_NO,
    number_in,
    plain_number,
)
from shouwang.rounds.engines.texts import either, said
from shouwang.rounds.states import Proposed, QuestionType

Earlier = Sequence[Mapping[str, Any]]
YES, NO = frozenset({"yes", "是", "y"}), frozenset({"no", "否", "n"})
LINES = {"rows": 3}


def _words(label: Any, longest: int, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, required=False, **more)


class Card(forms.Form):
    """One card among several of its sort; `offered` the questions that its condition may name: (code, text)."""

    use_required_attribute = False
    code = forms.CharField(widget=forms.HiddenInput, max_length=32)

    def __init__(self, *args: Any, offered: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields.get("when_code")
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", self.NO_QUESTION), *offered]

    NO_QUESTION: Any = ""


class QuestionCard(Card):
    """One question."""

    NO_QUESTION = _("it is always asked")
    text_zh = _words(_("Question in Chinese"), LONGEST_TEXT)
    text_en = _words(_("Question in English"), LONGEST_TEXT)
    type = forms.ChoiceField(label=_("How it is answered"), choices=QuestionType)
    choices = forms.CharField(
        label=_("Answers to choose from"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One a line, the English behind a bar: 云南 | Yunnan"),
    )  # fmt: skip
    required = forms.BooleanField(label=_("It has to be answered"), required=False)
    when_code = forms.ChoiceField(label=_("Only asked after"), required=False)
    when_is = forms.CharField(
        label=_("with one of these answers"), required=False, max_length=2000, widget=forms.Textarea(attrs=LINES),
        help_text=_("One a line, as they stand there; after yes or no: 是 or 否"),
    )  # fmt: skip
    unit = _words(_("Unit"), LONGEST_UNIT)
    min = forms.DecimalField(label=_("At least"), required=False)
    max = forms.DecimalField(label=_("At most"), required=False)


class RuleCard(Card):
    """What one answer proposes."""

    NO_QUESTION = _("choose a question")
    when_code = forms.ChoiceField(label=_("When the answer to"), required=False)
    when_is = forms.CharField(
        label=_("is one of these"), required=False, max_length=2000, widget=forms.Textarea(attrs=LINES),
        help_text=_("One a line, as they stand there; after yes or no: 是 or 否"),
    )  # fmt: skip
    at_least = forms.DecimalField(label=_("or is a number of at least"), required=False)
    what = forms.ChoiceField(label=_("then propose"), choices=Proposed)
    category = forms.ChoiceField(
        label=_("Sort of request"), choices=[("", "–"), *Category.choices], required=False
    )
    urgency = forms.ChoiceField(
        label=_("How pressing"), choices=[("", "–"), *Urgency.choices], required=False
    )
    flag = forms.ChoiceField(label=_("Care flag"), required=False)
    title_zh = _words(_("In Chinese, a few words"), LONGEST_TITLE)
    title_en = _words(_("In English, a few words"), LONGEST_TITLE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["flag"].choices = [  # type: ignore[attr-defined]
            ("", "–"), *((kind.value, flag_words(kind)) for kind in Care)
        ]  # fmt: skip


def both(text: Any) -> tuple[str, str]:
    """(Chinese, English) of a text as their fields hold them."""
    return (text.get("zh", ""), text.get("en", "")) if isinstance(text, Mapping) else (str(text or ""), "")


def question_values(question: Mapping[str, Any], earlier: Earlier, language: str) -> dict[str, Any]:
    """What stands on the card of a question."""
    chinese, english = both(question["text"])
    when = question.get("when") or {}
    lines = [
        " | ".join(part for part in both(choice["text"]) if part) for choice in question.get("choices") or []
    ]
    return {
        "code": question["code"], "text_zh": chinese, "text_en": english, "type": question["type"],
        "choices": "\n".join(lines), "required": question.get("required", False),
        "when_code": when.get("code", ""), "when_is": words_of(when, earlier, language),
        "unit": said(question.get("unit"), language), "min": question.get("min"), "max": question.get("max"),
    }  # fmt: skip


def rule_values(rule: Mapping[str, Any], questions: Earlier, language: str) -> dict[str, Any]:
    """What stands on the card of a rule."""
    when, propose = rule["when"], rule["propose"]
    chinese, english = both(propose.get("title") or propose.get("note"))
    return {
        "code": rule["code"], "when_code": when["code"], "when_is": words_of(when, questions, language),
        "at_least": when.get("at_least"), "what": propose["what"], "category": propose.get("category", ""),
        "urgency": propose.get("urgency", ""), "flag": propose.get("flag", ""), "title_zh": chinese, "title_en": english,
    }  # fmt: skip


def words_of(when: Mapping[str, Any], questions: Earlier, language: str) -> str:
    """The answers of a condition as they are written on a card, one a line."""
    source = next((one for one in questions if one["code"] == when.get("code")), None)
    named = {one["code"]: said(one["text"], language) for one in (source or {}).get("choices") or []}
    yes_no = {True: pgettext("answer", "yes"), False: pgettext("answer", "no")}
    return "\n".join(
        yes_no[value] if isinstance(value, bool) else named.get(value, str(value))
        for value in when.get("is", [])
    )


def question_of(values: Mapping[str, Any], old: Mapping[str, Any], earlier: Earlier) -> dict[str, Any]:
    """The question that a card says. `old` is the question of that code before, whose choices keep their codes."""
    counted = values["type"] in COUNTED_IN_NUMBERS
    unit, kept = values["unit"] if counted else "", old.get("unit")
    return {
        "code": values["code"],
        "text": {"zh": values["text_zh"], "en": values["text_en"]},
        "type": values["type"],
        "choices": _choices(values["choices"], old) if values["type"] in WITH_CHOICES else [],
        "required": bool(values["required"]),
        "when": {"code": values["when_code"], "is": _values(values, earlier)}
        if values["when_code"]
        else None,
        "unit": kept if unit and kept and unit in both(kept) else unit,
        "min": _limit(values["min"]) if counted else None,
        "max": _limit(values["max"]) if counted else None,
    }


def rule_of_card(values: Mapping[str, Any], questions: Earlier) -> dict[str, Any]:
    """The rule that a card says."""
    words = {"zh": values["title_zh"], "en": values["title_en"]}
    when: dict[str, Any] = {"code": values["when_code"]}
    source = _question(values["when_code"], questions)
    if values["at_least"] is not None or source.get("type") in COUNTED_IN_NUMBERS:
        when["at_least"] = _limit(values["at_least"])
        if values["when_is"].strip():
            when["is"] = _lines(values["when_is"])
    else:
        when["is"] = _values(values, questions)
    propose: dict[str, Any] = {"what": values["what"]}
    if values["what"] == REQUEST:
        propose |= {"category": values["category"], "urgency": values["urgency"], "title": words}
    else:
        propose |= {"flag": values["flag"]} if values["what"] == FLAG else {}
        propose["note"] = words
    return {"code": values["code"], "when": when, "propose": propose}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _limit(number: Any) -> float | int | None:
    found = number_in(number)
    if found is None:
        return None
    return int(plain_number(found)) if found == found.to_integral_value() else float(found)


def _question(code: str, questions: Earlier) -> Mapping[str, Any]:
    return next((one for one in questions if one["code"] == code), {})


def _values(values: Mapping[str, Any], questions: Earlier) -> list[Any]:
    """The answers written on a card as the codes they stand for; what fits none stays as written, to be told as a fault."""
    source = _question(values["when_code"], questions)
    if source.get("type") == YES_NO:
        yes = YES | {pgettext("answer", "yes").casefold()}
        no = NO | {pgettext("answer", "no").casefold()}
        return [
            True if w.casefold() in yes else False if w.casefold() in no else w
            for w in _lines(values["when_is"])
        ]
    codes = {
        part.casefold(): one["code"]
        for one in source.get("choices") or []
        for part in both(one["text"])
        if part
    }
    return [codes.get(word.split("|")[0].strip().casefold(), word) for word in _lines(values["when_is"])]


def _choices(text: str, old: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One choice a line. A line that was there before keeps its code; a new one is named after its English."""
    codes = {part: one["code"] for one in old.get("choices") or [] for part in both(one["text"]) if part}
    taken = set(codes.values())
    found: list[dict[str, Any]] = []
    for line in _lines(text):
        chinese, _bar, english = (part.strip() for part in line.partition("|"))
        code = codes.pop(chinese, "") or (codes.pop(english, "") if english else "")
        if not code or any(one["code"] == code for one in found):
            code = _free(re.sub(r"[^a-z0-9]+", "_", english.lower()).strip("_")[:24], taken)
        taken.add(code)
        found.append({"code": code, "text": {"zh": chinese, "en": english}})
    return found


def _free(wish: str, taken: set[str]) -> str:
    """A code that starts with a letter and is not taken."""
    base = wish if wish[:1].isalpha() and wish.isascii() else "c"
    number, code = 1, base if base != "c" else "c1"
    while code in taken:
        number += 1
        code = f"{base}_{number}" if base != "c" else f"c{number}"
    return code


def heading_of_card(question: Mapping[str, Any], language: str) -> str:
    """The question's text for a list of questions; a blank one is said to be."""
    return (
        said(question.get("text"), language)
        if either(question.get("text"))
        else str(pgettext_lazy("question", "not written yet"))
    )
